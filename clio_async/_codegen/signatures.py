"""The methods and the module of a resource, as their template needs them."""

from __future__ import annotations

from attrs import field, frozen

from .hints import Alias, TypedDict

__all__ = ["EditClass", "Module", "Verb"]


@frozen
class Verb:
    """One method of a resource, as its template needs it."""

    action: str
    keyword: str
    positional: str
    plain: str
    """The argument after those, by position or name."""
    named: tuple[str, ...]
    """Keyword-only arguments; ``fields`` is filled in by `head`."""
    rest: str
    """The name of the remaining keyword arguments."""
    unpacked: str
    """The typed dictionary of the remaining keyword arguments, or nothing when there are none."""
    record: str
    """The class of the records in the answer; nothing when there are none, or nobody may choose what they show."""
    answer: str
    """The return annotation, around the record class."""
    docstring: str
    call: str

    def head(self, fields: str, record: str) -> str:
        """Return the typed signature, for one type of `fields`."""
        named = [f"fields: {fields}" if name == "fields" else name for name in self.named]
        rest = [f"**{self.rest}: Unpack[{self.unpacked}]"] if self.unpacked else []
        return self._signature([*named, *rest], self.answer.format(record))

    @property
    def plain_head(self) -> str:
        """Return the signature as it is at run time: what nobody may choose the type of has no other."""
        if not self.record:
            return self.head("", "")
        named = ["fields: Fields = None" if name == "fields" else name for name in self.named]
        rest = [f"**{self.rest}: Any"] if self.unpacked else []
        answer = self.answer.format("Any")
        return self._signature([*named, *rest], answer)

    def _signature(self, keywords: list[str], answer: str) -> str:
        positional = ["self", *([self.positional, "/"] if self.positional else []), *([self.plain] * bool(self.plain))]
        star = ["*"] if self.named else []
        return f"{self.keyword} {self.action}({', '.join([*positional, *star, *keywords])}) -> {answer}"


@frozen
class EditClass:
    """The type of an edit of the records of one resource: what it takes is what their update takes."""

    record: str
    changes: str
    """The typed dictionary of the changes."""
    target: str
    """The hint of what is to be edited."""
    custom_fields: bool
    """Whether the records have custom fields."""

    @property
    def name(self) -> str:
        """Return the name of the class that type checkers see."""
        return f"{self.record}Edit"

    @property
    def signatures(self) -> list[str]:
        """Return the overloads: a block or a function, a class of the caller or the package's record."""
        change = f"Callable[[{{}}], {self.changes} | Mapping[str, Any]]"
        classes = (("type[T]", "T"), ("Names = None", self.record))
        blocks = [f"{self._head}, /, *, fields: {fields}) -> {self.name}[{of}]" for fields, of in classes]
        calls = [
            f"{self._head}, change: {change.format(of)}, /, *, fields: {fields}, attempts: int = 20) -> Awaitable[{of}]"
            for fields, of in classes
        ]
        return [*blocks, *calls]

    @property
    def _head(self) -> str:
        return f"def edit(self, target: {self.target}"


@frozen
class Module:
    """The module of one resource, as its template needs it."""

    name: str
    class_name: str
    docstring: str
    bases: list[str]
    edit: EditClass | None
    """None where no record can be edited."""
    records: list[tuple[str, str]]
    verbs: list[Verb]
    dicts: list[TypedDict] = field(factory=list[TypedDict])
    aliases: list[Alias] = field(factory=list[Alias])

    @property
    def generic(self) -> bool:
        """Whether any verb has a type that the caller chooses."""
        return any(verb.record for verb in self.verbs)
