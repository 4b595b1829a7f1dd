"""How an application says what may be tried again: `retry=` and `idempotent=`."""

from __future__ import annotations

from typing import Any

import pytest

from clio_async import Clio, InvalidArgument, Options, RetryPolicy, UnknownOption
from tests.origin import Wire, client, ok


def made(**options: Any) -> Clio:
    return client(Wire(lambda _: ok()), **options)


@pytest.mark.parametrize(
    "policy",
    [
        None,
        RetryPolicy(),
        RetryPolicy(attempts=1),
        RetryPolicy(attempts=10**9),
        RetryPolicy(first_pause=0),
        RetryPolicy(first_pause=1e9, longest_pause=0.0),
    ],
)
def test_a_policy_that_can_be_followed_is_taken(policy: RetryPolicy | None) -> None:
    """When the client is built, and for some calls."""
    assert policy == made(retry=policy)._options.retry
    assert policy == made().options(retry=policy)._options.retry


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        (3, "retry is a RetryPolicy"),
        (False, "retry is a RetryPolicy"),
        (RetryPolicy, "retry is a RetryPolicy"),
        (lambda: RetryPolicy(attempts=0), "RetryPolicy: attempts is a whole number of at least 1"),
        (lambda: RetryPolicy(attempts=-1), "RetryPolicy: attempts"),
        (lambda: RetryPolicy(attempts=True), "RetryPolicy: attempts"),
        (lambda: RetryPolicy(attempts=2.0), "RetryPolicy: attempts"),  # type: ignore[arg-type]
        (lambda: RetryPolicy(first_pause=-1), "RetryPolicy: first_pause is zero or a positive number of seconds"),
        (lambda: RetryPolicy(first_pause=False), "RetryPolicy: first_pause"),
        (lambda: RetryPolicy(first_pause=float("nan")), "RetryPolicy: first_pause"),
        (lambda: RetryPolicy(longest_pause=float("inf")), "RetryPolicy: longest_pause"),
        (lambda: RetryPolicy(longest_pause="1"), "RetryPolicy: longest_pause"),  # type: ignore[arg-type]
        (lambda: RetryPolicy(longest_pause=None), "RetryPolicy: longest_pause"),  # type: ignore[arg-type]
    ],
)
def test_a_policy_that_cannot_be_followed_is_refused(policy: Any, why: str) -> None:
    """When it is made, or before anything is built or sent; and with what it should be."""
    if why.startswith("RetryPolicy"):
        with pytest.raises(InvalidArgument, match=f"^{why}"):
            policy()
        return
    with pytest.raises(InvalidArgument, match=f"^{why}"):
        made(retry=policy)
    with pytest.raises(InvalidArgument, match=f"^{why}"):
        made().options(retry=policy)


@pytest.mark.parametrize("name", ["idempotent", "verify"])
@pytest.mark.parametrize("value", [None, 1, "yes"])
def test_what_is_true_or_false_is_nothing_else(name: str, value: object) -> None:
    """A client that vouches for its writes says so plainly."""
    with pytest.raises(InvalidArgument, match=f"^{name} is True or False"):
        made().options(**{name: value})  # type: ignore[arg-type]
    assert getattr(made().options(**{name: True})._options, name) is True  # type: ignore[arg-type]


def test_a_misspelt_option_is_told() -> None:
    """With the nearest right one."""
    with pytest.raises(UnknownOption, match="'retry'"):
        made().options(retries=3)  # type: ignore[call-arg]


def test_an_option_of_calls_is_told_from_one_of_the_client() -> None:
    """The hint says how to have it."""
    with pytest.raises(UnknownOption, match=r"clio\.options\(verify=…\)"):
        made(verify=True)
    with pytest.raises(UnknownOption) as caught:
        made(verfy=True)
    assert "clio.options" not in str(caught.value)


def test_an_ordinary_client_tries_three_times() -> None:
    """And vouches for nothing."""
    assert (RetryPolicy(3, 0.5, 30.0), False, False) == (
        made()._options.retry,
        made()._options.idempotent,
        made()._options.verify,
    )
    assert made()._options.retry is Options().retry  # reads of the usual policy find each other by identity
