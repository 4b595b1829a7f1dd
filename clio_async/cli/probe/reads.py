"""What is asked, in order, of a server that is only read."""

from __future__ import annotations

from attrs import evolve

from ...secrets import Secret
from .answers import Unanswered, tag_of
from .asking import Asker
from .exchanges import Evidence
from .filters import UNKNOWN_FIELD
from .lists import page_token
from .subject import CANDIDATES, IDS, asked_ids, half_later, known, own_fields, subject, value_in_other_case
from .versions import EARLY, NEVER, UNLISTED

__all__ = ["read_all"]

_VALUES = "custom_field_values{id,field_name,value,custom_field}"


async def read_all(asker: Asker) -> Evidence:
    """Ask everything that can be asked without changing anything."""
    await _find(asker)
    await _about_a_record(asker)
    await _about_pages(asker)
    await _about_filters(asker)
    await _about_versions(asker)
    await asker.ask("practice-areas", "/practice_areas.json", [("fields", "id"), ("limit", "1")])
    await asker.ask("bad-token", "/users/who_am_i.json", token=Secret("no-such-token"))
    return asker.evidence


async def _find(asker: Asker) -> None:
    """Find a resource that there is something of, and that may be read."""
    for resource in CANDIDATES:
        asker.evidence = evolve(asker.evidence, resource=resource)
        page = await asker.ask("cursor", f"/{resource}.json", _page("id,etag,updated_at", order="id(asc)"))
        if page is None or _has_subject(asker.evidence):
            return
    asker.evidence = evolve(asker.evidence, resource=next(iter(CANDIDATES)))


def _page(fields: str, limit: int = 1, **more: str) -> list[tuple[str, str]]:
    return [*more.items(), ("limit", str(limit)), ("fields", fields)]


def _has_subject(evidence: Evidence) -> bool:
    try:
        subject(evidence)
    except Unanswered:
        return False
    return True


def _nothing(asker: Asker, *names: str) -> bool:
    """Skip what needs a record, where there is none."""
    try:
        subject(asker.evidence)
    except Unanswered as why:
        for name in names:
            asker.skip(name, f"there is no record to ask about: {why}")
        return True
    return False


async def _about_a_record(asker: Asker) -> None:
    """Read one record in several ways. What costs quota is seen between the neighbours of each of these."""
    resource = asker.evidence.resource
    if not _nothing(asker, "record", "again"):
        path = f"/{resource}/{subject(asker.evidence)['id']}.json"
        fields = [("fields", "id,etag")]
        first = await asker.ask("record", path, fields)
        try:
            tag = tag_of(first) if first is not None and first.status == 200 else None
        except Unanswered:
            tag = None
        if tag is None:
            asker.skip("again", "there was no record with an ETag")
        else:
            await asker.ask("again", path, fields, headers={"If-None-Match": tag})
    await asker.ask("bare", f"/{resource}", _page("id,etag,updated_at"))
    await asker.ask("unknown-field", f"/{resource}.json", _page(f"id,{UNKNOWN_FIELD}"))
    fields_of_page = f"id,created_at,updated_at,{CANDIDATES[resource]}"
    await asker.ask("offset", f"/{resource}.json", _page(fields_of_page, 8, offset="1"), version=None)
    if not _nothing(asker, "whole", "other"):
        await _whole(asker)


async def _whole(asker: Asker) -> None:
    """Read a record with all that the document says it has, or with little more than before."""
    resource = asker.evidence.resource
    path = f"/{resource}/{subject(asker.evidence)['id']}.json"
    more = "" if resource == "tasks" else f",{_VALUES}"
    whole = await asker.ask("whole", path, [("fields", ",".join(own_fields(resource)) + more)])
    if whole is not None and whole.status != 200:
        await asker.ask("other", path, [("fields", f"id,etag,created_at{more}")])


async def _about_pages(asker: Asker) -> None:
    resource = asker.evidence.resource
    if _cursors_differ(asker.evidence):
        await asker.ask("cursor-again", f"/{resource}.json", _page("id,etag,updated_at", order="id(asc)"))
    await asker.ask("limit", f"/{resource}.json", _page("id", 201))
    names = [f"ids-{number}" for number in IDS]
    if _nothing(asker, *names):
        return
    for number, name in zip(IDS, names, strict=True):
        ids = [("ids[]", str(one)) for one in asked_ids(asker.evidence, number)]
        exchange = await asker.ask(name, f"/{resource}.json", [*ids, *_page("id", 200)])
        if exchange is None or exchange.status not in {400, 413, 414, 422}:
            break


def _cursors_differ(evidence: Evidence) -> bool:
    try:
        tokens = [page_token(evidence.exchanges[name]) for name in ("cursor", "bare") if name in evidence.exchanges]
    except Unanswered:
        return False
    return None not in tokens and len({*tokens}) > 1


async def _about_filters(asker: Asker) -> None:
    if _nothing(asker, "since", "since-later", "other-case", "unknown-value"):
        return
    found = subject(asker.evidence)
    path, page = f"/{asker.evidence.resource}.json", _page("id")
    one, shown = [("ids[]", str(found["id"])), *page], found.get("updated_at")
    later = half_later(shown) if isinstance(shown, str) else None
    if later is None:
        asker.skip("since", "the record does not say when it was changed")
        asker.skip("since-later", "the record does not say when it was changed")
    else:
        await asker.ask("since", path, [("updated_since", str(shown)), *one])
        await asker.ask("since-later", path, [("updated_since", later), *one])
    await _about_values(asker, path)
    if asker.evidence.resource == "tasks":
        asker.skip("definitions", "tasks have no custom fields")
    else:
        await asker.ask("definitions", "/custom_fields.json", _page("id,displayed,parent_type", 200))


async def _about_values(asker: Asker, path: str) -> None:
    field = CANDIDATES[asker.evidence.resource]
    every = [("ids[]", str(row["id"])) for row in known(asker.evidence)]
    page = [*every, *_page(f"id,{field}", 9)]
    try:
        value = value_in_other_case(asker.evidence)
        await asker.ask("other-case", path, [(field, value.text), *page])
    except Unanswered as why:
        asker.skip("other-case", str(why))
    await asker.ask("unknown-value", path, [(field, "no_such_value"), *page])


async def _about_versions(asker: Asker) -> None:
    path, page = f"/{asker.evidence.resource}.json", _page("id")
    unlisted = await asker.ask("unlisted-version", path, page, version=UNLISTED)
    early = await asker.ask("early-version", path, page, version=EARLY)
    if 410 not in {each.status for each in (unlisted, early) if each is not None}:
        await asker.ask("never-version", path, page, version=NEVER)
