"""Redirects on the wire: within the origin they are followed, and nothing of ours ever reaches another one (F59)."""

from __future__ import annotations

from contextlib import suppress

import aiohttp
import pytest

from clio_async import Clio, OutcomeUnknown, UnexpectedContent, UnexpectedRedirect
from clio_async.testing.wire import Answer, Received, WireServer, serve

from .loopback import TRANSPORTS, lab, reply

STATUSES = {
    301: "301 Moved Permanently",
    302: "302 Found",
    303: "303 See Other",
    307: "307 Temporary Redirect",
    308: "308 Permanent Redirect",
}

# Places at the other server, and forms that one reader or another may take for it. `host` is its host and port.
ELSEWHERE = [
    "http://{host}/stolen.json",
    "HTTP://{host}/stolen.json",
    "//{host}/stolen.json",
    "///{host}/stolen.json",
    "/\\{host}/stolen.json",
    "\\\\{host}\\stolen.json",
    "/\t/{host}/stolen.json",
    "http:/{host}/stolen.json",
    "http:{host}/stolen.json",
    "http:///{host}/stolen.json",
    "http://127.0.0.1@{host}/stolen.json",
    "//user:password@{host}/stolen.json",
    "http://{own}@{host}/stolen.json",
    "http://{host}\\@{own}/stolen.json",
    "http://{host}#@{own}/",
    "https://{host}/stolen.json",
    "https://{own}/downgraded-the-other-way.json",
    "http://{own}.{host}/stolen.json",
    "http://localhost:{port}/stolen.json",
    "http://[::ffff:127.0.0.1]:{port}/stolen.json",
    "http://2130706433:{port}/stolen.json",
    "http://[bad",
    "",
]


async def every_call(clio: Clio) -> None:
    """Make each kind of call there is; how it ends is not the matter."""
    for call in (
        clio.request("GET", "/matters/1.json"),
        clio.request("HEAD", "/matters/1.json"),
        clio.request("OPTIONS", "/matters/1.json"),
        clio.request("POST", "/unknown", json={"secret": 1}),
        clio.request("PUT", "/practice_areas/1", json={"secret": 1}),
        clio.matters.get(1),
        clio.matters.list().first(),
        clio.matters.update(1, description="secret", if_match='"1"'),
        clio.matters.create(description="secret", client={"id": 1}),
        clio.matters.delete(1),
        clio.practice_areas.get(1),
        clio.practice_areas.list().first(),
        clio.practice_areas.update(1, name="secret", if_match='"1"'),
        clio.practice_areas.create(name="secret"),
        clio.practice_areas.delete(1),
        clio.documents.download_url(1),
        clio.bills.preview(1),
    ):
        with suppress(UnexpectedRedirect, OutcomeUnknown, UnexpectedContent):
            await call


def places(server: WireServer, other: WireServer, place: str) -> str:
    host, own = (each.url.removeprefix("http://") for each in (other, server))
    return place.format(host=host, own=own, port=host.rpartition(":")[2])


@TRANSPORTS
@pytest.mark.parametrize("status", STATUSES)
async def test_nothing_of_ours_reaches_another_origin(kind: str, status: int) -> None:
    """F59: no call of any kind makes a connection there, whatever the place looks like. Each is one request."""
    async with serve(lambda _: Answer(reply("200 OK", b"{}"))) as other:
        where = [""]
        answer = STATUSES[status]

        def script(_: Received) -> Answer:
            return Answer(reply(answer, b"", ("Location", where[0])))

        async with lab(kind, script) as (clio, server):
            clio = clio.options(retry=None)
            for place in ELSEWHERE:
                where[0] = places(server, other, place)
                before = len(server.received)
                await every_call(clio)
                assert 0 == other.counts["accepted"], place
                # What became of a write may be read: that leads nowhere else, either.
                assert before + 17 <= len(server.received), place
            assert {server.url.removeprefix("http://")} == {
                value for received in server.received for value in received.values_of("host")
            }


@TRANSPORTS
@pytest.mark.parametrize("status", STATUSES)
async def test_a_second_hop_does_not_leave_the_origin_either(kind: str, status: int) -> None:
    """F59: first to a place of ours, from there to the other."""
    async with serve(lambda _: Answer(reply("200 OK", b"{}"))) as other:

        def script(received: Received) -> Answer:
            where = f"{other.url}/stolen.json" if "hop" in received.target else "/hop.json"
            return Answer(reply(STATUSES[status], b"", ("Location", where)))

        async with lab(kind, script) as (clio, server):
            await every_call(clio.options(retry=None))
            assert any("hop" in received.target for received in server.received)
        assert 0 == other.counts["accepted"]


@TRANSPORTS
@pytest.mark.parametrize("status", STATUSES)
async def test_the_error_fits(kind: str, status: int) -> None:
    """F59: a read, and a write after 307 or 308, was not carried out; of any other write that is not known."""
    answer = Answer(reply(STATUSES[status], b"", ("Location", "https://elsewhere.example/")))
    async with lab(kind, lambda _: answer) as (clio, server):
        with pytest.raises(UnexpectedRedirect) as caught:
            await clio.request("GET", "/matters/1.json")
        assert "https://elsewhere.example/" == caught.value.response.headers["location"]
        with pytest.raises(UnexpectedRedirect):
            await clio.matters.get(1)
        with pytest.raises(UnexpectedRedirect if status in {307, 308} else OutcomeUnknown):
            await clio.request("PATCH", "/matters/1.json", json={})
        assert 3 == len(server.received)


@TRANSPORTS
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    "place", ["/there.json?a={{b}}", "{own}/there.json?a={{b}}#part", "//{host}/there.json?a={{b}}"]
)
async def test_a_read_is_followed_on_the_wire(kind: str, status: int, place: str) -> None:
    """With the token and the version, under the method that it had, over the same pool of connections."""

    def script(received: Received) -> Answer:
        if "there" in received.target:
            return Answer(reply("200 OK", b'{"data":{"id":1}}', ("Content-Type", "application/json")))
        return Answer(reply(STATUSES[status], b"moved", ("Location", where)))

    async with lab(kind, script) as (clio, server):
        where = place.format(own=server.url, host=server.url.removeprefix("http://"))
        assert 1 == (await clio.matters.get(1, fields="id")).id
        first, second = server.received
        assert ("GET", "GET", "/there.json?a={b}") == (first.method, second.method, second.target)
        assert first.fields == second.fields
        assert [["Bearer token-a"], ["4.0.13"]] == [
            second.values_of(name) for name in ("authorization", "x-api-version")
        ]


@TRANSPORTS
async def test_a_write_of_practice_areas_is_followed_on_the_wire(kind: str) -> None:
    """Body, length, type and condition are those of the first request."""

    def script(received: Received) -> Answer:
        if "with_categories" in received.target:
            return Answer(reply("200 OK", b'{"data":{"id":1,"name":"x"}}', ("Content-Type", "application/json")))
        return Answer(
            reply(STATUSES[307], b"", ("Location", received.target.replace("areas", "areas_with_categories")))
        )

    async with lab(kind, script) as (clio, server):
        assert "x" == (await clio.practice_areas.update(1, name="x", if_match='"1"')).name
        first, second = server.received
        assert ("PATCH", b'{"data":{"name":"x"}}') == (second.method, second.body)
        assert (first.fields, first.body) == (second.fields, second.body)
        assert ['"1"'] == second.values_of("if-match")


@TRANSPORTS
async def test_a_login_page_at_the_same_origin_is_no_record(kind: str) -> None:
    """What is followed to a page ends as what it is (F9)."""

    def script(received: Received) -> Answer:
        if "login" in received.target:
            return Answer(reply("200 OK", b"<!DOCTYPE html><title>Log in</title>", ("Content-Type", "text/html")))
        return Answer(reply(STATUSES[302], b"", ("Location", "/login")))

    async with lab(kind, script) as (clio, _):
        with pytest.raises(UnexpectedContent):
            await clio.matters.get(1)
        with pytest.raises(UnexpectedRedirect):
            await clio.bills.preview(1)


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
