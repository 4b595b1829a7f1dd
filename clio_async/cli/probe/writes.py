"""What only a write can tell: some PATCHes that set an attribute of one record to the value that it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import define, evolve, frozen

from ...errors import InvalidArgument
from ...models import registry
from .answers import Unanswered, data, succeeded
from .asking import Asker, is_limited
from .exchanges import Evidence, Exchange
from .subject import own_fields
from .tags import body_tag

__all__ = ["MOST_WRITES", "TRIED", "Target", "target_of", "write_all"]

MOST_WRITES = 18
"""Requests, the reads between the writes included."""

_ATTRIBUTES = ("description", "subject", "summary", "detail", "note", "location", "title", "name")
_LIMITED = "a write was answered 429: the quota is used up"
_STALE = '"no-such-tag"'
_LONGEST = 500


@frozen
class Target:
    """The record that is written to."""

    resource: str
    id: int
    names: tuple[str, ...]
    """Attributes that may be written, the plainest first."""

    @property
    def path(self) -> str:
        return f"{registry.resource(self.resource).path}/{self.id}.json"


def target_of(text: str) -> Target:
    """Read ``RESOURCE/ID``.

    :raises InvalidArgument: if it is none, or the resource cannot be written to under `If-Match`.
    """
    resource, _, number = text.partition("/")
    if resource not in registry.resource_names() or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise InvalidArgument(f"--write-to is a resource and an id, such as matters/42, not {text[:60]!r}.")
    found = registry.resource(resource)
    update = found.operations.get("update")
    written = [*update.attributes] if update is not None and update.if_match else []
    names = tuple(name for name in _ATTRIBUTES if name in written and name in own_fields(resource))
    if not names:
        raise InvalidArgument(f"{resource} has no text that can be written under If-Match: take a matter, or a task.")
    return Target(resource, int(number), names)


_CONDITIONS: dict[str, Callable[[str], str | None]] = {
    "weak-tag": lambda tag: f"W/{tag.removeprefix('W/')}",
    "tag-list": lambda tag: f"{_STALE}, {tag}",
    "star": lambda _: "*",
    "no-condition": lambda _: None,
}
_UNGUARDED = {"star", "no-condition"}
TRIED = ("own-tag", "header-tag", *_CONDITIONS)


class _Ended(Exception):
    """Nothing more is to be written; the text says why."""


async def write_all(asker: Asker, target: Target) -> Evidence:
    """Find out what `If-Match` does: first whether it is enforced at all; if it is not, nothing else is written.

    Each write follows a read at once, and is followed by one. It ends when anything is not as it was.
    """
    try:
        await _Writing(asker, target, await _read(asker, target)).run()
    except _Ended as why:
        for name in ("stale", *TRIED):
            if name not in asker.evidence.exchanges and name not in asker.evidence.skipped:
                asker.skip(name, str(why))
    return asker.evidence


@define
class _Writing:
    """Writes to one record, which is not to change by that."""

    asker: Asker
    target: Target
    held: _Held
    """What was read last."""

    async def run(self) -> None:
        """Write under each condition.

        :raises _Ended: if something is not as it has to be for the next write.
        """
        if await self._tried("stale", _STALE) != 412:
            raise _Ended("a stale tag was not refused with 412, and nothing more was written")
        own = await self._form("own-tag", self.held.body)
        header = False
        if self.held.header in {"", self.held.body}:
            self.asker.skip("header-tag", "the header has no other form")
        else:
            header = await self._form("header-tag", self.held.header)
        if not own and not header:
            raise _Ended("no form of the tag is taken")
        for name, made in _CONDITIONS.items():
            if name in _UNGUARDED:
                await self._see_that_nothing_moved()
            await self._tried(name, made(self.held.body if own else self.held.header))

    async def _form(self, name: str, tag: str) -> bool:
        status = await self._tried(name, tag)
        if status not in {200, 412}:
            raise _Ended(f"a write under a tag was answered {status}")
        return status == 200

    async def _see_that_nothing_moved(self) -> None:
        now = await _read(self.asker, self.target, self.held.name)
        if not now.is_as(self.held):
            raise _Ended("the record was changed meanwhile")

    async def _tried(self, name: str, condition: str | None) -> int:
        """Write under a condition, see what the record is afterwards, and return the status of the answer."""
        answer = await _patch(self.asker, self.target, self.held, name, condition)
        if answer is None:
            raise _Ended(self.asker.evidence.skipped[name])
        if is_limited(answer):  # it was not carried out, and nothing may be asked any more
            self._doubt(answer, _LIMITED)
            raise _Ended(_LIMITED)
        try:
            now = await _read(self.asker, self.target, self.held.name)
        except _Ended as why:
            self._doubt_refusal(answer, str(why))
            raise
        is_done = 200 <= answer.status < 300
        if (is_done or answer.failure or answer.status >= 500) and now.value != self.held.value:
            text = (
                f"{self.held.name} is not what it was before a write: "
                "the server tidies it, or somebody has changed it meanwhile"
            )
            self.asker.say(f"Look at {self.target.resource}/{self.target.id}: {text}. Nothing more is written.")
            raise _Ended(text)
        if answer.failure or answer.status >= 500:
            raise _Ended("what became of a write is not known, and nothing more was written")
        if not is_done and not now.is_as(self.held):
            self._doubt_refusal(answer, "the record was changed meanwhile")
            raise _Ended("the record was changed meanwhile")
        self.held = now
        return answer.status

    def _doubt_refusal(self, answer: Exchange, why: str) -> None:
        """Note that a refusal shows nothing. That a stale tag is refused, does in any case."""
        if answer.status == 412 and answer.name != "stale":
            self._doubt(answer, why)

    def _doubt(self, answer: Exchange, why: str) -> None:
        found = self.asker.evidence
        doubted = {**found.exchanges, answer.name: evolve(answer, doubt=why)}
        self.asker.evidence = evolve(found, exchanges=doubted)


@frozen
class _Held:
    """What the record is now."""

    name: str
    value: Any
    body: str
    header: str

    def is_as(self, other: _Held) -> bool:
        """Say whether nothing has changed."""
        return (self.value, self.body) == (other.value, other.body)


async def _read(asker: Asker, target: Target, attribute: str | None = None) -> _Held:
    """Read the tags, and the named attribute, or one that can be written as it is.

    :raises _Ended: if the record cannot be read.
    """
    fields = ",".join(("id", "etag", *target.names))
    name = "target-after" if "target" in asker.evidence.exchanges else "target"
    if await asker.ask(name, target.path, [("fields", fields)]) is None:
        raise _Ended(f"the record could not be read: {asker.evidence.skipped[name]}")
    try:
        return _held(succeeded(asker.evidence, name), target, attribute)
    except Unanswered as why:
        raise _Ended(f"the record could not be read: {why}") from None


def _held(exchange: Exchange, target: Target, attribute: str | None) -> _Held:
    record, tag = data(exchange), body_tag(exchange)
    plain = attribute or next((each for each in target.names if _is_plain(record.get(each))), None)
    if plain is None:
        raise Unanswered("it has no short plain text that could be written as it is")
    return _Held(plain, record.get(plain), tag, exchange.headers.single("etag") or "")


def _is_plain(value: Any) -> bool:
    """Say whether a text is the same after a server has tidied it: no markup, no space around it, one line."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= _LONGEST
        and value.isprintable()
        and value == " ".join(value.split())
        and not set("<>&") & set(value)
    )


async def _patch(asker: Asker, target: Target, held: _Held, name: str, condition: str | None) -> Exchange | None:
    headers = {} if condition is None else {"If-Match": condition}
    return await asker.ask(
        name,
        target.path,
        [("fields", "id,etag")],
        method="PATCH",
        headers=headers,
        change={held.name: held.value},
    )
