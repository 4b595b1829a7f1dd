"""`clio-async probe` as a command: what it prints, asks, keeps and refuses."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from attrs import evolve
from rich.console import Console

from clio_async import cli
from clio_async.auth.stores import FileTokenStore
from clio_async.auth.tokens import Token
from clio_async.cli import probe as module
from clio_async.cli.probe.answers import Answer
from clio_async.cli.probe.exchanges import Evidence, Exchange, shape
from clio_async.cli.probe.policy import advice, snippet
from clio_async.cli.probe.questions import QUESTIONS, UNASKED, answers
from clio_async.cli.probe.report import report
from clio_async.cli.probe.show import show, show_questions
from clio_async.headers import Headers
from clio_async.secrets import Secret
from clio_async.testing import Regime
from clio_async.testing.simulator import Clock, Simulator, serve

from .probing import BASE, TOKEN, firm, probed

ROOT = Path(__file__).parents[2]


def printed(evidence: Evidence) -> str:
    console = Console(file=io.StringIO(), width=200)
    show(console, evidence, answers(evidence))
    return console.file.getvalue()  # type: ignore[attr-defined]


# -- over a socket, as a process ----------------------------------------------------------------------------------


async def run(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLIO_")}
    command = [sys.executable, "-W", "error", "-m", "clio_async.cli", "probe", *options]
    done = await anyio.run_process(command, cwd=ROOT, env={**kept, **environment}, check=False)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


async def test_it_runs_as_a_process_over_a_socket(tmp_path: Path) -> None:
    """Answers and a policy on standard output, a report in a file, no secret and no record in either."""
    simulator = Simulator(matters=40, contacts=20, tasks=30, users=3, clock=Clock(time.time))
    simulator.change("matters", 1, description="CANARY-one")
    simulator.change("matters", 7, description="CANARY-seven")
    kept = tmp_path / "report.json"
    async with serve(simulator) as address:
        where = ("--base-url", f"{address.url}/api/v4", "--write-to", "matters/7", "--yes", "--json", str(kept))
        done = await run(*where, CLIO_TOKEN=simulator.token(text=TOKEN), XDG_STATE_HOME=str(tmp_path), COLUMNS="160")
    assert 0 == done.returncode, done.stderr
    assert "the record: it is the same for two selections" in done.stdout
    assert "require_if_match=True" in done.stdout
    assert "This writes to matters/7" in done.stderr
    made = json.loads(kept.read_text())
    assert [*QUESTIONS] == [*made["answers"]]
    for text in (done.stdout, done.stderr, kept.read_text()):
        assert TOKEN not in text
        assert "CANARY" not in text


async def test_without_a_token_nothing_is_asked(tmp_path: Path) -> None:
    """64, and what to do about it."""
    done = await run(CLIO_TOKEN=" ", XDG_STATE_HOME=str(tmp_path))
    assert 64 == done.returncode
    assert "set CLIO_TOKEN, or run clio-async login" in done.stderr


# -- in this process ----------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """Standard input of a person."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Simulator:
    """Let the command ask a simulator, with a token in the environment."""
    made = firm(Regime())

    async def asked(base: str, token: Secret, target: module.Target | None) -> Evidence:
        assert (BASE, TOKEN) == (base, token.reveal())
        return await probed(made, None if target is None else f"{target.resource}/{target.id}")

    monkeypatch.setattr(module, "_run", asked)
    monkeypatch.setenv("CLIO_TOKEN", TOKEN)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return made


def ended(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        cli.main(["probe", *arguments])
    code = caught.value.code
    return 0 if code is None else int(code)


HERE = ("--base-url", BASE)


def test_nothing_is_written_unless_somebody_agrees(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what it will do, and asks; where nobody can answer, --yes is needed."""
    for entered in (io.StringIO("y\n"), Terminal("n\n"), Terminal("")):
        monkeypatch.setattr(sys, "stdin", entered)
        assert 1 == ended(*HERE, "--write-to", "matters/7")
    assert () == (*simulator.entries(),)
    assert "it is overwritten" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    assert 0 == ended(*HERE, "--write-to", "matters/7")
    assert "PATCH" in {entry.method for entry in simulator.entries()}


@pytest.mark.parametrize(
    "target", ["matters", "matters/x", "nothing/1", "matters/7/8", "bills/1/", "users/1", "matters/\u0661"]
)
def test_a_target_that_cannot_be_is_refused(simulator: Simulator, target: str) -> None:
    """64, before anything is sent."""
    assert 64 == ended(*HERE, "--write-to", target)
    assert () == (*simulator.entries(),)


def test_without_write_to_nothing_is_written(simulator: Simulator) -> None:
    """Only GETs, and the questions about writes say what they take."""
    assert 0 == ended(*HERE)
    assert {"GET"} == {entry.method for entry in simulator.entries()}


def test_a_report_that_cannot_be_written_is_said(simulator: Simulator, tmp_path: Path) -> None:
    """The answers are printed all the same, and the status is 1."""
    assert 1 == ended(*HERE, "--json", str(tmp_path / "no" / "such" / "place"))
    kept = tmp_path / "report.json"
    assert 0 == ended(*HERE, "--json", str(kept))
    assert "answers" in json.loads(kept.read_text())


def test_a_server_that_lets_nothing_be_read_ends_with_failure(simulator: Simulator) -> None:
    """1, also if something is known of it: what time it is there."""
    simulator.expire(TOKEN)
    assert 1 == ended(*HERE)


def test_it_can_be_stopped(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends it with a sentence."""

    async def stopped(*_: object) -> Evidence:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_run", stopped)
    assert 130 == ended(*HERE)


def stored(path: Path, origin: str) -> None:
    token = Token(
        access_token=Secret(TOKEN),
        refresh_token=None,
        expires_at=None,
        obtained_at=0.0,
        origin=origin,
        client_id="app",
        grant="g",
        revision="r",
    )
    anyio.run(lambda: FileTokenStore(path).save("default", token, previous=None))


def test_the_token_that_login_has_stored_is_used(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It goes to the server that it is of, and to no other."""
    monkeypatch.delenv("CLIO_TOKEN")
    store = tmp_path / "tokens"
    stored(store, "http://localhost")
    assert 0 == ended("--store", str(store))
    asked = len(simulator.entries())
    assert 64 == ended("--store", str(store), "--region", "eu")
    assert asked == len(simulator.entries())
    for file in store.rglob("*"):
        file.write_text("broken")
    assert 1 == ended("--store", str(store))


def test_a_token_can_be_typed_in(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not echoed, and none is none."""
    monkeypatch.delenv("CLIO_TOKEN")
    monkeypatch.setattr(sys, "stdin", Terminal())
    typed = iter([TOKEN, "  "])
    monkeypatch.setattr(module, "getpass", lambda _: next(typed))
    assert 0 == ended(*HERE)
    assert 64 == ended(*HERE)


def test_the_questions_are_printed_without_asking(simulator: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    """Every question, and everything that cannot be asked, with its reason, in two tables."""
    assert 0 == ended("--questions")
    assert () == (*simulator.entries(),)
    assert "What a probe cannot find out" in capsys.readouterr().out
    console = Console(file=io.StringIO(), width=300)
    show_questions(console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    for question in QUESTIONS.values():
        assert question.text in text
    for reason in UNASKED.values():
        what, _, why = reason.partition(": ")
        assert re.search(rf"{re.escape(what)} +{re.escape(why[0].upper() + why[1:])}", text)


# -- what is printed and kept -------------------------------------------------------------------------------------


async def found(regime: Regime, *, write: bool = True) -> Evidence:
    return await probed(firm(regime), "matters/7" if write else None)


async def test_a_policy_is_python_and_is_accepted() -> None:
    """What is to be pasted builds a client."""
    from clio_async import Clio, LocalLimiter, Policy

    evidence = await found(Regime(rate_limit=(300, 60.0), quota_304=False, answered_version="4.0.12"))
    text = snippet(answers(evidence), evidence.base, evidence.resource)
    assert "costs no quota" in text
    assert "answered by 4.0.12!" in text
    clio = eval(text, {"Clio": Clio, "LocalLimiter": LocalLimiter, "Policy": Policy, "ACCESS_TOKEN": "x"})
    assert BASE == clio.base_url
    assert "region='us'" in snippet(answers(evidence), "https://app.clio.com/api/v4", "matters")


async def test_a_scope_that_is_not_proven_is_a_comment() -> None:
    """Only a digest proves that nested names move the tag: what is not proven could hide a change."""
    evidence = await found(Regime(tag_scope="representation"))
    said = answers(evidence)
    text = snippet(said, evidence.base, "matters")
    assert '    # policy=Policy(tag_scope={"matters": "representation"}),' in text.splitlines()
    proven = {**said, "tag_scope": evolve(said["tag_scope"], text="a digest")}
    assert (
        '    policy=Policy(tag_scope={"matters": "representation"}),' in snippet(proven, BASE, "matters").splitlines()
    )


async def test_what_has_to_be_known_is_said() -> None:
    """An ignored If-Match is no detail."""
    evidence = await found(Regime(if_match="ignored", no_store=True))
    said = advice(answers(evidence))
    assert 2 == len(said)
    assert "IGNORED" in said[0]
    text = printed(evidence)
    assert "! If-Match is IGNORED" in text
    assert "require_if_match" not in text
    assert [] == advice(answers(await found(Regime())))


async def test_what_was_not_answered_is_printed_with_its_reason() -> None:
    """And where nothing was answered, there is nothing to paste."""
    text = printed(await found(Regime(), write=False))
    assert re.search(r"What does If-Match take\? +it takes --write-to RESOURCE/ID", text)
    assert "To paste" in text
    assert "To paste" not in printed(Evidence(BASE))
    assert "Not answered" in printed(Evidence(BASE))
    console = Console(file=io.StringIO(), width=200)
    show(console, Evidence(BASE), dict.fromkeys(QUESTIONS, Answer(None, "all is known")))
    assert "Not answered" not in console.file.getvalue()  # type: ignore[attr-defined]


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, held in value.items():
            yield from (key, *texts(held))
    elif isinstance(value, list):
        for held in value:
            yield from texts(held)
    elif isinstance(value, str):
        yield value


async def test_a_report_holds_forms_and_no_values() -> None:
    """No token, no id, no tag, no value of any record; equal bodies have equal digests, others under another salt."""
    simulator = firm(Regime())
    simulator.change("matters", 1, description="CANARY-description", client_reference="CANARY-reference")
    evidence = await probed(simulator, "matters/7")
    made, other = (report(evidence, answers(evidence), at="2026-11-22", salt=salt) for salt in (b"1", b"2"))
    text = json.dumps(made)
    values = [value for one in range(1, 41) for value in simulator.record("matters", one).values()]
    secret = {value for value in values if isinstance(value, str) and len(value) > 8} - {*texts(made["answers"])}
    assert secret
    assert {TOKEN} & {*texts(made)} == set()
    assert [] == [value for value in secret if value in text]
    assert "CANARY" not in text
    assert not re.search(r"matters/\d", text)
    exchanges = {each["name"]: each for each in made["exchanges"]}
    assert exchanges["cursor"]["digest"] != exchanges["record"]["digest"]
    assert {"id": "number", "etag": "string"} == exchanges["record"]["body"]["data"]
    assert '"<32>"' == exchanges["record"]["etag"]
    assert "/matters/{id}.json" == exchanges["record"]["path"]
    assert ["fields"] == exchanges["record"]["parameters"]
    assert exchanges["record"]["digest"] != {each["name"]: each for each in other["exchanges"]}["record"]["digest"]


def test_a_report_shows_a_failure_and_a_weak_tag() -> None:
    """Of an exchange without an answer, why; of a tag, its form."""
    failed = Exchange(name="cursor", target="/matters.json?limit=1", failure="silence")
    weak = Exchange(name="record", status=200, headers=Headers({"ETag": 'W/"abc-12-gzip"'}), body=b"<html>")
    evidence = Evidence(BASE, exchanges={"cursor": failed, "record": weak})
    first, second = report(evidence, answers(evidence), at="", salt=b"")["exchanges"]
    assert "silence" == first["failure"]
    assert 'W/"<3>-<2>-<4>"' == second["etag"]
    assert "html" == second["body"]


def test_a_shape_is_bounded() -> None:
    """Neither depth nor odd names get into a report."""
    deep: object = 1
    for _ in range(20):
        deep = [deep]
    assert [[[[[[["…"]]]]]]] == shape(deep)
    assert {"…": "string", "ok": "boolean", "n": "null"} == shape(
        {"Jane Doe <jane@firm.test>": "x", "ok": True, "n": None}
    )


async def test_what_a_server_says_does_not_steer_a_terminal() -> None:
    """Control characters are replaced."""
    evidence = Evidence(BASE, skipped={"cursor": "\x1b[2Jgone"})
    assert "\x1b" not in printed(evidence)
    assert "\ufffd[2Jgone" in printed(evidence)
