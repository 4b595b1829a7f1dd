"""Slips that everybody makes once: a name that does not exist."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from clio_async import Clio, SyncClio
from clio_async.resources.misnamed import misnamed

from .fake import FakeClio

CLIO: Any = FakeClio()


@pytest.mark.parametrize("clio", [Clio("t"), SyncClio("t")], ids=repr)
def test_a_misspelt_name_leads_to_the_right_one(clio: Any) -> None:
    """Of a resource, and of a verb, at both clients; where no verb is near, there are few enough to list."""
    with pytest.raises(AttributeError, match=r"Clio' object has no attribute 'matter'\. Did you mean 'matters'"):
        _ = clio.matter
    with pytest.raises(AttributeError, match=r"'Matters' object has no attribute 'updat'\. Did you mean 'update'\?$"):
        _ = clio.matters.updat
    with pytest.raises(AttributeError, match=r"'Matters' object has no attribute 'patch'\. There are .*\bupdate\b"):
        _ = clio.matters.patch
    with pytest.raises(AttributeError, match=r"has no attribute 'qqqqqq'$"):
        _ = clio.qqqqqq


@pytest.mark.parametrize("owner", [Clio("t"), Clio("t").matters, SyncClio("t").matters], ids=repr)
def test_what_python_asks_for_gets_no_advice(owner: Any) -> None:
    """`copy`, debuggers and notebooks try names that begin with an underscore, and expect not to find them."""
    assert not hasattr(owner, "_repr_html_")
    with pytest.raises(AttributeError, match=r"has no attribute '__nothing__'$") as caught:
        owner.__nothing__  # noqa: B018
    assert "__nothing__" == caught.value.name


def test_the_error_holds_no_client() -> None:
    """It may be kept and shown; and Python would add its own advice to ours."""
    error = misnamed(CLIO.matters, "patch")
    assert (None, "patch") == (error.obj, error.name)
    assert copy.copy(CLIO.matters) is not None
