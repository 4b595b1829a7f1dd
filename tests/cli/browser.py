"""What a browser does with the address of an approval, as a command: ``python -m tests.cli.browser URL``.

It follows the redirect of the authorization server, opens a connection in reserve that stays silent, loads the page,
asks for an icon, and writes down what it was shown and what its parent let it see. It is told how to by `BROWSER_PAGE`,
a file, `BROWSER_FIRST`, a query that somebody else sends before, and `BROWSER_STAYS`, a file: it stays as long.
"""

from __future__ import annotations

import http.client
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit


def fetched(url: str) -> http.client.HTTPResponse:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return connection.getresponse()


def visit(url: str) -> None:
    away = fetched(url).getheader("location")
    assert away is not None, "the authorization server keeps the user"
    page, port = away.partition("?")[0], urlsplit(away).port
    silent = http.client.HTTPConnection("127.0.0.1", port or 80)
    silent.connect()
    assert 404 == fetched(f"http://127.0.0.1:{port}/favicon.ico").status
    seen = []
    if first := os.environ.get("BROWSER_FIRST"):
        answer = fetched(f"{page}?{first}")
        seen.append(f"{answer.status} {answer.read().decode()}")
    answer = fetched(away)
    seen.append(f"{answer.status} {answer.read().decode()}")
    silent.close()
    parent = Path(f"/proc/{os.getppid()}/cmdline")
    seen.append(parent.read_bytes().decode() if parent.exists() else "")
    seen.append(repr(dict(os.environ)))
    told = Path(os.environ["BROWSER_PAGE"])
    told.with_suffix(".new").write_text("\n".join(seen))
    told.with_suffix(".new").replace(told)
    until = time.monotonic() + 60
    while Path(os.environ.get("BROWSER_STAYS", "/nowhere")).exists() and time.monotonic() < until:
        time.sleep(0.01)
    told.with_suffix(".left").touch()


if __name__ == "__main__":
    visit(sys.argv[1])
