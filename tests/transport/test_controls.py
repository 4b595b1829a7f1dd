"""The suite can fail: what it asks for is not there by itself."""

from __future__ import annotations

import re
from typing import Any

import anyio
import pytest

from clio_async.testing.check_transport import CHECKS
from clio_async.transport import aiohttp as ours
from clio_async.transport.aiohttp import AiohttpTransport

from .naive import NaiveTransport

BY_NAME = {check.__name__: check for check in CHECKS}


async def fault(name: str, factory: Any) -> str:
    """Return what a check finds fault with, or nothing."""
    try:
        with anyio.fail_after(60):
            await BY_NAME[name](factory)
    except BaseException as error:  # a failing check may end in a group
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        return f"{type(error).__name__}: {error}"
    return ""


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("bytes_survive_both_ways", "Ã"),
        ("the_url_is_sent_as_given", "~user"),
        ("nothing_is_added_unasked", "user-agent"),
        ("statuses_are_values", "found .200, b'followed'"),
        ("cookies_are_not_kept", "cookies kept"),
        ("the_environment_is_not_read", r"wanted \(0, 1\), found \(1, 0\)"),
        ("damaged_codings_yield_nothing", "got <Response 200"),
        ("requests_that_do_not_fit_are_refused", "got ValueError"),
        ("truncation_never_yields_a_body", "close cut at .* yielded"),
        ("unframed_errors_lose_their_body", "<html>"),
        ("contradictory_answers_are_refused", "gave <Response"),
        ("a_broken_connection_is_not_resent", "got <Response 200"),
        ("surplus_bytes_answer_nothing", "evil"),
        ("errors_hold_no_secret", "shows a secret"),
        ("passed_deadlines_send_nothing", "wanted NotSentTimeout"),
    ],
)
async def test_aiohttp_as_it_comes_fails(name: str, reason: str) -> None:
    """Without our care aiohttp follows, keeps, resends, re-encodes and truncates: each check sees it."""
    assert re.search(reason, await fault(name, NaiveTransport), re.DOTALL)


async def test_the_naive_transport_is_not_just_broken() -> None:
    """The control of the control: what aiohttp does right by itself passes."""
    right = ("interim_answers_are_passed_over", "connections_are_limited_and_kept", "certificates_are_verified")
    assert [await fault(name, NaiveTransport) for name in right] == [""] * 3


def no_care(_: object) -> bool:
    return True


@pytest.mark.parametrize("name", ["a_stale_connection_is_not_used", "surplus_bytes_answer_nothing"])
async def test_kept_connections_must_be_listened_to(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the look at a kept connection, requests are lost on it, or answered by bytes that nobody asked for."""
    monkeypatch.setattr(ours, "_is_reusable", no_care)
    assert await fault(name, AiohttpTransport)
