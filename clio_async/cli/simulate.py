"""`clio-async simulate`: a made-up Clio on a port of this machine."""

from __future__ import annotations

import json
import os
import secrets
import signal
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from difflib import get_close_matches
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import anyio
from attrs import evolve
from cyclopts import Parameter
from rich.console import Console

from ..errors import InvalidArgument
from ..options import TagScope
from ..testing.simulator import Address, Clock, Regime, Simulator, delivering, serve, towards
from ..testing.simulator.regime import TagForm
from ..transport.aiohttp import AiohttpTransport
from .exits import exit_status

__all__ = ["simulate"]


_ANSWERS = {name: regime for name, regime in Regime.every() if "=" in name}
AS_IS = "as-is"
_CALLBACKS = ("http://127.0.0.1/callback", "http://127.0.0.1:8917/callback", "/oauth/approval")


def _known(_: type, names: Sequence[str] | None) -> None:
    """Check the names of answers, as cyclopts wants it."""
    for name in names or ():
        if name not in _ANSWERS:
            raise ValueError(f"{name!r} is not known. {_nearest(name.partition('=')[0])}")


def _nearest(option: str) -> str:
    """Say what can be answered to an option, or which options are named most like it."""
    answers = [name for name in _ANSWERS if name.partition("=")[0] == option]
    if answers:
        return f"There are {', '.join(answers)}."
    options = dict.fromkeys(name.partition("=")[0] for name in _ANSWERS)
    return f"The nearest options are {', '.join(get_close_matches(option, options, n=3, cutoff=0.0))}."


def _registrable(_: type, uris: Sequence[str] | None) -> None:
    """Check redirect URIs, as cyclopts wants it."""
    Simulator().app(redirect_uris=uris or ())


def _served(_: type, versions: Sequence[str] | None) -> None:
    """Check API versions, as cyclopts wants it."""
    Simulator(versions=versions)


def _origin(_: type, given: str | None) -> None:
    """Check where webhooks go to, as cyclopts wants it."""
    address = urlsplit(given or AS_IS)
    if given not in {None, AS_IS} and not (address.scheme in {"http", "https"} and address.netloc):
        raise ValueError(f'{given!r} is no origin: it looks like http://127.0.0.1:8000; or say "{AS_IS}".')


def simulate(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    storage_port: int = 0,
    kept: int | None = None,
    matters: int = 2_000,
    contacts: int | None = None,
    tasks: int | None = None,
    users: int = 5,
    seed: int = 0,
    token: list[str] | None = None,
    tag_scope: TagScope = "record",
    tag_form: TagForm = "strong",
    if_match: Literal["body", "header", "both", "ignored"] = "body",
    rate_limit: int | None = None,
    rate_window: float = 60.0,
    versions: Annotated[list[str] | None, Parameter(validator=_served, negative="")] = None,
    retired: list[str] | None = None,
    regime: Annotated[list[str] | None, Parameter(validator=_known)] = None,
    client_id: str | None = None,
    client_secret: str | None = None,
    redirect_uri: Annotated[list[str] | None, Parameter(validator=_registrable)] = None,
    gzip: bool = False,
    webhooks: Annotated[str | None, Parameter(validator=_origin)] = None,
    control_token: str | None = None,
) -> None:
    """Serve a made-up Clio until SIGINT or SIGTERM.

    One line of JSON on standard output says when it is ready: `url`, `storage`, `tokens`, `client_id`, `client_secret`,
    `redirect_uris`, `control_token`, `pid`. OAuth is at /oauth/authorize and /oauth/token of the same address; the
    first user approves whatever is asked. Downloads lead to `storage`, another address.

    Args:
        host: The address to listen on. There is no TLS: keep it on loopback.
        port: The port; 0 takes a free one.
        storage_port: The port where files are; 0 takes a free one.
        kept: Bytes of an uploaded file, or part of one, that are kept. Of a larger one there is the length and the
            digest, and it cannot be had. 64 MiB unless given.
        matters: How many matters the firm has. It costs nothing.
        contacts: How many contacts; half as many as matters unless given.
        tasks: How many tasks; twice as many as matters unless given.
        users: How many users.
        seed: The same seed makes the same firm.
        token: An access token of the first user; a second one is of the second user, and so on. Made up unless given.
        tag_scope: What the ETag header names.
        tag_form: The form of the ETag header.
        if_match: Which form of a tag If-Match takes.
        rate_limit: Requests for each token in a window; no limit unless given.
        rate_window: The length of the window in seconds.
        versions: An API version that is served; may be repeated. The last one answers where none is asked for. The
            newest alone unless given.
        retired: API versions that are answered with 410.
        regime: Another answer to what is not known about Clio, such as refresh_token=new; may be repeated. The options
            are the fields of clio_async.testing.Regime; one without a value is answered with its values.
        client_id: The id of the app that may ask for tokens; made up unless given.
        client_secret: Its secret; made up unless given.
        redirect_uri: An address that the app may be called at, exactly; may be repeated. One that begins with / is at
            the address that is served. Unless given: http://127.0.0.1/callback, the same at port 8917, where login
            waits, and /oauth/approval.
        gzip: Compress answers where it is accepted.
        webhooks: Deliver webhooks to this origin, such as http://127.0.0.1:8000, with the path and query of their own
            address, which has to begin with https; "as-is" delivers to that. Nothing is delivered unless given.
        control_token: The token of the control endpoint, /_simulator/; made up unless given.
    """
    limit = None if rate_limit is None else (rate_limit, rate_window)
    chosen = Regime(tag_scope=tag_scope, tag_form=tag_form, if_match=if_match, rate_limit=limit)
    chosen = _with(chosen if retired is None else evolve(chosen, retired=frozenset(retired)), regime or [])
    simulator = Simulator(
        seed=seed,
        matters=matters,
        contacts=max(1, matters // 2) if contacts is None else contacts,
        tasks=2 * matters if tasks is None else tasks,
        users=users,
        regime=chosen,
        versions=versions,
        clock=Clock(time.time),
    )
    simulator.storage.kept = simulator.storage.kept if kept is None else kept
    tokens = [
        simulator.token(user=number, text=text) for number, text in enumerate(token or [secrets.token_hex(16)], 1)
    ]
    app = simulator.app(
        client_id=client_id or secrets.token_hex(16),
        client_secret=client_secret or secrets.token_hex(16),
        redirect_uris=redirect_uri or _CALLBACKS,
    )
    shown: dict[str, Any] = {"tokens": tokens, "client_id": app.client_id, "client_secret": app.client_secret}
    shown |= {"redirect_uris": app.redirect_uris, "control_token": control_token or secrets.token_hex(16)}
    with exit_status():
        served = _listening(
            simulator, host=host, ports=(port, storage_port), gzip=gzip, control_token=shown["control_token"]
        )
        anyio.run(_serve, simulator, served, webhooks, shown)


@asynccontextmanager
async def _listening(
    simulator: Simulator, *, host: str, ports: tuple[int, int], **more: Any
) -> AsyncGenerator[Address]:
    """Serve the simulator while the block runs.

    :raises InvalidArgument: for a port that cannot be.
    :raises OSError: if one cannot be listened on; its text says what to do.
    """
    if not all(0 <= port <= 65_535 for port in ports):
        raise InvalidArgument("--port and --storage-port are from 0 to 65535; 0 takes a free one.")
    async with AsyncExitStack() as stack:
        try:
            opened = serve(simulator, host=host, port=ports[0], storage_port=ports[1], **more)
            address = await stack.enter_async_context(opened)
        except OSError as error:
            named = " or ".join(str(port) for port in ports if port) or "0"
            raise OSError(
                f"Port {named} of {host} cannot be listened on ({error.strerror or 'no reason given'}). If another "
                "simulator runs there, end it; else choose another one, or none for one that is free."
            ) from None
        yield address


def _with(regime: Regime, names: Sequence[str]) -> Regime:
    """Return the regime with the answers of those names."""
    for name in names:
        option = name.partition("=")[0]
        changed: dict[str, Any] = {option: getattr(_ANSWERS[name], option)}
        regime = evolve(regime, **changed)
    return regime


async def _serve(
    simulator: Simulator, served: AbstractAsyncContextManager[Address], webhooks: str | None, shown: dict[str, Any]
) -> None:
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with served as address, _deliver(simulator, webhooks):
            _announce(address, shown | {"storage": address.storage_url})
            async for _ in signals:
                break
    Console(stderr=True, highlight=False).print(f"{simulator.log.requests} requests answered.")


@asynccontextmanager
async def _deliver(simulator: Simulator, webhooks: str | None) -> AsyncGenerator[None, None]:
    """Deliver webhooks while the block runs, if they are to be."""
    if webhooks is None:
        yield
        return
    async with AiohttpTransport() as transport:
        send = transport.send if webhooks == AS_IS else towards(webhooks, transport.send)
        async with delivering(simulator, send):
            yield


def _announce(address: Address, shown: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps({"url": address.url, **shown, "pid": os.getpid()}) + "\n")
    sys.stdout.flush()
