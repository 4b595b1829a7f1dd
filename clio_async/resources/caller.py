"""What resources need of a client, and what they are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypedDict, TypeVar

from attrs import field, frozen

if TYPE_CHECKING:
    from ..codec import Page
    from ..detached import Job
    from ..models.schema import Operation
    from ..models.selection import Selection
    from ..options import Lane
    from ..protocol.conditional import Validator
    from ..secrets import Secret
    from ..storage import FileStorage
    from .learned import Learned

__all__ = [
    "Associated",
    "Caller",
    "Compared",
    "ExtraJson",
    "ExtraQuery",
    "HasETag",
    "HasId",
    "Number",
    "Reference",
    "Reread",
]

T = TypeVar("T")

ExtraQuery: TypeAlias = Mapping[str, Any]
"""Query parameters by their names on the wire, sent unchecked; a sequence repeats its name."""
ExtraJson: TypeAlias = Mapping[str, Any]
"""Attributes of a body by their names on the wire, sent unchecked."""


class HasId(Protocol):
    """A record, or anything else that has the id of one."""

    @property
    def id(self) -> Any: ...


class HasETag(HasId, Protocol):
    """A record that a write can be guarded by."""

    @property
    def etag(self) -> Any: ...


class Reference(TypedDict):
    """A record in a body, by its id."""

    id: int


Associated: TypeAlias = Reference | HasId
"""What sets an association: ``{"id": 1}``, or the record itself."""
Number: TypeAlias = Decimal | int | float
"""A float stands for the shortest decimal that gives it: ``10.1`` is 10.1."""
C = TypeVar("C")
Compared: TypeAlias = C | str | tuple[C | None, C | None] | Mapping[str, C] | list[C | str]
"""A value to be equal to, a range from and to (None: open), ``{">=": a, "<": b}``, or a text with its operator."""


@frozen
class Reread:
    """How the record that a write is about is read again, when the answer to the write does not say what is there."""

    operation: Operation
    """The show of the record, or a list that is filtered by its id."""
    path: str
    """Relative to the base URL. For a record that is about to be made ``{id}`` stands for its id."""
    shown: Selection[Any]
    """What the caller is given of it."""
    prepare: Callable[[], tuple[Selection[Any], str]] = field(repr=False)
    """Makes `whole` and `query`. Most writes need neither."""
    sent: Mapping[str, Any] = field(repr=False)
    """The ``data`` of the write, as JSON values by their names on the wire."""
    header_tag: str | None = None
    """The form that the ETag header had of the record's own tag, where the record was read alone and is its guard."""
    earlier: Any = field(default=None, repr=False)
    """The record as it was before the write, if the caller has it."""

    @property
    def whole(self) -> Selection[Any]:
        """The same answer as a record of the package, with its tag and all that the write names: what is compared."""
        return self._prepared[0]

    @property
    def query(self) -> str:
        """What asks for it."""
        return self._prepared[1]

    @cached_property
    def _prepared(self) -> tuple[Selection[Any], str]:
        return self.prepare()


class Caller(Protocol):
    """What resources need of a client. Paths are relative to the base URL; queries are encoded, without ``?``."""

    @property
    def base_url(self) -> str:
        """Scheme, host and prefix under which requests go."""
        ...

    @property
    def scope(self) -> str:
        """On whose behalf and in which version: what a resume token is bound to."""
        ...

    @property
    def api_version(self) -> str | None:
        """The version of the API that is asked for; None for the one that the server chooses."""
        ...

    @property
    def strict(self) -> bool:
        """Whether a value that contradicts the schema is an error."""
        ...

    @property
    def learned(self) -> Learned:
        """What earlier answers have taught about this server, or this principal."""
        ...

    async def read(
        self, operation: Operation, path: str, query: str, selection: Selection[T], *, unless: Validator | None = None
    ) -> T | None:
        """Read one record. None if it is unchanged since `unless` was true of it; never None without that."""
        ...

    async def read_text(self, operation: Operation, path: str, query: str) -> str:
        """Read what is not JSON."""
        ...

    async def locate(self, operation: Operation, path: str, query: str) -> Secret:
        """Return the address that a redirect leads to, without following it."""
        ...

    def storage(self) -> FileStorage:
        """Return what exchanges bytes with the place where files are kept, on behalf of this principal."""
        ...

    async def pause(self, longest: float) -> None:
        """Wait for a random time, in seconds, of at most that."""
        ...

    def now(self) -> float:
        """Return the time in seconds, of the clock that deadlines are of."""
        ...

    def wall_clock(self) -> float:
        """Return the time in seconds since the epoch."""
        ...

    def random(self) -> float:
        """Return a random number from 0 to 1."""
        ...

    def unhurried(self, longest: float | None) -> Caller:
        """Return the same caller, whose calls give way to interactive ones, and ask whatever is kept.

        All of them end by one deadline: that of a call that begins now, in `longest` seconds at the latest.
        """
        ...

    def unkept(self, lane: Lane | None = None) -> Caller:
        """Return the same caller, whose reads ask whatever is kept, and whose answers are not kept.

        It is for what is hardly ever asked for again. Without `lane` it stands in the line that it stood in.
        """
        ...

    async def outdate(self, resource: str, paths: Sequence[str]) -> None:
        """Let no read that begins later be given what is kept of the records of those paths without asking."""
        ...

    def spare(self) -> int | None:
        """Return how many requests there is quota for in this window. None if that is not known."""
        ...

    async def read_page(self, operation: Operation, path: str, query: str, selection: Selection[T]) -> Page[T]:
        """Read one page of a list."""
        ...

    def detach(self, job: Job) -> None:
        """Run a job in a task of its own, until the client closes."""
        ...

    async def write(
        self,
        operation: Operation,
        path: str,
        query: str,
        body: bytes | None,
        selection: Selection[T] | None,
        *,
        if_match: str | None,
        named: tuple[str, ...],
        headers: Mapping[str, Secret] | None = None,
        again: Reread | None = None,
    ) -> T | None:
        """Write; decode the answer if it has one. `named` are the paths of the records that the body names.

        With `again`, a refusal by 412 holds the record as it is then, and an answer that was lost is made up for by
        reading, where that can tell what became of the write.

        :raises PreconditionFailed: with `current`, if somebody else has changed the record.
        :raises PreconditionUnusable: if nobody has.
        :raises OutcomeUnknown: with `current`, if the record was read again and does not tell.
        """
        ...

    def bounded(self) -> Caller:
        """Return the same caller, whose calls all end by one deadline: that of a call that begins now.

        Its reads ask the server, also where older answers would do (`Policy.fresh_for`).
        """
        ...

    def turn(self, path: str) -> AbstractAsyncContextManager[None]:
        """Wait until nobody else of this process is about to write the record of that path, as long as a call may.

        :raises NotSentTimeout: if the time was over before that.
        :raises UsageError: if it is the same task that is about to.
        """
        ...
