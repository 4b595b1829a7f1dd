"""A client that was used before a fork serves parent and child, each over connections of its own (F74)."""

from __future__ import annotations

import asyncio
import multiprocessing
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import trustme
import uvloop

from clio_async import AiohttpTransport, Clio, Httpx2Transport
from clio_async.transport.base import Transport

from .identity import ROOT, identity_server
from .load import Run, Tally, alone, bare_forks, forks, loop_thread, paused_loop, traffic

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

Loops = Callable[[Callable[[], asyncio.AbstractEventLoop]], AbstractContextManager[Run[Any]]]


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with identity_server() as url:
        yield url


@pytest.mark.parametrize(
    ("loops", "new", "transport", "count"),
    [
        (loop_thread, asyncio.new_event_loop, AiohttpTransport, 50),
        (paused_loop, asyncio.new_event_loop, AiohttpTransport, 20),
        (loop_thread, uvloop.new_event_loop, AiohttpTransport, 10),
        (paused_loop, uvloop.new_event_loop, AiohttpTransport, 10),
        (loop_thread, asyncio.new_event_loop, Httpx2Transport, 10),
    ],
)
def test_no_fork_gets_a_foreign_answer(
    base: str,
    loops: Loops,
    new: Callable[[], asyncio.AbstractEventLoop],
    transport: Callable[[], Transport],
    count: int,
) -> None:
    """F74: of a hundred forks with traffic in parent and child each answer is the one that was asked for, children have
    connections of their own, and the parent goes on with those that it had."""
    clio = Clio("token", base_url=base, transport=transport())
    with loops(new) as run:
        warm, parent, children = forks(clio, run, count, width=4)
        run(clio._core.transport.aclose())()
        run(clio.aclose())()
    assert (4 * count, 0) == (parent.answers, parent.foreign)
    assert (4 * count, 0) == (children.answers, children.foreign)
    assert 4 * count == len(children.connections)
    assert warm.connections == parent.connections
    assert not warm.connections & children.connections


def test_forks_over_a_bare_connection_get_foreign_answers(base: str) -> None:
    """The control of F74: one connection that two processes use gives each the other's answers."""
    tally = bare_forks(base, 5)
    assert (10, 10) == (tally.answers, tally.foreign)


@pytest.mark.parametrize("new", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_tls_of_the_parent_survives_its_children(tmp_path: Path, new: Callable[[], asyncio.AbstractEventLoop]) -> None:
    """What a child sends, or closes, never enters an encrypted connection of its parent."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    files = [str(tmp_path / name) for name in ("certificate", "key")]
    certificate.cert_chain_pems[0].write_to_path(files[0])
    certificate.private_key_pem.write_to_path(files[1])
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    transport = AiohttpTransport(ssl=trusting)
    with identity_server(*files) as base, loop_thread(new) as run:
        clio = Clio("token", base_url=base, transport=transport)
        warm, parent, children = forks(clio, run, 3, width=2)
        run(transport.aclose())()
    assert (0, 0) == (parent.foreign, children.foreign)
    assert warm.connections == parent.connections
    assert 6 == len(children.connections)


async def test_a_process_of_multiprocessing_may_be_started_in_a_task(base: str) -> None:
    """It is forked in the middle of a running event loop, and runs one of its own with the client that it inherits."""
    async with Clio("token", base_url=base) as clio:
        warm = await traffic(clio, "warm", 2, "warm", 2)
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()

        def child() -> None:
            theirs.send(alone(traffic(clio, "child", 2, "child", 2)).to_json())

        process = context.Process(target=child)
        process.start()
        found = Tally.from_json(ours.recv())
        process.join()
        again = await traffic(clio, "again", 2, "again", 2)
        for end in (ours, theirs, process):
            end.close()
    assert (2, 0) == (found.answers, found.foreign)
    assert warm.connections == again.connections
    assert not found.connections & warm.connections


@pytest.mark.parametrize("how", ["asyncio", "uvloop", "httpx2"])
def test_a_child_that_ends_in_order_harms_nothing(base: str, how: str) -> None:
    """Whether it never used what it inherited, dropped it, used it or closed it: no finaliser of it touches the
    selector that it shares with its parent, none says a word, and the parent goes on with the same connections."""
    ended = subprocess.run(
        [sys.executable, "-W", "always", "-m", "tests.workers.parent", how, base],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (0, "") == (ended.returncode, ended.stderr)
    before, after, held, again = (Tally.from_json(line) for line in ended.stdout.splitlines())
    assert [0] * 4 == [tally.foreign for tally in (before, after, held, again)]
    assert 3 == len(before.connections)
    assert 6 == len(held.connections | after.connections)
    assert before.connections | again.connections <= held.connections | after.connections
