"""`clio-async upload`, `download` and `report` as processes: against a simulator on sockets, and stopped half-way."""

from __future__ import annotations

import os
import pty
import shlex
import signal
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.abc import Process
from anyio.streams.text import TextReceiveStream
from attrs import evolve, frozen

from clio_async import Request, cli
from clio_async.cli import bars as bars_module
from clio_async.cli.bars import Bars, amount, say, step
from clio_async.cli.exits import as_typed
from clio_async.cli.output import write_bytes
from clio_async.cli.report import About, _later
from clio_async.cli.targets import free, named
from clio_async.cli.unfinished import Unfinished
from clio_async.cli.upload import _continued
from clio_async.errors import IncompleteUpload, InvalidArgument
from clio_async.testing.simulator import Clock, Fault, Jobs, Simulator, serve
from clio_async.transfers import Progress, UploadHandle

ROOT = Path(__file__).parents[2]
TOKEN = "hunter2-access-token"
LARGE = 12 * 1024 * 1024
VERSION = "latest_document_version{id}"
HANDLE = UploadHandle("f" * 64, 7, "00000000-0000-0000-0000-000000000007", 10, None, new=True)


@frozen
class World:
    """A simulated Clio, and an empty directory to work in."""

    simulator: Simulator
    url: str
    path: Path

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CLIO_")}
        own = {"XDG_STATE_HOME": str(self.path / "state"), "PYTHONPATH": str(ROOT), "CLIO_TOKEN": TOKEN}
        return {**kept, **own}

    def command(self, *arguments: object) -> list[str]:
        own = ["--base-url", f"{self.url}/api/v4"]
        return [sys.executable, "-m", "clio_async.cli", *map(str, arguments), *own]

    async def run(self, *arguments: object) -> Done:
        done = await anyio.run_process(self.command(*arguments), cwd=self.path, env=self.environment(), check=False)
        shown = Done(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert TOKEN not in shown.out + shown.err
        assert "X-Amz" not in shown.out + shown.err
        assert "Traceback" not in shown.err
        return shown

    async def stopped(self, mark: str, *arguments: object, by: signal.Signals = signal.SIGINT, parts: int = 0) -> Done:
        """Run a command, and stop it when standard error shows that text, and so many parts have arrived."""
        async with await anyio.open_process(self.command(*arguments), cwd=self.path, env=self.environment()) as process:
            err = await until(process, mark)
            while parts > self.parts():  # noqa: ASYNC110 - another process writes it
                await anyio.sleep(0.005)
            process.send_signal(by)
            assert process.stdout is not None
            assert process.stderr is not None
            err += "".join([text async for text in TextReceiveStream(process.stderr)])
            out = "".join([text async for text in TextReceiveStream(process.stdout)])
            await process.wait()
            return Done(process.returncode, out, err)

    def parts(self) -> int:
        """Return how many parts have arrived of the upload that runs here, as is kept of it."""
        texts = [path.read_bytes() for path in self.path.glob("*.clio-upload")]
        return len(UploadHandle.from_json(texts[0]).parts) if texts and texts[0] else 0

    def files(self) -> set[str]:
        return {path.name for path in self.path.iterdir()}


async def until(process: Process, mark: str) -> str:
    assert process.stderr is not None
    shown = ""
    async for text in TextReceiveStream(process.stderr):
        shown += text
        if mark in shown:
            break
    return shown


@frozen
class Done:
    status: int | None
    out: str
    err: str


@asynccontextmanager
async def world(path: Path, **options: Any) -> AsyncIterator[World]:
    simulator = Simulator(clock=Clock(time.time), users=2, matters=3, contacts=3, tasks=2, **options)
    simulator.token(text=TOKEN)
    async with serve(simulator) as address:
        with anyio.fail_after(60):
            yield World(simulator, address.url, path)


def on(method: str, part: str, fault: Fault, after: int = 0) -> Callable[[int, Request], Fault | None]:
    """A plan: from the request number `after` on, those of a method whose address has a part."""
    seen = [0]

    def plan(_index: int, request: Request) -> Fault | None:
        if request.method != method or part not in request.url:
            return None
        seen[0] += 1
        return fault if seen[0] > after else None

    return plan


# -- upload ----------------------------------------------------------------------------------------------------------


async def test_a_file_is_uploaded(tmp_path: Path) -> None:
    """The id is on standard output, how far it is on standard error, and nothing is left behind."""
    async with world(tmp_path) as here:
        (tmp_path / "brief.txt").write_bytes(b"Once upon a time")
        done = await here.run("upload", "brief.txt", "--parent", "matter:2")
        assert 0 == done.status, done.err
        made = here.simulator.record("documents", int(done.out), fields="name,matter{id}")
        assert ("brief.txt", 2) == (made["name"], made["matter"]["id"])
        assert "Uploading: " in done.err
        assert {"brief.txt"} == here.files()

        second = await here.run("upload", "brief.txt", "--parent", f"Document:{done.out.strip()}", "--name", "x")
        assert (0, done.out) == (second.status, second.out)


async def test_an_upload_that_is_stopped_is_continued(tmp_path: Path) -> None:
    """Ctrl-C is 130 and says how to go on: the same document, without the parts that are there."""
    async with world(tmp_path) as here:
        (tmp_path / "large").write_bytes(os.urandom(LARGE) * 2)
        here.simulator.faults = on("PUT", here.simulator.storage.origin, Fault.delayed(before=60), after=1)
        first = await here.stopped("Uploading", "upload", "large", "--parent", "matter:1", parts=1)
        assert (130, "") == (first.status, first.out)
        assert "clio-async upload large --resume large.clio-upload\n" in first.err
        assert {"large", "large.clio-upload"} == here.files()
        kept = tmp_path / "large.clio-upload"
        assert 0o600 == stat.S_IMODE(kept.stat().st_mode)
        handle = UploadHandle.from_json(kept.read_bytes())
        assert 1 == len(handle.parts)
        assert TOKEN not in kept.read_text()

        again = await here.run("upload", "large", "--parent", "matter:1")
        assert 64 == again.status
        assert "--resume large.clio-upload" in again.err

        here.simulator.faults = on("PUT", "nowhere", Fault.refused())
        puts = len(here.simulator.storage.requests)
        done = await here.run("upload", "large", "--resume", "large.clio-upload")
        assert (0, f"{handle.document_id}\n") == (done.status, done.out), done.err
        assert 2 == len([seen for seen in here.simulator.storage.requests[puts:] if seen.method == "PUT"])
        assert {"large"} == here.files()


async def test_an_upload_that_is_killed_is_continued(tmp_path: Path) -> None:
    """The handle is kept while it runs: what ends the process leaves no document that nobody knows of."""
    async with world(tmp_path) as here:
        (tmp_path / "large").write_bytes(os.urandom(LARGE))
        here.simulator.faults = on("PUT", here.simulator.storage.origin, Fault.delayed(before=60), after=1)
        first = await here.stopped("Uploading: ", "upload", "large", "--parent", "matter:1", by=signal.SIGKILL)
        assert -signal.SIGKILL == first.status
        here.simulator.faults = on("PUT", "nowhere", Fault.refused())
        done = await here.run("upload", "large", "--resume", "large.clio-upload")
        assert 0 == done.status, done.err
        assert {"large"} == here.files()


async def test_an_upload_that_fails_is_1_and_can_be_continued(tmp_path: Path) -> None:
    """The storage refuses; the document that was begun is in the file."""
    async with world(tmp_path) as here:
        (tmp_path / "a.txt").write_bytes(b"x")
        here.simulator.faults = on("PUT", here.simulator.storage.origin, Fault.storage(400, "InvalidRequest"))
        done = await here.run("upload", "a.txt", "--parent", "folder:1")
        assert (1, "") == (done.status, done.out)
        assert "clio-async: The upload of document" in done.err
        assert "What was begun goes on with:" in done.err
        assert {"a.txt", "a.txt.clio-upload"} == here.files()


async def test_what_was_begun_is_taken_away(tmp_path: Path) -> None:
    """Once; what it was kept for is gone then. What was finished stays, and that is said."""
    async with world(tmp_path) as here:
        (tmp_path / "a.txt").write_bytes(b"x")
        here.simulator.faults = on("PUT", here.simulator.storage.origin, Fault.storage(400, "InvalidRequest"))
        first = await here.run("upload", "a.txt", "--parent", "matter:1")
        assert "is taken away with:  clio-async upload --abandon a.txt.clio-upload\n" in first.err
        kept = (tmp_path / "a.txt.clio-upload").read_bytes()
        done = await here.run("upload", "--abandon", "a.txt.clio-upload")
        assert (0, "deleted\n", {"a.txt"}) == (done.status, done.out, here.files())
        number = UploadHandle.from_json(kept).document_id
        assert here.simulator.record("documents", number, fields="deleted_at")["deleted_at"] is not None

        await here.run("upload", "a.txt", "--parent", "matter:1")
        kept = (tmp_path / "a.txt.clio-upload").read_bytes()
        here.simulator.faults = on("PUT", "nowhere", Fault.refused())
        assert 0 == (await here.run("upload", "a.txt", "--resume", "a.txt.clio-upload")).status
        (tmp_path / "kept").write_bytes(kept)
        done = await here.run("upload", "--abandon", "kept")
        assert (0, "finished\n", {"a.txt"}) == (done.status, done.out, here.files())


async def test_what_cannot_be_taken_away_can_still_be_continued(tmp_path: Path) -> None:
    """1, and the file with the handle stays."""
    async with world(tmp_path) as here:
        (tmp_path / "kept").write_text(HANDLE.to_json())
        done = await here.run("upload", "--abandon", "kept")
        assert (64, "", {"kept"}) == (done.status, done.out, here.files())
        assert "another principal" in done.err


async def test_where_nothing_was_begun_nothing_is_left(tmp_path: Path) -> None:
    """A parent that does not exist is status 1, and no file stays."""
    async with world(tmp_path) as here:
        (tmp_path / "a.txt").write_bytes(b"x")
        here.simulator.faults = on("POST", "/documents", Fault.status(403))
        done = await here.run("upload", "a.txt", "--parent", "matter:1")
        assert (1, "") == (done.status, done.out)
        assert "goes on with" not in done.err
        assert {"a.txt"} == here.files()


# -- download --------------------------------------------------------------------------------------------------------


async def with_file(here: World, name: str, content: bytes) -> int:
    """Upload a document of that name, and return its id."""
    (here.path / "up").write_bytes(content)
    done = await here.run("upload", "up", "--parent", "matter:1", "--name", name)
    assert 0 == done.status, done.err
    (here.path / "up").unlink()
    return int(done.out)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..", "a\x1b[2Jb.txt", "x" * 300, "CON", "-rf"])
async def test_a_name_from_clio_never_leads_elsewhere(tmp_path: Path, name: str) -> None:
    """F66: the file is in this directory, whatever the document is called; no control character is printed."""
    (tmp_path / "in").mkdir()
    async with world(tmp_path / "in") as here:
        number = 1
        here.simulator.change("documents", number, name=name, filename=name)
        done = await here.run("download", number)
        assert 0 == done.status, done.err
        (written,) = here.files()
        assert f"{written}\n" == done.out
        assert done.out.rstrip("\n").isprintable()
    assert ["in"] == os.listdir(tmp_path)  # noqa: PTH208


async def test_a_document_is_downloaded_where_it_is_wanted(tmp_path: Path) -> None:
    """Into a path, into a folder, or into this one; byte by byte what was uploaded, and nobody else's to read."""
    async with world(tmp_path) as here:
        content = os.urandom(3_000_000)
        number = await with_file(here, "Brief.bin", content)
        (tmp_path / "folder").mkdir()
        for arguments, written in [
            ((), "Brief.bin"),
            (("folder",), "folder/Brief.bin"),
            (("y.bin",), "y.bin"),
            (("./-y",), "-y"),
        ]:
            done = await here.run("download", number, *arguments)
            assert (0, f"{written}\n") == (done.status, done.out), done.err
            assert content == (tmp_path / written).read_bytes()
            assert "Downloading: " in done.err
        assert 0o600 == stat.S_IMODE((tmp_path / "y.bin").stat().st_mode)


async def test_a_file_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    """64 without --force: also of a link that leads nowhere. With it, it is replaced when the new one is whole."""
    async with world(tmp_path) as here:
        number = await with_file(here, "a.txt", b"new")
        (tmp_path / "a.txt").write_text("old")
        (tmp_path / "link").symlink_to("nowhere")
        for arguments in [(), ("a.txt",), ("link",)]:
            done = await here.run("download", number, *arguments)
            assert (64, "") == (done.status, done.out)
            assert "--force" in done.err
        assert "old" == (tmp_path / "a.txt").read_text()
        assert 0 == (await here.run("download", number, "--force")).status
        assert "new" == (tmp_path / "a.txt").read_text()


async def test_a_file_that_comes_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    """One that was not there when the command began: 64, and it is what it was. With --force it is replaced."""
    async with world(tmp_path) as here:
        number = await with_file(here, "a.txt", b"new")

        def plan(_index: int, request: Request) -> None:
            if request.method == "GET" and here.simulator.storage.origin in request.url:
                (tmp_path / "a.txt").write_text("old")

        here.simulator.faults = plan
        for arguments in [(), ("a.txt",)]:
            (tmp_path / "a.txt").unlink(missing_ok=True)
            done = await here.run("download", number, *arguments)
            assert (64, "", "old", {"a.txt"}) == (done.status, done.out, (tmp_path / "a.txt").read_text(), here.files())
            assert "--force" in done.err
        (tmp_path / "a.txt").unlink()
        assert 0 == (await here.run("download", number, "--force")).status
        assert "new" == (tmp_path / "a.txt").read_text()


async def test_a_version_is_downloaded_by_its_id(tmp_path: Path) -> None:
    """The latest one unless it is said."""
    async with world(tmp_path) as here:
        number = await with_file(here, "a.txt", b"first")
        fields = "latest_document_version{id}"
        first = here.simulator.record("documents", number, fields=fields)["latest_document_version"]["id"]
        (tmp_path / "b").write_bytes(b"second")
        assert 0 == (await here.run("upload", "b", "--parent", f"document:{number}")).status
        assert 0 == (await here.run("download", number, "now")).status
        assert 0 == (await here.run("download", number, "then", "--version", first)).status
        assert ("second", "first") == ((tmp_path / "now").read_text(), (tmp_path / "then").read_text())


async def test_a_document_is_written_to_standard_output(tmp_path: Path) -> None:
    """A dash: its bytes alone, of any version, and no file; 1 if they are not whole."""
    async with world(tmp_path) as here:
        content = os.urandom(3_000_000)
        number = await with_file(here, "a.bin", content)
        for version in (
            None,
            here.simulator.record("documents", number, fields=VERSION)["latest_document_version"]["id"],
        ):
            more = [] if version is None else ["--version", version]
            command = here.command("download", number, "-", *more)
            done = await anyio.run_process(command, cwd=tmp_path, env=here.environment())
            assert content == done.stdout
            assert b"Downloading: " in done.stderr
        here.simulator.faults = on("GET", here.simulator.storage.origin, Fault.status(503))
        failed = await here.run("download", number, "-")
        assert (1, "") == (failed.status, failed.out)
        assert set() == here.files()


async def test_a_reader_that_has_gone_away_ends_a_download(tmp_path: Path) -> None:
    """1, with a sentence."""
    async with world(tmp_path) as here:
        number = await with_file(here, "a.bin", os.urandom(3_000_000))
        theirs, ours = os.pipe()
        os.close(theirs)
        command = here.command("download", number, "-")
        done = await anyio.run_process(command, cwd=tmp_path, env=here.environment(), stdout=ours, check=False)
        os.close(ours)
        assert 1 == done.returncode
        assert b"Traceback" not in done.stderr
        assert b"Broken pipe" in done.stderr


def test_bytes_need_somewhere_to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without standard output it is an error that commands tell."""
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(OSError, match="closed"):
        write_bytes(b"x")


async def test_a_download_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    """130, and no half file; nor is what was there before touched."""
    async with world(tmp_path) as here:
        number = await with_file(here, "a.bin", os.urandom(LARGE))
        (tmp_path / "a.bin").write_text("old")
        here.simulator.faults = on("GET", here.simulator.storage.origin, Fault.stalled(LARGE // 2, 60))
        done = await here.stopped("Downloading: 5", "download", number, "a.bin", "--force")
        assert (130, "") == (done.status, done.out)
        assert {"a.bin"} == here.files()
        assert "old" == (tmp_path / "a.bin").read_text()


async def test_what_cannot_be_had_is_1(tmp_path: Path) -> None:
    """No such document; a directory that nobody may write to is said, too."""
    async with world(tmp_path) as here:
        done = await here.run("download", 4_000_000)
        assert (1, "") == (done.status, done.out)
        assert "404" in done.err
        assert set() == here.files()


# -- report ----------------------------------------------------------------------------------------------------------


def last(here: World) -> int:
    """Return the id of the report that was begun last."""
    return max(here.simulator.firm().table("reports").ids())


async def test_a_report_is_made_and_downloaded(tmp_path: Path) -> None:
    """Begun, waited for, written; what it is about is passed on."""
    async with world(tmp_path, jobs=Jobs(seconds=None, reads=2)) as here:
        about = ["--start-date", "2025-01-01", "--end-date", "2025-12-31", "--matter", "2", "--year", "2025"]
        done = await here.run("report", "revenue", "--format", "pdf", "--to", "r.pdf", *about)
        assert (0, "r.pdf\n") == (done.status, done.out), done.err
        assert "was begun" in done.err
        assert "Waiting for Clio: 50 %" in done.err
        assert (tmp_path / "r.pdf").stat().st_size
        made = here.simulator.record("reports", last(here), fields="kind,format,state")
        assert ("revenue", "pdf", "completed") == (made["kind"], made["format"], made["state"])


async def test_a_report_that_takes_longer_is_fetched_by_its_id(tmp_path: Path) -> None:
    """After --timeout, and after Ctrl-C, the line says how; no second one is made."""
    async with world(tmp_path, jobs=Jobs(seconds=None, reads=None)) as here:
        late = await here.run("report", "revenue", "--to", "r.csv", "--timeout", "0.2")
        assert (1, "") == (late.status, late.out)
        assert f"To wait again:  clio-async report {last(here)} --to r.csv\n" in late.err
        assert "clio.reports" not in late.err
        forced = await here.run("report", "revenue", "--to", "a b.csv", "--timeout", "0.2", "--force")
        assert f"To wait again:  clio-async report {last(here)} --to 'a b.csv' --force\n" in forced.err
        stopped = await here.stopped("Waiting", "report", "revenue", "--to", "r.csv")
        assert (130, "") == (stopped.status, stopped.out)
        number = last(here)
        assert f"clio-async report {number} --to r.csv\n" in stopped.err
        here.simulator.change("reports", number, state="completed")
        done = await here.run("report", number, "--to", "r.csv")
        assert (0, "r.csv\n", number) == (done.status, done.out, last(here))
        assert "was begun" not in done.err


async def test_a_file_that_comes_while_a_report_is_made_is_not_replaced(tmp_path: Path) -> None:
    """Also after the wait; the report can be had by its id."""
    async with world(tmp_path, jobs=Jobs(seconds=0)) as here:

        def plan(_index: int, request: Request) -> None:
            if request.method == "POST":
                (tmp_path / "r.csv").write_text("old")

        here.simulator.faults = plan
        done = await here.run("report", "revenue", "--to", "r.csv")
        assert (64, "", "old") == (done.status, done.out, (tmp_path / "r.csv").read_text())
        assert "--force" in done.err
        done = await here.run("report", last(here), "--to", "r.csv", "--force")
        assert (0, "r.csv\n") == (done.status, done.out)


@pytest.mark.parametrize(("end", "said"), [("failed", "could not finish"), ("empty", "nothing to put into it")])
async def test_a_report_without_a_result_is_1(tmp_path: Path, end: Any, said: str) -> None:
    """It says why, and writes nothing."""
    async with world(tmp_path, jobs=Jobs(seconds=0, ends=end)) as here:
        done = await here.run("report", "revenue", "--to", "r.csv")
        assert (1, "") == (done.status, done.out)
        assert said in done.err
        assert set() == here.files()


def test_what_a_report_is_about() -> None:
    """Ids as references, days and years as they are; nothing that was not given."""
    assert {} == About().values()
    assert {"matter": {"id": 2}, "year": "2025"} == About(matter=2, year="2025").values()


# -- arguments -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["upload", "a.txt"], "--parent is missing"),
        (["upload", "a.txt", "--parent", "42"], "such as matter:42"),
        (["upload", "a.txt", "--parent", "bill:42"], "such as matter:42"),
        (["upload", "a.txt", "--parent", "matter:0"], "such as matter:42"),
        (["upload", "missing", "--parent", "matter:1"], "is no file"),
        (["upload", ".", "--parent", "matter:1"], "is no file"),
        (["upload", "a.txt", "--parent", "matter:1", "--resume", "x"], "say no --parent"),
        (["upload", "a.txt", "--name", "x", "--resume", "x"], "say no --parent"),
        (["upload", "a.txt", "--resume", "missing"], "cannot be read"),
        (["upload", "--parent", "matter:1"], "is missing"),
        (["upload", "--abandon", "missing"], "cannot be read"),
        (["upload", "--abandon", "a.txt"], "to_json"),
        (["upload", "a.txt", "--abandon", "x"], "name the file that is left alone"),
        (["upload", "--abandon", "x", "--resume", "x"], "name the file that is left alone"),
        (["upload", "a.txt", "--resume", "a.txt"], "to_json"),
        (["download", "x"], "ID"),
        (["download", "7", "--bogus"], "Unknown option: --bogus"),
        (["download", "7", "-x"], "A file of that name is ./-x"),
        (["report", "revenue"], "--to"),
        (["report", "revenue", "--to", "."], "--to"),
        (["report", "revenue", "--to", "a.txt"], "--force"),
        (["report", "revenue", "--to", "b", "--timeout", "0"], "--timeout"),
        (["report", "revnue", "--to", "b"], "Did you mean revenue"),
        (["report", "☂", "--to", "b"], "There are accounts_receivable, "),
        (["report", "revenue", "--to", "b", "--format", "cvs"], "--format"),
        (["report", "17", "--to", "b", "--matter", "1"], "name its id alone"),
        (["report", "revenue", "--to", "b", "--start-date", "yesterday"], "--start-date"),
        (["download", "7", "b"], "There is no token"),
    ],
)
def test_a_mistake_is_64(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nothing is sent, and nothing is made."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("CLIO_TOKEN", "CLIO_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert 64 == caught.value.code
    assert said in " ".join("".join(capfd.readouterr()).split())
    assert {"a.txt"} == {path.name for path in tmp_path.iterdir()} - {"state"}


@pytest.mark.parametrize("name", ["upload", "download", "report"])
def test_the_help_names_every_status(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    """So that a script can tell."""
    with pytest.raises(SystemExit) as caught:
        cli.main([name, "--help"])
    assert not caught.value.code
    shown = capfd.readouterr().out
    assert [] == [
        number
        for number in ("is 0 if", "1 if not", "64 for", "69 if", "130 after")
        if number not in " ".join(shown.split())
    ]


# -- what continues an upload ----------------------------------------------------------------------------------------


def test_a_handle_is_kept_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept is always whole, and nobody else's to read; the same one is written once."""
    monkeypatch.chdir(tmp_path)
    kept = Unfinished.new(Path("/somewhere/a.pdf"))
    assert Path("a.pdf.clio-upload") == kept.path
    kept.note(None)
    assert b"" == kept.path.read_bytes()
    kept.note(HANDLE)
    first = kept.path.stat()
    kept.note(HANDLE)
    assert (first.st_ino, 0o600) == (kept.path.stat().st_ino, stat.S_IMODE(first.st_mode))
    assert HANDLE == Unfinished.read(kept.path).handle
    assert ["a.pdf.clio-upload"] == [path.name for path in tmp_path.iterdir()]
    kept.remove()
    kept.remove()
    assert [] == [*tmp_path.iterdir()]


def test_a_link_is_not_written_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody has put one at the name that a draft once had, or could have: it is another file's."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "a.clio-upload.new").symlink_to("precious")
    kept = Unfinished.new(Path("a"))
    kept.note(HANDLE)
    assert "precious" == (tmp_path / "precious").read_text()
    assert HANDLE == Unfinished.read(kept.path).handle
    assert {"a.clio-upload", "a.clio-upload.new", "precious"} == {path.name for path in tmp_path.iterdir()}


def test_a_handle_that_cannot_be_kept_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk: neither the file nor what is known of it says more than is on the disk; no draft is left."""
    monkeypatch.chdir(tmp_path)
    kept = Unfinished.new(Path("a"))
    kept.note(HANDLE)
    more = evolve(HANDLE, size=11)
    with monkeypatch.context() as full:
        full.setattr("os.fsync", _full)
        with pytest.raises(OSError, match="No space"):
            kept.note(more)
    assert HANDLE == kept.handle == Unfinished.read(kept.path).handle
    assert ["a.clio-upload"] == [path.name for path in tmp_path.iterdir()]
    kept.note(more)
    assert more == Unfinished.read(kept.path).handle


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_where_there_is_no_room_the_handle_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What was begun is not lost with it: what is shown continues it."""
    monkeypatch.chdir(tmp_path)
    kept = Unfinished.new(Path("a"))
    monkeypatch.setattr("os.fsync", _full)
    with pytest.raises(IncompleteUpload), _continued(Path("a"), kept):
        raise IncompleteUpload("It ended.", handle=HANDLE)
    shown = capfd.readouterr().err.splitlines()
    assert "a.clio-upload cannot be written. What has to be in it is:" == shown[0]
    assert HANDLE == UploadHandle.from_json(shown[1])
    assert "What was begun goes on with:  clio-async upload a --resume a.clio-upload" == shown[2]


@pytest.mark.parametrize("name", ["a b", "-x", "q'$(touch pwned)", ";ls", "--resume", "a"])
def test_what_is_shown_can_be_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    """A name with spaces or signs is one word in a shell, and none is taken for an option."""
    monkeypatch.chdir(tmp_path)
    kept = Unfinished.new(Path(name))
    kept.note(HANDLE)
    with pytest.raises(KeyboardInterrupt), _continued(Path(name), kept):
        raise KeyboardInterrupt
    first, second = capfd.readouterr().err.splitlines()
    words = shlex.split(first.partition(":  ")[2])
    assert ["clio-async", "upload", "--resume"] == [words[0], words[1], words[3]]
    assert [Path(name), kept.path] == [Path(words[2]), Path(words[4])]
    assert not words[2].startswith("-")
    assert words[4] == shlex.split(second.partition(":  ")[2])[-1]
    assert f"--to {as_typed(Path(name))}" in _later(5, Path(name), force=False)


def test_a_directory_that_takes_no_file_is_said_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a place for the handle an upload would be lost."""
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(InvalidArgument, match="Go to another directory"):
        Unfinished.new(Path("a.pdf"))


def test_a_path_is_free_or_may_be_replaced(tmp_path: Path) -> None:
    """A folder is none of a file's business, and the name is made safe."""
    (tmp_path / "a").write_text("x")
    assert tmp_path / "b" == free(tmp_path / "b", force=False)
    assert tmp_path / "a" == named(tmp_path, "a", force=True)
    assert Path("file") == named(None, None, force=True)
    with pytest.raises(InvalidArgument, match="--force"):
        named(tmp_path, "../a", force=False) if (tmp_path / ".._a").exists() else free(tmp_path / "a", force=False)


# -- bars ------------------------------------------------------------------------------------------------------------


def test_lines_are_few(capfd: pytest.CaptureFixture[str]) -> None:
    """One for each tenth of each phase, and none at the end, which the command tells by itself."""
    with Bars(is_terminal=False) as bars:
        for done in range(0, 1001, 10):
            bars(Progress("downloading", done, 1000))
        bars(Progress("waiting", 0, None))
        bars(Progress("waiting", 0, None))
        bars(Progress("done", 1000, 1000))
    lines = capfd.readouterr().err.splitlines()
    assert 12 == len(lines)
    assert ("Downloading: 0 bytes of 1.0 kB", "Waiting for Clio: …") == (lines[0], lines[-1])


@pytest.mark.parametrize(
    ("progress", "shown", "line"),
    [
        (Progress("uploading", 5_000_000, 20_000_000), "5.0 MB of 20.0 MB", 2),
        (Progress("uploading", 5_000_000, None), "5.0 MB", 0),
        (Progress("downloading", 0, 0), "0 bytes of 0 bytes", 0),
        (Progress("waiting", 42, 100), "42 %", 4),
        (Progress("waiting", 0, None), "…", 0),
    ],
)
def test_what_is_shown(progress: Progress, shown: str, line: int) -> None:
    """Bytes in decimal units, jobs in percent, and no total where none is known."""
    assert (shown, (progress.phase, line)) == (amount(progress), step(progress))


def test_a_terminal_has_a_bar(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """On standard error alone; it is gone in the end."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    with Bars(is_terminal=True) as bars:
        bars(Progress("downloading", 500, 1000))
        bars._display.refresh()  # type: ignore[union-attr]
        bars(Progress("done", 1000, 1000))
    shown = capfd.readouterr()
    assert "" == shown.out
    assert "500 bytes of 1.0 kB" in shown.err


def test_on_a_terminal_the_command_draws(tmp_path: Path) -> None:
    """The control for the lines: standard error is a terminal, and no line of theirs is there."""
    script = (
        "from clio_async.cli.bars import Bars\n"
        "from clio_async.transfers import Progress\n"
        "with Bars() as bars:\n    bars(Progress('downloading', 5, 10))\n    bars._display.refresh()\n"
    )
    ours, theirs = pty.openpty()
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, stderr=theirs, env={**os.environ, "TERM": "xterm"})
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert 0 == done.returncode, shown
    assert "Downloading" in shown
    assert "Downloading: " not in shown


def test_without_standard_error_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the interpreter has none then."""
    monkeypatch.setattr(bars_module.sys, "stderr", None)
    with Bars() as bars:
        bars(Progress("downloading", 0, 10))
    say("x")
