"""The public names of `clio_async.webhooks`."""

from __future__ import annotations

import subprocess
import sys

import pytest

from clio_async import webhooks


def test_every_name_leads_somewhere() -> None:
    """What __all__ says can be had, and dir() shows it."""
    assert sorted(webhooks.__all__) == dir(webhooks)
    assert all(getattr(webhooks, name) is not None for name in webhooks.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Reciever'"):
        _ = webhooks.Reciever


def test_the_package_alone_brings_in_nothing() -> None:
    """A name costs what it needs, when it is asked for."""
    code = (
        "import sys, clio_async.webhooks; print(*[name for name in sys.modules if name.startswith('clio_async.')]);"
        "from clio_async.webhooks import verify; print(*{'anyio', 'aiohttp', 'attrs'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert "clio_async.webhooks" == first
    assert "aiohttp" not in second
