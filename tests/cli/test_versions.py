"""`clio-async versions`: what it prints, what it ends with, and which token it sends where."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest

from clio_async import cli
from clio_async.auth.oauth import OAuthGrant
from clio_async.auth.stores import FileTokenStore
from clio_async.auth.tokens import Token
from clio_async.cli import versions as module
from clio_async.cli.authority import authority
from clio_async.errors import ApiVersionMismatch, MaybeSent, UsageError
from clio_async.messages import Request, Response
from clio_async.notices import notify
from clio_async.protocol.responses import error_of
from clio_async.protocol.version_history import KNOWN_VERSIONS, ApiVersion
from clio_async.protocol.version_status import VersionStatus, status_of
from clio_async.secrets import Secret

ROOT = Path(__file__).parents[2]
TEXT = "- 4.0.13\n\n  **This is the default version**\n"
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A simulated Clio in a process of its own, which has retired a version."""
    command = [sys.executable, "-m", "clio_async.cli", "simulate", "--token", "good", "--retired", "4.0.11"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        assert running.stdout is not None
        yield json.loads(running.stdout.readline())["url"]
        running.terminate()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody's own settings, and a state directory that is empty."""
    for name in ("CLIO_TOKEN", "CLIO_CLIENT_SECRET", "CLIO_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def ended(*arguments: str) -> int | str | None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["versions", *arguments])
    return caught.value.code


def fixed(monkeypatch: pytest.MonkeyPatch, **facts: Any) -> list[tuple[Any, ...]]:
    """Let the server have said something; return what was to be asked."""
    asked: list[tuple[Any, ...]] = []

    async def ask(pinned: str | None, *rest: Any) -> VersionStatus:
        asked.append((pinned, *rest))
        return status_of(**{"pinned": pinned, "today": TODAY, "within": rest[-1], **facts})

    monkeypatch.setattr(module, "_ask", ask)
    return asked


def keep(path: Path, origin: str, token: str = "good", expires_at: float | None = None) -> None:
    """Store a token, as login does."""
    kept = Token(
        access_token=Secret(token),
        refresh_token=Secret("again"),
        expires_at=expires_at,
        obtained_at=0.0,
        origin=origin,
        client_id="app",
        grant="g",
        revision="1",
    )
    path.mkdir(0o700, parents=True, exist_ok=True)
    anyio.run(partial(FileTokenStore(path).save, "default", kept, previous=None))


# -- against a server ----------------------------------------------------------------------------------------------


def test_the_default_version_is_fine(
    server: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Status 0, and what it means in a few lines."""
    monkeypatch.setenv("CLIO_TOKEN", "good")
    assert 0 == ended("--base-url", f"{server}/api/v4")
    shown = capfd.readouterr()
    assert "" == shown.err
    for line in ("Asked for  4.0.13", "Answered   4.0.13", "Default    4.0.13", "State      current."):
        assert line in shown.out
    assert "good" not in shown.out


def test_a_version_that_is_gone(
    server: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Status 3, as JSON: one object on standard output, and nothing else."""
    monkeypatch.setenv("CLIO_TOKEN", "good")
    assert 3 == ended("--base-url", f"{server}/api/v4", "--api-version", "4.0.11", "--json")
    shown = capfd.readouterr()
    found = json.loads(shown.out)
    assert ("4.0.11", None, "4.0.13", "gone") == tuple(
        found[name] for name in ("pinned", "answered", "default", "state")
    )
    assert "" == shown.err


def test_an_unversioned_program(
    server: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It gets the default, whatever that is."""
    monkeypatch.setenv("CLIO_TOKEN", "good")
    assert 0 == ended("--base-url", f"{server}/api/v4", "--api-version", "none")
    shown = capfd.readouterr().out
    assert "none: the default version answers" in shown
    assert "Supported" not in shown


def test_a_token_that_is_refused(
    server: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Status 4: nothing was found out, and the token is not shown."""
    monkeypatch.setenv("CLIO_TOKEN", "bad-token")
    assert 4 == ended("--base-url", f"{server}/api/v4")
    shown = capfd.readouterr()
    assert "" == shown.out
    assert "401" in shown.err
    assert "bad-token" not in shown.err


def test_the_token_that_login_has_stored(server: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """It is sent where it came from, without being told."""
    keep(tmp_path / "state/clio-async/tokens", server)
    assert 0 == ended()
    assert 0 == ended("--base-url", f"{server}/api/v4")
    keep(tmp_path / "own", server, "bad")
    assert 4 == ended("--store", str(tmp_path / "own"))
    assert "401" in capfd.readouterr().err


@pytest.mark.parametrize("elsewhere", [["--region", "eu"], ["--base-url", "https://example.com/api/v4"]])
def test_a_stored_token_goes_nowhere_else(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], elsewhere: list[str]
) -> None:
    """F34: a token of one server is not shown to another."""
    keep(tmp_path / "own", "https://app.clio.com")
    assert 64 == ended("--store", str(tmp_path / "own"), *elsewhere)
    assert "is not sent to" in capfd.readouterr().err


def test_a_stored_token_is_renewed_where_the_secret_is_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is a grant then; else the access token alone, as long as that lasts."""
    keep(tmp_path, "https://eu.app.clio.com")
    auth, base = anyio.run(authority, None, None, tmp_path, "default")
    assert ("good", "https://eu.app.clio.com/api/v4") == (auth.reveal() if isinstance(auth, Secret) else None, base)
    monkeypatch.setenv("CLIO_CLIENT_SECRET", "secret")
    auth, base = anyio.run(authority, "eu", None, tmp_path, "default")
    assert isinstance(auth, OAuthGrant)
    assert "https://eu.app.clio.com/api/v4" == base


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ((None, None), "https://app.clio.com/api/v4"),
        (("ca", None), "https://ca.app.clio.com/api/v4"),
        ((None, "https://example.com/x"), "https://example.com/x"),
    ],
)
def test_the_token_of_the_environment_comes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: tuple[str | None, str | None], base: str
) -> None:
    """And goes to the region that is named, or to the United States."""
    keep(tmp_path, "https://eu.app.clio.com")
    monkeypatch.setenv("CLIO_TOKEN", "mine")
    auth, found = anyio.run(authority, *given, tmp_path, "default")
    assert ("mine", base) == (auth.reveal() if isinstance(auth, Secret) else None, found)


# -- the document --------------------------------------------------------------------------------------------------


def test_a_document_needs_no_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A file, and nothing is sent, not even where there is a token."""
    monkeypatch.setenv("CLIO_TOKEN", "good")
    fixed(monkeypatch)
    (tmp_path / "openapi.json").write_text(json.dumps({"info": {"description": TEXT}}))
    assert 0 == ended("--document", str(tmp_path / "openapi.json"))
    assert "Answered   -" in capfd.readouterr().out
    assert 2 == ended("--document", str(tmp_path / "openapi.json"), "--api-version", "4.0.1")


def test_a_document_at_an_address(server: str, capfd: pytest.CaptureFixture[str]) -> None:
    """It is fetched; an answer that is none is status 4."""
    assert 4 == ended("--document", f"{server}/openapi.json")
    assert f"{server}/openapi.json was answered 401" in capfd.readouterr().err
    assert 64 == ended("--document", "http://example.com/openapi.json")


@pytest.mark.parametrize("text", [None, "nothing"])
def test_a_document_that_does_not_say_it(tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str | None) -> None:
    """It is missing, or another one: status 4."""
    path = tmp_path / "document"
    if text is not None:
        path.write_text(text)
    assert 4 == ended("--document", str(path))
    assert "clio-async: " in capfd.readouterr().err


# -- statuses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"default": "4.0.12"}, 0),
        ({"default": "4.0.13", "within": 44}, 1),
        ({"default": "4.0.13", "within": 45}, 2),
        ({"default": "4.0.13", "gone": True}, 3),
        ({"default": None, "known": ()}, 4),
    ],
)
def test_the_status_says_where_the_version_stands(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], facts: dict[str, Any], expected: int
) -> None:
    """So that a job can tell; the same with --json."""
    fixed(monkeypatch, **facts)
    assert [expected, expected] == [ended("--api-version", "4.0.12"), ended("--api-version", "4.0.12", "--json")]
    assert f'"state": "{next(s for s, n in module._EXITS.items() if n == expected)}"' in capfd.readouterr().out


def test_what_is_asked_for_is_handed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And has the defaults that the help names."""
    asked = fixed(monkeypatch, default="4.0.13")
    ended()
    ended("--api-version", "4.0.9", "--region", "au", "--store", str(tmp_path), "--key", "k", "--within", "7")
    ended("--api-version", "None", "--base-url", "https://x.test/api/v4")
    assert [
        ("4.0.13", None, None, None, "default", 90),
        ("4.0.9", "au", None, tmp_path, "k", 7),
        (None, None, "https://x.test/api/v4", None, "default", 90),
    ] == asked


def test_what_is_printed(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """What a move changes, what of it is there already, what is to come, and what is open in any case."""
    later = ApiVersion("4.0.14", default_from=date(2027, 3, 1))
    fixed(monkeypatch, default="4.0.13", answered="4.0.12", known=[*KNOWN_VERSIONS, later])
    ended("--api-version", "4.0.12")
    shown = " ".join(capfd.readouterr().out.split())
    for text in (
        "State ending. A newer version",
        "Supported until 2027-01-06 (45 days)",
        "Notice by",
        "It would change 4.0.13 default from 2026-01-06 A contact holds",
        "[also in 4.0.12]",
        "Not yet the default 4.0.14 default from 2027-03-01 See https://",
        "In any case: Compatible",
    ):
        assert (text in shown) == (text != "Notice by"), text  # 2026-10-08 is past


@pytest.mark.parametrize(
    ("pinned", "default", "text"),
    [
        ("4.0.13", "4.0.14", "until 2027-10-02 at the earliest (314 days) Notice by 2027-07-04, by e-mail"),
        ("4.0.1", "4.0.13", "until 2023-08-12 at the latest (guaranteed support ended 1198 days ago) It would"),
    ],
)
def test_a_day_that_is_not_exact_is_not_shown_as_one(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], pinned: str, default: str, text: str
) -> None:
    """It is the earliest, or the latest."""
    fixed(monkeypatch, default=default)
    ended("--api-version", pinned)
    assert text in " ".join(capfd.readouterr().out.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--api-version", "4"], "4.0.13"),
        (["--within", "-1"], "--within"),
        (["--within", "x"], "--within"),
        (["--nonsense"], "--nonsense"),
        ([], "There is no token"),
        (["--region", "mars"], "--region"),
        (["--base-url", "http://example.com"], "https"),
    ],
)
def test_a_wrong_argument_is_64(
    arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A mistake must not look like the end of a version."""
    if arguments:
        monkeypatch.setenv("CLIO_TOKEN", "good")
    assert 64 == ended(*arguments)
    assert said in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (MaybeSent("no answer"), 4, "clio-async: no answer\n"),
        (OSError("no disk"), 4, "clio-async: no disk\n"),
        (UsageError("closed"), 4, "clio-async: closed\n"),
        (ZeroDivisionError("a mistake"), 4, "ZeroDivisionError: a mistake"),
        (KeyboardInterrupt(), 130, "clio-async: Cancelled.\n"),
    ],
)
def test_whatever_fails_has_a_status_that_says_nothing_of_versions(
    error: BaseException, status: int, said: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A traceback would end with 1, which means that there is a newer default."""

    async def ask(*_: Any) -> VersionStatus:
        raise error

    monkeypatch.setattr(module, "_ask", ask)
    assert status == ended()
    assert said in capfd.readouterr().err


def test_an_answer_of_another_version_is_in_what_is_shown(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A warning besides would say it twice."""

    async def ask(*_: Any) -> VersionStatus:
        notify("Another version has answered.", ApiVersionMismatch)  # logged here, where warnings are errors
        return status_of(pinned="4.0.13", answered="4.0.12", default="4.0.12", today=TODAY)

    monkeypatch.setattr(module, "_ask", ask)
    assert 0 == ended()
    assert "Answered   4.0.12" in capfd.readouterr().out
    assert [] == caplog.messages


# -- printing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_reader_who_has_gone_away_is_no_newer_version(server: str, options: list[str]) -> None:
    """Status 4: what was to be said was not, and 1 would mean that a newer version is the default."""
    command = [sys.executable, "-m", "clio_async.cli", "versions", "--base-url", f"{server}/api/v4", *options]
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "CLIO_TOKEN": "good"},
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writing)
    assert (4, "clio-async: [Errno 32] Broken pipe\n") == (done.returncode, done.stderr)


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_closed_output_is_status_4(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], options: list[str]
) -> None:
    """As the interpreter has none then."""
    fixed(monkeypatch, default="4.0.13")
    monkeypatch.setattr(sys, "stdout", None)
    assert 4 == ended(*options)
    assert "standard output is closed" in capfd.readouterr().err


class Ascii(io.StringIO):
    encoding = "ascii"


def test_what_the_output_cannot_show_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A status is not lost for a letter."""
    shown = Ascii()
    monkeypatch.setattr(sys, "stdout", shown)
    fixed(monkeypatch, default="4.0.14", known=[ApiVersion("4.0.14", changes=("An \u00e9.",))])
    assert 1 == ended("--within", "0")
    assert "An ?." in shown.getvalue()


@pytest.mark.parametrize("body", [{"error": "hunter2"}, {"error": {"type": "T", "message": "x" * 190 + "hunter2"}}])
def test_what_a_server_says_of_a_token_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], body: dict[str, Any]
) -> None:
    """It may have said the token, whole or cut off."""
    request = Request("GET", "https://app.clio.com/api/v4/users/who_am_i")

    async def ask(*_: Any) -> VersionStatus:
        raise error_of(request, Response(401, body=json.dumps(body).encode()))

    monkeypatch.setattr(module, "_ask", ask)
    assert 4 == ended()
    shown = capfd.readouterr().err
    assert "was answered 401. " in shown
    assert "hunter" not in shown


@pytest.mark.parametrize(
    ("today", "text"),
    [
        (date(2027, 1, 4), "(2 days)"),
        (date(2027, 1, 5), "(1 day)"),
        (date(2027, 1, 6), "(0 days)"),
        (date(2027, 1, 7), "(guaranteed support ended 1 day ago)"),
        (date(2027, 1, 8), "(guaranteed support ended 2 days ago)"),
    ],
)
def test_an_end_that_is_past_is_said_to_be(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], today: date, text: str
) -> None:
    """Days that are negative say it to nobody."""
    fixed(monkeypatch, default="4.0.13", today=today)
    assert 2 == ended("--api-version", "4.0.12")
    assert text in " ".join(capfd.readouterr().out.split())
