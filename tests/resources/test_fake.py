"""The client of these tests has all that resources need of one."""

from __future__ import annotations

import inspect
from typing import Any

from clio_async.resources.caller import Caller

from .fake import FakeClio


def _parameters(found: Any) -> list[tuple[str, Any]]:
    return [(one.name, one.kind) for one in inspect.signature(found).parameters.values() if one.name != "self"]


def test_it_is_a_caller() -> None:
    """Every name of the protocol is there; what is called takes the same arguments."""
    fake = FakeClio()
    named = {name for name in vars(Caller) if not name.startswith("_")}
    assert {"read", "write", "storage", "now", "unhurried"} <= named
    assert set() == {name for name in named if not hasattr(fake, name)}
    called = {name for name in named if inspect.isfunction(vars(Caller)[name])} - {"detach"}
    assert {name: _parameters(vars(Caller)[name]) for name in called} == {
        name: _parameters(getattr(fake, name)) for name in called
    }
