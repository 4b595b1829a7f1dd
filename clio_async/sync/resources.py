"""The resources of a synchronous client: one class for each, made of the asynchronous one when it is first used."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping
from functools import lru_cache, wraps
from inspect import getattr_static, getdoc, iscoroutinefunction, signature
from os import PathLike
from types import CoroutineType
from typing import TYPE_CHECKING, Any, ClassVar, cast

from ..changes import Changes
from ..models import registry
from ..pages import Pages
from ..protocol.shapes import is_mapping
from ..transfers import heard
from .absent import VERBS
from .calls import Call, Heard
from .downloads import Downloading
from .edits import SyncEdit, edited
from .fresh import MISSED, answered
from .pages import SyncChanges, SyncPages
from .process import check_thread
from .seat import Seat, uncopied
from .words import synchronous

__all__ = ["SyncResource", "class_of"]


class SyncResource:
    """A resource of one synchronous client."""

    __slots__ = ("_fresh", "_resource", "_seat")

    _name: ClassVar[str]

    def __init__(self, seat: Seat, resource: Any, fresh: Any = None) -> None:
        self._seat = seat
        self._resource = resource
        self._fresh = fresh

    def __repr__(self) -> str:
        return repr(self._resource)

    __reduce_ex__ = uncopied

    if not TYPE_CHECKING:  # it is asked for what is not there alone

        def __getattr__(self, name: str) -> Any:
            from ..resources.misnamed import misnamed

            raise misnamed(self, name, VERBS.get((type(self)._name, name), ""))  # noqa: SLF001


@lru_cache(256)
def class_of(asynchronous: type) -> type[SyncResource]:
    """Return the class whose verbs wait for those of another one."""
    name: str = getattr(asynchronous, "_name", "")
    members: dict[str, Any] = {"__slots__": (), "_name": name, "__doc__": synchronous(getdoc(asynchronous) or "")}
    for attribute in dir(asynchronous):
        if not attribute.startswith("_") and (name, attribute) not in VERBS:
            members[attribute] = _member(name, attribute, getattr_static(asynchronous, attribute))
    return cast("type[SyncResource]", type(asynchronous.__name__, (SyncResource,), members))


def _member(resource: str, name: str, found: Any) -> Any:
    parameters = signature(found).parameters
    verb: Callable[..., Any]
    if name == "edit":
        verb = _edit(found)
    elif resource == "webhooks" and name == "ensure":
        verb = _ensure(found)
    elif name == "upload":
        verb = _upload(found)
    elif "progress" in parameters:
        verb = _telling(found) if iscoroutinefunction(found) else _download(found)
    elif iscoroutinefunction(found):
        verb = _fresh(found) if _reads(resource, name) else _waiting(found)
    else:
        verb = _other(found)
    wrapped = wraps(found)(verb)
    wrapped.__doc__ = synchronous(found.__doc__ or "")
    return wrapped


def _reads(resource: str, action: str) -> bool:
    """Whether a verb is one request that reads one record."""
    found = registry.resource(resource).operations.get(action) if resource in registry.resource_names() else None
    return found is not None and found.method == "GET" and found.answer == "record"


_END: Any = object()

_Coroutines = Callable[..., Coroutine[Any, Any, Any]]


def _waiting(begin: _Coroutines) -> Callable[..., Any]:
    def verb(self: SyncResource, /, *args: Any, **kwargs: Any) -> Any:
        return self._seat.run(begin(self._resource, *args, **kwargs))

    return verb


def _fresh(begin: _Coroutines) -> Callable[..., Any]:
    def verb(self: SyncResource, /, *args: Any, **kwargs: Any) -> Any:
        if self._fresh is not None and not (kwargs and _is_read_once(kwargs)):
            check_thread()  # or what is a mistake would be noticed only when nothing is held
            found = answered(begin, self._fresh, args, kwargs)
            if found is not MISSED:
                return found
        return self._seat.run(begin(self._resource, *args, **kwargs))

    return verb


def _is_read_once(kwargs: Mapping[str, Any]) -> bool:
    """Whether an argument can be read once only, so that a first try would leave nothing of it."""
    extra = kwargs.get("extra_query")
    given: list[object] = [*kwargs.values()]
    if is_mapping(extra):
        given += extra.values()
    return any(isinstance(each, Iterator) for each in given)


def _other(function: Callable[..., Any]) -> Callable[..., Any]:
    def verb(self: SyncResource, /, *args: Any, **kwargs: Any) -> Any:
        found = function(self._resource, *args, **kwargs)
        form = _FORMS.get(found.__class__)
        return found if form is None else form(self._seat, found)

    return verb


_FORMS: dict[type, Callable[[Seat, Any], Any]] = {Pages: SyncPages, Changes: SyncChanges, CoroutineType: Seat.run}
"""A coroutine is what is left of a verb that has taken its arguments apart, in the thread that calls."""


def _edit(begin: Callable[..., Any]) -> Callable[..., Any]:
    def verb(self: SyncResource, target: Any, change: Any = None, /, **options: Any) -> Any:
        if change is not None:
            return edited(self._seat, self._resource, target, change, options)
        return SyncEdit(self._seat, begin(self._resource, target, **options))

    return verb


def _ensure(begin: _Coroutines) -> Callable[..., Any]:
    def verb(self: SyncResource, /, **kwargs: Any) -> Any:
        from .ensured import SyncEnsured  # for a few calls alone

        return SyncEnsured(self._seat, self._seat.run(begin(self._resource, **kwargs)))

    return verb


def _download(begin: Callable[..., Any]) -> Callable[..., Any]:
    def verb(self: SyncResource, /, *args: Any, progress: Any = None, **kwargs: Any) -> Any:
        def begun(told: Any) -> Any:
            return begin(self._resource, *args, progress=told, **kwargs)

        return Downloading(self._seat, begun, heard(progress))

    return verb


def _telling(begin: _Coroutines) -> Callable[..., Any]:
    def verb(self: SyncResource, /, *args: Any, progress: Any = None, **kwargs: Any) -> Any:
        call = self._seat.call()
        return _told(self, call, begin, args, progress, kwargs)

    return verb


def _upload(begin: _Coroutines) -> Callable[..., Any]:
    def verb(self: SyncResource, source: Any, /, *, progress: Any = None, **kwargs: Any) -> Any:
        call = self._seat.call()
        if not _is_iterable(source):
            return _told(self, call, begin, (source,), progress, kwargs)
        iterator = iter(source)
        try:
            return _told(self, call, begin, (_Asked(call, iterator),), progress, kwargs)
        finally:
            close = getattr(iterator, "close", None)
            if close is not None:  # nobody could read on in what was read in part
                close()

    return verb


def _told(
    self: SyncResource, call: Call, begin: _Coroutines, args: tuple[Any, ...], progress: Any, kwargs: dict[str, Any]
) -> Any:
    """Run a verb; `progress` is called in the thread that waits."""
    seat = self._seat
    if heard(progress) is None:
        return seat.run(begin(self._resource, *args, **kwargs), call)
    told = Heard(call, progress)
    found = seat.run(begin(self._resource, *args, progress=told, **kwargs), call)
    if told.raised is not None:
        which = getattr(found, "id", None)
        named = f" {which}" if isinstance(which, int) else ""
        told.raised.add_note(f"What was asked for is done nevertheless: {type(found).__name__}{named} is there.")
        told.check()
    return found


def _is_iterable(source: object) -> bool:
    """Whether a source is bytes that come one by one, and that the waiting thread is to ask for."""
    if isinstance(source, str | PathLike | bytes | bytearray | memoryview | AsyncIterable):
        return False
    return not callable(getattr(source, "read", None)) and isinstance(source, Iterable)


class _Asked(AsyncIterator[Any]):
    """What an iterator yields, in the thread that waits for the call."""

    def __init__(self, call: Call, iterator: Iterator[Any]) -> None:
        self._call = call
        self._iterator = iterator

    async def __anext__(self) -> Any:
        found = await self._call.ask(next, self._iterator, _END)
        if found is _END:
            raise StopAsyncIteration
        return found
