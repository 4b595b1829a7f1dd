"""Checks that a store shows no secret, and of what it raises."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Awaitable, Callable, Iterator

from ...auth.tokens import TokenStore
from ...errors import TokenStoreError
from .expect import ANN, CANARY, alone, failing, must, must_save, token


@alone
async def a_store_shows_no_secret(store: TokenStore) -> None:
    """Neither `repr` nor `str` of a store that holds tokens shows one (F37)."""
    await must_save(store, ANN, token(), None)
    for show in (repr, str, format):
        must(CANARY not in show(store), f"{show.__name__} of the store shows a secret.")


@failing
async def a_store_that_fails_says_so(store: TokenStore) -> None:
    """What it cannot load or save is a `TokenStoreError`, never None or False, and never something untyped."""
    for name, work in _works(store):
        must(isinstance(await _raised(work), TokenStoreError), f"{name} raises something else than TokenStoreError.")


@failing
async def an_error_shows_no_secret(store: TokenStore) -> None:
    """Neither an error nor its cause shows a secret: in its text, its attributes, the locals of its frames (F37)."""
    for name, work in _works(store):
        error: BaseException | None = await _raised(work)
        while error is not None:
            shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
            must(CANARY not in shown, f"The traceback of {name} shows a secret: {type(error).__name__}.")
            must(CANARY not in repr(vars(error)), f"An attribute of the error of {name} shows a secret.")
            error = error.__cause__ or error.__context__


@failing
async def an_error_can_be_pickled(store: TokenStore) -> None:
    """Its errors go through queues and process pools, and show no secret there either (F37)."""
    for name, work in _works(store):
        error = await _raised(work)
        try:
            pickled = pickle.dumps(error)
            again = pickle.loads(pickled)  # noqa: S301
        except Exception as fault:
            raise AssertionError(f"The error of {name} does not pickle: {type(fault).__name__}.") from None
        must(str(again) == str(error) and CANARY.encode() not in pickled, f"The error of {name} changes, or shows.")


def _works(store: TokenStore) -> Iterator[tuple[str, Callable[[], Awaitable[object]]]]:
    first, second = token(), token()
    yield "load", lambda: store.load(ANN)
    yield "save", lambda: store.save(ANN, first, previous=None)
    yield "save", lambda: store.save(ANN, second, previous=first)
    yield "save of None", lambda: store.save(ANN, None, previous=first)


async def _raised(work: Callable[[], Awaitable[object]]) -> BaseException:
    try:
        await work()
    except Exception as error:
        return error
    raise AssertionError(
        "A store that should fail did not. FAILING_TOKEN_STORE_CHECKS want a store that is out of reach."
    )
