"""Nothing that this part raises or shows holds a token, a code, a verifier or the client secret (F37)."""

from __future__ import annotations

import copy
import pickle
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

import clio_async
from clio_async.auth.oauth import Approval, OAuthApp
from clio_async.errors import ClioError, MaybeSent
from clio_async.secrets import Secret
from tests.auth.server import CLIENT_SECRET, FIRST_CODE, REDIRECT, World, app_of, html, reply, world
from tests.origin import Clock

PACKAGE = str(Path(clio_async.__file__).parent)


def ours(error: BaseException) -> str:
    """The traceback of an error with the locals of every frame of the package, and of what it hangs on."""
    shown = []
    seen: BaseException | None = error
    while seen is not None:
        for frame, line in traceback.walk_tb(seen.__traceback__):
            if frame.f_code.co_filename.startswith(PACKAGE):
                summary = traceback.StackSummary.extract([(frame, line)], capture_locals=True)
                shown.extend(summary.format())
        shown.append(f"{seen!r} {seen} {vars(seen)!r}")
        seen = seen.__cause__ or seen.__context__
    return "".join(shown)


def check(error: BaseException) -> None:
    for text in (ours(error), repr(pickle.dumps(error)), repr(copy.copy(error)), repr(error.args)):
        assert "CANARY" not in text
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (type(error), str(error))


Act = Callable[[World], Awaitable[object]]


async def _expired(made: World) -> None:
    made.expire()
    await made.clio.request("GET", "/x")


def _faulty(fault: object) -> Act:
    async def act(made: World) -> None:
        made.server.faults = [("after", fault)] * 2  # type: ignore[list-item]
        await _expired(made)

    return act


def _exchange(callback: str, fault: object = None) -> Act:
    async def act(made: World) -> None:
        approval = Approval("u", "S", Secret("CANARY-verifier"))
        made.server.codes.add("CANARY-code-2")
        if fault is not None:
            made.server.faults = [("before", fault)] * 2  # type: ignore[list-item]
        await made.app.exchange(callback, approval, made.shelf, "firm")

    return act


async def _revoked(made: World) -> None:
    made.server.revoke()
    await _expired(made)


async def _refused(made: World) -> None:
    made.server.refuse_all = True
    await made.clio.request("GET", "/x")


async def _store(made: World) -> None:
    made.shelf.fail = {"load"}
    await _expired(made)


async def _abroad(made: World) -> None:
    app = app_of(made.transport, made.clock, made.wall, [], base_url="http://127.0.0.1/api/v4")
    await app.open(made.shelf, "firm")


async def _deauthorize(made: World) -> None:
    made.server.faults = [("before", html(503))]
    await made.app.deauthorize(made.shelf, "firm")


async def _secret(made: World) -> None:
    OAuthApp("id", f"{CLIENT_SECRET}\n", redirect_uri=REDIRECT)


async def _approval(made: World) -> None:
    Approval.from_json('{"url":"u","state":"","verifier":"CANARY"}')


ECHO = {"error": "CANARY-error", "error_description": "CANARY-access-1", "access_token": "CANARY a"}

ACTS: dict[str, Act] = {
    "revoked": _revoked,
    "refused": _refused,
    "store": _store,
    "abroad": _abroad,
    "deauthorize": _deauthorize,
    "client secret": _secret,
    "approval": _approval,
    "lost": _faulty(MaybeSent("no status came back")),
    "html": _faulty(html(200)),
    "echo": _faulty(reply(400, ECHO)),
    "echo in a success": _faulty(reply(200, ECHO)),
    "echo in a failure": _faulty(reply(503, ECHO)),
    "other error": _faulty(RuntimeError("CANARY-access-1")),
    "forged": _exchange("code=CANARY-code-2&state=T"),
    "twice": _exchange("code=CANARY-code-2&state=S&code=CANARY-code-2"),
    "declined": _exchange("error=CANARY-code-2&state=S"),
    "no code": _exchange("x=CANARY-code-2&state=S"),
    "odd code": _exchange("code=CANARY%00&state=S"),
    "used code": _exchange(f"code={FIRST_CODE}&state=S"),
    "code lost": _exchange("code=CANARY-code-2&state=S", MaybeSent("no status came back")),
    "code echoed": _exchange("code=CANARY-code-2&state=S", reply(400, ECHO)),
    "code in a gateway": _exchange("code=CANARY-code-2&state=S", html(502)),
}


@pytest.mark.parametrize("name", ACTS)
async def test_no_error_shows_a_secret(name) -> None:
    """Not its text, its attributes, its pickle, nor the locals of our frames that it came through."""
    made = await world()
    with pytest.raises(ClioError) as failed:
        await ACTS[name](made)
    check(failed.value)


def test_the_check_sees_a_secret() -> None:
    """The control: a secret in a local variable, an attribute or the text of an error is found."""
    error = ClioError("CANARY")
    with pytest.raises(AssertionError):
        check(error)
    error = ClioError("x")
    error.token = "CANARY"  # type: ignore[attr-defined]
    with pytest.raises(AssertionError):
        check(error)
    code = compile("def leak(token):\n    raise E('x')", f"{PACKAGE}-leak.py", "exec")
    names: dict[str, object] = {"E": ClioError}
    exec(code, names)
    with pytest.raises(ClioError) as leaked:
        names["leak"]("CANARY")  # type: ignore[operator]
    with pytest.raises(AssertionError):
        check(leaked.value)


async def test_no_object_shows_a_secret() -> None:
    """Apps, grants, approvals, and what they are made of; none of them pickles with one either."""
    made = await world()
    approval = Approval("u", "S", Secret("CANARY-verifier"))
    for thing in (made.app, made.grant, approval, made.app._issuer, made.clio, made.shelf.token()):
        assert "CANARY" not in f"{thing!r} {thing!s}"
    slots = [getattr(made.grant, name) for name in type(made.grant).__slots__ if name != "__weakref__"]
    assert "CANARY" not in repr(slots)
    for thing in (made.app, made.grant, approval):
        with pytest.raises((TypeError, AttributeError, pickle.PicklingError)) as refused:
            pickle.dumps(thing)
        assert "CANARY" not in str(refused.value)
    assert "OAuthApp" in repr(object.__new__(OAuthApp))
    assert app_of(None, Clock(), Clock(), []).origin in repr(app_of(None, Clock(), Clock(), []))
