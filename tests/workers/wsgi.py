"""A WSGI application with one client for all its threads: ``gunicorn tests.workers.wsgi:application``.

``GET /<account>/<id>`` reads a matter of a firm. The environment has the tokens of the firms in `CLIO_TOKENS`, and says
in `CLIO_WARM` whether the client is used before the first request: in the master, with ``--preload``.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

from clio_async import SyncClio

tokens = os.environ["CLIO_TOKENS"].split()
clio = SyncClio(tokens[0], base_url=os.environ["CLIO_BASE_URL"])
warm_in = None
if os.environ.get("CLIO_WARM"):
    assert 1 == clio.matters.get(1).id
    warm_in = os.getpid()


def application(
    environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]
) -> Iterable[bytes]:
    """Answer with what was read, and by whom."""
    account, number = environ["PATH_INFO"].strip("/").split("/")
    matter = clio.with_auth(tokens[int(account) - 1]).matters.get(int(number), fields="id,etag,display_number")
    loops = sum(thread.name == "clio-async" for thread in threading.enumerate())
    body = json.dumps({"matter": matter.to_dict(), "pid": os.getpid(), "loops": loops, "warm_in": warm_in}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
