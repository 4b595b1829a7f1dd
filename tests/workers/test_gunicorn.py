"""A client that is a global of a WSGI application, under a real gunicorn, against a simulated Clio behind a socket."""

from __future__ import annotations

import http.client
import json
import os
import select
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from attrs import frozen

from clio_async.testing import Simulator
from tests.sync.world import LONG, served

from .said import Running, running

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="that a worker has ended is told by Linux")

FIELDS = "id,etag,display_number"
ASKING = 8
"""Threads that ask at once."""
CONFIG = ("--no-control-socket", "--config", "python:tests.workers.gunicorn_conf")
WARNINGS = ("-W", "error", "-W", "ignore:This process:DeprecationWarning")  # Python 3.12 warns of forks with threads


@frozen
class Site:
    """A gunicorn that runs, and the simulator that its application reads from."""

    running: Running
    port: int
    matters: dict[tuple[int, int], dict[str, Any]]
    """What Clio has, by account and id."""

    def ask(self, number: int) -> dict[str, Any]:
        """Read a matter through it, over a connection of its own, and compare it with what Clio has."""
        account, which = number % 2 + 1, number % 50 + 1
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG)
        try:
            connection.request("GET", f"/{account}/{which}")
            response = connection.getresponse()
            assert 200 == response.status
            answer: dict[str, Any] = json.loads(response.read())
        finally:
            connection.close()
        assert self.matters[account, which] == answer["matter"]
        assert 1 == answer["loops"]
        return answer

    def ask_often(self, count: int) -> list[dict[str, Any]]:
        """Ask with several threads at once."""
        with ThreadPoolExecutor(ASKING) as pool:
            return [*pool.map(self.ask, range(count))]

    def ask_both_workers(self, count: int) -> list[dict[str, Any]]:
        """Ask so often, and on until two workers have answered: one may have been ready before the other."""
        seen = self.ask_often(count)
        while len(pids(seen)) < 2:
            seen.append(self.ask(len(seen)))
        return seen

    def end(self, *, booting: bool = False) -> None:
        """End it: each worker ends by itself, with 0, none is killed or aborted, and nobody complains.

        One that is `booting` may not listen to the signal yet.
        """
        said = self.running.stop()
        assert 0 == self.running.process.returncode
        assert [] == [line for line in said if "[INFO]" not in line or ("was sent" in line and not booting)]


@contextmanager
def gunicorn(*options: str, warm: bool = False, strict: bool = True) -> Iterator[Site]:
    """Run it on a free port. `strict` makes errors of warnings."""
    simulator = Simulator(matters=50)
    command = [sys.executable, *(WARNINGS if strict else ()), "-m", "gunicorn", *CONFIG, *options]
    command += ["--bind", "127.0.0.1:0", "tests.workers.wsgi:application"]
    tokens = " ".join(simulator.token(account=account) for account in (1, 2))
    matters = {
        (account, which): simulator.record("matters", which, account=account, fields=FIELDS)
        for account in (1, 2)
        for which in range(1, 51)
    }
    with served(simulator) as url:
        env = {"CLIO_BASE_URL": url, "CLIO_TOKENS": tokens, "CLIO_WARM": "yes" if warm else ""}
        with running(command, env) as found:
            yield Site(found, int(found.find(r"Listening at: http://127.0.0.1:(\d+)")), matters)


def pids(answers: list[dict[str, Any]]) -> set[int]:
    return {answer["pid"] for answer in answers}


def test_threads_of_workers_share_a_client() -> None:
    """Threads of two workers are answered right, each worker with one loop; all end when they are told to."""
    with gunicorn("--worker-class", "gthread", "--threads", "8", "--workers", "2") as site:
        seen = site.ask_both_workers(200)
        assert {None} == {answer["warm_in"] for answer in seen}
        site.end()


def test_a_client_that_the_master_has_used_works_in_each_worker() -> None:
    """With --preload the client is warm before the fork: workers have loops of their own, and end as others do."""
    with gunicorn("--worker-class", "sync", "--workers", "2", "--preload", warm=True) as site:
        seen = site.ask_both_workers(100)
        master = site.running.process.pid
        assert {master} == {answer["warm_in"] for answer in seen}
        assert master not in pids(seen)
        site.end()


@pytest.mark.parametrize("options", [(), ("--preload",)])
def test_a_graceful_reload_loses_no_request(options: tuple[str, ...]) -> None:
    """While new workers take over from old ones every request is answered right, and the old ones end by themselves."""
    with gunicorn("--worker-class", "gthread", "--threads", "4", "--workers", "2", *options, warm=True) as site:
        old = pids(site.ask_both_workers(20))
        ends = [os.pidfd_open(pid) for pid in old]
        site.running.process.send_signal(signal.SIGHUP)
        while ends:
            site.ask_often(ASKING)
            for end in select.select(ends, [], [], 0)[0]:
                os.close(end)
                ends.remove(end)
        assert not old & pids(site.ask_both_workers(20))
        site.end()


def test_workers_that_are_replaced_leave_nothing_open() -> None:
    """Workers that end after so many requests are replaced, and every request is answered right."""
    options = ("--worker-class", "gthread", "--threads", "2", "--workers", "1", "--max-requests", "20")
    with gunicorn(*options) as site:
        assert len(pids(site.ask_often(100))) > 2
        site.end(booting=True)
