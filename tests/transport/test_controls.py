"""The suite can fail: what it asks for is not there by itself."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import anyio
import pytest

from clio_async.messages import Content
from clio_async.testing._transport import outgoing as checks
from clio_async.testing.check_transport import CHECKS
from clio_async.transport import aiohttp as ours
from clio_async.transport import aiohttp_sender as sending
from clio_async.transport import httpx2 as over
from clio_async.transport import httpx2_hearing as hearing
from clio_async.transport.aiohttp import AiohttpTransport
from clio_async.transport.aiohttp_sender import Sender
from clio_async.transport.httpx2_hearing import Patience
from clio_async.transport.outcome import Outcome
from clio_async.transport.outgoing import SourceFailed

from .naive import NaiveTransport
from .test_contract import over_httpx2

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
        ("contents_arrive_as_they_are", r"fields: wanted .* found \[\]"),
        ("unfit_contents_are_refused", "wanted InvalidArgument"),
        ("parts_and_redirects_are_streamed", "/moved"),
        ("slow_readers_hold_the_server_back", "were read ahead"),
        ("siblings_are_apart", "connections"),
        ("another_event_loop_is_noticed", "wanted WrongEventLoop"),
    ],
)
async def test_aiohttp_as_it_comes_fails(name: str, reason: str) -> None:
    """The control of F1, F3, F5, F12, F37, F38, F60, F73: without our care aiohttp follows, keeps, resends."""
    assert re.search(reason, await fault(name, NaiveTransport), re.DOTALL)


async def test_the_naive_transport_is_not_just_broken() -> None:
    """The control of the control: what aiohttp does right by itself passes."""
    right = ("interim_answers_are_passed_over", "connections_are_limited_and_kept", "certificates_are_verified")
    assert [await fault(name, NaiveTransport) for name in right] == [""] * 3


async def as_it_comes(content: Content) -> AsyncGenerator[memoryview]:
    try:
        async for piece in content.chunks():
            yield memoryview(piece)
    except Exception as error:
        raise SourceFailed(error) from None


async def at_once(*_: object) -> None:
    pass


def no_error(*_: object) -> None:
    pass


async def without_an_ear(_: object, work: Callable[[], Awaitable[Any]]) -> Any:
    return await work()


@pytest.mark.parametrize(
    ("name", "owner", "part", "without", "factory", "reason"),
    [
        ("contents_of_another_length_never_complete", sending, "exactly", as_it_comes, AiohttpTransport, "wanted Tr"),
        ("contents_of_another_length_never_complete", over, "exactly", as_it_comes, over_httpx2, "wanted Transfer"),
        (
            "what_a_content_raises_is_raised",
            sending,
            "exactly",
            as_it_comes,
            AiohttpTransport,
            "is whole",
        ),
        ("servers_that_do_not_read_hold_a_content_back", Sender, "_flow", at_once, AiohttpTransport, "were produced"),
        ("cancelled_contents_are_closed", Sender, "_stop", at_once, AiohttpTransport, "cut after"),
        ("early_answers_end_a_content", Patience, "beside", without_an_ear, over_httpx2, "produced|MaybeSentTim"),
        ("early_successes_are_broken", Outcome, "premature", no_error, AiohttpTransport, "wanted ResponseBroken"),
        ("early_successes_are_broken", Outcome, "premature", no_error, over_httpx2, "wanted ResponseBroken"),
        ("successes_speak_of_bytes_that_left", Outcome, "premature", no_error, AiohttpTransport, "success, of"),
        ("successes_speak_of_bytes_that_left", Outcome, "premature", no_error, over_httpx2, "success, of"),
        ("interim_answers_end_no_content", hearing, "_is_interim", no_error, over_httpx2, "MaybeSentTimeout"),
    ],
)
async def test_each_care_for_contents_is_needed(
    name: str, owner: Any, part: str, without: Any, factory: Any, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the held-back end, the pace, the end of the task or the ear of a transport, a check fails."""
    monkeypatch.setattr(checks, "_BOUND", 0.5)  # what hangs now hangs forever
    monkeypatch.setattr(owner, part, without)
    assert re.search(reason, await fault(name, factory))


def no_care(*_: object) -> bool:
    return True


@pytest.mark.parametrize("name", ["a_stale_connection_is_not_used", "surplus_bytes_answer_nothing"])
async def test_kept_connections_must_be_listened_to(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the look at a kept connection, requests are lost on it, or answered by bytes that nobody asked for."""
    monkeypatch.setattr(ours, "_is_reusable", no_care)
    assert await fault(name, AiohttpTransport)
