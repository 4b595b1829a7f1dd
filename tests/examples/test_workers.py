"""The examples for several processes: a real job queue and a real server, a real Redis, and a simulated Clio."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from rq import Queue

from clio_async import RedisTokenStore, SyncOAuthApp
from clio_async.testing import Clock, Simulator
from tests.redis_server import RedisProcess
from tests.sync.world import LONG, ROOT, served
from tests.workers.said import running

CALLBACK = "http://127.0.0.1/callback"
FIRMS = {"firm-1": 1, "firm-2": 2}
SHOWN = "id,etag,display_number,description"


@contextmanager
def clio(redis_url: str) -> Iterator[tuple[Simulator, dict[str, str]]]:
    """Serve two firms that have approved an app, and yield the environment of the app's processes."""
    simulator = Simulator(matters=20, clock=Clock(time.time))
    registered = simulator.app(redirect_uris=[CALLBACK])
    with served(simulator) as url:
        app = SyncOAuthApp(
            registered.client_id, registered.client_secret, redirect_uri=CALLBACK, base_url=url, pkce=False
        )
        for firm, account in FIRMS.items():
            approval = app.authorize()
            callback = simulator.approve(
                registered.client_id, account=account, redirect_uri=CALLBACK, state=approval.state
            )
            app.exchange(callback, approval, RedisTokenStore(redis_url), firm)
        yield (
            simulator,
            {
                "CLIO_BASE_URL": url,
                "CLIO_CLIENT_ID": registered.client_id,
                "CLIO_CLIENT_SECRET": registered.client_secret,
                "CLIO_REDIRECT_URI": CALLBACK,
                "REDIS_URL": redis_url,
            },
        )


def one_night(redis: Redis, env: dict[str, str]) -> list[Any]:
    """Queue a job for each firm, and for a stranger; return what they tell when a worker has run them."""
    queue = Queue("clio", connection=redis)
    jobs = [queue.enqueue("tests.examples.prefork_worker.nightly", firm) for firm in [*FIRMS, "stranger"]]
    command = [sys.executable, "-m", "rq.cli", "worker", "--burst", "--url", env["REDIS_URL"], "--path", ".", "clio"]
    ended = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, timeout=LONG, check=False
    )
    assert 0 == ended.returncode, ended.stderr
    assert "Traceback" not in ended.stderr
    return [job.return_value() for job in jobs]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_nightly_job_keeps_copies_of_each_firm(redis_process: RedisProcess, tmp_path: Path) -> None:
    """The copies are what Clio has, of the right firm, after the first night, and after one in which much has changed;
    untidy descriptions are tidied."""
    with clio(redis_process.url) as (simulator, env), redis_process.client() as redis:
        env["COPIES"] = str(tmp_path)
        tmp_path.chmod(0o700)
        simulator.change("matters", 2, description="Sale  of the\thouse ")
        untouched = "ReauthRequired"
        assert ["0 changed, 0 gone, 20 kept"] * 2 + [untouched] == one_night(redis, env)
        assert "Sale of the house" == simulator.record("matters", 2)["description"]
        simulator.change("matters", 3, description="")
        simulator.change("matters", 4, description=" untidy ", account=2)
        simulator.delete("matters", 5)
        added = simulator.add("matters", description="new", client={"id": 1})
        assert ["1 changed, 1 gone, 20 kept", "1 changed, 0 gone, 20 kept", untouched] == one_night(redis, env)
        for firm, account in FIRMS.items():
            ids = {*range(1, 21)} ^ ({5, added} if account == 1 else set())
            kept = {card["id"]: card for card in json.loads((tmp_path / f"{firm}.json").read_text())[1]}
            assert ids == {*kept}
            for number, card in kept.items():
                assert simulator.record("matters", number, account=account, fields=SHOWN) == card
        assert "untidy" == simulator.record("matters", 4, account=2)["description"]
        assert 0o600 == (tmp_path / "cache.sqlite").stat().st_mode & 0o777


def ask(port: int, firm: str, number: int) -> tuple[int, Any]:
    """Ask the service for a matter, over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
    try:
        connection.request("GET", f"/firms/{firm}/matters/{number}")
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def ask_both(port: int, firm: str, number: int) -> list[Any]:
    """Ask until two processes have answered, and return what they said."""
    seen: dict[int, Any] = {}
    while len(seen) < 2:
        status, answer = ask(port, firm, number)
        assert 200 == status
        seen[answer["served_by"]] = answer["matter"]
    return [*seen.values()]


def test_processes_of_a_service_share_tokens_and_cache(redis_process: RedisProcess) -> None:
    """Both processes answer for each firm what is its own. What one has read the other validates, and when tokens
    expire each is renewed once."""
    command = [sys.executable, "-W", "error", "-m", "uvicorn", "--factory", "tests.examples.shared_service:app"]
    with clio(redis_process.url) as (simulator, env), socket.create_server(("127.0.0.1", 0)) as listening:
        port, file = listening.getsockname()[1], listening.fileno()
        with running([*command, "--workers", "2", "--fd", str(file)], env, file) as service:
            shown = {
                firm: simulator.record("matters", 7, account=account, fields=SHOWN) for firm, account in FIRMS.items()
            }
            for firm, matter in shown.items():
                assert [matter] * 2 == ask_both(port, firm, 7)
            read = [entry.status for entry in simulator.log.entries if "/matters/7" in entry.path]
            assert (len(FIRMS), len(read) - len(FIRMS)) == (read.count(200), read.count(304))
            simulator.expire_all()
            for firm, matter in shown.items():
                assert [matter] * 2 == ask_both(port, firm, 7)
            assert len(FIRMS) == simulator.token_calls["refresh_token", "ok"]
            assert (404, 403) == (ask(port, "firm-1", 9_999_999)[0], ask(port, "stranger", 1)[0])
            said = service.stop()
        assert 0 == service.process.returncode
        told = [line for line in said if f"('127.0.0.1', {port})>" not in line]  # uvicorn leaves what it listens on
        assert [] == [line for line in told if not line.startswith("INFO:")]
