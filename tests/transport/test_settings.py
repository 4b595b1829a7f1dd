"""What a transport is made with is checked when it is made (row F13 of the fault table)."""

from __future__ import annotations

from typing import Any

import pytest

from clio_async import AiohttpTransport, Httpx2Transport, InvalidArgument


@pytest.mark.parametrize("make", [AiohttpTransport, Httpx2Transport])
@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"ssl": False}, "always verified"),
        ({"ssl": "cert.pem"}, "SSLContext"),
        ({"limit": 0}, "limit"),
        ({"limit": True}, "limit"),
        ({"max_body": -1}, "max_body"),
        ({"max_body": "big"}, "max_body"),
        ({"connect_timeout": 0}, "connect_timeout"),
        ({"read_timeout": float("nan")}, "read_timeout"),
        ({"read_timeout": "soon"}, "read_timeout"),
    ],
    ids=str,
)
def test_settings_that_cannot_be_followed_are_refused(make: Any, settings: dict[str, Any], says: str) -> None:
    """F13: above all, no setting switches the verification of certificates off."""
    with pytest.raises(InvalidArgument, match=says):
        make(**settings)


@pytest.mark.parametrize("make", [AiohttpTransport, Httpx2Transport])
def test_no_bound_on_time_is_a_setting(make: Any) -> None:
    """None: unbounded."""
    assert make(connect_timeout=None, read_timeout=None)
