"""`Stats`: a ledger that begins at nothing."""

from __future__ import annotations

from attrs import asdict

from clio_async.stats import Stats


def test_what_was_saved_is_what_was_not_sent():
    """Shared and fresh answers cost no request; a revalidated one costs one."""
    assert {*asdict(Stats()).values()} == {0}
    assert Stats(shared=2, fresh=3, revalidated=7).requests_saved == 5
