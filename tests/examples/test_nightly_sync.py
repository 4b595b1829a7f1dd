"""The nightly job: what it keeps is what Clio has, wherever it was stopped."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio

from clio_async import Clio, FileTokenStore, MemoryTransport, SyncOAuthApp
from clio_async.testing import Clock, Fault, Faults, Simulator
from tests.examples.nightly_sync import sync
from tests.sync.world import LONG, ROOT, served

CALLBACK = "http://127.0.0.1:8917/callback"
TONIGHT = datetime(2026, 6, 1, tzinfo=UTC)
TABLES = {"matters": "id,etag,display_number,description,status", "contacts": "id,etag,name,title"}
SIZES = {"matters": 900, "contacts": 250}


def firm() -> Simulator:
    """A firm of five pages of matters, and of two of contacts."""
    simulator = Simulator(**SIZES)
    simulator.token(text="TOKEN")
    return simulator


async def one_night(simulator: Simulator, file: Path, now: datetime = TONIGHT) -> None:
    """Run the job for one user, whose places it keeps."""
    transport = MemoryTransport(simulator.handler)
    async with Clio("TOKEN", region="us", transport=transport, wall_clock=simulator.clock.now) as clio:
        await sync(clio, str(file), now)


def kept(file: Path, table: str) -> dict[int, tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as copies:
        return {row[0]: row for row in copies.execute(f"SELECT {TABLES[table]} FROM {table}")}


def there(simulator: Simulator, table: str, ids: set[int]) -> dict[int, tuple[Any, ...]]:
    names = TABLES[table].split(",")
    found = {number: simulator.record(table, number, fields=TABLES[table]) for number in ids}
    return {number: tuple(record[name] for name in names) for number, record in found.items()}


def a_day(simulator: Simulator) -> set[int]:
    """Change, add and delete something, as others do by day; return the matters that are there then."""
    simulator.clock.advance(86_400)
    simulator.change("matters", 7, description="Settled")
    simulator.delete("matters", 11)
    return {*range(1, 901), simulator.add("matters", description="new", client={"id": 1})} - {11}


async def test_the_copies_are_what_clio_has(tmp_path: Path) -> None:
    """After the first night, and after one in which records were changed, added and deleted; the second one asks for
    what has changed, and for tags."""
    simulator, file = firm(), tmp_path / "copies.sqlite"
    await one_night(simulator, file)
    assert there(simulator, "matters", {*range(1, 901)}) == kept(file, "matters")
    assert there(simulator, "contacts", {*range(1, 251)}) == kept(file, "contacts")
    before = simulator.log.requests
    await one_night(simulator, file)
    assert 2 == simulator.log.requests - before  # what has changed, of each; what was looked at today is not again
    ids, before = a_day(simulator), simulator.log.requests
    await one_night(simulator, file, TONIGHT + timedelta(days=1))
    assert there(simulator, "matters", ids) == kept(file, "matters")
    assert simulator.log.requests - before <= 14


async def stopped_at(simulator: Simulator, file: Path, request: int) -> bool:
    """Run, cancelled while the answer to this request is under way; return whether there was such a request."""
    with anyio.CancelScope() as scope:
        simulator.faults = Faults.scripted({request: Fault(name="stop", then=scope.cancel)})
        await one_night(simulator, file)
    simulator.faults = Faults.none
    return scope.cancelled_caught


AGAIN = 2
"""Pages of the first walk that a stop costs: the one under way, and the one before it."""


def walked(simulator: Simulator) -> int:
    """Return how many pages of first walks were asked for: neither of what has changed, nor of tags."""
    return len([entry for entry in simulator.log.entries if not {"updated_since", "ids%5B%5D"} & names_of(entry.query)])


def names_of(query: str) -> set[str]:
    return {pair.partition("=")[0] for pair in query.split("&")}


async def test_a_job_that_was_stopped_anywhere_goes_on(tmp_path: Path) -> None:
    """Whichever request it was stopped at, the next run ends with what Clio has, and does not begin anew."""
    whole, file = firm(), tmp_path / "whole.sqlite"
    assert not await stopped_at(whole, file, 1_000)
    expected = [there(whole, table, {*range(1, 1 + SIZES[table])}) for table in TABLES]
    for request in range(whole.log.requests - 1):
        simulator, file = firm(), tmp_path / f"{request}.sqlite"
        assert await stopped_at(simulator, file, request)
        await one_night(simulator, file)
        assert expected == [kept(file, table) for table in TABLES]
        assert walked(simulator) <= walked(whole) + AGAIN


async def test_the_control_a_job_that_begins_anew_asks_for_more(tmp_path: Path) -> None:
    """Without the place that it came to, the list is read from its beginning."""
    whole, file = firm(), tmp_path / "copies.sqlite"
    assert not await stopped_at(whole, tmp_path / "whole.sqlite", 1_000)
    simulator = firm()
    assert await stopped_at(simulator, file, 4)
    with closing(sqlite3.connect(file)) as copies, copies:
        copies.execute("UPDATE places SET resume = NULL")
    await one_night(simulator, file)
    assert walked(simulator) > walked(whole) + AGAIN


def test_the_command_runs(tmp_path: Path) -> None:
    """As its docstring says, with the grant that a user has given."""
    simulator = Simulator(matters=30, contacts=20, clock=Clock(time.time))
    registered = simulator.app(redirect_uris=[CALLBACK])
    with served(simulator) as url:
        app = SyncOAuthApp(
            registered.client_id, registered.client_secret, redirect_uri=CALLBACK, base_url=url, pkce=False
        )
        approval = app.authorize()
        callback = simulator.approve(registered.client_id, redirect_uri=CALLBACK, state=approval.state)
        app.exchange(callback, approval, FileTokenStore(tmp_path / "tokens"), "default")
        env = {
            "CLIO_BASE_URL": url,
            "CLIO_CLIENT_ID": registered.client_id,
            "CLIO_CLIENT_SECRET": registered.client_secret,
            "CLIO_TOKENS": str(tmp_path / "tokens"),
        }
        command = [sys.executable, "-W", "error", "-m", "tests.examples.nightly_sync", str(tmp_path / "copies.sqlite")]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=LONG, check=False)
    assert (0, "30 matters and 20 contacts are kept.\n", "") == (done.returncode, done.stdout, done.stderr)
    assert 30 == len(kept(tmp_path / "copies.sqlite", "matters"))
