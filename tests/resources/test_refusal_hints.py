"""What is said besides when Clio refuses: which value is none of the documented ones, and that a job is not done."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from clio_async import Clio, NotFound, Request, UnprocessableEntity
from clio_async.errors import APIError
from clio_async.models import registry
from clio_async.resources.unusual import unusual, unusual_filters
from clio_async.testing import Fault, Jobs, Regime, Simulator

NEVER = Jobs(seconds=None, reads=None)


def firm(**options: Any) -> tuple[Simulator, Clio]:
    simulator = Simulator(matters=3, contacts=3, tasks=3, users=2, **options)
    return simulator, simulator.client()


def refuse(_index: int, _request: Request) -> Fault:
    return Fault.status(403)


def notes_of(error: BaseException) -> str:
    return "\n".join(getattr(error, "__notes__", ()))


async def test_a_value_that_is_refused_has_near_ones() -> None:
    """The error names documented values, not the given one; it is the same after pickling."""
    _, clio = firm()
    with pytest.raises(UnprocessableEntity) as caught:
        await clio.reports.run(kind="revnue", format="csv")
    assert "What was given as 'kind' is none of the documented values. Did you mean 're" in str(caught.value)
    assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))
    with pytest.raises(UnprocessableEntity) as second:
        await clio.reports.create(kind="revenue", format="☂")
    assert "as 'format'" in str(second.value)
    assert "They are csv, html, json, pdf, xlsx, zip." in str(second.value)


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"status": "opne"}, "What was given as 'status' is none of the documented values. They are open, closed,"),
        ({"status": ["Done"]}, "documented values. They are open, closed, pending."),
        ({"order": "display_number"}, "Did you mean 'display_number(asc)' or 'display_number(desc)'"),
        ({"status": "open"}, None),
        ({"status": "open,closed"}, None),
        ({"client_id": 7}, None),
    ],
)
async def test_a_list_that_is_refused_names_the_documented_values(status: Any, given: Any, told: str | None) -> None:
    """Of each filter that has some and was given another; whatever is right is not spoken of."""
    simulator, clio = firm()
    simulator.faults = lambda _index, _request: Fault.status(status)
    with pytest.raises(APIError) as caught:
        await clio.matters.list(**given).collect()
    assert (told or "documented values") in str(caught.value) or told is None
    assert (told is not None) == ("documented values" in str(caught.value))


def test_of_several_values_one_is_told_of() -> None:
    """Those of a list of values, and those with commas between them; nothing of a filter that nobody knows."""
    matters = registry.resource("matters").operations["list"]
    assert [] == [*unusual_filters(matters, {"status": ["open", "closed"], "nonsense": "x", "query": "y"})]
    assert 1 == len([*unusual_filters(matters, {"status": ("shut", "ajar"), "order": "id(asc)"})])
    assert 1 == len([*unusual_filters(matters, {"status": "open,shut"})])


def test_no_message_holds_hundreds_of_values() -> None:
    """A name of a time zone that resembles none is told to be undocumented, and that is all."""
    schedules = registry.resource("report_schedules").operations["create"]
    assert ("What was given as 'time_zone' is none of the documented values.",) == unusual(
        schedules, {"time_zone": "☂"}
    )


async def test_a_value_that_clio_has_added_is_sent() -> None:
    """Nothing is refused before it is asked: what Clio takes is taken, and nothing is said."""
    simulator, clio = firm()
    told = list[bytes]()

    def plan(_index: int, request: Request) -> None:
        told.append(request.body or b"")

    simulator.faults = plan
    with pytest.raises(UnprocessableEntity):
        await clio.reports.create(kind="brand_new", format="csv")
    assert b"brand_new" in told[0]


async def test_a_refusal_of_something_else_says_no_more() -> None:
    """Documented values are not what is wrong then; nor is anything at all where the answer is no 422."""
    simulator, clio = firm()
    with pytest.raises(UnprocessableEntity) as caught:
        await clio.document_archives.create(items=[{"id": 4_000, "type": "Document"}])
    assert "documented" not in str(caught.value)
    simulator.faults = refuse
    with pytest.raises(APIError) as other:
        await clio.reports.create(kind="revnue", format="csv")
    assert "documented" not in str(other.value)


def test_what_is_unusual_is_told_by_name() -> None:
    """Each of several; numbers, lists and names that are none are nobody's business here."""
    operation = registry.resource("reports").operations["create"]
    assert () == unusual(operation, {"kind": "revenue", "format": "pdf", "year": "1999", "nonsense": "x"})
    assert () == unusual(operation, {"kind": 7, "format": ["csv"], "matter": {"id": 1}})
    told = unusual(operation, {"kind": "☂", "format": "☔"})
    assert (2, False) == (len(told), bool({"☂", "☔"} & {*"".join(told)}))


@pytest.mark.parametrize("status", [400, 404, 422])
@pytest.mark.parametrize("resource", ["reports", "document_archives"])
async def test_a_download_that_comes_too_soon_says_so(status: Any, resource: str, tmp_path: Any) -> None:
    """Clio's own answer may be that there is no such record; the note says what else it can be, and what to do."""
    simulator, clio = firm(jobs=NEVER, regime=Regime(unfinished_download=status))
    simulator.add("documents", name="a")
    number = simulator.add(resource)
    verbs: Any = getattr(clio, resource)
    for asked in (verbs.download_to(number, tmp_path / "a"), verbs.download_url(number)):
        with pytest.raises(APIError) as caught:
            await asked
        assert (status, f"Or it is not finished yet: clio.{resource}.wait({number}) waits for it.") == (
            caught.value.status,
            notes_of(caught.value),
        )


async def test_what_is_no_job_is_not_waited_for(tmp_path: Any) -> None:
    """A document that does not exist is that, and no more."""
    _, clio = firm()
    with pytest.raises(NotFound) as caught:
        await clio.documents.download_to(4_000, tmp_path / "a")
    assert "" == notes_of(caught.value)
