"""What touches files does so in threads: the event loop is not held (F75)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from blockbuster import BlockingError, blockbuster_ctx

from clio_async import Clio, FileTokenStore
from clio_async.testing import Simulator
from clio_async.testing._tokens.expect import token
from clio_async.webhooks import FileSubscriptions
from tests.webhooks.signing import subscription

MATTER: Any = {"id": 1, "type": "Matter"}
BODY = bytes(range(256)) * 8000  # of two parts, in two strides


async def upload(clio: Clio, folder: Path) -> object:
    document = await clio.documents.upload(folder / "letter.txt", parent=MATTER)
    return await clio.documents.download_to(document.id, folder / "copy.txt", overwrite=True)


async def tokens(_: Clio, folder: Path) -> object:
    store = FileTokenStore(folder / "tokens")
    async with store.lock("firm"):
        await store.save("firm", token(), previous=await store.load("firm"))
    return await store.load("firm")


async def subscriptions(_: Clio, folder: Path) -> object:
    store, one = FileSubscriptions(folder / "hooks.json"), subscription()
    await store.replace(None, one)
    await store.replace(one, None)
    return await store.all()


TOUCHED: dict[str, Callable[[Clio, Path], Awaitable[object]]] = {
    "documents": upload,
    "FileTokenStore": tokens,
    "FileSubscriptions": subscriptions,
}


@pytest.mark.parametrize("what", TOUCHED)
async def test_no_file_is_waited_for_in_the_event_loop(what: str, tmp_path: Path) -> None:
    """F75: uploads and downloads, tokens and subscriptions."""
    (tmp_path / "letter.txt").write_bytes(BODY)
    async with Simulator().client() as clio:
        await TOUCHED[what](clio, tmp_path)  # libraries are imported by whoever comes first
        with blockbuster_ctx("clio_async"):
            await TOUCHED[what](clio, tmp_path)


async def test_what_would_wait_for_a_file_is_caught(tmp_path: Path) -> None:
    """The control of F75: the same work, where the event loop runs."""
    files, hooks = FileTokenStore(tmp_path / "tokens"), FileSubscriptions(tmp_path / "hooks.json")
    assert await files.save("firm", token(), previous=None)
    assert await hooks.replace(None, subscription())
    with blockbuster_ctx("clio_async"):
        with pytest.raises(BlockingError):
            files._files.load("firm")
        with pytest.raises(BlockingError):
            hooks._file.read()
