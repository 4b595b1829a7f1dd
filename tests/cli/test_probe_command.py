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
import anyio.lowlevel
import pytest
from attrs import evolve
from rich.console import Console

from clio_async import cli
from clio_async.auth.stores import FileTokenStore
from clio_async.auth.tokens import Token
from clio_async.cli import probe as module
from clio_async.cli.given import token_given
from clio_async.cli.probe.answers import Answer
from clio_async.cli.probe.exchanges import Evidence, Exchange, shape
from clio_async.cli.probe.policy import advice, snippet
from clio_async.cli.probe.questions import QUESTIONS, UNASKED, answers
from clio_async.cli.probe.report import report
from clio_async.cli.probe.show import show, show_questions
from clio_async.headers import Headers
from clio_async.messages import Request, Response
from clio_async.secrets import Secret
from clio_async.testing import Regime
from clio_async.testing.simulator import Clock, Simulator, serve

from .probing import BASE, TOKEN, asked, firm, no_pause, probed

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
    assert "Settings to paste" in text
    assert "to paste" not in printed(Evidence(BASE))
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
    assert {"…": "string", "name": "boolean", "etag": "null"} == shape(
        {"hunter2": "x", "name": True, "etag": None, "Jane Doe <jane@firm.test>": "x"}
    )


async def test_what_a_server_says_does_not_steer_a_terminal() -> None:
    """Control characters are replaced."""
    evidence = Evidence(BASE, skipped={"cursor": "\x1b[2Jgone"})
    assert "\x1b" not in printed(evidence)
    assert "\ufffd[2Jgone" in printed(evidence)


# -- what must not get out, and what must not be lost -------------------------------------------------------------


async def test_a_report_holds_no_text_of_the_server() -> None:
    """A server that says the token wherever it may say anything: as a name, a value, a place, a version."""
    simulator = firm(Regime())

    def echo(request: Request) -> Response:
        made = simulator.answer(request)
        fields = [(name, value) for name, value in made.headers.pairs if name not in {"ETag", "X-API-VERSION"}]
        fields += [(f"X-{TOKEN}", "1"), ("ETag", f'"{TOKEN}\u00e9"'), ("X-API-VERSION", TOKEN), ("Server", TOKEN)]
        if "practice_areas" in request.url:
            return Response(307, Headers([*fields, ("Location", f"/api/v4/{TOKEN}/x.json")]))
        row = {TOKEN: 1, "id": 5, "etag": f'"{TOKEN}"', "status": TOKEN, "updated_at": TOKEN}
        body = {"data": [row], "meta": {"paging": {"next": f"https://{TOKEN}.example/?page_token={TOKEN}"}}}
        return Response(made.status, Headers(fields), json.dumps(body).encode())

    evidence = await asked(echo, wall_clock=simulator.clock.now, sleep=no_pause)
    made = report(evidence, answers(evidence), at="now", salt=b"salt")
    assert TOKEN not in json.dumps(made)
    assert TOKEN not in printed(evidence)
    first = made["exchanges"][0]
    assert {"…", "server", "etag"} <= {*first["headers"]}
    assert '"<7>-<6>-<5>?"' == first["etag"]
    assert "number" == first["body"]["data"][0]["…"]
    assert "other" == made["answers"]["public_origin"]["found"]


async def test_a_policy_is_promised_only_where_there_is_one() -> None:
    """A comment is none."""
    evidence = await found(Regime(tag_scope="representation"))
    console = Console(file=io.StringIO(), width=200)
    proven = {**answers(evidence), "tag_scope": Answer("representation", "a digest")}
    show(console, evidence, proven)
    assert "A policy to paste" in console.file.getvalue()  # type: ignore[attr-defined]
    assert "Settings to paste" in printed(evidence)
    assert "If-Match is honoured here; this makes the client insist on it" in printed(await found(Regime()))


@pytest.mark.parametrize(("error", "status"), [(EOFError(), 64), (KeyboardInterrupt(), 130)])
def test_a_prompt_can_be_left(
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    status: int,
) -> None:
    """Ctrl-D is no token, Ctrl-C ends it; and it is not asked inside of an event loop, which would hold that back."""

    def leave(_: str) -> str:
        with pytest.raises(anyio.NoEventLoopError):
            anyio.lowlevel.current_token()
        raise error

    monkeypatch.delenv("CLIO_TOKEN")
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(module, "getpass", leave)
    assert status == ended(*HERE)
    assert ("There is no token" if status == 64 else "Cancelled") in capsys.readouterr().err


@pytest.mark.parametrize("token", ["hunter2\n-rest", "hunter2 rest", "hunter2-\u00e9", "a\x00b"])
@pytest.mark.parametrize("command", ["probe", "versions"])
def test_what_cannot_be_a_token_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], token: str, command: str
) -> None:
    """64, in either command, and it is not shown."""
    monkeypatch.setattr("clio_async.cli.given.os.environ", {"CLIO_TOKEN": token})
    with pytest.raises(SystemExit) as caught:
        cli.main([command, *HERE])
    assert 64 == caught.value.code
    shown = capsys.readouterr().err
    assert "CLIO_TOKEN is no token" in shown
    assert "hunter2" not in shown


def test_the_space_around_a_token_is_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with a line break at its end is how a token often comes."""
    monkeypatch.setenv("CLIO_TOKEN", f" {TOKEN}\r\n")
    assert TOKEN == token_given().reveal()


class Gone(io.StringIO):
    """Standard output whose reader has gone away."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")


def test_a_report_is_kept_also_if_nobody_reads_the_answers(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is written first; the status says that something is missing."""
    kept = tmp_path / "report.json"
    monkeypatch.setattr(sys, "stdout", Gone())
    assert 1 == ended(*HERE, "--json", str(kept))
    assert "answers" in json.loads(kept.read_text())
    assert 1 == ended("--questions")


def test_a_report_that_cannot_be_written_does_not_cost_the_answers(
    simulator: Simulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are printed all the same."""
    assert 1 == ended(*HERE, "--json", str(tmp_path))
    shown = capsys.readouterr()
    assert "Found out" in shown.out
    assert "cannot be written" in shown.err
