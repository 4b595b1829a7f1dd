"""`errors`: one tree, everything pickles, nothing shows a secret, every message says what to do."""

from __future__ import annotations

import copy
import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async import errors
from clio_async.auth.static import StaticToken
from clio_async.errors import APIError, ClioError, UnknownField
from clio_async.messages import Headers, Request, Response
from clio_async.principal import Principal
from clio_async.transfers import UploadHandle

REQUEST = Request("PATCH", "https://h/x/1?q=CANARY", Headers([("Authorization", "Bearer CANARY")]), b"CANARY",
                  principal=Principal("https://h", grant="g"), auth=StaticToken("CANARY"))  # fmt: skip
RESPONSE = Response(412, Headers([("Set-Cookie", "CANARY")]), b"CANARY")
DETAILS = {
    "status": 412,
    "type": "T",
    "message": "M",
    "request": REQUEST,
    "response": RESPONSE,
    "api_version": "4.0.13",
}
OUTCOME = {"sent_at": 5.0, "etag": '"1"', "current": {"id": 1}}
ARGUMENTS: dict[type, dict[str, object]] = {
    errors._UnknownName: {"known": ("display_number", "description"), "where": "matters", "hint": "See fields=."},
    errors.OutcomeUnknownServerError: {**DETAILS, **OUTCOME},
    errors.RateLimited: {**DETAILS, "retry_at": 9.5},
    APIError: DETAILS,
    errors.OutcomeUnknown: {"request": REQUEST, **OUTCOME},
    errors.ResponseBroken: {"status": 200},
    errors.ResponseTooLarge: {"status": 200, "limit": 10},
    errors.SchemaError: {"path": "data.id"},
    errors.PaginationError: {"resume_token": "t"},
    errors.ReauthRequired: {"principal": Principal("https://h", user="7")},
    errors.IncompleteUpload: {"handle": UploadHandle("f", 7, "u", 12, None, True)},
    errors.IncompleteDownload: {"received": 5, "size": 12, "resume": "t"},
    errors.StorageRefused: {"status": 403, "code": "AccessDenied"},
    errors.JobError: {"record": {"id": 1}},
    ClioError: {},
}


def tree(kind: type = ClioError) -> list[type]:
    """Every error of the package, the root first."""
    return [kind, *(one for below in kind.__subclasses__() for one in tree(below) if one.__module__ == errors.__name__)]


def made(kind: type) -> ClioError:
    arguments = next(arguments for base, arguments in ARGUMENTS.items() if issubclass(kind, base))
    return kind("descripton", **arguments)


KINDS = [*dict.fromkeys(tree())]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_pickles_with_all_it_carries(kind):
    """Class, message and attributes come back, so that a worker can hand an error on."""
    error = made(kind)
    error.add_note("a note")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert (str(again), again.args) == (str(error), error.args)
    assert vars(again).keys() == vars(error).keys()
    for name, value in vars(error).items():
        other = getattr(again, name)
        if isinstance(value, Request | Response):
            assert (type(other), repr(other)) == (type(value), repr(value))
        else:
            assert other == value
    for copied in (copy.copy(error), copy.deepcopy(error)):
        assert type(copied) is kind
        assert vars(copied).keys() == vars(error).keys()


@pytest.mark.parametrize("kind", KINDS)
def test_no_error_shows_a_secret(kind):
    """Neither text nor repr nor the repr of what it carries gives away query, body, cookie or token (F37)."""
    error = made(kind)
    assert "CANARY" not in f"{error} {error!r} {error.args!r} {vars(error)!r}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_pickle_holds_no_token(kind):
    """Who asked does not travel (F37): the canary of the auth alone, since headers below it never reach an error."""
    asked = Request("GET", "https://h/x", auth=StaticToken("CANARY"), principal=Principal("https://h"))
    arguments = next(arguments for base, arguments in ARGUMENTS.items() if issubclass(kind, base))
    clean = {
        name: asked if name == "request" else None if name == "response" else value for name, value in arguments.items()
    }
    assert b"CANARY" not in pickle.dumps(kind("descripton", **clean))


def test_a_secret_in_the_message_would_be_seen():
    """The control: these checks see a canary where there is one."""
    error = APIError("CANARY", status=400)
    assert "CANARY" in f"{error}"
    assert b"CANARY" in pickle.dumps(error)


TIMEOUTS = {
    errors.JobTimeout,
    errors.ApprovalTimeout,
    errors.MaybeSentTimeout,
    errors.NotSentTimeout,
    errors.OutcomeUnknownTimeout,
    errors.ResponseTimeout,
}
OTHERS = {
    errors.InvalidArgument: ValueError,
    errors.UnknownOption: TypeError,
    errors.FieldNotRequested: AttributeError,
    **dict.fromkeys(TIMEOUTS, TimeoutError),
}


def test_errors_are_what_python_calls_them_too():
    """Whoever catches `ValueError`, `TypeError`, `AttributeError` or `TimeoutError` catches ours."""
    assert all(issubclass(kind, other) for kind, other in OTHERS.items())
    assert {kind for kind in KINDS if issubclass(kind, TimeoutError)} == TIMEOUTS
    assert issubclass(errors.OutcomeUnknownServerError, errors.ServerError)
    assert issubclass(errors.OutcomeUnknownServerError, errors.OutcomeUnknown)
    assert not issubclass(errors.OutcomeUnknown, errors.TransportError | APIError)


def test_the_tree_in_the_docstring_is_the_tree():
    """Every public error is drawn, named in `__all__`, and says in one sentence what it is."""
    public = {kind.__name__ for kind in [*KINDS, *tree(errors.ClioWarning)] if not kind.__name__.startswith("_")}
    assert public == {*errors.__all__}
    drawn = {*re.findall(r"[A-Z]\w+", errors.__doc__ or "")}
    assert public <= drawn
    assert all(kind.__doc__ for kind in KINDS if not kind.__name__.startswith("_"))
    assert [*errors.__all__] == sorted(errors.__all__)


def test_a_misspelt_name_is_answered_with_the_nearest():
    """The right names come with the error, best first."""
    error = UnknownField("descripton", ["display_number", "description"], where="matters", hint="See the docs.")
    assert (error.name, error.near[0]) == ("descripton", "description")
    assert str(error).startswith("'descripton' is not a known field of matters. Did you mean 'description'")
    assert str(error).endswith("See the docs.")
    far = UnknownField("zzz", ["display_number"])
    assert (far.near, str(far)) == ((), "'zzz' is not a known field.")


@given(st.text(max_size=200), st.lists(st.text(max_size=10), max_size=5))
def test_no_name_makes_an_error_about_it_fail(name, known):
    """Whatever was given, the message is one that can be printed."""
    str(UnknownField(name, known)).encode("utf-8", "strict")
