"""An authorization server and an API in one function, and a store of tokens. Both fail as a test tells them to."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from urllib.parse import parse_qs

import anyio
import anyio.lowlevel
from attrs import define, field

from clio_async.auth.oauth import OAuthApp, OAuthGrant
from clio_async.auth.tokens import Token, TokenStore
from clio_async.client import Clio
from clio_async.errors import NotSent, TokenStoreError
from clio_async.messages import Headers, Request, Response
from clio_async.transport.memory import MemoryTransport
from tests.origin import BASE, Clock

ORIGIN = "http://localhost"
REDIRECT = "https://app.example/callback"
CLIENT_ID = "app-1"
CLIENT_SECRET = "CANARY-client-secret"
FIRST_CODE = "CANARY-code-1"

Fault = Response | Exception | Callable[[], Response]


def reply(status: int, content: object, **headers: str) -> Response:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, Headers({"Content-Type": "application/json", **fields}), json.dumps(content).encode())


def html(status: int = 200) -> Response:
    return Response(status, Headers({"Content-Type": "text/html"}), b"<html>maintenance</html>")


def clients_of(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs((request.body or b"").decode()).items()}


@define
class Server:
    """Clio, as far as tokens go: every GET with a valid token is answered with `{}`."""

    clock: Clock = field(factory=Clock)
    rotation: str = "absent"
    """Of refresh tokens: absent, same, or new (each works once, and one that comes again is refused)."""
    expires_in: object = 1000
    serial: int = 0
    access: dict[str, float] = field(factory=dict)
    """When each access token ends."""
    refresh: set[str] = field(factory=set)
    codes: set[str] = field(factory=lambda: {FIRST_CODE})
    refuse_all: bool = False
    """Whether the API refuses every token."""
    faults: list[tuple[str, Fault]] = field(factory=list)
    """before: instead of acting. after: the server has acted, and this is what arrives."""
    steps: int = 0
    """How many times the token endpoint lets other tasks run before it answers."""
    hold: anyio.Event | None = None
    """What the token endpoint waits for."""
    tokens: list[dict[str, str]] = field(factory=list)
    """The forms of all requests to the token endpoint."""
    calls: list[Request] = field(factory=list)
    ended: list[str] = field(factory=list)
    etags: bool = False

    async def __call__(self, request: Request) -> Response:
        path = request.url.removeprefix(ORIGIN)
        if path == "/oauth/token":
            return await self._token(request)
        if path == "/oauth/deauthorize":
            return self._deauthorize(request)
        self.calls.append(request)
        for _ in range(min(self.steps, 1)):
            await anyio.lowlevel.checkpoint()
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.refuse_all or self.access.get(token, 0) <= self.clock.now:
            said = {"error": "invalid_token", "error_description": "The access token expired"}
            return reply(401, said)
        return reply(200, {"data": {"id": 1}}, **({"ETag": '"a"'} if self.etags else {}))

    def grant(self) -> dict[str, object]:
        """Make a token, and another refresh token if it rotates."""
        self.serial += 1
        token = f"CANARY-access-{self.serial}"
        lifetime = self.expires_in if isinstance(self.expires_in, int | float) else 1e6
        self.access[token] = self.clock.now + lifetime
        answer: dict[str, object] = {"token_type": "bearer", "access_token": token, "expires_in": self.expires_in}
        if not self.refresh or self.rotation == "new":
            self.refresh = {f"CANARY-refresh-{self.serial}"}
        elif self.rotation == "absent":
            return answer
        return answer | {"refresh_token": next(iter(self.refresh))}

    async def _token(self, request: Request) -> Response:
        form = clients_of(request)
        self.tokens.append(form)
        if self.hold is not None:
            await self.hold.wait()
        for _ in range(self.steps):
            await anyio.lowlevel.checkpoint()
        when, fault = self.faults.pop(0) if self.faults else ("", None)
        answer = None if when == "before" else self._answered(form)
        if isinstance(fault, Exception):
            raise fault
        if fault is not None:
            return fault() if callable(fault) else fault
        assert answer is not None
        return answer

    def _answered(self, form: dict[str, str]) -> Response:
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return reply(401, {"error": "invalid_client"})
        if form["grant_type"] == "authorization_code":
            if form["code"] not in self.codes:
                return reply(400, {"error": "invalid_grant"})
            self.codes.discard(form["code"])
            self.refresh = set()
            return reply(200, self.grant())
        if form["refresh_token"] not in self.refresh:
            return reply(400, {"error": "invalid_grant"})
        return reply(200, self.grant())

    def _deauthorize(self, request: Request) -> Response:
        _, fault = self.faults.pop(0) if self.faults else ("", None)
        if isinstance(fault, Exception):
            raise fault
        if fault is not None:
            return fault() if callable(fault) else fault
        self.ended.append(clients_of(request)["token"])
        assert request.headers["authorization"] == f"Bearer {self.ended[-1]}"
        return Response(200 if self.access.pop(self.ended[-1], None) else 401)

    def revoke(self) -> None:
        """The user takes the app's permission away."""
        self.access.clear()
        self.refresh = {"another"}

    @property
    def refreshes(self) -> int:
        return sum(form["grant_type"] == "refresh_token" for form in self.tokens)


class Shelf(TokenStore):
    """Tokens in a dict. `fail` names methods that raise, `on_save` runs before each save."""

    def __init__(self, *, locks: bool = True) -> None:
        self.held: dict[str, str] = {}
        self.fail: set[str] = set()
        self.failing_after_save = False
        self.on_save: list[Callable[[], None]] = []
        self.saves = 0
        self.loads = 0
        self.locks = locks
        self.locked = 0

    def token(self, key: str = "firm") -> Token:
        return Token.from_json(self.held[key])

    def put(self, token: Token, key: str = "firm") -> None:
        self.held[key] = token.to_json()

    def _check(self, name: str) -> None:
        if name in self.fail:
            raise TokenStoreError("The disk is full.")

    async def load(self, key: str) -> Token | None:
        await anyio.lowlevel.checkpoint()
        self.loads += 1
        self._check("load")
        return self.token(key) if key in self.held else None

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        await anyio.lowlevel.checkpoint()
        self.saves += 1
        if self.on_save:
            self.on_save.pop(0)()
        self._check("save")
        held = self.token(key) if key in self.held else None
        if (held and held.revision) != (previous and previous.revision):
            return False
        if token is None:
            self.held.pop(key, None)
        else:
            self.put(token, key)
        self._check("after save")
        return True

    def lock(self, key: str) -> AbstractAsyncContextManager[object]:
        return self._lock() if self.locks else super().lock(key)

    @asynccontextmanager
    async def _lock(self):
        self._check("lock")
        assert self.locked == 0, "two in one lock"
        self.locked += 1
        try:
            yield
        finally:
            self.locked -= 1
        self._check("unlock")


@define
class World:
    """A server, an app at it, a store with one grant, and a client for it."""

    server: Server
    shelf: Shelf
    app: OAuthApp
    clock: Clock
    wall: Clock
    transport: MemoryTransport
    grant: OAuthGrant
    clio: Clio
    names: list[int]

    def other_app(self) -> OAuthApp:
        """The same app in another process."""
        return app_of(self.transport, self.clock, self.wall, self.names)

    def client(self, grant: OAuthGrant, **options: object) -> Clio:
        settings = {"limiter": None, "timeout": None, "clock": self.clock, "wall_clock": self.wall, **options}
        return Clio(grant, base_url=BASE, transport=self.transport, **settings)  # type: ignore[arg-type]

    def pass_(self, seconds: float) -> None:
        """Let time pass, on both clocks."""
        self.clock.now += seconds
        self.wall.now += seconds

    def expire(self) -> None:
        """Let the access token come to its end."""
        self.pass_(1001)


def app_of(
    transport: MemoryTransport | None, clock: Clock, wall: Clock, names: list[int], **options: object
) -> OAuthApp:
    def name() -> str:
        names.append(len(names))
        return f"name-{len(names)}"

    settings: dict[str, object] = {
        "redirect_uri": REDIRECT,
        "base_url": BASE,
        "transport": transport,
        "clock": clock,
        "wall_clock": wall,
        "random": lambda: 0.0,
        "token": name,
        **options,
    }
    return OAuthApp(CLIENT_ID, CLIENT_SECRET, **settings)  # type: ignore[arg-type]


async def world(*, server: Server | None = None, shelf: Shelf | None = None, **options: object) -> World:
    """Build everything, with the first token just exchanged."""
    server = server or Server()
    shelf = shelf or Shelf()
    clock, wall, names = server.clock, Clock(1_700_000_000.0), []
    transport = MemoryTransport(server, clock=clock)
    app = app_of(transport, clock, wall, names)
    approval = app.authorize()
    grant = await app.exchange(f"{REDIRECT}?code={FIRST_CODE}&state={approval.state}", approval, shelf, "firm")
    made = World(server, shelf, app, clock, wall, transport, grant, None, names)  # type: ignore[arg-type]
    made.clio = made.client(grant, **options)
    return made


def lost() -> Exception:
    return NotSent("Nothing was sent to http://localhost: the test says so.")
