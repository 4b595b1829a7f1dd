"""Redirects are an answer, not an instruction."""

from __future__ import annotations

import aiohttp
import pytest

from clio_async import OutcomeUnknown, UnexpectedRedirect
from clio_async.testing.wire import Answer, serve

from .loopback import TRANSPORTS, lab, reply

STATUSES = {
    301: "301 Moved Permanently",
    302: "302 Found",
    303: "303 See Other",
    307: "307 Temporary Redirect",
    308: "308 Permanent Redirect",
}


@TRANSPORTS
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("place", ["/elsewhere.json", "{other}/stolen.json", "//{host}/stolen.json", "http://[bad", ""])
async def test_nothing_goes_where_a_redirect_leads(kind: str, status: int, place: str) -> None:
    """F59: neither a read nor a write is sent on, to whatever place; both end in a typed error that fits."""
    async with serve(lambda _: Answer(reply("200 OK", b"{}"))) as other:
        where = place.format(other=other.url, host=other.url.removeprefix("http://"))
        answer = Answer(reply(STATUSES[status], b"", ("Location", where)))
        async with lab(kind, lambda _: answer) as (clio, server):
            assert status == (await clio.request("GET", "/matters/1.json")).status
            with pytest.raises(UnexpectedRedirect):
                await clio.matters.get(1)
            with pytest.raises(UnexpectedRedirect if status in {307, 308} else OutcomeUnknown):
                await clio.matters.update(1, description="x")
        assert [] == other.received
        assert ["/matters/1.json", "/matters/1.json"] == [
            received.target.partition("?")[0] for received in server.received if received.method == "GET"
        ]
        assert 3 == len(server.received)


async def test_a_stock_session_follows() -> None:
    """The control of F59: aiohttp as it comes takes a request, and its body, to the other origin."""
    async with serve(lambda _: Answer(reply("200 OK", b"{}"))) as other:
        answer = Answer(reply(STATUSES[307], b"", ("Location", other.url)))
        async with (
            serve(lambda _: answer) as server,
            aiohttp.ClientSession() as session,
            session.patch(server.url, data=b"secret") as response,
        ):
            assert 200 == response.status
        assert [b"secret"] == [received.body for received in other.received]
