"""`Sender`: what ends while its pieces are on their way."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from clio_async.resources.uploads.sending import Sender
from clio_async.resources.uploads.versions import Address, PutFields
from clio_async.secrets import Secret

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """Trio tells a task that it is cancelled in its next step, and never between two."""
    return "asyncio"


@pytest.mark.parametrize("failure", [None, OSError("broken")])
async def test_a_cancellation_in_the_step_in_which_a_piece_ends_is_one(failure: Exception | None) -> None:
    """Whoever cancels an upload sees it cancelled, and not failed, whatever the storage answers at that moment."""
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def put(*_given: Any) -> None:
        await answer

    caller: Any = SimpleNamespace(storage=lambda: SimpleNamespace(put=put), now=lambda: 0.0)
    pieces: Any = [SimpleNamespace(number=number, length=1, sent=0, digest=None) for number in (1, 2)]
    where = {number: Address(Secret("https://h/"), PutFields(()), 0.0) for number in (1, 2)}
    sender = Sender(caller, 4, None, lambda _piece: None, lambda _bytes: None)  # type: ignore[arg-type]
    sending = asyncio.ensure_future(sender.send(pieces, where))
    for _ in range(10):
        await asyncio.sleep(0)
    sending.cancel()
    if failure is None:
        answer.set_result(None)
    else:
        answer.set_exception(failure)
    with pytest.raises(asyncio.CancelledError):
        await sending
