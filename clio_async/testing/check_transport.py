"""The contract of `Transport` as a suite that every implementation can run."""

from __future__ import annotations

import anyio

from ._transport import faults, framing, incoming, lifecycle, messages, outgoing
from ._transport.expect import Factory

__all__ = ["CHECKS", "PLAIN_CHECKS", "check_transport"]

PLAIN_CHECKS = (
    *messages.PLAIN_CHECKS,
    *faults.PLAIN_CHECKS,
    *lifecycle.PLAIN_CHECKS,
    *outgoing.PLAIN_CHECKS,
)
"""Checks that need no server: the only ones for a transport without sockets."""

CHECKS = (
    *messages.CHECKS,
    *framing.CHECKS,
    *faults.CHECKS,
    *lifecycle.CHECKS,
    *outgoing.CHECKS,
    *incoming.CHECKS,
    *PLAIN_CHECKS,
)
"""All checks. Each is a coroutine function that takes a factory; its name and docstring say what must hold. They can
parametrize a test: ``@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)``."""


async def check_transport(factory: Factory, *, sockets: bool = True) -> None:
    """Check a transport against the contract, over a server on loopback that breaks what can break.

    `factory` makes a transport each time it is called. It is given some of the options ``max_body``, ``limit``, ``ssl``
    and ``allow_unframed``, which mean what they mean for `AiohttpTransport`. It runs on every backend of anyio that the
    transport supports. With ``sockets=False`` only what needs no server is checked. The check of certificates needs the
    package ``trustme``.

    :raises AssertionError: at the first thing that does not hold, saying what.
    """
    for check in CHECKS if sockets else PLAIN_CHECKS:
        with anyio.fail_after(60):
            try:
                await check(factory)
            except Exception as error:
                raise AssertionError(f"{check.__name__}: {check.__doc__}") from error
