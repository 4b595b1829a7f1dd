"""F71 on a real Redis: no connection is kept, no lock is held, and the next call gets its own answer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import anyio
import pytest
from attrs import evolve

from clio_async import RedisCache, RedisLimiter, RedisServer, RedisTokenStore

from .faulted import granted
from .instants import HOWS, How
from .parts import PARTS
from .sweep import Case, swept
from .world import World

NAMES = ("cache", "tokens", "limiter")


class Sharing(World):
    """A firm, and a server that several processes share."""

    def __init__(self, path: Path, *, url: str, **settings: Any) -> None:
        super().__init__(path, **settings)
        self.server = RedisServer(url, prefix=f"cancelled-{uuid4().hex}", timeout=5.0)

    def left(self) -> list[str]:
        lent = [line for pool in self.server._pools for line in pool._lent]
        return super().left() + [f"{len(lent)} connections to Redis"] * bool(lent)

    async def aclose(self) -> None:
        await super().aclose()
        await self.server.aclose()


def cases(url: str) -> Iterator[Case]:
    """Yield what is done on a Redis."""
    given: dict[str, Any] = {
        "world": partial(Sharing, url=url),
        "threads": True,
        "waits": ("",),
        "covers": (),
    }

    async def cached(world: World) -> None:
        assert isinstance(world, Sharing)
        world.kept.cache = RedisCache(world.server, clock=anyio.current_time)

    async def stored(world: World) -> None:
        assert isinstance(world, Sharing)
        await granted(world)
        token = await world.kept.tokens.load("firm")
        world.kept.tokens = RedisTokenStore(world.server, lease=1.0)
        assert await world.kept.tokens.save("firm", token, previous=None)

    async def limited(world: World) -> None:
        assert isinstance(world, Sharing)
        world.limiter = RedisLimiter(world.server, clock=anyio.current_time, wall_clock=world.wall)

    async def closed(world: World) -> list[str]:
        assert isinstance(world.limiter, RedisLimiter)
        await world.limiter.aclose()
        return []

    yield evolve(PARTS["cache"], name="cache", before=cached, **given)
    yield evolve(PARTS["token_replaced"], name="tokens", before=stored, **given)
    yield evolve(PARTS["limiter_turn"], name="limiter", before=limited, check=closed, **given)


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("name", NAMES)
def test_what_is_shared_is_cancelled_at_every_instant(name: str, how: How, redis_url: str, tmp_path: Path) -> None:
    """F71: it is given back, and the same works again at once."""
    case = next(one for one in cases(redis_url) if one.name == name)
    assert swept(case, how, tmp_path)
