"""Use what was installed: run by the Python of a clean environment, in an empty folder, with `-I -W error`.

    python -I -W error use.py VERSION [all]

Without "all" only the core is installed: then what needs an extra has to say which.
"""

from __future__ import annotations

import asyncio
import sys
from importlib.metadata import version
from pathlib import Path
from threading import Thread

import clio_async
from clio_async import Clio, RedisServer, SQLiteCache, SyncClio, UsageError, frozen
from clio_async.testing import Simulator, serve


@frozen
class Card:
    """What is read of a matter."""

    id: int
    display_number: str | None


async def over_sockets() -> None:
    """Read, validate, change and walk over loopback, with answers kept in a file."""
    simulator = Simulator(matters=300)
    async with (
        serve(simulator) as address,
        SQLiteCache("answers.db") as cache,
        Clio(simulator.token(), base_url=f"{address.url}/api/v4", cache=cache) as clio,
    ):
        assert 300 == len(await clio.matters.list(fields=Card).collect())
        await clio.matters.get(42)
        matter = await clio.matters.get(42)
        assert 1 == clio.stats.revalidated
        await clio.matters.update(matter, description="Changed")
        assert "Changed" == (await clio.matters.get(42)).description
        await clio.documents.upload(b"May it please the court", name="brief.txt", parent=matter)


def from_threads() -> None:
    """Read from two threads through one client."""
    simulator, seen = Simulator(matters=5), list[int]()
    with simulator.sync_client() as clio:
        threads = [Thread(target=lambda number=number: seen.append(clio.matters.get(number).id)) for number in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [1, 2] == sorted(seen)
        assert isinstance(clio, SyncClio)


def without_extras() -> None:
    """What needs an extra says which."""
    for name in ("cyclopts", "httpx2", "opentelemetry", "redis"):
        assert name not in sys.modules
    told = []
    for what in (lambda: RedisServer("redis://127.0.0.1:1/0"), lambda: clio_async.Httpx2Transport()):
        try:
            what()
        except (UsageError, ImportError) as error:
            told.append(str(error))
    assert all(f"clio-async[{name}]" in text for name, text in zip(("redis", "httpx2"), told, strict=True)), told


async def main() -> None:
    """Use it."""
    assert sys.argv[1] == clio_async.__version__ == version("clio-async")
    here = Path(clio_async.__file__)
    assert here.is_relative_to(sys.prefix), here
    assert (here.parent / "py.typed").exists()
    await over_sockets()
    if "all" in sys.argv:
        for name in clio_async.__all__:
            getattr(clio_async, name)
    else:
        without_extras()


if __name__ == "__main__":
    asyncio.run(main())
    from_threads()
    print(f"clio_async {clio_async.__version__} works")
