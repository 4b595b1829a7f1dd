"""Tells what was measured: tables, the summary in the README, plots.

`python -m benchmarks.report` prints the tables of `benchmarks/results.json`; with `--write` it puts the summary into
README.md, between two comments, and all tables into `benchmarks/RESULTS.md`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from benchmarks.measure import Case, Figure, Goal, Spread
from benchmarks.running import Group, read

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.json"
TABLES = FOLDER / "RESULTS.md"
PLOTS = FOLDER / "plots"
README = FOLDER.parent / "README.md"
BEGIN, END = "<!-- benchmarks -->", "<!-- /benchmarks -->"
BUSY = 0.8
"""A server with work for more of the time than this is what limits somebody."""
TIMES = {"ns", "µs", "ms", "s"}
FOLD, TO = "\N{MULTIPLICATION SIGN}", "\N{EN DASH}"
NOISE = 0.05
"""If others use the core for less of the time than this, the summary does not speak of it."""
NEAREST = 3
"""So many others stand in a row of the summary."""


def results() -> dict[str, Group]:
    """Return what is kept."""
    return read(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}


def amount(value: float, digits: int = 3) -> str:
    """Return a number with three digits that count, and never as a power of ten."""
    if value == 0 or value >= 10 ** (digits - 1):
        return f"{value:,.0f}".replace(",", " ")
    return f"{Decimal(f'{value:.{digits}g}'):f}"


def spread(seen: Spread | None, unit: str = "") -> str:
    """Return a median and, where the rounds differ, the middle half of them."""
    if seen is None:
        return ""
    low, median, high = (amount(value) for value in (seen.low, seen.median, seen.high))
    return f"{median}{unit}" + (f" ({low}{TO}{high})" if low != high else "")


def figure_of(case: Case, who: str) -> Figure | None:
    """Return what a contender took."""
    return next((figure for figure in case.figures if figure.contender == who), None)


def reached(case: Case, goal: Goal) -> Spread:
    """Return what a goal's figure came to."""
    what, _, whom = goal.what.partition("/")
    if goal.seen is not None:
        return goal.seen
    ours = case.figures[0]
    if whom and whom == case.reference and not goal.at_least:
        ratio: Spread | None = getattr(ours, f"{what}_ratio")
        if ratio is not None:
            return ratio
    mine: Spread | None = getattr(ours, what)
    if mine is None:
        raise ValueError(f"{case.name}: {goal.what} was not measured")
    if not whom:
        return mine
    theirs: Spread | None = getattr(figure_of(case, whom), what, None)
    if theirs is None:
        raise ValueError(f"{case.name}: {goal.what}: {whom} was not measured")
    return Spread.of([theirs.median / mine.median if goal.at_least else mine.median / theirs.median])


def met(case: Case, goal: Goal) -> bool:
    """Decide whether a goal is met: its median counts."""
    seen = reached(case, goal).median
    return seen >= goal.limit if goal.at_least else seen <= goal.limit


def wanted(case: Case, goal: Goal) -> str:
    """Say what a goal asks for."""
    what, _, whom = goal.what.partition("/")
    bound = f"{'≥' if goal.at_least else '≤'} {goal.limit:g}"
    if not whom:
        return f"{bound} {case.unit}"
    by = " by time" if what == "wall" else ""
    return f"{bound}{FOLD}{'' if whom == case.reference and not goal.at_least else f' {whom}'}{by}"


def verdict(case: Case, goal: Goal) -> str:
    """Say what a goal asks for, and whether that is met."""
    if met(case, goal):
        return f"{wanted(case, goal)}: met"
    return f"{wanted(case, goal)}: **missed**, {amount(reached(case, goal).median)}"


def limited(name: str, group: Group) -> list[str]:
    """Return what has to be said of a server that had work for nearly all of the time."""
    return [
        f"{name}: {case.name}: the server had work for {case.server:.0%} of the time: these figures are its own"
        for case in group.cases
        if case.server is not None and case.server > BUSY
    ]


def row(*cells: str) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def table(case: Case) -> Iterator[str]:
    """Yield the lines of what is told of a case."""
    told = [f"server busy for {case.server:.0%}"] if case.server is not None else []
    told += [verdict(case, goal) for goal in case.goals] + ([case.note] if case.note else [])
    yield f"**{case.name}**" + (f" — {'; '.join(told)}" if told else "")
    yield ""
    by = f" by {case.reference}" if case.reference else ""
    timed = case.unit in TIMES
    walls = any(figure.wall for figure in case.figures)
    first = f"{case.unit} of CPU" if timed else case.unit
    yield row("", first, f"CPU{by}" if timed else f"ratio{by}", *(["time", f"time{by}"] if walls else []), "")
    yield row("---", "---:", "---:", *(["---:", "---:"] if walls else []), "---")
    for one in case.figures:
        more = [spread(one.wall), spread(one.wall_ratio)] if walls else []
        yield row(one.contender, spread(one.cpu), spread(one.cpu_ratio), *more, one.note)


def curve_table(group: Group) -> Iterator[str]:
    """Yield the lines of what is told of curves."""
    for curve in group.curves:
        places = sorted({place for line in curve.lines.values() for place, _ in line})
        yield f"**{curve.name}** — {curve.unit}" + (f"; {curve.note}" if curve.note else "")
        yield ""
        yield row(curve.along, *(amount(place, 7) for place in places))
        yield row("---", *("---:" for _ in places))
        for who, line in curve.lines.items():
            at = dict(line)
            yield row(who, *(amount(at[place]) if place in at else "" for place in places))
        yield ""


def tables(group: Group) -> str:
    """Return all that was measured in a group, as Markdown."""
    place = group.machine
    lines = [
        f"{group.date}; {place.processor}, {place.cores} cores, {place.memory}; {place.kernel}; {place.python}. "
        + ("" if group.pinned else "The contenders and the server had no core of their own. ")
        + (
            f"Others used the contenders' core for {group.foreign:.0%} of the time."
            if group.foreign is not None
            else ""
        ),
        "",
    ]
    for case in group.cases:
        lines += [*table(case), ""]
    lines += curve_table(group)
    return "\n".join(lines).strip()


def whole(groups: Mapping[str, Group]) -> str:
    """Return the page of all tables."""
    head = (
        "# Benchmarks\n\n"
        "Written by `make bench`. A figure is the median of the rounds, for one operation; in brackets the middle\n"
        "half of them. A ratio is taken within a round, so that whatever else the machine does meets all contenders.\n"
    )
    parts = [f"## {name}\n\n![{name}](plots/{name}.svg)\n\n{tables(group)}\n" for name, group in groups.items()]
    found = {name: text for group in groups.values() for name, text in group.versions.items()}
    told = ", ".join(f"{name} {text}" for name, text in sorted(found.items()))
    return "\n".join([head, *parts, f"## Versions\n\n{told}\n"])


def others(case: Case) -> str:
    """Return those who come nearest, next to the reference, with their ratios."""
    wall = any(goal.what.startswith("wall") for goal in case.goals)
    rest = [figure for figure in case.figures[1:] if figure.contender != case.reference]
    ratios = [(figure.wall_ratio if wall else figure.cpu_ratio, figure.contender) for figure in rest]
    known = sorted((ratio.median, who) for ratio, who in ratios if ratio is not None)
    return ", ".join(f"{who} {amount(ratio)}" for ratio, who in known[:NEAREST])


def summary_row(case: Case) -> str:
    """Return the row of a case in the summary."""
    wall = any(goal.what.startswith("wall") for goal in case.goals)
    ours = case.figures[0]
    theirs = figure_of(case, case.reference) if case.reference else None
    unit = case.unit

    def told(figure: Figure | None) -> str:
        seen = (figure.wall if wall else figure.cpu) if figure else None
        return f"{amount(seen.median)} {unit}" if seen else ""

    name = f"{case.reference} " if theirs else ""
    ratio = spread(ours.wall_ratio if wall else ours.cpu_ratio, FOLD) if case.reference else ""
    goals = "<br>".join(verdict(case, goal) for goal in case.goals)
    return row(case.name + (" (time)" if wall else ""), told(ours), f"{name}{told(theirs)}", ratio, goals, others(case))


def summary(groups: Mapping[str, Group]) -> str:
    """Return what the README tells: a row for each case that has a goal."""
    aimed = [case for group in groups.values() for case in group.cases if case.goals]
    goals = [(case, goal) for case in aimed for goal in case.goals]
    reached_all = sum(met(case, goal) for case, goal in goals)
    dates = sorted({group.date for group in groups.values()})
    places = sorted(
        {f"{one.machine.processor}, {one.machine.cores} cores, {one.machine.python}" for one in groups.values()}
    )
    foreign = max((group.foreign or 0.0 for group in groups.values()), default=0.0)
    disturbed = f"Others used the contenders' core for up to {foreign:.0%} of the time. " if foreign >= NOISE else ""
    when = " to ".join(dict.fromkeys((dates[0], dates[-1])))
    lines = [
        f"`make bench` of {when}, on {'; '.join(places)}: processor time "
        "of one operation unless another unit is named; its ratio to the reference in the same run, in brackets the "
        f"middle half of the rounds. {disturbed}{reached_all} of {len(goals)} goals are met. [All contenders, and "
        "their versions](benchmarks/RESULTS.md).",
        "",
        row("", "clio_async", "reference", "ratio", "goal", "others, by the reference"),
        row("---", "---:", "---:", "---:", "---", "---"),
        *(summary_row(case) for case in aimed),
        "",
        *(f"![{name}](benchmarks/plots/{name}.svg)" for name in groups),
    ]
    return "\n".join(lines)


def inserted(readme: str, text: str) -> str:
    """Return the README with the summary between its two comments."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if not pattern.search(readme):
        raise ValueError(f"README.md has no place for the summary: {BEGIN} and {END}")
    return pattern.sub(lambda _: f"{BEGIN}\n{text}\n{END}", readme, count=1)


def main(*flags: str) -> None:
    """Print the tables, or write them to where they are read."""
    found = results()
    if "--write" in flags:
        TABLES.write_text(whole(found), "utf-8")
        README.write_text(inserted(README.read_text("utf-8"), summary(found)), "utf-8")
    else:
        print(whole(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
