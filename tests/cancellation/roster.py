"""Every public call that may wait, read off the code, so that none is forgotten."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import clio_async
from clio_async import Clio, testing, webhooks
from clio_async.auth import loopback
from clio_async.resources.base import ResourceBase
from clio_async.resources.subscriptions.ensured import Ensured
from clio_async.versions import Versions
from clio_async.walking import ByPage, Records
from clio_async.webhooks.asgi import WebhookApp

__all__ = ["public_calls"]

_REACHED = (Versions, ByPage, Records, Ensured, WebhookApp, loopback.Receiver)
"""Classes that are not named by a package, and whose objects a caller is given."""
_DUNDERS = {"__aenter__", "__aexit__", "__aiter__", "__anext__", "__await__", "__call__"}
_WAITS = re.compile(
    r"^(Awaitable|Coroutine|AsyncIterator|AsyncGenerator|AbstractAsyncContextManager|AsyncContextManager|Pages|Changes)"
)


def public_calls() -> set[str]:
    """Return all of them, as ``Class.method`` of the class that has the code, or as the name of a function.

    Generated verbs that stand for one operation are left out: `tests.operations.calls.verbs` has them. One that is
    generated for many resources and made of others is ``*.verb``.
    """
    found: set[str] = set()
    for module in (clio_async, webhooks, testing):
        for name in module.__all__:
            thing = getattr(module, name)
            if inspect.isclass(thing):
                found |= {*_calls_of(thing)}
            elif callable(thing) and _may_wait(thing):
                found.add(name)
    for cls in _REACHED:
        found |= {*_calls_of(cls)}
    for resource in _resources():
        found |= {*_verbs_of(resource)}
    return found


def _resources() -> Iterator[type[ResourceBase]]:
    clio = Clio("nobody")
    for name in dir(clio):
        found = None if name.startswith("_") else getattr(clio, name)
        if isinstance(found, ResourceBase):
            yield type(found)


def _calls_of(cls: type) -> Iterator[str]:
    if getattr(cls, "_is_protocol", False) or issubclass(cls, BaseException):
        return
    for owner, name, value in _attributes(cls):
        if not getattr(value, "__isabstractmethod__", False) and _may_wait(value):
            yield f"{owner.__qualname__}.{name}"


def _verbs_of(cls: type) -> Iterator[str]:
    """Yield the verbs that are written by hand, and those that are made of others."""
    for owner, name, value in _attributes(cls):
        if not callable(value):
            continue
        if "._generated." not in owner.__module__:
            yield f"{owner.__qualname__}.{name}"
        elif name == "iter_changes":
            yield f"*.{name}"


def _attributes(cls: type) -> Iterator[tuple[type, str, Any]]:
    """Yield what is public of a class, each with the class of ours that has it."""
    seen: set[str] = set()
    for owner in cls.__mro__:
        for name, value in vars(owner).items():
            if name in seen or (name.startswith("_") and name not in _DUNDERS):
                continue
            seen.add(name)
            if owner.__module__.startswith("clio_async"):
                yield owner, name, getattr(value, "__func__", value)


def _may_wait(call: Any) -> bool:
    if not inspect.isfunction(call):
        return False
    of = inspect.unwrap(call)
    said = str(call.__annotations__.get("return", ""))
    return inspect.iscoroutinefunction(of) or inspect.isasyncgenfunction(of) or bool(_WAITS.match(said))
