"""A run: servers, processes that share a store or none, firms and their users, and what befalls them."""

from __future__ import annotations

import asyncio
import gc
import random
import warnings
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any

import anyio
from attrs import define, field

from clio_async import Clio, ClioError, ClioWarning, MemoryTransport, Policy
from clio_async.auth.oauth import OAuthApp, OAuthGrant
from clio_async.auth.stores import MemoryTokenStore
from clio_async.caches.base import CacheStore
from clio_async.caches.memory import MemoryCache
from clio_async.limiters.local import LocalLimiter
from clio_async.protocol.versions import PINNED
from tests.simulation import acts, leftovers
from tests.simulation.history import Act, Applied, Happened, History, Key
from tests.simulation.plans import Event, Plan, drawn
from tests.simulation.server import HOSTS, TEXT, Line, now
from tests.simulation.stores import ShakyStore
from tests.virtual import VirtualLoop

__all__ = ["Process", "World", "played"]

PRINCIPALS = {"us1/1": "us", "us1/2": "us", "us2/1": "us", "eu1/1": "eu"}
"""Who there is: region, account and user. The first two are of one firm."""
GRANTS = ("us1/1", "eu1/1")
"""Whose tokens come of a grant, and end."""
CALLBACK = "https://receiver.example/callback"


@define
class Process:
    """A client for everybody, with a cache, limiter, flights and budget of its own unless the plan shares them."""

    name: str
    root: Clio
    transport: MemoryTransport
    clients: dict[str, Clio]
    grants: list[OAuthGrant]
    """Whoever opened a grant has to hold it."""

    async def aclose(self) -> None:
        await self.root.aclose()
        await self.transport.aclose()


@define
class World:
    """One run of one plan."""

    plan: Plan
    history: History = field(init=False)
    line: Line = field(init=False)
    dice: random.Random = field(init=False)
    processes: list[Process] = field(factory=list[Process])
    opened: list[Process] = field(factory=list[Process])
    """All that there ever were."""
    held: dict[tuple[str, Key], Any] = field(factory=dict[Any, Any])
    """The copies of records that users keep, by the user."""
    unknown: list[tuple[Act, Any]] = field(factory=list[Any])
    """Writes of unknown outcome, and the errors that said so."""
    documents: list[tuple[str, int, bytes]] = field(factory=list[Any])
    marks: dict[str, str] = field(factory=dict[str, str])
    stores: list[ShakyStore] = field(factory=list[ShakyStore])
    tokens: dict[str, MemoryTokenStore] = field(factory=dict[str, MemoryTokenStore])
    parts: dict[str, Any] = field(factory=dict[str, Any])
    """What clients are built with in the place of what they should: for the controls."""
    jumped: float = 0.0
    """Seconds by which the time of day was set forward."""
    _names: Iterator[int] = field(factory=count)
    _cache: CacheStore | None = None
    _apps: dict[str, Any] = field(factory=dict[str, Any])

    def __attrs_post_init__(self) -> None:
        plan, regime = self.plan, self.plan.regime
        self.dice = random.Random(f"world {plan.seed}")
        self.history = History(
            seed=plan.seed,
            fresh=plan.fresh,
            shared=plan.store == "shared",
            slow=plan.store == "shaky",
            guards=regime.if_match != "ignored",
            cursors=regime.cursor_stable and regime.stable_order and regime.implicit_cursor,
            lifetime=regime.token_lifetime,
        )
        self.line = Line(plan, self.history)

    # -- how it begins -------------------------------------------------------------------------------------------------

    def fill(self) -> None:
        """Give every record a text that says whose it is."""
        for home in ("us1", "us2", "eu1"):
            simulator = self.line.simulators[home[:2]]
            for resource in TEXT:
                for number in (*simulator.firm(int(home[2:])).table(resource).ids(),):
                    if resource == "notes":  # there are lists of those of matters, and of others
                        simulator.change("notes", number, account=int(home[2:]), type="Matter", matter={"id": 1})
                    self.change((home, resource, number), f"i{number}")

    def change(self, key: Key, mark: str) -> None:
        """Let somebody else change a record."""
        simulator, value = self.line.simulators[key[0][:2]], f"{key[0]}|{mark}|*"
        simulator.change(key[1], key[2], account=int(key[0][2:]), **{TEXT[key[1]]: value})
        simulator.journal(key, value)

    async def open(self, name: str) -> Process:
        """Begin a process."""
        transport = MemoryTransport(partial(self.line.carry, name), clock=anyio.current_time)
        chance = random.Random(f"{name} {self.plan.seed} {self.dice.random()}").random
        times: dict[str, Any] = {"clock": anyio.current_time, "wall_clock": self.wall_clock, "random": chance}
        shared = dict(times, transport=transport, cache=self._store(), limiter=LocalLimiter(**times))
        shared["policy"] = Policy(fresh_for=dict.fromkeys(TEXT, 60.0) if self.plan.fresh else {})
        shared |= {name: part() if name == "cache" else part for name, part in self.parts.items()}
        grants, clients, root = list[OAuthGrant](), dict[str, Clio](), None
        for who, region in PRINCIPALS.items():
            auth: Any = await self._auth(name, who, transport, times)
            if isinstance(auth, OAuthGrant):
                grants.append(auth)
            if root is None:
                root = clients[who] = Clio(auth, base_url=f"https://{HOSTS[region]}/api/v4", **shared)
            else:
                clients[who] = root.with_auth(auth, base_url=f"https://{HOSTS[region]}/api/v4")
        assert root is not None
        process = Process(name, root, transport, clients, grants)
        self.opened.append(process)
        return process

    def wall_clock(self) -> float:
        return now() + self.jumped

    def _store(self) -> CacheStore:
        if self.plan.store == "own":
            return MemoryCache()
        if self._cache is None:
            shaky = self.plan.store == "shaky"
            self._cache = ShakyStore(random.Random(f"store {self.plan.seed}")) if shaky else MemoryCache()
            self.stores += [self._cache] if isinstance(self._cache, ShakyStore) else []
        return self._cache

    async def _auth(self, name: str, who: str, transport: MemoryTransport, times: dict[str, Any]) -> Any:
        region, account, user = who[:2], int(who[2]), int(who[4])
        simulator = self.line.simulators[region]
        if who not in GRANTS:
            return self._apps.setdefault(who, simulator.token(account=account, user=user))
        app = self._apps.setdefault(who, simulator.app(redirect_uris=CALLBACK))
        names = (f"name-{self.plan.seed}-{number}".ljust(48, "-") for number in self._names)
        pkce = self.plan.regime.pkce != "refused"
        made = OAuthApp(
            app.client_id,
            app.client_secret,
            redirect_uri=CALLBACK,
            base_url=f"https://{HOSTS[region]}/api/v4",
            transport=transport,
            pkce=pkce,
            token=lambda: next(names),
            **times,
        )
        key = who if self.plan.tokens_shared else f"{who} {name.partition('.')[0]}"
        store = self.tokens.setdefault(region, MemoryTokenStore(random=times["random"]))
        if await store.load(key) is not None:
            return await made.open(store, key)
        approval = made.authorize()
        callback = simulator.approve(approval.url, user=user, account=account)
        quiet, self.line.quiet = self.line.quiet, True
        try:
            return await made.exchange(callback, approval, store, key, account=str(account), user=str(user))
        finally:
            self.line.quiet = quiet

    # -- what happens --------------------------------------------------------------------------------------------------

    async def run(self) -> History:
        """Play the whole plan; then let everything come to rest, look once more, and see what is left."""
        self.fill()
        self.processes = [await self.open(f"p{number}") for number in range(self.plan.processes)]
        async with anyio.create_task_group() as late:
            self.line.group = late
            async with anyio.create_task_group() as group:
                for number in range(self.plan.workers):
                    group.start_soon(acts.worker, self, number)
                group.start_soon(self._events)
            self.line.group = None
        await self._rest()
        return self.history

    async def _events(self) -> None:
        for event in self.plan.events:
            await anyio.sleep(max(0.0, event.at - anyio.current_time()))
            await self._happen(event, random.Random(event.number))

    def note(self, what: str, about: Any = None) -> None:
        """Write down what happens by itself."""
        self.history.happened.append(Happened(self.history.step(), anyio.current_time(), what, about))

    async def _happen(self, event: Event, dice: random.Random) -> None:
        simulators = self.line.simulators
        key = dice.choice([("us1", "matters", 1), ("us1", "notes", 2), ("us2", "matters", 1), ("eu1", "tasks", 1)])
        match event.what:
            case "change" | "tell":
                with suppress(LookupError):
                    self.change(key, f"e{event.number}")
                if event.what == "tell":
                    await self._tell(key, dice)
            case "add":
                number = simulators["us"].add("notes", type="Matter", matter={"id": 1}, subject="us1|-|*")
                self.history.applied.append(Applied(self.history.step(), ("us1", "notes", number), "us1|-|*", True))
            case "delete":
                with suppress(LookupError):
                    simulators["us"].delete("notes", 3)
                    simulators["us"].journal(("us1", "notes", 3), None)
            case "hide" | "show":
                simulators["us"].hide("matters", 2, user=2, hidden=event.what == "hide")
                self.note(event.what, ("us1/2", ("us1", "matters", 2)))
            case "expire":
                who = dice.choice(GRANTS)
                simulators[who[:2]].expire_all(self._apps[who].client_id)
                self.note("expire", who)
            case "revoke":
                simulators["us"].revoke(user=1, account=1)
                self.note("revoke", "us1/1")
            case "retire":
                simulators["us"].retire(PINNED)
            case "serve":
                simulators["us"]._retired.discard(PINNED)
            case "close":
                await self._close(dice.randrange(len(self.processes)))
            case "jump":
                self.jumped += dice.uniform(-150.0, 150.0) - self.jumped / 2
                self.note("jump", self.jumped)
            case _:
                await self._harm(event.what)

    async def _tell(self, key: Key, dice: random.Random) -> None:
        """Tell a process of a change, as an event does: late, twice, or never."""
        if dice.random() < 0.2:
            return
        await anyio.sleep(dice.uniform(0.0, 5.0))
        process = dice.choice(self.processes)
        who = next(each for each in PRINCIPALS if each.startswith(key[0]))
        for _ in range(dice.choice([1, 1, 2])):
            floor = self.history.steps
            with suppress(ClioError):
                await process.clients[who].invalidate(key[1], key[2])
                self.note("told", (process.name, key, floor))

    async def _close(self, number: int) -> None:
        """Close a process, with what it has under way, and begin another one in its place."""
        process = self.processes[number]
        self.note("close", process.name)
        await process.aclose()
        await anyio.sleep(1.0)
        with suppress(ClioError):  # a grant that was revoked is not to be opened
            self.processes[number] = await self.open(f"{process.name.partition('.')[0]}.{len(self.opened)}")

    async def _harm(self, what: str) -> None:
        for store in self.stores:
            if what == "flush":
                await store.flush()
            else:
                store.state = what
        self.note(what)

    # -- how it ends ---------------------------------------------------------------------------------------------------

    async def _rest(self) -> None:
        """Let nothing go wrong any more; read all there is, ask what became of writes, close, and see what is left."""
        self.line.quiet = True
        for store in self.stores:
            store.state = "well"
        for simulator in self.line.simulators.values():
            simulator._retired.discard(PINNED)
        await anyio.sleep(700.0)
        self.note("rest")
        for process in self.processes:
            await acts.last(self, process)
        await anyio.sleep(60.0)  # a token may be under renewal, which nobody waits for
        for process in self.opened:
            self.history.refused[process.name] = process.root.stats.refused
            self.history.left += leftovers.of_process(process)
            await process.aclose()
        await anyio.sleep(60.0)
        self.history.left += leftovers.of_loop()


def played(seed: int, plan: Plan | None = None, **parts: Any) -> History:
    """Play a seed from its beginning to its end, on a loop of its own."""
    world = World(plan or drawn(seed), parts=parts)
    troubles: list[str] = []

    async def run() -> History:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: troubles.append(context["message"]))
        return await world.run()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ClioWarning)
        history = anyio.run(run, backend_options={"loop_factory": VirtualLoop})
        gc.collect()
    history.left += troubles
    return history
