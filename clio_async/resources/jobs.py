"""`wait`: until Clio has made what was asked for, such as a report or an archive of documents."""

# ruff: noqa: ASYNC109 - a job goes on without us, and the error says which
from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, overload

import anyio

from ..errors import (
    BadRequest,
    DecodeError,
    Gone,
    JobEmpty,
    JobFailed,
    JobTimeout,
    NotFound,
    RateLimited,
    SchemaError,
    ServerError,
    TransportError,
    UnprocessableEntity,
)
from ..models import registry
from ..models.selection import select_records
from ..options import check_seconds
from ..protocol.polling import State, next_pause, percent_of, state_of
from ..secrets import Secret
from ..transfers import OnProgress, Progress, heard
from .base import ExtraJson, ExtraQuery, Fields, HasId, Names, ResourceBase

__all__ = ["PATIENCE", "Waiting", "WaitsForJobs"]

R = TypeVar("R")
T = TypeVar("T")

PATIENCE: Final = 600.0
"""For how many seconds a job is waited for unless it is said."""
_READ: Final = ("id", "etag", "state", "progress", "message")
_FOR_LATER: Final = (RateLimited, ServerError, TransportError)
_UNREADABLE: Final = 3
"""Answers in a row that are not JSON before they are told: a page of a proxy's passes, one to sign in on does not."""
_TOO_SOON: Final = (BadRequest, NotFound, UnprocessableEntity)
"""What a download may be answered with while there is no file yet."""


class WaitsForJobs(ResourceBase, Generic[R]):
    """A resource whose records stand for jobs, which go on after they were asked for."""

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        async def wait(
            self,
            id: int | HasId,
            /,
            *,
            fields: type[T],
            timeout: float | None = PATIENCE,
            progress: OnProgress | None = None,
        ) -> T: ...
        @overload
        async def wait(
            self,
            id: int | HasId,
            /,
            *,
            fields: Names = None,
            timeout: float | None = PATIENCE,
            progress: OnProgress | None = None,
        ) -> R: ...

    async def wait(
        self,
        id: int | HasId,
        /,
        *,
        fields: Fields = None,
        timeout: float | None = PATIENCE,
        progress: OnProgress | None = None,
    ) -> Any:
        """Wait until one that was begun is there, and return its record.

        It is read again and again, at most 15 times a minute, after pauses of up to 15 seconds. These reads give way
        to other calls where quota is short, and one that fails for the moment is repeated. `timeout` is in seconds,
        None for no bound; `progress` is called with what is done, in percent. Whoever stops to wait stops nothing at
        Clio. See https://docs.developers.clio.com/api-reference/.

        :raises JobFailed: if Clio could not make it.
        :raises JobEmpty: if there was nothing to put into it.
        :raises JobTimeout: if it was not there in time. Wait for its `record` again.
        """
        return await Waiting(self, fields, timeout, progress).until_ended(id)

    async def _redirect(
        self, action: str, ids: tuple[object, ...], given: Mapping[str, Any], extra: ExtraQuery | None
    ) -> Secret:
        try:
            return await super()._redirect(action, ids, given, extra)
        except _TOO_SOON as error:
            error.add_note(f"Or it is not finished yet: clio.{self._name}.wait({_id_of(ids[0])}) waits for it.")
            raise

    async def _run(
        self,
        given: Mapping[str, Any],
        fields: Fields,
        timeout: float | None,
        progress: OnProgress | None,
        extra_query: ExtraQuery | None,
        extra_json: ExtraJson | None,
    ) -> Any:
        """Create one, and wait for it."""
        waiting = Waiting(self, fields, timeout, progress)
        beginning = self._write("create", (), waiting.read, given, extra_query, extra_json)
        del given, extra_query, extra_json  # a traceback may show it
        return await waiting.for_new(beginning)


class Waiting:
    """One wait for one job."""

    def __init__(
        self, resource: ResourceBase, fields: Fields, timeout: float | None, progress: OnProgress | None
    ) -> None:
        check_seconds("timeout", timeout)
        self._resource = resource
        self._caller = resource._caller  # noqa: SLF001 - of the resource that this is a part of
        self._name = resource._name  # noqa: SLF001
        self._fields = fields
        self._timeout = timeout
        self._progress = heard(progress)
        self._began = self._caller.now()
        self._failed: Exception | None = None
        self._unreadable = 0
        operation = resource._operation("get")  # noqa: SLF001
        select_records(operation.schema or "", fields)  # a mistake is found before anything is begun
        known = registry.schema(operation.schema or "").fields
        self.read: Names = None if fields is None else tuple(name for name in _READ if name in known)
        """What is read of the record to see how far the job is."""

    async def for_new(self, beginning: Awaitable[Any]) -> Any:
        """Wait for the job of the record that a write returns.

        :raises SchemaError: if that has no id.
        """
        seen = await beginning
        number = getattr(seen, "id", None)
        if not isinstance(number, int):
            raise SchemaError(
                f"A record of {self._name} came without an id: the job goes on at Clio, and cannot be waited for.",
                path="data.id",
            )
        self._began = self._caller.now()
        return await self.until_ended(number, seen)

    async def until_ended(self, id: int | HasId, seen: Any = None) -> Any:
        """Return the record when the job is done. `seen` is what is known of it already."""
        try:
            if seen is None:
                seen = await self._look(id, self.read)
            while seen is None or self._is_running(seen):
                await self._pause(id, seen)
                latest = await self._look(id, self.read)
                seen = seen if latest is None else latest
            return seen if self._fields is None else await self._shown(id, seen)
        except (JobEmpty, JobFailed, JobTimeout):
            raise
        except (Gone, NotFound) as error:
            error.add_note("Clio has no such job (any more), or does not show it to this user: ask for it anew.")
            raise
        except Exception as error:
            error.add_note(f"The job goes on at Clio: clio.{self._name}.wait({_id_of(id)}) waits for it again.")
            raise

    async def _shown(self, id: int | HasId, seen: Any) -> Any:
        """Read what the caller wants to see of the record."""
        while True:
            found = await self._look(id, self._fields)
            if found is not None:
                return found
            await self._pause(id, seen)

    def _is_running(self, seen: Any) -> bool:
        """Say how far the job is, and whether it goes on.

        :raises JobError: if it has ended without a result.
        """
        state = state_of(getattr(seen, "state", None))
        self._tell(state, seen)
        if state == "failed":
            raise JobFailed(f"Clio could not finish {self._named(seen)}. Ask for it anew.", record=seen)
        if state == "empty":
            raise JobEmpty(f"{self._named(seen)} is finished, and there was nothing to put into it.", record=seen)
        return state == "running"

    def _tell(self, state: State, seen: Any) -> None:
        if self._progress is None or state in {"failed", "empty"}:
            return
        percent = _percent(seen)
        total = None if percent is None and state == "running" else 100
        if state == "running":
            self._progress(Progress("waiting", percent or 0, total))
        else:
            self._progress(Progress("done", 100, total))

    async def _look(self, id: int | HasId, fields: Fields) -> Any:
        """Read the record, behind the calls that somebody waits for. None if that may go better later."""
        left = self._left()
        if left is not None and left <= 0:
            return None
        quiet: Any = type(self._resource)(self._caller.unhurried(left))
        try:
            found = await quiet.get(id, fields=fields)
        except _FOR_LATER as error:
            self._failed = error
            return None
        except SchemaError:
            raise
        except DecodeError as error:
            self._failed, self._unreadable = error, self._unreadable + 1
            if self._unreadable >= _UNREADABLE:
                raise
            return None
        self._unreadable = 0
        self._check_id(id, found)
        return found

    def _check_id(self, id: int | HasId, found: Any) -> None:
        """Compare what was answered with what was asked for.

        :raises SchemaError: if it is another record.
        """
        asked, given = _id_of(id), getattr(found, "id", None)
        if given is not None and str(given) != str(asked):
            raise SchemaError(f"{self._name} {asked} was answered with the record of another id.", path="data.id")

    async def _pause(self, id: int | HasId, seen: Any) -> None:
        """Wait until it is worth to look again.

        :raises JobTimeout: if the time is over before that.
        """
        left = self._left()
        elapsed = self._caller.now() - self._began
        pause = next_pause(elapsed, _percent(seen), self._caller.random())
        if left is None or pause < left:
            await anyio.sleep(pause)
            return
        await anyio.sleep(max(left, 0))
        raise JobTimeout(
            f"{self._name} {_id_of(id)} was not finished after {self._timeout:g} s, and goes on at Clio: "
            f"clio.{self._name}.wait({_id_of(id)}) waits for it again.",
            record=seen,
        ) from self._failed

    def _left(self) -> float | None:
        return None if self._timeout is None else self._began + self._timeout - self._caller.now()

    def _named(self, seen: Any) -> str:
        return f"{self._name} {_id_of(seen)}"


def _percent(seen: Any) -> int | None:
    return percent_of(getattr(seen, "progress", None))


def _id_of(given: Any) -> object:
    return getattr(given, "id", given)
