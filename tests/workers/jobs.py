"""Jobs that use a client which is a global of their module, as a worker's process has it before it forks."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import warnings
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from rq.timeouts import JobTimeoutException

from clio_async import SyncClio

SLOW = 13
"""The matter whose answer takes longer than anybody waits."""
MISSING = 9_999_999

clio = SyncClio(os.environ["CLIO_TOKEN"], base_url=os.environ["CLIO_BASE_URL"])
warm_in = None


def warm() -> None:
    """Use the client, as the process does that will fork."""
    global warm_in
    assert 1 == clio.matters.get(1).id
    warm_in = os.getpid()


def read(number: int) -> dict[str, Any]:
    """Read a matter, and say where."""
    found = clio.matters.get(number, fields="id,etag,display_number").to_dict()
    loops = sum(thread.name == "clio-async" for thread in threading.enumerate())
    return {"matter": found, "pid": os.getpid(), "warm_in": warm_in, "loops": loops}


def outlive_the_penalty() -> dict[str, Any]:
    """Go on when the time for the job is over within a call."""
    try:
        clio.matters.get(SLOW)
    except JobTimeoutException:
        return read(2)
    raise AssertionError("There was an answer.")


def work(redis_url: str) -> None:
    """Be a worker of rq until the queue is empty."""
    from redis import Redis
    from rq import Queue, Worker

    warm()
    with Redis.from_url(redis_url) as connection:
        Worker([Queue("clio", connection=connection)], connection=connection).work(burst=True, logging_level="CRITICAL")
    assert 3 == clio.matters.get(3).id
    print("went on")


def pool(method: str) -> None:
    """Read in the processes of both kinds of pool, begun by `method`, and print what came back, and what was raised."""
    context = multiprocessing.get_context(method)
    warm()
    with context.Pool(2) as processes:
        answers = processes.map(read, range(1, 11), chunksize=1)
        try:
            processes.apply(read, (MISSING,))
        except Exception as error:
            print(_told(error))
        processes.close()
        processes.join()
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        answers += executor.map(read, (11, 12))
        print(_told(executor.submit(read, MISSING).exception()))
    answers.append(read(14))
    print([answer["matter"]["id"] for answer in answers])
    print({answer["loops"] for answer in answers}, os.getpid() in {answer["pid"] for answer in answers[:-1]})
    print({answer["warm_in"] == os.getpid() for answer in answers[:-1]})


def _told(error: Any) -> str:
    return f"{type(error).__name__} {error.status} {type(error.__cause__).__name__}"


if __name__ == "__main__":
    warnings.filterwarnings("ignore", "This process", DeprecationWarning)  # Python 3.12 warns of forks with threads
    from tests.workers import jobs  # the module as its children know it

    getattr(jobs, sys.argv[1])(*sys.argv[2:])
