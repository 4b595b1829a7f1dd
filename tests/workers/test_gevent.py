"""gevent: where threads are patched a call fails at once with the advice, and where they are not it works."""

from __future__ import annotations

import http.client

import pytest

from tests.sync.world import LONG, run_script
from tests.workers.test_gunicorn import gunicorn

PATCHED = """
import warnings
warnings.simplefilter("ignore")  # gevent's own
from gevent import monkey
monkey.patch_all()
import threading
from clio_async import FileTokenStore, SyncClio, SyncInAsync, SyncOAuthApp
app = SyncOAuthApp("id", "secret", redirect_uri="http://127.0.0.1/callback")
clio = SyncClio("t")
begun = threading.active_count()
for call in (
    lambda: clio.users.who_am_i(),
    lambda: clio.matters.list().first(),
    lambda: app.open(FileTokenStore("nowhere"), "firm"),
):
    try:
        call()
    except SyncInAsync as error:
        print("by gevent" in str(error), "gthread" in str(error))
clio.close()
print(threading.active_count() - begun)
"""

UNPATCHED = """
import warnings
warnings.filterwarnings("ignore", category=DeprecationWarning)  # gevent's own
import gevent
from clio_async.testing import Simulator
with Simulator().sync_client() as clio:
    print(clio.matters.get(1).id)
    print(gevent.spawn(lambda: clio.matters.get(2).id).get())
    print(gevent.get_hub().threadpool.apply(lambda: clio.matters.get(3).id))
"""


def test_patched_threads_are_refused() -> None:
    """Whatever waits fails at once, says what to do, and has started nothing."""
    assert "True True\n" * 3 + "0\n" == run_script(PATCHED)


def test_threads_that_are_not_patched_may_wait() -> None:
    """gevent that is only imported is in nobody's way: neither in the main greenlet, nor in others, nor in its pool."""
    assert "1\n2\n3\n" == run_script(UNPATCHED)


@pytest.mark.parametrize("options", [(), ("--preload",)])
def test_workers_of_gevent_are_refused(options: tuple[str, ...]) -> None:
    """Under gunicorn's gevent workers, which patch threads, a request fails at once, also where the master has used the
    client before; the workers end as others do."""
    with gunicorn("--worker-class", "gevent", *options, warm=bool(options), strict=False) as site:
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=LONG)
        connection.request("GET", "/1/1")
        assert 500 == connection.getresponse().status
        connection.close()
        assert "gthread for gunicorn" in site.running.find(r"SyncInAsync: (.*)")
        said = site.running.stop()
        assert 0 == site.running.process.returncode
        assert [] == [line for line in said if "was sent" in line]
