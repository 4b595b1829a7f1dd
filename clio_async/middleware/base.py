"""The seam between layers: `Handler`, `Middleware` and `compose`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol, TypeAlias

from ..messages import Request, Response

__all__ = ["Handler", "Middleware", "compose"]

Handler: TypeAlias = Callable[[Request], Awaitable[Response]]


class Middleware(Protocol):
    """One layer of the chain. It keeps nothing of its own that has to be opened or closed."""

    def __call__(self, request: Request, call_next: Handler, /) -> Awaitable[Response]:
        """Answer `request`, with the help of `call_next` as often as is needed.

        A status is a value here, whatever it is; exceptions are those of the transport.
        """
        ...


def compose(layers: Iterable[Middleware], send: Handler) -> Handler:
    """Return one handler that passes a request through `layers`, the first being the outermost, to `send`."""
    handler = send
    for layer in reversed([*layers]):
        handler = _bind(layer, handler)
    return handler


def _bind(layer: Middleware, call_next: Handler) -> Handler:
    call = layer.__call__  # bound once: calling the object itself costs a second look-up per request
    return lambda request: call(request, call_next)
