"""What is said besides when Clio refuses: which value is none of the documented ones, and that a job is not done."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from clio_async import Clio, NotFound, Request, UnprocessableEntity
from clio_async.errors import APIError
from clio_async.models import registry
from clio_async.resources.unusual import unusual
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
    assert notes_of(caught.value).startswith(
        "What was given as 'kind' is none of the documented values. Did you mean 're"
    )
    assert "revnue" not in notes_of(caught.value)
    assert notes_of(caught.value) == notes_of(pickle.loads(pickle.dumps(caught.value)))
    with pytest.raises(UnprocessableEntity) as second:
        await clio.reports.create(kind="revenue", format="☂")
    assert "as 'format'" in notes_of(second.value)
    assert "They are csv, html, json, pdf, xlsx, zip." in notes_of(second.value)


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
    assert "" == notes_of(caught.value)
    simulator.faults = refuse
    with pytest.raises(APIError) as other:
        await clio.reports.create(kind="revnue", format="csv")
    assert "" == notes_of(other.value)


def test_what_is_unusual_is_told_by_name() -> None:
    """Each of several; numbers, lists and names that are none are nobody's business here."""
    operation = registry.resource("reports").operations["create"]
    assert () == unusual(operation, {"kind": "revenue", "format": "pdf", "year": "1999", "nonsense": "x"})
    assert () == unusual(operation, {"kind": 7, "format": ["csv"], "matter": {"id": 1}})
    assert 2 == len(unusual(operation, {"kind": "a", "format": "b"}))


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
