"""What only a write can tell: some PATCHes that set an attribute of one record to the value that it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import frozen

from ...errors import InvalidArgument
from ...models import registry
from .answers import Unanswered, data, succeeded
from .asking import Asker
from .exchanges import Evidence, Exchange
from .subject import own_fields
from .tags import body_tag

__all__ = ["MOST_WRITES", "TRIED", "Target", "target_of", "write_all"]

MOST_WRITES = 12
"""Requests, the reads between the writes included."""

_ATTRIBUTES = ("description", "subject", "summary", "detail", "note", "location", "title", "name")
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


async def write_all(asker: Asker, target: Target) -> Evidence:
    """Find out what `If-Match` does: first whether it is enforced at all; if it is not, nothing else is written."""
    held = await _read(asker, target)
    if held is None:
        return _ended(asker, TRIED, "the record could not be read")
    stale = await _patch(asker, target, held, "stale", _STALE)
    if stale is None or stale.status != 412:
        return _ended(asker, TRIED, "a stale tag was not refused with 412, and nothing more was written")
    held, own = await _tried(asker, target, held, "own-tag", held.body)
    if held.header in {"", held.body}:
        asker.skip("header-tag", "the header has no other form")
        header = False
    else:
        held, header = await _tried(asker, target, held, "header-tag", held.header)
    if not own and not header:
        return _ended(asker, TRIED[2:], "no form of the tag is taken")
    return await _others(asker, target, held, is_header=not own)


def _ended(asker: Asker, names: tuple[str, ...], why: str) -> Evidence:
    for name in names:
        asker.skip(name, why)
    return asker.evidence


async def _others(asker: Asker, target: Target, held: _Held, *, is_header: bool) -> Evidence:
    """Try the rest of what may stand in `If-Match`, and that there is none."""
    for name, made in _CONDITIONS.items():
        taken = held.header if is_header else held.body
        held, _ = await _tried(asker, target, held, name, made(taken))
    return asker.evidence


async def _tried(asker: Asker, target: Target, held: _Held, name: str, condition: str | None) -> tuple[_Held, bool]:
    """Write under a condition; return what the record is afterwards, and whether it was written."""
    answer = await _patch(asker, target, held, name, condition)
    if answer is None or answer.status != 200:
        return held, False
    same = _tag(answer) == held.body
    return held if same else (await _read(asker, target) or held), True


_CONDITIONS: dict[str, Callable[[str], str | None]] = {
    "weak-tag": lambda tag: f"W/{tag.removeprefix('W/')}",
    "tag-list": lambda tag: f"{_STALE}, {tag}",
    "star": lambda _: "*",
    "no-condition": lambda _: None,
}
TRIED = ("own-tag", "header-tag", *_CONDITIONS)


@frozen
class _Held:
    """What the record is now."""

    name: str
    value: Any
    body: str
    header: str


async def _read(asker: Asker, target: Target) -> _Held | None:
    """Read the tags, and an attribute that can be written as it is."""
    fields = ",".join(("id", "etag", *target.names))
    name = "target-after" if "target" in asker.evidence.exchanges else "target"
    if await asker.ask(name, target.path, [("fields", fields)]) is None:
        return None
    try:
        return _held(succeeded(asker.evidence, name), target)
    except Unanswered as why:
        asker.skip("stale", str(why))
        return None


def _held(exchange: Exchange, target: Target) -> _Held:
    record, tag = data(exchange), body_tag(exchange)
    plain = next((each for each in target.names if _is_plain(record.get(each))), None)
    if plain is None:
        raise Unanswered("the record has no short plain text that could be written as it is")
    return _Held(plain, record[plain], tag, exchange.headers.single("etag") or "")


def _tag(answer: Exchange) -> str | None:
    try:
        return body_tag(answer)
    except Unanswered:
        return None


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
