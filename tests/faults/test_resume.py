"""A walk that was broken off goes on: in another client, another process, with another access token (F58)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import anyio
import pytest

from clio_async import Clio, ClioError, FileTokenStore, InvalidArgument, MemoryTransport, OAuthApp
from clio_async.pages import Pages
from clio_async.testing import Fault, Faults, Simulator, serve

BASE = "http://localhost/api/v4"
ROOT = Path(__file__).parent.parent.parent
CALLBACK = "http://127.0.0.1/callback"


def client(simulator: Simulator, token: str) -> Clio:
    """One that tries nothing twice: it is the walk that goes on."""
    return Clio(token, base_url=BASE, transport=MemoryTransport(simulator.handler), retry=None)


async def process(url: str, token: str, resume: str, records: int) -> list[tuple[str, str]]:
    """Let another process walk, and return what it said."""
    done = await anyio.run_process(
        [sys.executable, "-m", "tests.faults.walker", f"{url}/api/v4", str(records)],
        input=f"{token}\n{resume}\n".encode(),
        cwd=ROOT,
        check=False,
    )
    assert done.returncode in (0, 9), done.stderr.decode()
    return [(said[0], said[1]) for said in map(str.split, done.stdout.decode().splitlines())]


async def test_a_walk_goes_on_in_another_process() -> None:
    """The first one is gone in the middle of a page: that page is read again, no other, and no record is missing."""
    simulator = Simulator(matters=45)
    token = simulator.token()
    async with serve(simulator) as address:
        first = await process(address.url, token, "", 23)
        simulator.delete("matters", 5)
        second = await process(address.url, token, first[-1][0], 100)
        third = await process(address.url, token, second[-2][0], 100)
    assert [str(number) for number in range(1, 24)] == [number for _, number in first]
    assert [*[str(number) for number in range(21, 46)], "end"] == [number for _, number in second]
    assert "None" == second[-1][0]
    assert [*[str(number) for number in range(41, 46)], "end"] == [number for _, number in third]
    assert 3 + 3 + 1 == len(simulator.entries())
    assert not any(token in kept for kept, _ in first)


async def drained(pages: Pages[Any], into: list[int]) -> str | None:
    """Walk as far as it goes, and return what ended it."""
    try:
        async for matter in pages:
            into.append(matter.id)
    except ClioError as error:
        return type(error).__name__
    return None


ERRORS = {
    "ServerError": Fault.status(503),
    "ServerError ": Fault.status(502, html=True),
    "RateLimited": Fault.status(429, retry_after="3600"),
    "ResponseBroken": Fault.truncated(100),
    "MaybeSent": Fault.lost_before(),
    "NotSent": Fault.refused(),
    "UnexpectedContent": Fault.garbage(b"<html>maintenance</html>"),
    "DecodeError": Fault.garbage(),
}


@pytest.mark.parametrize("prefetch", [0, 1])
@pytest.mark.parametrize("name", ERRORS)
async def test_a_walk_goes_on_after_an_error(name: str, prefetch: int) -> None:
    """In a fresh client, as after a restart: the page that failed is the next one, and no other is read again."""
    simulator = Simulator(matters=30)
    token = simulator.token()
    simulator.faults = Faults.scripted({2: ERRORS[name]})
    seen: list[int] = []
    pages = client(simulator, token).matters.list(fields="id", limit=7, prefetch=prefetch)
    assert name.strip() == await drained(pages, seen)
    assert [*range(1, 15)] == seen
    again = client(simulator, token).matters.list(fields="id", limit=7, prefetch=prefetch, resume=pages.resume_token)
    assert await drained(again, seen) is None
    assert [*range(1, 31)] == seen
    assert len(simulator.entries()) <= 5 + 1
    assert again.resume_token is None


async def test_a_walk_survives_the_renewal_of_its_token(tmp_path: Path) -> None:
    """Both while it goes on and where another process takes it up: a token is bound to the grant, not to what proves
    it. It is refused for any other grant before anything is sent.
    """
    simulator = Simulator(matters=30)
    registered = simulator.app(redirect_uris=[CALLBACK])
    transport = MemoryTransport(simulator.handler)

    def app() -> OAuthApp:
        return OAuthApp(
            registered.client_id,
            registered.client_secret,
            redirect_uri=CALLBACK,
            base_url=BASE,
            transport=transport,
            pkce=False,
        )

    for key in ("firm", "other"):
        approval = app().authorize()
        callback = simulator.approve(registered.client_id, redirect_uri=CALLBACK, state=approval.state)
        await app().exchange(callback, approval, FileTokenStore(tmp_path), key)
    asked = len(simulator.entries())

    grant = await app().open(FileTokenStore(tmp_path), "firm")
    pages = Clio(grant, base_url=BASE, transport=transport).matters.list(fields="id", limit=10)
    seen: list[int] = []
    async for found in pages.by_page():
        seen += [matter.id for matter in found]
        simulator.expire_all()
        if len(seen) == 20:
            break
    token = pages.resume_token

    grant = await app().open(FileTokenStore(tmp_path), "firm")
    clio = Clio(grant, base_url=BASE, transport=transport)
    rest = [matter.id for matter in await clio.matters.list(fields="id", limit=10, resume=token).collect()]
    assert [*range(1, 21)] == seen
    assert [*range(11, 31)] == rest  # the page that was not left behind comes again
    matters = [entry for entry in simulator.entries()[asked:] if "matters" in entry.path]
    assert 4 == sum(entry.status == 200 for entry in matters)

    sent = len(simulator.entries())
    other = await app().open(FileTokenStore(tmp_path), "other")
    with pytest.raises(InvalidArgument, match="another list"):
        Clio(other, base_url=BASE, transport=transport).matters.list(fields="id", limit=10, resume=token)
    assert sent == len(simulator.entries())
    assert token is not None
    assert registered.client_secret not in token
