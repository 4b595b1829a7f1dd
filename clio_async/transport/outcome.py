"""How far an exchange got, and the error that says so."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from types import TracebackType
from typing import TypeAlias

from ..errors import (
    ClientClosed,
    ClioError,
    MaybeSent,
    MaybeSentTimeout,
    NotSent,
    NotSentTimeout,
    ResponseBroken,
    ResponseTimeout,
)
from .outgoing import SourceFailed
from .wire import Target

Translate: TypeAlias = "Callable[[Exception, Outcome], ClioError]"
"""Say in our words what a library reports."""

__all__ = ["Guarded", "Outcome", "Translate"]


class Outcome:
    """Follow one exchange. What it knows of the request is the origin: its errors can hold nothing else."""

    __slots__ = ("_origin", "sent", "status")

    def __init__(self, target: Target) -> None:
        self._origin = target.origin
        self.sent = False
        """Whether a byte of the request may have left."""
        self.status = 0
        """The status that came back, 0 while there is none."""

    def failed(self, reason: str) -> ClioError:
        """Return the error for a connection that failed. `reason` must not repeat anything of the request."""
        if self.status:
            return ResponseBroken(f"{self._origin} began to answer, but {reason}.", status=self.status)
        if self.sent:
            return MaybeSent(f"The request was sent to {self._origin}, but {reason} before a status came back.")
        return NotSent(f"Nothing was sent to {self._origin}: {reason}.")

    def malformed(self, reason: str) -> ClioError:
        """Return the error for an answer that is not HTTP: nothing in it can be believed, also not its status."""
        if not self.sent:
            return self.failed(reason)
        return ResponseBroken(f"{self._origin} answered, but {reason}.", status=self.status or None)

    def premature(self) -> ClioError | None:
        """Return the error for a success that came before the whole request had left; None for another status."""
        if not 200 <= self.status < 300:
            return None
        return self.failed("it reported success before the request had left entirely")

    def timed_out(self, reason: str = "the time was over") -> ClioError:
        """Return the error for an exchange that took too long."""
        if self.status:
            return ResponseTimeout(f"{self._origin} began to answer, but {reason}.", status=self.status)
        if self.sent:
            return MaybeSentTimeout(f"The request was sent to {self._origin}, but {reason} before a status came back.")
        return NotSentTimeout(f"Nothing was sent to {self._origin}: {reason}.")

    def closed(self) -> ClioError:
        """Return the error for an exchange that was under way when its transport was closed."""
        if not self.sent:
            return ClientClosed("The transport was closed before the request was sent.")
        return self.failed("the transport was closed")


class Guarded(ABC):
    """Hold back the error of a guarded block, to be raised behind the block.

    There, no handler is active, so nothing hangs on it that holds header fields or bodies: no context, and none of the
    frames it came through.
    """

    __slots__ = ("_error", "outcome")

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self._error: Exception | None = None

    @abstractmethod
    def __enter__(self) -> None: ...

    @abstractmethod
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> bool:
        """Say whether something was held back."""

    def hold(self, error: Exception, translate: Translate) -> None:
        """Keep an error: ours and that of a source as they are, another one translated."""
        if isinstance(error, SourceFailed):
            self._error = error.reason
        elif isinstance(error, ClioError):
            error.__context__ = None
            self._error = error.with_traceback(None)
        else:
            self._error = translate(error, self.outcome)

    def error(self) -> Exception:
        """Return what ended the block, and forget it: kept, it would be a cycle of references."""
        error, self._error = self._error, None
        assert error is not None  # noqa: S101
        return error
