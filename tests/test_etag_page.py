"""What https://docs.developers.clio.com/api-docs/etags says, sentence by sentence, and what the client makes of it.

Each test is named after what one sentence says, in other words, and holds the client, the requests that it sends, and
the simulated server to it.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import pytest
from attrs import define, field

from clio_async import (
    Clio,
    MemoryTransport,
    PreconditionFailed,
    RecordETag,
    Request,
    Response,
    UnknownField,
    Validators,
    frozen,
)
from clio_async.models import registry
from clio_async.testing import Regime, Simulator

PATH = "/matters/1.json?fields=id,etag,description"


@define
class Office:
    """A simulated firm, a client of it, and every exchange between them."""

    regime: Regime = field(factory=Regime)
    seen: list[tuple[Request, Response]] = field(factory=list)
    simulator: Simulator = field(init=False)
    clio: Clio = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.simulator = Simulator(matters=3, contacts=4, users=2, regime=self.regime)
        self.clio = Clio(
            self.simulator.token(),
            base_url="http://localhost/api/v4",
            transport=MemoryTransport(self._answer),
            limiter=None,
        )

    async def _answer(self, request: Request) -> Response:
        response = await self.simulator.handler(request)
        self.seen.append((request, response))
        return response

    def sent(self, name: str) -> list[str | None]:
        """Return a header field of every request, in order."""
        return [request.headers.get(name) for request, _ in self.seen]

    def statuses(self) -> list[int]:
        return [response.status for _, response in self.seen]

    def methods(self) -> list[str]:
        return [request.method for request, _ in self.seen]

    def somebody_else_writes(self, text: str) -> None:
        """Change the record as another application would."""
        self.simulator.change("matters", 1, description=text)

    def stored(self) -> str:
        return str(self.simulator.record("matters", 1)["description"])


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """The page holds on every backend."""
    return str(request.param)


@pytest.fixture
def office() -> Office:
    return Office()


# -- what they are ------------------------------------------------------------------------------------------------


async def test_a_tag_names_one_version_of_a_resource(office: Office) -> None:
    """One version, one tag, however often and with whichever selection it is read; another version, another tag."""
    clio = office.clio.options(cache="bypass")
    first = {(await clio.matters.get(1, fields=fields)).etag for fields in ("id,etag", "etag,description", None)}
    office.somebody_else_writes("another version")
    second = {(await clio.matters.get(1, fields=fields)).etag for fields in ("id,etag", "etag,description", None)}
    assert (1, 1, 0) == (len(first), len(second), len(first & second))
    assert not first & {(await clio.matters.get(2)).etag}


async def test_tags_show_whether_clio_s_data_differ_from_a_copy(office: Office) -> None:
    """A copy and its tag are enough to find out: None says that nothing has changed."""
    copy = await office.clio.matters.get(1)
    assert await office.clio.matters.get_if_changed(1, copy.etag) is None
    office.somebody_else_writes("not in the copy")
    changed = await office.clio.matters.get_if_changed(1, copy.etag)
    assert changed is not None
    assert "not in the copy" == changed.description


# -- where they come from -----------------------------------------------------------------------------------------


async def test_answers_about_one_record_carry_both_validators_in_their_headers(office: Office) -> None:
    """`ETag` and `Last-Modified` are on every such answer, and the client hands them on as `validators`."""
    matter = await office.clio.matters.get(1)
    ((_, response),) = office.seen
    assert Validators(response.headers["etag"], response.headers["last-modified"]) == matter.validators
    assert parsedate_to_datetime(response.headers["last-modified"]) == matter.updated_at.replace(microsecond=0)


async def test_the_tag_can_be_asked_for_as_a_field_like_any_other(office: Office) -> None:
    """In a text, in an attrs class, and in lists, whose answers have no such header."""

    @frozen
    class Card:
        id: int
        etag: RecordETag

    one = await office.clio.matters.get(1, fields="id,etag")
    card = await office.clio.matters.get(1, fields=Card)
    listed = {matter.id: matter.etag async for matter in office.clio.matters.list(fields="id,etag")}
    assert {one.etag} == {card.etag, listed[1]}
    assert 3 == len({*listed.values()})


async def test_what_has_no_tag_cannot_be_asked_for_one(office: Office) -> None:
    """The other side of the sentence before: the client knows which records have the field."""
    without = [name for name in registry.schema_names() if "etag" not in registry.schema(name).fields]
    assert without
    with pytest.raises(UnknownField):
        office.clio.my_events.list(fields="id,etag")
    assert [] == office.seen


async def test_tags_serve_reading_and_writing_alike(office: Office) -> None:
    """One and the same tag spares the body of a read, and guards a write."""
    matter = await office.clio.matters.get(1)
    assert await office.clio.matters.get_if_changed(1, matter.etag) is None
    await office.clio.matters.update(matter, description="guarded")
    assert [None, matter.etag, None] == office.sent("if-none-match")
    assert [None, None, matter.etag] == office.sent("if-match")


async def test_it_is_best_to_keep_the_tags_of_all_records(office: Office) -> None:
    """The client does so by itself: every selection of its own holds the tag, in reads, lists and answers to writes."""
    clio = office.clio
    record = await clio.matters.get(1)
    listed = await clio.matters.list().collect()
    written = await clio.matters.update(record, description="kept")
    assert all(matter.etag for matter in (record, *listed, written))
    tagged = [name for name in registry.schema_names() if "etag" in registry.schema(name).fields]
    assert [] == [name for name in tagged if "etag" not in registry.default_fields(name)]


# -- reading ------------------------------------------------------------------------------------------------------


async def test_a_get_of_one_record_finds_out_quickly_whether_it_changed(office: Office) -> None:
    """By the tag, or by the timestamp in its place: either way an unchanged record costs no body."""
    matter = await office.clio.matters.get(1)
    assert matter.validators is not None
    assert await office.clio.matters.get_if_changed(1, matter.validators) is None
    since = {"If-Modified-Since": str(matter.validators.last_modified)}
    answer = await office.clio.request("GET", PATH, headers=since)
    assert [200, 304, 304] == office.statuses()
    assert b"" == answer.body


async def test_the_condition_is_the_tag_or_the_timestamp_and_never_both(office: Office) -> None:
    """Of validators that hold both the tag is sent; the timestamp where there is no tag; each byte for byte."""
    held = (await office.clio.matters.get(1)).validators
    assert held is not None
    await office.clio.matters.get_if_changed(1, held)
    await office.clio.matters.get(1)
    assert await office.clio.matters.get_if_changed(1, Validators(None, held.last_modified)) is None
    assert [None, held.etag, held.etag, None] == office.sent("if-none-match")[:4]
    assert [None, None, None, held.last_modified] == office.sent("if-modified-since")[:4]
    assert not [request for request, _ in office.seen if {"if-none-match", "if-modified-since"} <= {*request.headers}]


async def test_a_match_means_that_it_was_not_modified_and_is_answered_304(office: Office) -> None:
    """The second read is a 304 without a body, and gives the caller the record all the same."""
    first = await office.clio.matters.get(1)
    assert first == await office.clio.matters.get(1)
    assert [200, 304] == office.statuses()


async def test_no_match_means_that_it_was_modified_and_is_answered_in_full(office: Office) -> None:
    """The control of the sentence before: after a change the same condition brings the new record."""
    await office.clio.matters.get(1)
    office.somebody_else_writes("modified")
    assert "modified" == (await office.clio.matters.get(1)).description
    assert [200, 200] == office.statuses()


# -- writing ------------------------------------------------------------------------------------------------------


async def test_updates_support_optimistic_locking_so_that_others_changes_are_not_overwritten(office: Office) -> None:
    """What another application wrote since the read stays; without the tag it would be gone."""
    matter = await office.clio.matters.get(1)
    office.somebody_else_writes("theirs")
    with pytest.raises(PreconditionFailed):
        await office.clio.matters.update(matter, description="mine")
    assert "theirs" == office.stored()
    await office.clio.matters.update(1, description="mine")  # the control: the id alone guards nothing
    assert "mine" == office.stored()


async def test_a_patch_may_carry_the_tag_of_the_record_in_if_match(office: Office) -> None:
    """It may: of a record it is the record's own, byte for byte; of an id there is none unless one is given."""
    matter = await office.clio.matters.get(1)
    await office.clio.matters.update(matter, description="by record")
    await office.clio.matters.update(1, description="by id")
    tag = (await office.clio.matters.get(1)).etag
    await office.clio.matters.update(1, if_match=tag, description="by id and tag")
    patches = [request.headers.get("if-match") for request, _ in office.seen if request.method == "PATCH"]
    assert [matter.etag, None, tag] == patches


async def test_a_match_means_that_one_has_the_latest_version_and_it_is_done_200(office: Office) -> None:
    """The update is carried out, the answer is 200, and holds the record with the tag of its new version."""
    matter = await office.clio.matters.get(1)
    written = await office.clio.matters.update(matter, description="done")
    assert [200, 200] == office.statuses()
    assert ("done", "done") == (written.description, office.stored())
    assert written.etag != matter.etag
    await office.clio.matters.update(written, description="done again")  # the new tag is as good as the old one was
    assert "done again" == office.stored()


async def test_no_match_means_that_it_changed_since_it_was_read(office: Office) -> None:
    """Any change by anybody does, also one of another attribute, also one that was taken back."""
    for change in ({"location": "elsewhere"}, {"location": None}):
        matter = await office.clio.matters.get(1)
        office.simulator.change("matters", 1, **change)
        with pytest.raises(PreconditionFailed):
            await office.clio.matters.update(matter, description="mine")


async def test_then_it_is_not_done_and_answered_412(office: Office) -> None:
    """Nothing of the update is in the record, and the error says the status."""
    matter = await office.clio.matters.get(1)
    office.somebody_else_writes("theirs")
    before = office.simulator.record("matters", 1)
    with pytest.raises(PreconditionFailed) as caught:
        await office.clio.matters.update(matter, description="mine", location="mine, too")
    assert 412 == caught.value.status
    assert before == office.simulator.record("matters", 1)


async def test_then_the_latest_version_has_to_be_read_to_find_what_is_in_conflict(office: Office) -> None:
    """The client has read it, past its cache: the error holds the record as it is now."""
    matter = await office.clio.matters.get(1)
    office.somebody_else_writes("theirs")
    with pytest.raises(PreconditionFailed) as caught:
        await office.clio.matters.update(matter, description="mine")
    assert "theirs" == caught.value.current.description
    assert ["GET", "PATCH", "GET"] == office.methods()
    assert [None, None, None] == office.sent("if-none-match")


async def test_once_it_is_safe_the_update_is_sent_again_with_the_latest_tag(office: Office) -> None:
    """By hand with the record that the error holds; `edit` does the same by itself, for what does not collide."""
    matter = await office.clio.matters.get(1)
    office.somebody_else_writes("theirs")
    with pytest.raises(PreconditionFailed) as caught:
        await office.clio.matters.update(matter, location="mine")
    again = await office.clio.matters.update(caught.value.current, location="mine")
    assert ("theirs", "mine") == (again.description, again.location)

    async with office.clio.matters.edit(1) as edit:
        office.somebody_else_writes("theirs again")
        edit.set(location="mine again")
    assert ("theirs again", "mine again") == (edit.result.description, edit.result.location)
    patches = [request.headers.get("if-match") for request, _ in office.seen if request.method == "PATCH"]
    assert 4 == len({*patches}) == len(patches)
    assert None not in patches
