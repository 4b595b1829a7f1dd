"""Where a thread may wait for another one, and where it must not, or cannot."""

from __future__ import annotations

import sys
from typing import Any

from ..errors import SyncInAsync

__all__ = ["check_process", "refuse_in_loop"]

_IN_LOOP = (
    "SyncClio was called in a thread in which an event loop runs: waiting here would stop it. Use Clio and await, or "
    "call SyncClio in a worker thread (asyncio.to_thread, anyio.to_thread.run_sync)."
)
_IN_OWN_LOOP = (
    "SyncClio was called by a hook, a middleware or another callback of its own client, in the thread that does the "
    "work of all: it would wait for itself. Do it elsewhere, or await the asynchronous client."
)
_PATCHED = (
    "Threads are patched here, by {by}: the event loop of SyncClio needs a real one. Do not patch threads (gevent: "
    "monkey.patch_all(thread=False) is not enough, as sockets would wait in the wrong place), or use another kind of "
    "worker: gthread for gunicorn, or processes."
)
_NO_THREADS = (
    "uWSGI runs without threads: the event loop of SyncClio would never run. Start it with --enable-threads, and with "
    "--lazy-apps or after the fork if there are several processes."
)
_OVER = "The interpreter is shutting down: no thread can be started any more. Make the call before, or keep a client."


def refuse_in_loop(own: bool) -> None:
    """Refuse to wait in a thread of an event loop; `own` says that it is the one that does the work.

    :raises SyncInAsync: always.
    """
    raise SyncInAsync(_IN_OWN_LOOP if own else _IN_LOOP)


def in_trio() -> bool:
    """Whether trio runs in this thread."""
    trio: Any = sys.modules.get("trio")
    if trio is None:
        return False
    try:
        trio.lowlevel.current_task()
    except (RuntimeError, AttributeError):  # or it is only just being imported
        return False
    return True


def check_process(*, over: bool) -> None:
    """Check that a thread that is started here runs, and may wait for sockets.

    :raises SyncInAsync: if it would not, with what to do instead.
    """
    if over or sys.is_finalizing():
        raise SyncInAsync(_OVER)
    for by, patched in (("gevent", _gevent_patches), ("eventlet", _eventlet_patches)):
        if patched():
            raise SyncInAsync(_PATCHED.format(by=by))
    if _uwsgi_without_threads():
        raise SyncInAsync(_NO_THREADS)


def _gevent_patches() -> bool:
    monkey: Any = sys.modules.get("gevent.monkey")
    return monkey is not None and any(monkey.is_module_patched(name) for name in ("thread", "socket", "select"))


def _eventlet_patches() -> bool:
    patcher: Any = sys.modules.get("eventlet.patcher")
    return patcher is not None and any(patcher.is_monkey_patched(name) for name in ("thread", "socket", "select"))


def _uwsgi_without_threads() -> bool:
    uwsgi: Any = sys.modules.get("uwsgi")
    options: Any = getattr(uwsgi, "opt", None)
    if options is None:
        return False
    return not any(options.get(name) or options.get(name.encode()) for name in ("enable-threads", "threads"))
