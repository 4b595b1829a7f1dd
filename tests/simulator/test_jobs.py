"""Reports, archives and automations: they take time, or a few looks, and may fail."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clio_async.testing.simulator import Jobs, Regime

from .caller import Caller, caller, error

REPORT = {"kind": "revenue", "format": "csv"}
ARCHIVE = {"items": [{"id": 1, "type": "Document"}]}
AUTOMATION = {"matter": {"id": 3}, "document_template": {"id": 1}, "filename": "Letter"}


def started(asks: Caller, resource: str, data: dict[str, Any], state: str = "not_started") -> str:
    answer = asks.post(f"/{resource}.json?fields=id,state", data)
    assert 201 == answer.status, answer.body
    shown = json.loads(answer.body)["data"]
    assert state == shown["state"]
    return f"/{resource}/{shown['id']}"


def test_a_report_is_done_after_some_looks() -> None:
    """Each read of it is a step, so that a loop ends under a clock that stands still; lists are no steps."""
    asks = caller()
    path = started(asks, "reports", REPORT)
    asks.data("/reports.json")
    assert 404 == asks.get(f"{path}/download.json").status
    steps = [asks.data(f"{path}.json?fields=state,progress") for _ in range(4)]
    assert [("queued", 33), ("in_progress", 66), ("completed", 100), ("completed", 100)] == [
        (step["state"], step["progress"]) for step in steps
    ]
    assert 303 == asks.get(f"{path}/download.json").status


def test_a_report_is_done_after_some_time() -> None:
    """The clock is enough, for whoever looks at the list only."""
    asks = caller(jobs=Jobs(seconds=9, reads=None))
    path = started(asks, "reports", REPORT)
    states = list[str]()
    for _ in range(4):
        states.append(asks.data("/reports.json?ids[]=13&fields=state")[0]["state"])
        assert states[-1] == asks.simulator.record("reports", 13)["state"]
        asks.simulator.clock.advance(3)
    assert ["not_started", "queued", "in_progress", "completed"] == states
    assert 303 == asks.get(f"{path}/download.json").status


@pytest.mark.parametrize("jobs", [Jobs(seconds=0, reads=None), Jobs(seconds=None, reads=0)])
def test_a_job_may_take_no_time(jobs: Jobs) -> None:
    """It is done when it is begun: the answer to that says so, and there is a file."""
    asks = caller(jobs=jobs)
    for resource, data in (("reports", REPORT), ("document_archives", ARCHIVE)):
        path = started(asks, resource, data, "completed")
        assert 303 == asks.get(f"{path}/download.json").status
    automation = started(asks, "document_automations", AUTOMATION, "completed")
    assert ["Letter"] == [it["name"] for it in asks.data(f"{automation}.json?fields=documents{{name}}")["documents"]]
    preset = asks.ask("POST", "/report_presets/1/generate_report.json?fields=state")
    assert "completed" == json.loads(preset.body)["data"]["state"]


def test_a_job_may_never_end() -> None:
    """With neither, it stays where it is."""
    asks = caller(jobs=Jobs(seconds=None, reads=None))
    path = started(asks, "reports", REPORT)
    asks.simulator.clock.advance(1e6)
    assert ["not_started"] * 5 == [asks.data(f"{path}.json?fields=state")["state"] for _ in range(5)]


@pytest.mark.parametrize(
    ("end", "resource", "data", "state"),
    [
        ("failed", "reports", REPORT, "failed"),
        ("empty", "reports", REPORT, "empty"),
        ("failed", "document_archives", ARCHIVE, "failed"),
        ("empty", "document_archives", ARCHIVE, "completed"),
        ("empty", "document_automations", AUTOMATION, "empty"),
    ],
)
def test_a_job_may_end_in_other_ways(end: Any, resource: str, data: dict[str, Any], state: str) -> None:
    """It fails, or finds nothing, where there is such a state; then there is nothing to download."""
    asks = caller(jobs=Jobs(ends=end))
    path = started(asks, resource, data)
    assert state == [asks.data(f"{path}.json?fields=state")["state"] for _ in range(3)][-1]
    if resource != "document_automations":
        assert (303 if state == "completed" else 404) == asks.get(f"{path}/download.json").status


@pytest.mark.parametrize("status", [400, 404, 422])
@pytest.mark.parametrize(("resource", "data"), [("reports", REPORT), ("document_archives", ARCHIVE)])
def test_what_is_not_completed_has_no_file(status: Any, resource: str, data: dict[str, Any]) -> None:
    """A download before the end is refused, in each way that Clio might."""
    asks = caller(Regime(unfinished_download=status))
    path = started(asks, resource, data)
    assert status == error(asks.get(f"{path}/download.json"))[0]


def test_a_test_may_end_a_job_itself() -> None:
    """`change` has the last word, and a job that it ends does not go on."""
    asks = caller()
    path = started(asks, "reports", REPORT)
    asks.simulator.change("reports", 13, state="failed")
    assert ["failed"] * 4 == [asks.data(f"{path}.json?fields=state")["state"] for _ in range(4)]
    started(asks, "reports", REPORT)
    asks.simulator.firm().table("reports").remove(14)
    assert 404 == asks.get("/reports/14.json").status


@pytest.mark.parametrize("moves", [True, False])
def test_the_tag_of_a_job_may_move_with_it(moves: bool) -> None:
    """Whether a validator tells that it went on is not known; when it stands still it stays in any case."""
    asks = caller(Regime(progress_moves_tag=moves))
    path = started(asks, "reports", REPORT)
    tags = [asks.get(f"{path}.json").headers["etag"] for _ in range(5)]
    assert (3 if moves else 1) == len(set(tags))
    assert tags[2] == tags[3] == tags[4]


def test_a_preset_makes_reports() -> None:
    """201 without a body of the request; the report is what the preset says, and begins at the beginning."""
    asks = caller()
    answer = asks.ask("POST", "/report_presets/1/generate_report.json?fields=id,kind,format,source,state,progress")
    assert 201 == answer.status
    report = json.loads(answer.body)["data"]
    preset = asks.data("/report_presets/1.json?fields=kind,format,last_generated_at")
    assert (preset["kind"], preset["format"]) == (report["kind"], report["format"])
    assert ("presets", "not_started", 0) == (report["source"], report["state"], report["progress"])
    assert "2026-06-01T08:00:00-04:00" == preset["last_generated_at"]
    assert [13] == [it["id"] for it in asks.data("/reports.json?ids[]=13")]
    assert 404 == asks.ask("POST", "/report_presets/999/generate_report.json").status
    assert 400 == asks.ask("POST", "/report_presets/1/generate_report.json?fields=nonsense").status
    assert 13 == len(asks.data("/reports.json"))


def test_an_automation_makes_a_document() -> None:
    """It belongs to the matter, once the automation is completed; a failed one made none."""
    asks = caller()
    path = started(asks, "document_automations", AUTOMATION)
    shown = [asks.data(f"{path}.json?fields=state,documents{{id,name}}") for _ in range(3)]
    assert [[], [], [{"id": 13, "name": "Letter"}]] == [it["documents"] for it in shown]
    assert {"id": 3} == asks.data("/documents/13.json?fields=matter{id}")["matter"]
    asks.simulator.jobs = Jobs(ends="failed")
    path = started(asks, "document_automations", AUTOMATION)
    assert [] == [asks.data(f"{path}.json?fields=documents")["documents"] for _ in range(3)][-1]


def test_an_automation_without_a_name_has_one() -> None:
    """Its document is called something."""
    asks = caller(jobs=Jobs(reads=0))
    nameless = {name: value for name, value in AUTOMATION.items() if name != "filename"}
    path = started(asks, "document_automations", nameless, "completed")
    assert [{"name": "Document"}] == asks.data(f"{path}.json?fields=documents{{name}}")["documents"]


def test_a_job_that_a_test_adds_goes_on() -> None:
    """`add` starts one, unless it says in which state it is."""
    simulator = caller(jobs=Jobs(reads=0)).simulator
    assert 13 == simulator.add("reports", kind="revenue")
    assert "completed" == simulator.record("reports", 13)["state"]
    simulator.jobs = Jobs(reads=None)
    assert 14 == simulator.add("reports", kind="revenue", state="failed")
    assert "failed" == simulator.record("reports", 14)["state"]
