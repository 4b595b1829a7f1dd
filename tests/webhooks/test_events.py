"""`Event.read`: what a record is now, asked of Clio."""

from __future__ import annotations

import anyio
import pytest
from anyio import wait_all_tasks_blocked
from attrs import evolve

from clio_async.client import Clio
from clio_async.errors import ApiVersionGone, InvalidArgument, ServerError
from clio_async.messages import Headers, Request, Response
from clio_async.options import Policy
from clio_async.protocol.webhooks import RESOURCES
from clio_async.webhooks.event import Event
from tests.origin import Wire, client

NOT_FOUND = Response(404, Headers(), b'{"error": {"type": "NotFoundError", "message": "Not Found"}}')


def _body(version: int) -> bytes:
    return b'{"data": {"id": 42, "etag": "\\"%d\\"", "description": "version %d"}}' % (version, version)


def _event(clio: Clio, **given: object) -> Event:
    return evolve(Event("updated", "matter", 42, '"1"', 7, clio.principal.fingerprint), **given)


async def test_it_reads_the_record_and_never_what_is_held() -> None:
    """Even where answers are given again for a while, and while an older read is under way."""
    versions = [1]
    opened = anyio.Event()

    async def answer(request: Request) -> Response:
        body = _body(versions[-1])
        if "description" in request.url and len(versions) == 1:
            await opened.wait()
        return Response(200, Headers({"ETag": f'"{versions[-1]}"'}), body)

    wire = Wire(answer)
    clio = client(wire, policy=Policy(fresh_for={"matters": 1e9}))
    event = _event(clio)
    async with anyio.create_task_group() as group:
        group.start_soon(lambda: clio.matters.get(42, fields="description"))
        await wait_all_tasks_blocked()
        versions.append(2)
        found = await event.read(clio, fields="description")
        assert "version 2" == found.description
        opened.set()
    assert "version 2" == (await clio.matters.get(42, fields="description")).description
    versions.append(3)
    assert "version 3" == (await event.read(clio, fields="description")).description


@pytest.mark.parametrize("model", RESOURCES)
async def test_every_model_is_read_by_its_resource(model: str) -> None:
    """With the default selection, unless another is named."""
    wire = Wire(lambda request: Response(200, Headers(), b'{"data": {"id": 42}}'))
    clio = client(wire)
    found = await _event(clio, model=model).read(clio)
    assert (42, 1) == (found.id, len(wire.seen))
    path = wire.seen[0].url.partition("?")[0].removesuffix(".json")
    assert path.endswith(f"/{RESOURCES[model].replace('clio_payments_', 'clio_payments/')}/42")


@pytest.mark.parametrize("status", [404, 410])
async def test_what_is_gone_is_none(status: int) -> None:
    """Whatever the event said: it may have been deleted since."""
    clio = client(Wire(lambda request: Response(status, Headers(), NOT_FOUND.body)), api_version=None, retry=None)
    assert await _event(clio).read(clio) is None


async def test_a_version_that_is_gone_is_no_deleted_record() -> None:
    """Else every record would be taken for deleted on the day that a version ends."""
    clio = client(Wire(lambda request: Response(410, Headers(), NOT_FOUND.body)), retry=None)
    with pytest.raises(ApiVersionGone):
        await _event(clio).read(clio)


async def test_a_failure_is_a_failure() -> None:
    """It is raised, so that the event is not acknowledged."""
    clio = client(Wire(lambda request: Response(500, Headers(), b"")), retry=None)
    with pytest.raises(ServerError):
        await _event(clio).read(clio)


async def test_only_its_principal_is_shown_it() -> None:
    """An event of one user tells nothing to another; and nothing is sent."""
    wire = Wire(lambda request: NOT_FOUND)
    clio = client(wire)
    with pytest.raises(InvalidArgument, match="another principal"):
        await _event(clio).read(clio.with_auth("token-b"))
    with pytest.raises(InvalidArgument, match="another principal"):
        await Event("updated", "matter", 42).read(clio)
    assert [] == wire.seen


async def test_a_model_that_is_not_known_cannot_be_read() -> None:
    """The message says how else."""
    clio = client(Wire(lambda request: NOT_FOUND))
    with pytest.raises(InvalidArgument, match=r"'expense_claim'.*clio\.request"):
        await _event(clio, model="expense_claim").read(clio)
