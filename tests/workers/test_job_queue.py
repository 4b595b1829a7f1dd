"""A client that is a global of a module, in processes that fork for each job, and in pools of processes (F74)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from rq import Queue
from rq.job import Job

from clio_async.messages import Request
from clio_async.testing import Fault, Faults, Simulator
from tests.redis_server import RedisProcess
from tests.sync.world import LONG, ROOT, served

FIELDS = "id,etag,display_number"
SLOW = "/matters/13."
MISSING = 9_999_999

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")


def is_slow(request: Request) -> bool:
    return SLOW in request.url


@contextmanager
def clio() -> Iterator[tuple[Simulator, dict[str, str]]]:
    """Serve a simulator, and yield the environment of a process that reads from it."""
    simulator = Simulator(matters=50, faults=Faults.when(is_slow, Fault.delayed(before=10 * LONG), times=None))
    with served(simulator) as url:
        yield simulator, {**os.environ, "CLIO_BASE_URL": url, "CLIO_TOKEN": simulator.token()}


def run(env: dict[str, str], *arguments: str) -> str:
    """Run a function of `jobs` in a process of its own, where warnings are errors, and return what it prints."""
    command = [sys.executable, "-W", "error", "-m", "tests.workers.jobs", *arguments]
    ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=LONG, check=False)
    assert (0, "") == (ended.returncode, ended.stderr)
    return ended.stdout


def failure(job: Job) -> str:
    found = job.latest_result()
    assert found is not None
    return str(found.exc_string)


def test_jobs_of_a_queue_use_the_client_that_its_worker_has_used(redis_process: RedisProcess) -> None:
    """Each job is answered right in a child of its own; one that fails, or whose time is over in a call, ends as rq
    means it to, and the worker goes on."""
    with clio() as (simulator, env), redis_process.client() as connection:
        queue = Queue("clio", connection=connection)
        jobs = [queue.enqueue("tests.workers.jobs.read", number) for number in range(1, 11)]
        fails = queue.enqueue("tests.workers.jobs.read", MISSING)
        late = queue.enqueue("tests.workers.jobs.read", 13, job_timeout=1)
        survives = queue.enqueue("tests.workers.jobs.outlive_the_penalty", job_timeout=1)
        last = queue.enqueue("tests.workers.jobs.read", 11)
        assert "went on\n" == run(env, "work", redis_process.url)
        answers = [job.return_value() for job in [*jobs, last]]
        for number, answer in enumerate(answers, 1):
            assert simulator.record("matters", number, fields=FIELDS) == answer["matter"]
        assert len(answers) == len({answer["pid"] for answer in answers})
        assert 1 == len({answer["warm_in"] for answer in answers} - {None})
        assert {1} == {answer["loops"] for answer in answers}
        assert "clio_async.errors.NotFound: " in failure(fails)
        assert "rq.timeouts.JobTimeoutException: " in failure(late)
        assert simulator.record("matters", 2, fields=FIELDS) == survives.return_value()["matter"]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_pools_of_processes_use_the_client_of_their_module(method: str) -> None:
    """However their processes begin, they are answered right, raise typed errors in the parent, and end."""
    with clio() as (_, env):
        told = ["NotFound 404 RemoteTraceback", "NotFound 404 _RemoteTraceback"]
        said = [*told, str([*range(1, 13), 14]), "{1} False", str({method == "fork"})]
        assert said == run(env, "pool", method).splitlines()
