"""`clio-async probe` finds out in which regime it is, under every one that there is."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import anyio
import attrs
import pytest

from clio_async.cli.probe.answers import Answer
from clio_async.cli.probe.asking import READS
from clio_async.cli.probe.exchanges import Evidence
from clio_async.cli.probe.questions import QUESTIONS, UNASKED, answers
from clio_async.cli.probe.versions import EARLY, UNLISTED
from clio_async.cli.probe.writes import MOST_WRITES
from clio_async.testing import Regime, Simulator

from .probing import BASE, TOKEN, WRITTEN, firm, probed

REGIMES = dict(Regime.every())
FIELDS = {field.name for field in attrs.fields(Regime)}

UNKNOWN = "not answered"

# What has to be so, for an answer to make any difference at all.
CONTEXT: dict[str, dict[str, Any]] = {
    "if_match": {"tag_form": "gzip"},
    "if_match_weak": {"tag_form": "weak", "if_match": "both"},
    "quota_304": {"rate_limit": (50, 60.0)},
    "quota_4xx": {"rate_limit": (50, 60.0)},
    "rate_reset": {"rate_limit": (50, 60.0)},
    "retry_after": {"rate_limit": (50, 60.0)},
    "limited_body": {"rate_limit": (50, 60.0)},
}
BUSY = {"retry_after", "limited_body"}  # a 429 comes only because others have used the quota up

ALIKE = {
    "rate_reset=floor": "a window that ends with a second ends with it in either rounding",
}

# What is found out under a regime and not under the control, which differs from it in one field.
FOUND: dict[str, dict[str, Any]] = {
    "tag_scope=representation": {"tag_scope": "representation"},
    "tag_form=weak": {"tag_form": "weak"},
    "tag_form=weak-200": {"tag_form": "weak-200"},
    "tag_form=gzip": {"tag_form": "gzip"},
    "tag_form=user": {"tag_form": "other"},
    "if_match=header": {"if_match": "header"},
    "if_match=both": {"if_match": "both"},
    "if_match=ignored": {
        "if_match": "ignored",
        **dict.fromkeys(("if_match_weak", "if_match_star", "if_match_list", "if_match_required"), UNKNOWN),
    },
    "if_match_weak=True": {"if_match_weak": True, "if_match": "both"},
    "if_match_star=False": {"if_match_star": False},
    "if_match_list=False": {"if_match_list": False},
    "if_match_required=True": {"if_match_required": True},
    "last_modified=False": {"last_modified": False},
    "no_store=True": {"no_store": True},
    "etag_on_write=False": {"etag_on_write": False},
    f"versions={'-'.join(sorted(set(Regime().versions) - {UNLISTED}))}": {"versions": False},
    "gone_body=oauth": {"gone_body": "oauth"},
    "gone_body=html": {"gone_body": "html"},
    "gone_body=empty": {"gone_body": "empty"},
    "answered_version=4.0.12": {"answered_version": "4.0.12", "default_version": "4.0.12"},
    "rate_limit=50-60.0": {"rate_limit": 50, "rate_reset": "present", "quota_304": True, "quota_4xx": True},
    "rate_limit=300-60.0": {"rate_limit": 300, "rate_reset": "present", "quota_304": True, "quota_4xx": True},
    "quota_304=False": {"quota_304": False},
    "quota_4xx=False": {"quota_4xx": False},
    "rate_reset=absent": {"rate_reset": "absent"},
    "retry_after=date": {"retry_after": "date"},
    "retry_after=absent": {"retry_after": "absent"},
    "limited_body=wrapped": {"limited_body": "wrapped"},
    "limited_body=wrapped-200": {"limited_body": "wrapped-200"},
    "clock_skew=90.0": {"clock_skew": 90},
    "clock_skew=-90.0": {"clock_skew": -90},
    "implicit_cursor=False": {"implicit_cursor": False},
    "next_carries=offset": {"next_carries": "offset"},
    "next_suffix=True": {"next_suffix": True},
    "next_suffix=False": {"next_suffix": False},
    "public_origin=https://app.clio.com": {"public_origin": "https://app.clio.com"},
    "limit_overflow=clamp": {"limit_overflow": "clamp"},
    "max_ids=50": {"max_ids": [50, 100], "ids_overflow": "error"},
    "ids_overflow=ignore": {"max_ids": [200, 201], "ids_overflow": "ignore"},
    "since_inclusive=False": {"since_inclusive": False},
    "since_in_seconds=True": {"since_in_seconds": True},
    "shown_fractions=True": {"shown_fractions": True},
    "value_in_other_case=ignored": {"value_in_other_case": "ignored"},
    "unknown_value=nothing": {"unknown_value": "nothing"},
    "unknown_value=all": {"unknown_value": "all"},
    "refused_fields=Matter.client_reference": {"refused_fields": ["client_reference"]},
    "invalid_fields=list": {"invalid_fields": "list"},
    "invalid_fields=bare": {"invalid_fields": "bare"},
    "placeholders=null_id": {"placeholders": "null_id"},
    "placeholders=real_id": {"placeholders": "real_id"},
    "custom_fields_redacted=True": {"custom_fields_redacted": True, "placeholders": UNKNOWN},
    "records=page": {"records": "page"},
    "records=absent": {"records": "absent"},
    "max_url=2000": {"max_url": [1079, 2111]},
    "error_body=html": {"error_body": "html"},
    "error_body=empty": {"error_body": "empty"},
    "token_error=generic": {"token_error": "generic"},
    "token_error=envelope": {"token_error": "envelope"},
    "practice_areas=moved": {"practice_areas": "moved"},
}


def found(answer: Answer) -> Any:
    return answer.found if answer.is_known else UNKNOWN


def run(
    regime: Regime, *, busy: bool = False, write_to: str | None = f"matters/{WRITTEN}"
) -> tuple[Simulator, Evidence]:
    simulator = firm(regime)
    if busy:
        use_up(simulator)
    return simulator, anyio.run(probed, simulator, write_to)


def use_up(simulator: Simulator) -> None:
    """Use up the quota of the token, as another program does."""
    assert simulator.regime.rate_limit is not None
    quota = simulator._quotas.of(TOKEN, simulator.regime)
    assert quota is not None
    for _ in range(simulator.regime.rate_limit[0]):
        quota.spend(simulator.clock.now())


@lru_cache
def control(field: str) -> dict[str, Any]:
    """Return what is found where one field is not changed."""
    _, evidence = run(attrs.evolve(Regime(), **CONTEXT.get(field, {})), busy=field in BUSY)
    return {name: found(answer) for name, answer in answers(evidence).items()}


@pytest.mark.parametrize("name", [name for name in REGIMES if "=" in name])
def test_a_regime_is_found_out_and_is_mistaken_for_no_other(name: str) -> None:
    """The question that is its own is answered otherwise than in the control, and no other question is."""
    field = name.partition("=")[0]
    regime = attrs.evolve(Regime(), **{**CONTEXT.get(field, {}), field: getattr(REGIMES[name], field)})
    _, evidence = run(regime, busy=field in BUSY)
    others = control(field)
    changed = {key: found(answer) for key, answer in answers(evidence).items() if found(answer) != others[key]}
    expected = FOUND.get(name, {})
    assert {key: value for key, value in expected.items() if value != others[key]} == changed
    if field in UNASKED or name in ALIKE:
        assert {} == changed
    else:
        assert field in changed


def test_the_table_names_regimes_that_there_are() -> None:
    """What can be answered is either found out, or cannot be asked, or looks alike; nothing else stands in a table."""
    named = {name for name in REGIMES if "=" in name}
    unasked = {name for name in named if name.partition("=")[0] in UNASKED}
    assert named == {*FOUND, *unasked, *ALIKE}
    assert not {*FOUND} & (unasked | {*ALIKE})


def test_every_option_of_the_simulator_is_asked_about_or_said_to_be_unknowable() -> None:
    """Each field of a regime is in exactly one of the two tables, and all that is unknowable has a reason."""
    assert set() == QUESTIONS.keys() & UNASKED.keys()
    assert FIELDS == (QUESTIONS.keys() & FIELDS) | UNASKED.keys()
    assert {"validates", "moves_tag"} == QUESTIONS.keys() - FIELDS
    assert all(": " in reason for reason in UNASKED.values())


def test_the_default_regime_is_what_is_found_under_it() -> None:
    """Every answer is what the defaults of the simulator say; what they leave to chance is not answered."""
    regime = attrs.evolve(Regime(), rate_limit=(50, 60.0))
    _, evidence = run(regime, busy=True)
    said = {
        **{name: getattr(regime, name) for name in QUESTIONS.keys() & FIELDS},
        "rate_limit": 50,
        "rate_reset": "present",
        "retired": EARLY not in regime.retired,
        "versions": UNLISTED in regime.versions,
        "refused_fields": [*regime.refused_fields],
        "clock_skew": 0,
        "ids_overflow": UNKNOWN,  # there is no bound
        "validates": True,
        "moves_tag": False,
    }
    assert said == {name: found(answer) for name, answer in answers(evidence).items()}


@pytest.mark.parametrize("name", REGIMES)
def test_reading_takes_few_requests_and_changes_nothing(name: str) -> None:
    """READS at most, none of which writes."""
    simulator, _ = run(REGIMES[name], write_to=None)
    entries = simulator.entries()
    assert len(entries) <= READS
    assert {"GET"} == {entry.method for entry in entries}


def test_the_requests_are_bounded_where_everything_takes_one_more() -> None:
    """READS at most there, too; what was not asked says so, and the rest is answered."""
    more: dict[str, Any] = {"max_ids": 10, "implicit_cursor": False, "retired": frozenset()}
    regime = attrs.evolve(Regime(), refused_fields=frozenset({"Matter.client_reference"}), **more)
    simulator, evidence = run(regime, write_to=None)
    assert READS == len(simulator.entries())
    silent = {name for name, answer in answers(evidence).items() if "were used up" in answer.reason}
    assert {"token_error", "practice_areas"} == silent - {"gone_body"}


@pytest.mark.parametrize(
    "name", [name for name in REGIMES if name.startswith(("default", "if_match", "tag", "etag_on"))]
)
@pytest.mark.parametrize("tag_form", ["strong", "weak", "gzip"])
@pytest.mark.parametrize("target", ["matters/7", "tasks/3", "contacts/2"])
def test_writing_changes_nothing(name: str, tag_form: str, target: str) -> None:
    """The record is as it was, its tag and time of change included, and no other record was written to."""
    field = name.partition("=")[0]
    regime = REGIMES[name] if field == "tag_form" else attrs.evolve(REGIMES[name], tag_form=tag_form)
    simulator = firm(regime)
    resource, _, number = target.partition("/")
    before = simulator.record(resource, int(number))
    anyio.run(probed, simulator, target)
    assert before == simulator.record(resource, int(number))
    writes = [entry for entry in simulator.entries() if entry.method != "GET"]
    assert {f"/api/v4/{target}.json"} == {entry.path for entry in writes}
    assert len(simulator.entries()) <= READS + MOST_WRITES


def test_where_if_match_is_ignored_there_is_one_write() -> None:
    """F23: the first PATCH shows it, and no unguarded one follows."""
    simulator, evidence = run(attrs.evolve(Regime(), if_match="ignored"))
    assert 1 == len([entry for entry in simulator.entries() if entry.method == "PATCH"])
    assert "ignored" == answers(evidence)["if_match"].found


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_it_runs_on_either_backend(anyio_backend: str) -> None:
    """What is found does not depend on the event loop."""
    evidence = await probed(firm(Regime()))
    assert "record" == answers(evidence)["tag_scope"].found
    assert BASE == evidence.base
