"""`Reply`: what is to be answered to a request that came to a webhook."""

from __future__ import annotations

from typing import NoReturn

from attrs import field, frozen

__all__ = ["Reply"]


@frozen
class Reply:
    """What is to be answered. It may carry the secret of a handshake, so it does not show its header fields."""

    status: int
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = b""
    error: Exception | None = None
    """What the application's handler, or a store, has failed with: for whoever logs errors, never for the answer."""

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Reply is not pickled: it may carry a secret")
