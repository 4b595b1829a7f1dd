"""Two regions of a simulated Clio with a journal, and the line to them, on which things go wrong."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import anyio
import anyio.abc
from attrs import define, field

from clio_async import ClioError, MaybeSent, Request, Response
from clio_async.protocol.rate_limit import asked_pause
from clio_async.testing import Clock, Fault, Simulator
from clio_async.testing.simulator.clock import EPOCH
from clio_async.testing.simulator.storage import SIGNED
from clio_async.testing.simulator.tokens import bearer
from tests.simulation.history import Applied, History, Key, Sent
from tests.simulation.plans import Plan
from tests.writes.world import bad_line

__all__ = ["HOSTS", "SIZES", "TEXT", "Line", "Watched", "now"]

HOSTS = {"us": "app.clio.com", "eu": "eu.app.clio.com"}
SIZES = {"matters": 3, "contacts": 3, "tasks": 4, "users": 2, "counts": {"notes": 3, "documents": 2}}
TEXT = {"matters": "description", "notes": "subject", "tasks": "name"}
"""The own attribute that says which version of a record is seen."""


def now() -> float:
    return EPOCH + anyio.current_time()


class Watched(Simulator):
    """A simulator that writes down what it has carried out, whatever its clients were told of it."""

    def __init__(self, history: History, **settings: Any) -> None:
        super().__init__(**settings)
        self.history = history

    def owner(self, request: Request) -> str:
        """Return the firm whose token a request carries."""
        issued = self._authority._issued.get(bearer(request))
        return "" if issued is None else f"{issued.grant.region}{issued.grant.account}"

    def granted_to(self, request: Request) -> str:
        """Return whose grant a request for a token is about, if it is about one that works."""
        form = parse_qs((request.body or b"").decode())
        approval = self._authority._renewals.get(form.get("refresh_token", [""])[0])
        return "" if approval is None else f"{approval.region}{approval.account}/{approval.user}"

    def _answered(self, request: Request) -> Any:
        outcome, response = super()._answered(request)
        if request.method not in {"GET", "HEAD"} and response.status < 300:
            self._note(request, response)
        return outcome, response

    def _note(self, request: Request, response: Response) -> None:
        parts = urlsplit(request.url).path.removeprefix("/api/v4/").removesuffix(".json").split("/")
        if SIGNED in request.url or parts[0] not in TEXT:
            return
        data = json.loads(request.body or b"{}").get("data", {})
        if request.method == "POST" and len(parts) == 1:
            number = max(self.firm(int(self.owner(request)[2:])).table(parts[0]).ids())
            self.journal((self.owner(request), parts[0], number), data.get(TEXT[parts[0]]), created=True)
        elif request.method == "DELETE":
            self.journal((self.owner(request), parts[0], int(parts[1])), None)
        elif TEXT[parts[0]] in data:
            self.journal((self.owner(request), parts[0], int(parts[1])), data[TEXT[parts[0]]])

    def journal(self, key: Key, value: str | None, *, created: bool = False) -> None:
        """Write down that a record was changed."""
        self.history.applied.append(Applied(self.history.step(), key, value, created))

    def text(self, key: Key) -> str | None:
        """Return what a record says now."""
        try:
            return str(self.record(key[1], key[2], account=int(key[0][2:]))[TEXT[key[1]]])
        except LookupError:
            return None


def faults(seed: int, rate: float) -> Callable[[int, Request], Fault | None]:
    """Return a plan that draws what goes wrong: on the line, at a gateway, or in what the answer says."""
    dice = random.Random(f"faults {seed}")
    line = [*bad_line(seed), Fault.status(429, retry_after="3"), Fault.status(500), Fault.status(500, applied=True)]
    line += [Fault.status(429), Fault.status(503, html=True), Fault.delayed(before=12.0), Fault.delayed(after=25.0)]
    odd = [Fault.garbage(), Fault.content_type("text/html"), Fault.status(200, html=True, applied=True)]
    odd += [Fault.redirect("https://elsewhere.example/api/v4/matters/1"), Fault.redirect("http://app.clio.com/", 307)]
    files = [Fault.storage(503, "SlowDown"), Fault.storage(500, "InternalError"), Fault.lost_before(), Fault.refused()]
    files += [Fault.truncated(40), Fault.lost_after(), Fault.delayed(after=3.0)]

    def plan(_index: int, request: Request) -> Fault | None:
        if dice.random() >= rate:
            return None
        if SIGNED in request.url:
            return dice.choice(files)
        if "/oauth/" in request.url:
            return dice.choice(line)
        return dice.choice(odd if dice.random() < 0.15 else line)

    return plan


@define
class Line:
    """How requests get to the servers, and what comes back of the answers."""

    plan: Plan
    history: History
    simulators: dict[str, Watched] = field(init=False)
    dice: random.Random = field(init=False)
    group: anyio.abc.TaskGroup | None = None
    """Where late writes arrive."""
    quiet: bool = False
    """Whether nothing goes wrong any more."""
    _series: dict[int, tuple[Request, int]] = field(factory=dict[int, Any], init=False)

    def __attrs_post_init__(self) -> None:
        self.dice = random.Random(f"line {self.plan.seed}")
        clock = Clock(now)
        self.simulators = {
            region: Watched(self.history, seed=seed, region=region, regime=self.plan.regime, clock=clock, **SIZES)
            for seed, region in enumerate(HOSTS)
        }
        self.simulators["eu"].storage.origin = "https://files.eu.example"
        for number, simulator in enumerate(self.simulators.values()):
            simulator.faults = faults(self.plan.seed * 2 + number, self.plan.rate)

    def simulator_of(self, request: Request) -> Watched:
        host = urlsplit(request.url).hostname
        for region, simulator in self.simulators.items():
            if host == HOSTS[region] or simulator.storage.concerns(request):
                return simulator
        if "authorization" not in request.headers:  # files are where a redirect leads: this one leads to nothing
            return next(iter(self.simulators.values()))
        raise AssertionError(f"a request went elsewhere: {request.url}")

    async def carry(self, process: str, request: Request) -> Response:
        """Carry a request, and what comes back of its answer, and write it down."""
        simulator = self.simulator_of(request)
        sent = self._noted(process, simulator, request)
        try:
            response = await self._carried(simulator, request)
        except ClioError as error:
            self._came(sent, type(error).__name__)
            raise
        except BaseException:
            self._came(sent, "cancelled")
            raise
        self._came(sent, str(response.status))
        if response.status == 429:
            sent.pause = asked_pause(response.headers, now()) or 0.0
        return response

    async def _carried(self, simulator: Watched, request: Request) -> Response:
        await anyio.sleep(self.dice.uniform(0.001, 0.2))
        if self.quiet:
            response = simulator.answer(request)
        else:
            if request.method in {"POST", "PATCH", "DELETE"} and self._is_late(request):
                raise MaybeSent("the connection broke, and the request goes on")
            response = await simulator.handler(request)
        await anyio.sleep(self.dice.uniform(0.001, 0.1))
        return response

    def _is_late(self, request: Request) -> bool:
        if self.group is None or "/oauth/" in request.url or self.dice.random() >= self.plan.late:
            return False
        self.group.start_soon(self._arrive, request, self.dice.choice([0.5, 3.0, 30.0]))
        return True

    async def _arrive(self, request: Request, seconds: float) -> None:
        await anyio.sleep(seconds)
        self.simulator_of(request).answer(request)

    def _noted(self, process: str, simulator: Watched, request: Request) -> Sent:
        whose = request.principal
        who = "storage" if SIGNED in request.url else "oauth" if whose is None else whose.fingerprint
        first = request.resent is None
        origin = request if request.resent is None else request.resent
        _, series = self._series.setdefault(id(origin), (origin, len(self._series)))  # it is kept: so is its id
        url = request.url.partition("?")[0] if who == "storage" else request.url
        sent = Sent(self.history.step(), anyio.current_time(), process, who, request.method, url, "", series, first)
        sent.owner = simulator.owner(request)
        if who == "oauth":
            sent.about = simulator.granted_to(request)
        self.history.sent.append(sent)
        return sent

    def _came(self, sent: Sent, what: str) -> None:
        sent.came, sent.came_at = what, anyio.current_time()
