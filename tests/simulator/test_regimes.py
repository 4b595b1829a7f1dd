"""Every answer to what is unknown: one firm, one set of laws."""

from __future__ import annotations

import attrs
import pytest

from clio_async.testing.simulator import Regime

from .caller import caller

REGIMES = list(Regime.every())


@pytest.mark.parametrize(("name", "regime"), REGIMES, ids=[name for name, _ in REGIMES])
def test_the_same_firm_under_every_regime(name: str, regime: Regime) -> None:
    """Reads, walks, validation and guarded writes hold, whatever the answer."""
    asks = caller(regime, matters=20)
    plain = caller(matters=20)
    path = "/matters/3.json?fields=id,etag,description,client{id,name}"
    assert plain.data(path) == asks.data(path)
    assert [*range(1, 21)] == [record["id"] for record in asks.walk("/matters.json?order=id(asc)&limit=7")]
    tag = asks.get(path).headers["etag"]
    assert 304 == asks.get(path, if_none_match=tag).status
    usable = tag if regime.if_match == "header" else asks.data(path)["etag"]
    written = asks.patch("/matters/3.json", {"description": "mine"}, if_match=usable)
    assert 200 == written.status
    assert "mine" == asks.data(path)["description"]
    assert 200 == asks.get(path, if_none_match=tag).status
    stale = asks.patch("/matters/3.json", {"description": "theirs"}, if_match=usable)
    assert (200 if regime.if_match == "ignored" else 412) == stale.status


def test_each_variation_changes_one_option() -> None:
    """The first is the default; every other differs from it in exactly one option, and no two are alike."""
    default = REGIMES[0][1]
    assert Regime() == default
    for name, regime in REGIMES[1:]:
        differing = [key for key, value in attrs.asdict(regime).items() if value != attrs.asdict(default)[key]]
        assert [name.partition("=")[0]] == differing
    assert len(REGIMES) == len({regime for _, regime in REGIMES})


def test_every_option_that_has_another_answer_is_varied() -> None:
    """Only the tables of versions are left out."""
    varied = {name.partition("=")[0] for name, _ in REGIMES[1:]}
    assert {"default_version", "retired"} == {option.name for option in attrs.fields(Regime)} - varied
