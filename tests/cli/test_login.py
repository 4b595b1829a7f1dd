"""`clio-async login` and `logout` as processes: against a simulator on a socket, with a browser that is one, too."""

from __future__ import annotations

import os
import pty
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import anyio
import anyio.abc
import anyio.lowlevel
import pytest
from anyio.streams.text import TextReceiveStream
from attrs import frozen

from clio_async import Clio, cli
from clio_async.auth.oauth import OAuthApp
from clio_async.auth.stores import FileTokenStore
from clio_async.cli import login as module
from clio_async.cli.exits import printable
from clio_async.cli.kept import token_directory
from clio_async.errors import NotFound, ReauthRequired, Unauthorized
from clio_async.secrets import Secret
from clio_async.testing.simulator import Clock, Simulator, serve

ROOT = Path(__file__).parents[2]
SECRET = "hunter2-client-secret"
BROWSER = f"{sys.executable} -m tests.cli.browser %s"
APPROVAL = "/oauth/approval"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@frozen
class World:
    """A simulated Clio with one app, a directory of tokens, and an environment without a user's own settings."""

    simulator: Simulator
    url: str
    port: int
    path: Path

    @property
    def store(self) -> Path:
        return self.path / "state/clio-async/tokens"

    @property
    def page(self) -> Path:
        return self.path / "page"

    @property
    def redirect_uri(self) -> str:
        return f"http://127.0.0.1:{self.port}/callback"

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CLIO_", "BROWSER"))}
        own = {"XDG_STATE_HOME": str(self.path / "state"), "BROWSER": BROWSER, "BROWSER_PAGE": str(self.page)}
        return {**kept, **own, "CLIO_CLIENT_SECRET": SECRET, **more}

    def login(self, *options: str) -> list[str]:
        own = ["--client-id", "app", "--base-url", f"{self.url}/api/v4", "--port", str(self.port)]
        return [sys.executable, "-m", "clio_async.cli", "login", *own, *options]

    async def run(self, command: list[str], text: str = "", cwd: Path = ROOT, **environment: str) -> Done:
        done = await anyio.run_process(
            command, input=text.encode(), cwd=cwd, env=self.environment(**environment), check=False
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    async def shown(self) -> str:
        """Return what the browser has seen, once it is done."""
        while not self.page.exists():  # noqa: ASYNC110 - another process makes it
            await anyio.sleep(0.005)
        return self.page.read_text()

    def app(self) -> OAuthApp:
        return OAuthApp("app", SECRET, redirect_uri=self.redirect_uri, base_url=f"{self.url}/api/v4")

    def files(self) -> list[Path]:
        return sorted(self.store.glob("*.token"))


@frozen
class Done:
    status: int
    out: str
    err: str


@asynccontextmanager
async def world(path: Path, **options: Any) -> AsyncIterator[World]:
    simulator = Simulator(clock=Clock(time.time), users=3)
    port = free_port()
    uris = [f"http://127.0.0.1:{port}/callback", APPROVAL]
    simulator.app(client_id="app", client_secret=SECRET, redirect_uris=uris, **options)
    async with serve(simulator) as address:
        with anyio.fail_after(60):
            yield World(simulator, address.url, port, path)


async def test_a_user_approves_in_a_browser(tmp_path: Path) -> None:
    """The token is on disk, for its owner alone; the browser is told; and Python opens what was stored."""
    async with world(tmp_path) as here:
        here.simulator.approves_as(user=2)
        done = await here.run(here.login())
        assert (0, "") == (done.status, done.err)
        name = here.simulator.record("users", 2, fields="name")["name"]
        assert f"approved by {name} (user 2)" in done.out
        assert "200" == (page := await here.shown())[:3]
        assert "The app is connected" in page

        (file,) = here.files()
        assert 0o600 == stat.S_IMODE(file.stat().st_mode)
        assert 0o700 == stat.S_IMODE(here.store.stat().st_mode) == stat.S_IMODE(here.store.parent.stat().st_mode)
        grant = await here.app().open(FileTokenStore(here.store), "default")
        async with Clio(grant, base_url=f"{here.url}/api/v4") as clio:
            assert 2 == (await clio.users.who_am_i()).id

        token = await FileTokenStore(here.store).load("default")
        assert token is not None
        assert token.refresh_token is not None
        secrets = [SECRET, token.access_token.reveal(), token.refresh_token.reveal(), "code-"]
        assert [] == [secret for secret in secrets if secret in done.out + done.err + page]
        assert "clio_async.cli" in page  # the control: what the browser sees of its parent was looked at
        assert "XDG_STATE_HOME" in page
        assert "CLIO_CLIENT_SECRET" not in page


@pytest.mark.parametrize("store", [[], ["--store", "a {strange} 'store'"]], ids=["default", "relative"])
async def test_what_is_printed_is_a_program(tmp_path: Path, store: list[str]) -> None:
    """As it is, and in another directory, it opens the token and says whose it is: the secret is in the environment."""
    async with world(tmp_path) as here:
        here.simulator.approves_as(user=2)
        done = await here.run(here.login("--key", "a 'firm'", *store), cwd=tmp_path, PYTHONPATH=str(ROOT))
        program = done.out.partition("This program uses it:\n\n")[2]
        assert len(program.splitlines()) < 20
        name = here.simulator.record("users", 2, fields="name")["name"]
        (tmp_path / "program.py").write_text(program)
        assert Done(0, f"{name}\n", "") == await here.run([sys.executable, str(tmp_path / "program.py")])
        assert Done(0, f"{name}\n", "") == await here.run([sys.executable, "-"], program)
        lacking = await here.run([sys.executable, "-"], program, CLIO_CLIENT_SECRET="")  # the control
        assert Done(1, "", "Set CLIO_CLIENT_SECRET to the client secret of the app.\n") == lacking


async def test_a_user_declines(tmp_path: Path) -> None:
    """The status is 1, the browser is told, and nothing is stored."""
    async with world(tmp_path) as here:
        here.simulator.declines()
        done = await here.run(here.login())
        assert (1, "clio-async: The app was not approved (access_denied). Nothing was stored.\n") == (
            done.status,
            done.err,
        )
        assert "The app was not approved" in await here.shown()
        assert [] == here.files()


async def test_a_forged_callback_does_not_end_the_login(tmp_path: Path) -> None:
    """It is refused; the right one, which comes after it, is taken."""
    async with world(tmp_path) as here:
        done = await here.run(here.login(), BROWSER_FIRST="code=forged&state=forged")
        assert 0 == done.status
        page = await here.shown()
        assert page.startswith("400")
        assert page.index("This answer was ignored") < page.index("200") < page.index("The app is connected")


async def test_a_wrong_secret_is_no_success(tmp_path: Path) -> None:
    """What the browser is told comes after the exchange, so it is not told that all is well."""
    async with world(tmp_path) as here:
        done = await here.run(here.login(), CLIO_CLIENT_SECRET="another-canary")
        assert 1 == done.status
        assert re.fullmatch(r"clio-async: .*invalid_client.*\n", done.err)
        page = await here.shown()
        assert "The login failed" in page
        assert "connected" not in page
        assert "another-canary" not in done.out + done.err + page
        assert [] == here.files()


async def test_a_browser_that_stays_open_holds_nothing_up(tmp_path: Path) -> None:
    """The command ends when the token is stored, also where the browser runs in the foreground of the terminal."""
    async with world(tmp_path) as here:
        (stays := tmp_path / "stays").touch()
        environment, quiet = here.environment(BROWSER_STAYS=str(stays)), subprocess.DEVNULL
        done = await anyio.run_process(
            here.login(), cwd=ROOT, env=environment, stdout=quiet, stderr=quiet, stdin=quiet, check=False
        )
        await here.shown()
        assert (0, False) == (done.returncode, (tmp_path / "page.left").exists())
        stays.unlink()
        while not (tmp_path / "page.left").exists():  # noqa: ASYNC110 - another process makes it
            await anyio.sleep(0.005)


async def test_who_approved_need_not_be_known(tmp_path: Path) -> None:
    """Without the Users permission the token is stored all the same."""
    async with world(tmp_path, permissions={"matters"}) as here:
        done = await here.run(here.login())
        assert (0, "") == (done.status, done.err)
        assert "cannot be read: that needs the app's permission to read users. (Forbidden)" in done.out
        assert 1 == len(here.files())


async def test_an_address_that_is_not_the_api_is_said(tmp_path: Path) -> None:
    """A --base-url without its path lets the token be stored; nothing is said of permissions, but what to check."""
    async with world(tmp_path) as here:
        done = await here.run([part.removesuffix("/api/v4") for part in here.login()])
        assert (0, "") == (done.status, done.err)
        assert f"{here.url} is not Clio's API. Check --base-url, which ends in /api/v4. (NotFound)" in done.out
        assert "permission" not in done.out
        assert 1 == len(here.files())


def test_a_reason_that_is_another_is_named_only() -> None:
    """Where no address was given, or the server fails, nobody is sent to look at an option."""
    made = module._Login("app", Secret(SECRET), "us", None, Path(), "key")
    assert ". (NotFound)" == made._reason(NotFound("nothing", status=404))
    assert ". (Unauthorized)" == made._reason(Unauthorized("no", status=401))


async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """It is said before anybody is sent anywhere."""
    async with world(tmp_path) as here:
        with socket.create_server(("127.0.0.1", here.port)):
            done = await here.run(here.login())
        assert (1, "") == (done.status, done.out)
        assert f"Port {here.port} of 127.0.0.1 cannot be listened on" in done.err


async def test_nobody_comes_back(tmp_path: Path) -> None:
    """Waiting ends with the time, with one sentence."""
    async with world(tmp_path) as here:
        done = await here.run(here.login("--no-browser", "--timeout", "0.05"))
        said = "clio-async: No answer came within 0.05 s. Nothing was stored: try again. If the browser showed an error"
        assert (1, f"{said}, check that {here.redirect_uri} is registered with the app.\n") == (done.status, done.err)
        assert f"  {here.url}/oauth/authorize?" in done.out
        assert not here.page.exists()


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let children take SIGINT: a shell has those that it runs in the background ignore it, and they inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
async def test_ctrl_c_is_clean(tmp_path: Path) -> None:
    """No traceback, no token, and the status that a shell gives to an interrupted command."""
    async with world(tmp_path) as here:
        command = here.login("--no-browser")
        async with await anyio.open_process(command, cwd=ROOT, env=here.environment()) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            seen = ""
            async for text in TextReceiveStream(process.stdout):
                seen += text
                if "Waiting for" in seen:
                    process.send_signal(signal.SIGINT)
            error = "".join([text async for text in TextReceiveStream(process.stderr)])
            assert (130, "clio-async: Cancelled.\n") == (await process.wait(), error)
        assert [] == here.files()


async def approved(here: World, url: str) -> str:
    """Return where a browser ends that goes to `url`."""
    from clio_async.messages import Headers, Request

    answer = here.simulator.answer(Request("GET", url, Headers(()), None, None))
    return answer.headers["location"]


class Running:
    """A process of which lines are read while it runs."""

    def __init__(self, process: anyio.abc.Process) -> None:
        self._process = process
        self.seen = ""

    async def until(self, pattern: str) -> str:
        """Read until a pattern is seen; return its first group."""
        assert self._process.stdout is not None
        while not (found := re.search(pattern, self.seen)):
            self.seen += (await self._process.stdout.receive()).decode()
        return found[1]

    async def say(self, line: str) -> None:
        assert self._process.stdin is not None
        await self._process.stdin.send(f"{line}\n".encode())

    async def end(self) -> Done:
        stdout, stderr, stdin = self._process.stdout, self._process.stderr, self._process.stdin
        assert stdout is not None
        assert stderr is not None
        assert stdin is not None
        await stdin.aclose()
        rest = "".join([text async for text in TextReceiveStream(stdout)])
        error = "".join([text async for text in TextReceiveStream(stderr)])
        return Done(await self._process.wait(), self.seen + rest, error)


PASTED: dict[str, Callable[[str], str]] = {
    "the address": lambda url: url,
    "the title": lambda url: f"Success code={re.search('code=([^&]*)', url)[1]}",  # type: ignore[index]
    "a forged address": lambda url: re.sub("state=[^&]*", "state=x", url),
    "a refusal": lambda url: "Failure error=access_denied",
    "nothing": lambda url: "",
}


@pytest.mark.parametrize(
    ("pasted", "status", "said"),
    [
        ("the address", 0, ""),
        ("the title", 0, ""),
        ("a forged address", 1, "belongs to another approval"),
        ("a refusal", 1, "not approved (access_denied)"),
        ("nothing", 1, "holds no code"),
    ],
)
async def test_what_clio_shows_is_pasted(tmp_path: Path, pasted: str, status: int, said: str) -> None:
    """No port is opened, and no browser; what is pasted may be the address or the title of Clio's page."""
    async with world(tmp_path) as here:
        command = here.login("--paste")
        async with await anyio.open_process(command, cwd=ROOT, env=here.environment()) as process:
            running = Running(process)
            url = await running.until(r"  (http://\S+)\n")
            await running.until(r"(> )")
            await running.say(PASTED[pasted](await approved(here, url)))
            done = await running.end()
        assert (status, 1 - status) == (done.status, len(here.files()))
        assert said in done.err
        assert (0 == status) == ("" == done.err)
        assert not here.page.exists()
        if not status:
            grant = await here.app().open(FileTokenStore(here.store), "default")
            assert grant is not None


async def test_the_end_of_the_input_is_no_answer(tmp_path: Path) -> None:
    """A closed standard input is nothing pasted."""
    async with world(tmp_path) as here:
        done = await here.run(here.login("--paste"))
        assert 1 == done.status
        assert "holds no code" in done.err
        assert "Traceback" not in done.err


async def test_the_secret_is_asked_for_and_not_shown(tmp_path: Path) -> None:
    """On a terminal, without the variable: what is typed is not echoed (the control: what is pasted later is)."""
    async with world(tmp_path) as here:
        environment = here.environment()
        del environment["CLIO_CLIENT_SECRET"]
        master, slave = pty.openpty()
        try:
            with subprocess.Popen(  # noqa: ASYNC220
                here.login("--paste"),
                cwd=ROOT,
                env=environment,
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
            ) as process:
                os.close(slave)
                seen = await typed(master, "Client secret of the app: ", f"{SECRET}\n")
                seen += await typed(master, "> ", "pasted-canary\n")
                seen += await typed(master, None, "")
                assert 1 == await anyio.to_thread.run_sync(process.wait)
        finally:
            os.close(master)
        assert SECRET not in seen
        assert "pasted-canary" in seen
        assert "invalid_grant" in seen  # the secret was the right one, the code was not


async def typed(terminal: int, prompt: str | None, answer: str) -> str:
    """Read a terminal up to a prompt, or to its end, and type an answer."""
    seen = ""
    while prompt is None or not seen.endswith(prompt):
        await anyio.wait_readable(terminal)
        try:
            seen += os.read(terminal, 65_536).decode()
        except OSError:  # nobody has it open any more
            break
    os.write(terminal, answer.encode())
    return seen


@contextmanager
def ends_with(status: int) -> Iterator[None]:
    with pytest.raises(SystemExit) as caught:
        yield
    assert status == caught.value.code


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """This process as the command finds it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("CLIO_CLIENT_SECRET", SECRET)
    monkeypatch.delenv("CLIO_CLIENT_ID", raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--nonsense"], "--nonsense"),
        (["--region", "mars"], "mars"),
        (["--port", "x"], "--port"),
        (["--port", "70000"], "port must be"),
        (["--path", "nowhere"], "path must begin"),
        (["--timeout", "0"], "--timeout must be"),
        (["--timeout", "nan"], "--timeout must be"),
        (["--base-url", "http://example.com/api/v4"], "https"),
        (["--client-secret", SECRET], "--client-secret"),
        (["--client-id", ""], "--client-id is missing (or set CLIO_CLIENT_ID)"),
        (["--client-id", "caf\u00e9"], "client_id"),
        (["--region", "mars", "--paste"], "mars"),
        (["--port", "70000", "--paste"], "port must be"),
    ],
)
def test_a_wrong_argument_ends_with_2(
    alone: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path, options: list[str], said: str
) -> None:
    """It is named, nothing is opened and no directory made, and there is no traceback."""
    alone.setattr(webbrowser, "open", lambda url: pytest.fail("a browser was opened"))
    defaults = {"--client-id": "app", "--port": "0"}
    others = [part for pair in defaults.items() if pair[0] not in options for part in pair]
    with ends_with(64):
        cli.main(["login", *others, *options])
    shown = capfd.readouterr()
    assert said in shown.err
    assert "Open this address" not in shown.out
    assert [] == [*tmp_path.iterdir()]


def test_the_client_id_may_come_from_the_environment(
    alone: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without the option and the variable it is asked for."""
    with ends_with(64):
        cli.main(["login", "--port", "0"])
    assert "clio-async: --client-id is missing (or set CLIO_CLIENT_ID).\n" == capfd.readouterr().err
    alone.setenv("CLIO_CLIENT_ID", "from-the-environment")
    with ends_with(1):
        cli.main(["login", "--port", "0", "--no-browser", "--timeout", "0.001"])
    assert "client_id=from-the-environment" in capfd.readouterr().out


@pytest.mark.parametrize("terminal", [False, True])
def test_without_a_secret_nothing_begins(
    alone: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], terminal: bool
) -> None:
    """Neither where nobody can be asked, nor where the answer is empty."""
    alone.setenv("CLIO_CLIENT_SECRET", "")
    alone.setattr(sys, "stdin", type("Terminal", (), {"isatty": lambda self: terminal})())
    asked: list[str] = []
    alone.setattr(module, "getpass", lambda prompt: asked.append(prompt) or "")
    with ends_with(64):
        cli.main(["login", "--client-id", "app", "--port", "0"])
    assert "CLIO_CLIENT_SECRET" in capfd.readouterr().err
    assert terminal == bool(asked)


@pytest.mark.parametrize("store", ["open", "missing/tokens"])
def test_a_store_that_cannot_be_used_is_said_first(
    alone: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path, store: str
) -> None:
    """Nobody approves an app for a token that cannot be kept."""
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with ends_with(1):
        cli.main(["login", "--client-id", "app", "--port", "0", "--store", str(tmp_path / store)])
    shown = capfd.readouterr()
    assert str(tmp_path / store) in shown.err
    assert "" == shown.out


def test_where_tokens_are_kept(alone: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In the directory that was named; else in that of the XDG specification, which disregards relative paths."""
    assert tmp_path / "own" == token_directory(tmp_path / "own")
    assert not (tmp_path / "own").exists()
    assert tmp_path / "state/clio-async/tokens" == token_directory(None)
    alone.setenv("HOME", str(tmp_path / "home"))
    for value in ("", "relative/path"):
        alone.setenv("XDG_STATE_HOME", value)
        assert tmp_path / "home/.local/state/clio-async/tokens" == token_directory(None)
    assert (tmp_path / "home/.local/state/clio-async").is_dir()


def test_a_directory_that_cannot_be_made(
    alone: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """It says so, and how to name another."""
    (tmp_path / "file").touch()
    alone.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with ends_with(64):
        cli.main(["logout"])
    assert "--store" in capfd.readouterr().err


@pytest.mark.parametrize("fault", [webbrowser.Error("none"), FileNotFoundError("none"), None])
async def test_a_machine_without_a_browser(alone: pytest.MonkeyPatch, fault: Exception | None) -> None:
    """The address was printed: it is no error."""
    opened: list[str] = []

    def open_(url: str) -> bool:
        opened.append(url)
        if fault is not None:
            raise fault
        return False

    alone.setattr(webbrowser, "open", open_)
    module._open("http://somewhere")
    while not opened:
        await anyio.lowlevel.checkpoint()
    assert ["http://somewhere"] == opened


def test_names_do_not_steer_the_terminal() -> None:
    """What a server calls a user is shown without control characters."""
    assert "J\ufffd[2Jo\ufffdé\n" == printable("J\x1b[2Jo\x9bé\n")


def test_an_interrupted_login_has_the_status_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    """It is said in a word."""
    with ends_with(130), module._exit_status():
        raise KeyboardInterrupt
    assert "clio-async: Cancelled.\n" == capsys.readouterr().err


async def test_logout_ends_the_token_and_forgets_it(tmp_path: Path) -> None:
    """Clio does not take the token any more; it needs neither the app's id nor its secret; twice is no error."""
    async with world(tmp_path) as here:
        await here.run(here.login())
        store = FileTokenStore(here.store)
        token = await store.load("default")
        assert token is not None
        command = [sys.executable, "-m", "clio_async.cli", "logout"]
        done = await here.run(command, CLIO_CLIENT_SECRET="")
        assert (0, "") == (done.status, done.err)
        assert "was ended" in done.out
        assert [] == here.files()
        async with Clio(Secret(token.access_token.reveal()), base_url=f"{here.url}/api/v4") as clio:
            with pytest.raises(Unauthorized):
                await clio.users.who_am_i()
        with pytest.raises(ReauthRequired):
            await here.app().open(store, "default")
        again = await here.run(command)
        assert (0, "") == (again.status, again.err)
        assert f"Nothing is stored under 'default' in {here.store}.\n" == again.out


async def test_logout_keeps_what_it_could_not_end(tmp_path: Path) -> None:
    """A token that may still work is not forgotten."""
    async with world(tmp_path) as here:
        await here.run(here.login())
    done = await here.run([sys.executable, "-m", "clio_async.cli", "logout", "--store", str(here.store)])
    assert 1 == done.status
    assert "still stored" in done.err
    assert 1 == len(here.files())
