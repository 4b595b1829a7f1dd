"""The main job: it runs, and it would notice."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from clio_async.cli.demo import report
from clio_async.cli.demo.counts import Chapter, Claim, Part, Side, Tally, claims_of, failures, server_tally, total
from clio_async.cli.demo.server import Server, running
from clio_async.cli.demo.show import Screen, size
from clio_async.cli.demo.work import Firm, every_part, pages, spread, steps
from clio_async.client import Clio
from clio_async.options import Policy, TagScope
from clio_async.testing.simulator import Regime, Simulator, serve

COUNTS = st.integers(0, 10**9)
TALLIES = st.builds(Tally, COUNTS, COUNTS, COUNTS)


def agreed(tally: Tally, saved: int = 0) -> Side:
    """Both sides counted the same."""
    return Side(tally, tally, saved)


# -- the counts ---------------------------------------------------------------------------------------------------


@given(TALLIES, COUNTS)
def test_counts_that_agree_are_no_failure(tally: Tally, saved: int) -> None:
    """Whatever the counts are, they hold if both sides say the same, and saved what the other way transferred."""
    bare = evolve(tally, bytes=tally.bytes + saved)
    assert failures(claims_of(Part("read", agreed(tally, saved), agreed(bare)))) == []


@given(TALLIES, st.integers(-9, 9))
def test_savings_that_are_off_are_a_failure(tally: Tally, error: int) -> None:
    """What is said to be saved is what the other way transferred beyond."""
    part = Part("read", agreed(tally, 5 + error), agreed(evolve(tally, bytes=tally.bytes + 5)))
    assert len(failures(claims_of(part))) == (error != 0)


@given(TALLIES, st.sampled_from(["requests", "not_modified", "bytes"]), st.integers(-9, 9), st.booleans())
def test_a_count_that_is_off_is_a_failure(tally: Tally, name: str, error: int, bare: bool) -> None:
    """Each count of either way is compared: one that is off by anything is one failure, no other is."""
    wrong = Side(evolve(tally, **{name: getattr(tally, name) + error}), tally)
    part = Part("read", agreed(tally), wrong) if bare else Part("read", wrong)
    assert len(failures(claims_of(part))) == (error != 0)


@given(TALLIES, TALLIES)
def test_what_came_after_and_what_came_before_make_the_whole(before: Tally, after: Tally) -> None:
    """Counts add up."""
    assert after == (before + after).since(before)


def test_the_total_compares_like_with_like() -> None:
    """A part that was done in one way only is not in the total."""
    tally = Tally(4, 2, 100)
    parts = [Part("read", agreed(tally), agreed(tally)), Part("write", agreed(tally))] * 2
    validated, bare = total(parts)
    assert validated == bare == agreed(Tally(8, 4, 200))
    assert validated.share == 0.5
    assert Side().share == 0


def test_the_server_says_what_it_counted() -> None:
    """A simulator's statistics are read, also before anything was a 304."""
    stats = {"requests": 5, "statuses": {"200": 2, "304": 3}, "bytes_out": 7}
    assert server_tally(stats) == Tally(5, 3, 7)
    assert server_tally({**stats, "statuses": {}}) == Tally(5, 0, 7)


def test_the_matters_that_are_read_are_spread() -> None:
    """So many of them, each once, from the first on."""
    assert spread([1, 2, 3, 4, 5, 6], 3) == [1, 3, 5]
    assert pages(0) == 0
    assert pages(200) == 1
    assert pages(201) == 2


# -- what is shown ------------------------------------------------------------------------------------------------


def shown(chapters: list[Chapter], *, terminal: bool = False) -> tuple[int, str]:
    """Report, and return the status and the text."""
    console = Console(file=io.StringIO(), force_terminal=terminal, width=140)
    status = report(console, chapters)
    return status, console.file.getvalue()


def chapter(*claims: Claim, part: Part | None = None) -> Chapter:
    """Make a chapter that holds, but for `claims` and `part`."""
    return Chapter("Made up", [part or Part("read", agreed(Tally(2, 1, 10), 10), agreed(Tally(2, 0, 20)))], [*claims])


def test_what_agrees_ends_with_success() -> None:
    """The table, what held, and the number of comparisons."""
    status, text = shown([chapter(Claim("held", 1, 1), Claim("unsaid", 1, 1, shown=False))])
    assert status == 0
    assert "50%" in text
    assert "ok held" in text
    assert "unsaid" not in text
    assert "9 counts and outcomes" in text


def test_the_total_is_of_all_that_was_done() -> None:
    """Beside it stands what was done both ways, and can be compared."""
    both, once = Part("read", agreed(Tally(20, 10, 10), 10), agreed(Tally(20, 0, 20))), Part("write", agreed(Tally(3)))
    _, text = shown([Chapter("Made up", [both, once])])
    numbers = {line.split("  ")[0].strip(): line for line in text.splitlines() if line}
    for name, expected in (("total", " 23 "), ("done both ways", " 20 "), ("without validators", " 20 ")):
        assert expected in numbers[name]


@pytest.mark.parametrize(
    "wrong",
    [
        chapter(Claim("ids [seen]", {1, 2}, {1})),
        chapter(Claim("unsaid", 1, 2, shown=False)),
        chapter(part=Part("read", Side(Tally(2, 1, 10), Tally(3, 1, 10)))),
    ],
)
def test_what_does_not_agree_ends_with_failure(wrong: Chapter) -> None:
    """One wrong count is enough, and is named with both numbers."""
    status, text = shown([chapter(), wrong])
    assert status == 1
    assert text.count("WRONG") == 1
    assert "expected" in text
    assert "all agree" not in text


def test_sizes_are_for_people() -> None:
    """Bytes, kilobytes, megabytes."""
    assert [size(999), size(1_500), size(2_500_000)] == ["999 B", "1.5 kB", "2.50 MB"]


def test_a_terminal_sees_a_bar() -> None:
    """The bar names what is done and how far it is; it is gone afterwards."""
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    screen = Screen(console)
    with screen.working(2):
        screen.begin("reading")
        screen.step()
        screen.step()
    assert "reading" in console.file.getvalue()
    assert "2/2" in console.file.getvalue()


def test_a_file_sees_lines() -> None:
    """Where there is no terminal there is a line for each part, and no control codes."""
    console = Console(file=io.StringIO(), width=100)
    screen = Screen(console)
    with screen.working(2):
        screen.begin("reading")
        screen.step()
    assert console.file.getvalue() == "  reading …\n"


# -- the work -----------------------------------------------------------------------------------------------------


def test_it_runs_as_a_process() -> None:
    """The command, small: both kinds of tag, every count compared, success."""
    command = [sys.executable, "-W", "error", "-m", "clio_async.cli", "demo", "--matters", "250", "--reads", "24"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Where a tag names the record" in done.stdout
    assert "Where a tag names the representation" in done.stdout
    assert "all agree" in done.stdout
    assert "WRONG" not in done.stdout


async def test_a_simulator_that_does_not_start_is_said() -> None:
    """There is no waiting for a process that has ended."""
    with pytest.raises(RuntimeError, match="did not start"):
        async with running(10, 0, "nonsense"):  # type: ignore[arg-type]
            raise AssertionError


@asynccontextmanager
async def firm(
    scope: TagScope, declared: TagScope, *, server: type[Server] = Server, matters: int = 60, reads: int = 24
) -> AsyncIterator[Firm]:
    """Set the stage in one process: a server whose tags name `scope`, and a client that believes `declared`."""
    simulator = Simulator(matters=matters, contacts=matters // 2, regime=Regime(tag_scope=scope))
    token = simulator.token()
    async with serve(simulator, control_token="control") as address:
        base_url = f"{address.url}/api/v4"
        async with (
            Clio("control", base_url=f"{address.url}/_simulator", api_version=None, cache=None) as control,
            Clio(token, base_url=base_url, policy=Policy(tag_scope={"matters": declared})) as clio,
            Clio(token, base_url=base_url, cache=None) as bare,
        ):
            screen = Screen(Console(file=io.StringIO()))
            yield Firm(server(base_url, token, control), clio, bare, screen, Chapter(scope), scope, matters, reads)


async def wrong_in(stage: Firm) -> list[str]:
    """Do the work; return what does not hold."""
    await every_part(stage)
    return failures(stage.chapter.every_claim())


@pytest.mark.parametrize("scope", ["record", "representation"])
async def test_everything_agrees(scope: TagScope) -> None:
    """Under both kinds of tag, all counts and outcomes are as they should be."""
    async with firm(scope, scope) as stage:
        assert await wrong_in(stage) == []


async def test_the_bar_reaches_its_end() -> None:
    """The number of steps that is announced is the number of steps that are made."""
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    async with firm("record", "record") as stage:
        staged = evolve(stage, screen=Screen(console))
        with staged.screen.working(steps(stage.matters, stage.reads)):
            await every_part(staged)
    assert f"{steps(stage.matters, stage.reads)}/{steps(stage.matters, stage.reads)}" in console.file.getvalue()


class Miscounting(Server):
    """Control: a server that counts one request, one 304 and one byte more each time it is asked."""

    asked = 0

    async def tally(self) -> Tally:
        type(self).asked += 1
        return await super().tally() + Tally(self.asked, self.asked, self.asked)


async def test_a_server_that_counts_otherwise_is_noticed() -> None:
    """Control: with false counts on one side, every part of the work fails in every count."""
    async with firm("record", "record", server=Miscounting) as stage:
        wrong = await wrong_in(stage)
    for part in stage.chapter.parts:
        for count in ("requests", "304s", "bytes"):
            assert any(line.startswith(f"{part.name}, with validators: {count}:") for line in wrong)


async def test_a_stale_name_is_noticed() -> None:
    """Control: with a client that takes tags of records for tags of representations, the old name is seen."""
    async with firm("record", "representation") as stage:
        wrong = await wrong_in(stage)
    assert any(line.startswith("a client renamed") for line in wrong)
    assert any("the same records" in line for line in wrong)
