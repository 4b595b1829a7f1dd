"""Writes end as done, refused or unknown, and are never sent twice where that could matter."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from clio_async import (
    Clio,
    MemoryTransport,
    OutcomeUnknown,
    PreconditionFailed,
    UnprocessableEntity,
)
from clio_async.testing import Simulator
from clio_async.testing.wire import Answer, Received, Script

from ..writes.insist import Insist
from .loopback import TRANSPORTS, lab, reply

DONE = reply("200 OK", b'{"data":{"id":1}}')

# What becomes of a write of which the server has seen every byte.
ENDS: dict[str, Answer] = {
    "reset before a status": Answer(then="reset"),
    "closed before a status": Answer(then="close"),
    "closed within the status line": Answer(DONE[:9], "close"),
    "closed within the head": Answer(DONE[:25], "close"),
    "closed behind the head": Answer(DONE[:-17], "close"),
    "closed within the body": Answer(DONE[:-3], "close"),
    "a gateway's 502": Answer(reply("502 Bad Gateway", b"<html>")),
    "no HTTP at all": Answer(b"\x16\x03\x01 garbage\r\n\r\n", "close"),
    "the time is over": Answer(then="hang"),
}
# F17 (without If-Match), F18 (creates something), and what nobody knows. F19 (DELETE) is sent again: see test_retries.
WRITES: dict[str, tuple[str, dict[str, Any]]] = {
    "PATCH": ("PATCH", {"json": {"data": {"description": "x"}}}),
    "a new item": ("PATCH", {"json": {"data": {"addresses": [{"city": "x"}]}}, "headers": {"If-Match": '"1"'}}),
    "POST": ("POST", {"json": {"data": {"name": "x"}}}),
    "PURGE": ("PURGE", {}),
}


def ending_with(answer: Answer) -> Script:
    def answered(_: Received) -> Answer:
        return answer

    return answered


@TRANSPORTS
@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("end", ENDS)
async def test_a_write_whose_answer_is_lost_is_unknown_and_not_resent(kind: str, write: str, end: str) -> None:
    """F17, F18: the server sees the write exactly once, and the caller is told that it may have landed."""
    method, arguments = WRITES[write]
    timeout = 0.05 if end == "the time is over" else 30.0
    async with lab(kind, ending_with(ENDS[end]), timeout=timeout) as (clio, server):
        with pytest.raises(OutcomeUnknown) as caught:
            await clio.request(method, "/tasks/1.json", **arguments)
    assert [method] == [received.method for received in server.received]
    assert (end == "the time is over") == isinstance(caught.value, TimeoutError)


@TRANSPORTS
async def test_insisting_would_write_twice(kind: str) -> None:
    """The control of F18: a layer that resends what failed creates two records, and calls that a success."""
    made: list[bytes] = []

    def create(received: Received) -> Answer:
        made.append(received.body)
        return Answer(then="reset") if len(made) == 1 else Answer(DONE)

    async with lab(kind, create, middleware=[Insist()]) as (clio, _):
        response = await clio.request("POST", "/tasks.json", json={"data": {"name": "x"}})
    assert (200, 2) == (response.status, len(made))


@TRANSPORTS
async def test_a_refusal_is_no_doubt(kind: str) -> None:
    """The control of F17: where the server says that it refused, the outcome is known."""
    async with lab(kind, ending_with(Answer(reply("422 Unprocessable Entity", b"{}")))) as (clio, server):
        with pytest.raises(UnprocessableEntity):
            await clio.request("PATCH", "/tasks/1.json", json={})
    assert 1 == len(server.received)


def shelf() -> Clio:
    simulator = Simulator(matters=1)
    simulator.change("matters", 1, location="0")
    return Clio(
        simulator.token(), base_url="http://localhost/api/v4", transport=MemoryTransport(simulator.handler), cache=None
    )


async def counted(clio: Clio, *, guarded: bool) -> int:
    """Let four tasks add one, five times each, to a number in a text; return the number."""

    async def add() -> None:
        for _ in range(5):
            while True:
                matter = await clio.matters.get(1)
                await checkpoint()  # others may write meanwhile
                try:
                    await clio.matters.update(matter if guarded else 1, location=str(int(matter.location or "") + 1))
                except PreconditionFailed:
                    continue
                break

    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(add)
    return int((await clio.matters.get(1)).location or "")


async def test_a_guarded_write_loses_nothing() -> None:
    """F15: `update(record)` is refused with 412 when another write came between, so no addition is lost."""
    assert 20 == await counted(shelf(), guarded=True)


async def test_an_unguarded_write_loses_what_came_between() -> None:
    """The control of F15: the same additions by id, without `If-Match`, overwrite each other."""
    assert 20 > await counted(shelf(), guarded=False)
