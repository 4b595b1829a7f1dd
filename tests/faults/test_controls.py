"""Controls of the fault table: each takes one defence out, and the tests of its rows fail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

import pytest
from attrs import evolve, frozen

from clio_async import ClioError, DecodeError, MissingETag, Request, pages
from clio_async.auth.grants import OAuthGrant
from clio_async.auth.issuer import Issuer
from clio_async.auth.renewal import Renewal
from clio_async.auth.static import StaticToken
from clio_async.bounded import Bounded
from clio_async.caches import stored
from clio_async.caches.stored import packed
from clio_async.calls import Calls
from clio_async.codec import decode
from clio_async.errors import MaybeSent
from clio_async.headers import Headers
from clio_async.middleware.version import Version
from clio_async.models import Matter
from clio_async.protocol import conditional, retry
from clio_async.protocol.paging import Position
from clio_async.protocol.walks import Progress
from clio_async.resources import arguments
from clio_async.turns import Turns
from clio_async.webhooks import receiver
from tests import test_client
from tests.auth import server as authorization
from tests.auth import test_oauth_grants as grants
from tests.auth import test_oauth_storms as storms
from tests.caches import test_stored
from tests.codec import test_decode, test_parse
from tests.middleware import test_conditional, test_retry
from tests.protocol import test_filenames, test_rate_limit
from tests.resources import test_edits, test_pages, test_updates, test_verbs
from tests.virtual import VirtualLoop
from tests.webhooks import test_handshakes
from tests.webhooks.signing import pending
from tests.writes import test_edits as editors
from tests.writes import test_write

from .table import rows_in


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    """Pauses cost nothing."""
    return "asyncio", {"loop_factory": VirtualLoop}


@frozen
class Control:
    """A defence, what is there instead of it, and a test that has to fail then."""

    rows: str
    owner: object
    name: str
    instead: object
    test: Callable[..., Awaitable[None] | None]
    given: tuple[object, ...] = ()


def first(headers: Headers, name: str) -> str | None:
    """Take the first of several values."""
    return next(iter(headers.values_of(name)), None)


def unsure(_: Request, came: Any, doubt: Any, *, moves_states: bool) -> Any:
    """Take no answer for the truth after a doubt, not even a success."""
    return came if doubt is None else doubt


async def once(renewal: Renewal, last: Any, refresh_token: Any) -> Any:
    """Ask for a token a single time."""
    return await renewal._exchanged(last, refresh_token)


@asynccontextmanager
async def nobody_waits(*_: object) -> AsyncIterator[None]:
    """Let all write at once."""
    yield


async def ends_the_version(*_: object) -> str:
    """Take every 410 for the end of the version."""
    return "version-gone"


async def is_the_record(*_: object) -> None:
    """Take every 410 for the end of the record."""


def all_new(_: Progress, ids: Any, keys: Any) -> list[bool]:
    """Take every record for one that was not there before."""
    return [True for _ in keys]


def taken(known: Any, secret: Any, webhook_id: int, now: float) -> Any:
    """Take any secret for Clio's."""
    return evolve(known, secret=secret, webhook_id=webhook_id)


def a_value_with_a_flipped_bit_is_not_there() -> None:
    """The law of `test_a_value_that_was_changed_is_not_there`, for one bit of a body."""
    value = packed("ann", test_stored.entry(), offset=test_stored.OFFSET)
    assert test_stored.read(value) is not None
    assert None is test_stored.read(value[:-1] + bytes([value[-1] ^ 1]))


def as_it_is(caller: Calls) -> Bounded:
    """Let a caller that reads before it writes be given older answers."""
    return Bounded(caller, caller._options)


def app_by_the_wall(transport: Any, _: Any, wall: Any, names: Any, **options: Any) -> Any:
    """Let the time of day tell how old a token is."""
    return APP_OF(transport, wall, wall, names, **options)


APP_OF = authorization.app_of
PARSING = import_module("clio_async.codec.parse")  # its package has a function of that name

FAILS = (AssertionError, pytest.fail.Exception, ClioError, TypeError, LookupError, ExceptionGroup)

CONTROLS = [
    Control(
        "F9",
        PARSING,
        "_refusal",
        lambda *_: DecodeError("Not JSON."),
        test_parse.test_markup_is_named_and_quoted_briefly,
    ),
    Control(
        "F10",
        decode,
        "_data",
        lambda tree: tree["data"],
        test_decode.test_a_wrong_envelope_is_a_schema_error,
        ([], "record"),
    ),
    Control("F12", Headers, "single", first, test_rate_limit.test_a_repeated_field_with_two_values_says_nothing),
    Control("F16", retry, "told", unsure, test_write.test_an_own_write_is_never_a_conflict, ("if_match=ignored",)),
    Control("F19", retry, "_is_away", lambda *_: False, test_retry.test_a_record_that_is_away_was_deleted),
    Control(
        "F20",
        arguments,
        "guard",
        lambda tag: tag,
        test_updates.test_what_is_no_strong_tag_of_one_record_guards_nothing,
        ('W/"a"', MissingETag),
    ),
    Control(
        "F21", arguments, "guard", lambda tag: tag.strip('"'), test_verbs.test_update_is_guarded_by_the_records_own_tag
    ),
    Control(
        "F22",
        arguments,
        "etag_of",
        lambda *_: None,
        test_verbs.test_a_tag_that_cannot_guard_is_refused,
        (Matter(id=1), {}, MissingETag),
    ),
    Control(
        "F25", Calls, "bounded", as_it_is, test_edits.test_an_edit_reads_what_is_there_also_where_older_answers_would_do
    ),
    Control("F26", Turns, "of", nobody_waits, editors.test_editors_of_one_process_take_turns),
    Control(
        "F27", OAuthGrant, "_is_current", lambda *_: True, storms.test_a_thousand_tasks_share_one_refresh, ("refused",)
    ),
    Control("F27", OAuthGrant, "_is_current", lambda *_: True, grants.test_a_401_for_an_old_token_renews_nothing),
    Control("F29", Renewal, "_asked", once, grants.test_a_lost_reply_loses_no_grant_of_clios, ("absent", "asyncio")),
    Control("F32", Issuer, "delay", lambda *_: 0.0, grants.test_the_backoff_is_shared_and_bounded),
    Control("F33, F76", authorization, "app_of", app_by_the_wall, grants.test_the_wall_clock_may_jump),
    Control(
        "F34",
        StaticToken,
        "principal",
        lambda token, _: token._principal,
        test_client.test_a_token_of_another_region_is_refused_before_it_travels,
    ),
    Control("F47", stored, "_digest", lambda *_: bytes(32), a_value_with_a_flipped_bit_is_not_there),
    Control(
        "F53",
        Version,
        "_verdict",
        ends_the_version,
        test_client.test_a_gone_record_is_gone_under_a_version_that_lives,
    ),
    Control(
        "F53",
        Version,
        "_verdict",
        is_the_record,
        test_client.test_a_410_whose_probe_fails_is_nothing_that_is_gone,
        (MaybeSent("x"),),
    ),
    Control(
        "F54",
        conditional,
        "of_version",
        lambda *_: True,
        test_conditional.test_an_answer_of_another_version_is_not_kept,
    ),
    Control("F56", Progress, "fresh", all_new, test_pages.test_pages_that_make_no_progress_are_a_loop),
    Control(
        "F58",
        pages,
        "read_resume_token",
        lambda *given: Position(given[-1]),
        test_pages.test_a_walk_resumes_where_it_stopped,
    ),
    Control(
        "F66",
        test_filenames,
        "safe_filename",
        lambda name: name,
        test_filenames.test_what_becomes_of_a_name,
        ("../../etc/passwd", "_.._etc_passwd"),
    ),
    Control(
        "F69",
        receiver,
        "shaken",
        taken,
        test_handshakes.test_any_other_is_refused_and_changes_nothing,
        (pending(awaited_until=49.0), None, 7, test_handshakes.FORGED),
    ),
]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: f"{control.rows} {control.test.__name__}")
async def test_without_the_defence_a_test_of_the_row_fails(control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of F9, F10, F12, F16, F19 to F22, F25 to F27, F29 and F32 to F34.

    And of F47, F53, F54, F56, F58, F66, F69 and F76.
    """
    monkeypatch.setattr(control.owner, control.name, control.instead)
    with pytest.raises(FAILS):
        await carried_out(control)


async def carried_out(control: Control) -> None:
    """Run the test of a control."""
    made = control.test(*control.given)
    if made is not None:
        await made


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: f"{control.rows} {control.test.__name__}")
async def test_with_the_defence_it_passes(control: Control) -> None:
    """It is the defence that was missing, and nothing else; the docstring names the rows."""
    await carried_out(control)
    assert rows_in(test_without_the_defence_a_test_of_the_row_fails.__doc__ or "") == rows_in(
        f"{[one.rows for one in CONTROLS]}"
    )
