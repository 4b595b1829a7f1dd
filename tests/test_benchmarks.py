"""The benchmarks: ratios, spreads and goals are computed right, and what is told agrees with what is kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import __main__ as runner
from benchmarks import report
from benchmarks.measure import Case, Curve, Effort, Figure, Goal, Spread, Watch, case_of, race
from benchmarks.running import Group, Machine, read, written

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
WITHOUT_PEERS = ("sweeps", "quota")
"""Groups that the packages of the tests are enough for."""

amounts = st.floats(1e-7, 1e3)
taken = st.tuples(amounts, amounts)
races = st.lists(st.tuples(taken, taken, taken), min_size=1, max_size=9).map(
    lambda rounds: dict(zip(("ours", "ref", "peer"), map(list, zip(*rounds, strict=True)), strict=True))
)


def group(*cases: Case, date: str = "2026-01-05", curves: tuple[Curve, ...] = ()) -> Group:
    """Return results of a made-up run."""
    place = Machine("Processor", 2, "4 GiB", "Linux 6", "CPython 3.13.0")
    return Group(date, place, {"aiohttp": "3.14"}, cases, curves, 1.5, True, 0.25)


def case(ours: float, peer: float, *goals: Goal, server: float | None = None) -> Case:
    """Return a case whose reference took 2 µs each round."""
    seen = {"clio_async": [(ours / 1e6, ours / 1e6)], "stock": [(2e-6, 2e-6)], "peer": [(peer / 1e6, peer / 1e6)]}
    return case_of("read", seen, "stock", goals=goals, server=server)


@given(st.lists(amounts, min_size=1))
def test_a_spread_lies_within_its_rounds(values: list[float]) -> None:
    """The median lies between the quartiles, and they between the extremes."""
    seen = Spread.of(values)
    close = 1 + 1e-9
    assert min(values) <= seen.low * close <= seen.median * close**2 <= seen.high * close**3 <= max(values) * close**4


@given(races)
def test_ratios_are_taken_within_a_round(seen: dict[str, list[tuple[float, float]]]) -> None:
    """A ratio is the spread of the quotients of each round; the reference is 1."""
    found = {figure.contender: figure for figure in case_of("x", seen, "ref").figures}
    assert Spread(1, 1, 1) == found["ref"].cpu_ratio == found["ref"].wall_ratio
    for who, taken in seen.items():
        quotients = [own[1] / other[1] for own, other in zip(taken, seen["ref"], strict=True)]
        assert Spread.of(quotients) == found[who].wall_ratio


@given(races, st.floats(0.01, 100), st.sampled_from(["cpu", "wall"]), st.sampled_from(["ref", "peer"]))
def test_a_goal_is_met_by_the_median(
    seen: dict[str, list[tuple[float, float]]], limit: float, what: str, whom: str
) -> None:
    """At most is of ours by theirs, and at least is of theirs by ours: so many times as cheap."""
    most, least = Goal(f"{what}/{whom}", limit), Goal(f"{what}/{whom}", limit, at_least=True)
    made = case_of("x", seen, "ref", goals=[most, least])
    column = ("cpu", "wall").index(what)
    pairs = [(own[column], other[column]) for own, other in zip(seen["ours"], seen[whom], strict=True)]
    assert (Spread.of([a / b for a, b in pairs]).median <= limit) == report.met(made, made.goals[0])
    assert (Spread.of([b / a for a, b in pairs]).median >= limit) == report.met(made, made.goals[1])


def test_an_amount_may_be_a_goal() -> None:
    """Without a reference it is the figure itself that is to be small, or large."""
    made = Case("memory", (Figure("clio_async", Spread(2000, 2000, 2000)),), unit="bytes")
    assert report.met(made, Goal("cpu", 2048))
    assert not report.met(made, Goal("cpu", 1999))
    assert report.met(made, Goal("cpu", 1999, at_least=True))


def test_medians_are_compared_where_the_rounds_are_not_kept() -> None:
    """A case that was made by hand may have goals, too."""
    figures = (Figure("clio_async", Spread.of([50])), Figure("naive", Spread.of([10_000])))
    made = Case("requests", figures, "naive", "requests")
    assert 200 == report.reached(made, Goal("cpu/naive", 100, at_least=True)).median
    assert 0.005 == report.reached(made, Goal("cpu/naive", 0.01)).median


@pytest.mark.parametrize("what", ["wall", "wall/naive", "cpu/nobody"])
def test_a_goal_of_what_was_not_measured_is_an_error(what: str) -> None:
    """Nothing counts as met that nobody has seen."""
    figures = (Figure("clio_async", Spread.of([50])), Figure("naive", Spread.of([10_000])))
    with pytest.raises(ValueError, match="was not measured"):
        report.met(Case("requests", figures, "naive"), Goal(what, 1e9))


async def test_contenders_take_turns() -> None:
    """Each does its work once a round, and each round begins with another one."""
    order: list[str] = []

    async def one() -> None:
        order.append("one")

    def two() -> None:
        order.append("two")

    seen = await race({"one": one, "two": two}, {"one": 10, "two": 20}, 3)
    assert ["one", "two", "two", "one", "one", "two"] == order
    assert {"one": 3, "two": 3} == {who: len(taken) for who, taken in seen.items()}


async def test_a_server_that_works_is_seen() -> None:
    """What part of the time it has work is told by the contender who gave it most: a median of its rounds."""
    watch = Watch(None)
    await race({"one": lambda: None}, 1, 3, watch)
    assert watch.share is None
    watch.note("one", None, 1.0)
    watch.shares.update({"one": [0.1, 0.9, 0.2], "two": [0.3, 0.3, 0.1]})
    assert 0.3 == watch.share


def test_a_server_that_limits_is_named() -> None:
    """Above four fifths of the time it is a fault of the run, and below it is none."""
    found = group(case(1, 3, server=0.81), case(1, 3, server=0.8), case(1, 3))
    assert 1 == len(report.limited("reads", found))
    assert "81%" in report.limited("reads", found)[0]


def test_quick_is_an_effort_of_its_own() -> None:
    """There is always something to do, however little."""
    assert (20, 1, 7) == (Effort().times(20), Effort(scale=0.01).times(20), Effort(scale=0.01).times(20, least=7))


def test_results_are_read_as_they_were_written() -> None:
    """What is kept is what was found, to five digits."""
    curve = Curve("growth", "records", "µs", {"b": ((1.0, 2.0),), "a": ((1.0, 3.0), (10.0, 3.5))}, note="flat")
    found = {"reads": group(case(1, 3, Goal("cpu/stock", 1), Goal("cpu", 3)), curves=(curve,))}
    assert found == read(written(found))
    assert ["b", "a"] == list(read(written(found))["reads"].curves[0].lines)


def test_a_group_that_was_not_run_keeps_its_result() -> None:
    """New results replace older ones of their own group alone, in the order of the groups."""
    older, newer = group(date="2026-01-05"), group(date="2026-02-01")
    assert {"reads": older, "quota": newer} == runner.merged({"quota": older, "reads": older}, {"quota": newer})
    assert ["reads", "quota"] == list(runner.merged({"quota": older, "reads": older}, {"quota": newer}))


@given(st.floats(1e-6, 1e9))
def test_numbers_are_written_out(value: float) -> None:
    """Three digits that count, and no power of ten."""
    text = report.amount(value)
    assert "e" not in text
    assert float(text.replace(" ", "")) == pytest.approx(value, rel=0.006)


def test_the_summary_tells_what_was_missed() -> None:
    """A row has what was done, by whom, the goal, and whether it is met; those with no goal are in the tables alone."""
    aimed = case(3, 8, Goal("cpu/stock", 1), Goal("cpu/peer", 2, at_least=True))
    text = report.summary({"reads": group(aimed, case(3, 8))})
    assert 1 == text.count("| read |")
    assert f"≤ 1{report.FOLD}: **missed**, 1.5" in text
    assert f"≥ 2{report.FOLD} peer: met" in text
    assert "1 of 2 goals are met" in text
    assert "for up to 25% of the time" in text
    assert "peer 4 |" in text


def test_the_summary_has_its_place_in_the_readme() -> None:
    """It replaces what stands between two comments, and nothing else."""
    page = f"before {report.BEGIN} old {report.END} after"
    assert f"before {report.BEGIN}\nnew \\1\n{report.END} after" == report.inserted(page, "new \\1")
    assert report.inserted(report.inserted(page, "new"), "new") == report.inserted(page, "new")
    with pytest.raises(ValueError, match="no place"):
        report.inserted("a page without it", "new")


def test_every_group_exists() -> None:
    """What `--list` names can be run, and is a module."""
    done = subprocess.run([sys.executable, "-m", "benchmarks", "--list"], capture_output=True, text=True, cwd=ROOT)
    assert list(runner.GROUPS) == done.stdout.split()
    assert [] == [name for name in runner.GROUPS if not (ROOT / "benchmarks" / f"{name}.py").exists()]


def test_a_quick_run_keeps_nothing() -> None:
    """It shows that groups run, in processes of their own, and leaves the results as they are."""
    before = report.RESULTS.read_bytes()
    command = [sys.executable, "-m", "benchmarks", "--quick", *WITHOUT_PEERS]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert 0 == done.returncode, done.stderr
    assert [f"== {name}" for name in WITHOUT_PEERS] == [line for line in done.stdout.splitlines() if "==" in line]
    assert before == report.RESULTS.read_bytes()


def test_an_unknown_group_is_refused() -> None:
    """Control: a run that fails is told from one that does not."""
    done = subprocess.run([sys.executable, "-m", "benchmarks", "nothing"], capture_output=True, cwd=ROOT)
    assert 2 == done.returncode


def test_the_readme_tells_what_was_measured() -> None:
    """Its summary, and the page of all tables, are those of the results that are kept."""
    kept = report.results()
    assert report.inserted(README, report.summary(kept)) == README
    assert report.whole(kept) == report.TABLES.read_text("utf-8")


def test_every_group_has_a_plot() -> None:
    """Each has one that is small and whose words are text, and there is none that nobody keeps up to date."""
    plots = {path.stem: path for path in report.PLOTS.glob("*.svg")}
    assert set(report.results()) == set(plots)
    for name, path in plots.items():
        text = path.read_text("utf-8")
        assert "<text" in text
        assert len(text) < 200_000
        assert f"benchmarks/plots/{name}.svg" in README


def test_every_group_was_measured() -> None:
    """No group is left out of the results that are kept: `make bench` measures them all."""
    assert list(runner.GROUPS) == list(report.results())


def test_the_results_are_sound() -> None:
    """No server limited anybody, this package comes first, and each says when and with what it was measured."""
    for name, found in report.results().items():
        assert [] == report.limited(name, found)
        assert all(one.figures[0].contender.startswith("clio_async") for one in found.cases)
        assert found.date >= "2026"
        assert "aiohttp" in found.versions
