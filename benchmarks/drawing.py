"""Draws what was measured, as small SVG files that can be read on light and on dark ground."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure as Sheet
from matplotlib.ticker import LogLocator

from benchmarks.measure import Case, Curve, Figure, Goal, Spread
from benchmarks.report import TIMES, amount
from benchmarks.running import Group

INK = "#767676"  # as far from white as from black
OTHERS = ("#a08b5b", "#3fa27c", "#9a6dd7", "#d98c3f", "#6b8e9f")
OURS, THEIRS, AIM = "#2f81f7", "#a08b5b", "#d1495b"
WIDTH, BAR, HEAD, LINES = 8.0, 0.27, 0.85, 3.0
"""Inches: of a sheet, of a bar, of what stands around the bars of a case, and of the plot of a curve."""
FLAT = 4
"""A curve whose figures differ by less is drawn from zero: on a logarithmic axis noise would look like growth."""
ROOM = 110
"""Letters that fit beside each other on a sheet."""
STYLE: Any = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "clio_async",  # the same results are drawn into the same file
    "font.size": 8,
    "font.family": "sans-serif",
    **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), INK),
}


def shown(case: Case, figure: Figure) -> Spread | None:
    """Return what a bar is of: the ratio that the goals are about, or the amount where there is no reference."""
    what = "wall" if any(goal.what.startswith("wall") for goal in case.goals) else "cpu"
    found: Spread | None = getattr(figure, f"{what}_ratio" if case.reference else what)
    return found


def mark(case: Case, goal: Goal) -> float | None:
    """Return where on the axis of a case a goal lies, if it can be told there."""
    what, _, whom = goal.what.partition("/")
    if not whom:
        theirs: Spread | None = next(
            (getattr(figure, what) for figure in case.figures if figure.contender == case.reference), None
        )
        return goal.limit / theirs.median if theirs else None if case.reference else goal.limit
    if not case.reference:
        return None
    other = next((figure for figure in case.figures if figure.contender == whom), None)
    base = 1.0 if whom == case.reference else shown(case, other) if other else None
    if base is None:
        return None
    scale = base.median if isinstance(base, Spread) else base
    return scale / goal.limit if goal.at_least else scale * goal.limit


def between(axis: Any) -> None:
    """Put marks between the powers of ten of a logarithmic axis, where it has few of them."""
    low, high = axis.get_view_interval()
    if high < 100 * low:
        axis.set_major_locator(LogLocator(subs=(1, 1.2, 1.5, 2, 3, 5) if high < 4 * low else (1, 2, 5)))


def draw_case(axes: Any, case: Case) -> None:
    """Draw bars: of ratios, from 1, where there is a reference."""
    seen = [(figure.contender, found) for figure in case.figures if (found := shown(case, figure))]
    start = 1.0 if case.reference else 0.0
    aims = [at for goal in case.goals if (at := mark(case, goal)) is not None and at > 0]
    for place, (_, found) in enumerate(seen):
        color = OURS if place == 0 else THEIRS
        axes.barh(place, found.median - start, left=start, height=0.6, color=color)
        axes.plot([found.low, found.high], [place, place], color=INK, linewidth=1)
        axes.text(max(found.high, start), place, f"  {amount(found.median)}", va="center", color=INK)
    for at in aims:  # above and below: it goes through no number
        axes.plot([at, at], [-0.5, -0.26], color=AIM, linewidth=2)
        axes.plot([at, at], [0.26, 0.5], color=AIM, linewidth=2)
    axes.set_yticks(range(len(seen)), [who for who, _ in seen])
    axes.invert_yaxis()
    if case.reference:
        axes.set_xscale("log")
        axes.axvline(1.0, color=INK, linewidth=0.8)
        axes.xaxis.set_major_formatter(lambda value, _: amount(value))
    axes.minorticks_off()
    axes.margins(x=0.12)
    if case.reference:
        between(axes.xaxis)
    timed = "time" if any(goal.what.startswith("wall") for goal in case.goals) else "CPU"
    timed = timed if case.unit in TIMES else case.unit
    axes.set_title(case.name, loc="left", color=INK)
    aim = "" if not aims else "; the red mark is the goal" if len(aims) == 1 else "; the red marks are the goals"
    axes.set_xlabel((f"{timed}, by {case.reference}" if case.reference else case.unit) + aim)


def columns(names: list[str]) -> int:
    """Return how many names a line of a legend has room for."""
    widths = [len(name) + 8 for name in names]  # each has its mark, and some space
    return len(names) if sum(widths) <= ROOM else max(1, ROOM // max(widths))


def draw_curve(axes: Any, curve: Curve) -> None:
    """Draw a line for each contender."""
    for place, (who, line) in enumerate(curve.lines.items()):
        color = OURS if place == 0 else OTHERS[place % len(OTHERS)]
        axes.plot(*zip(*line, strict=True), marker="o", markersize=3, label=who, color=color)
    along = sorted({at for line in curve.lines.values() for at, _ in line})
    axes.set_xscale("log" if len(along) > 2 else "linear")
    axes.set_xticks(along)
    figures = [figure for line in curve.lines.values() for _, figure in line]
    if curve.logarithmic and max(figures) > FLAT * min(figures):
        axes.set_yscale("log")
        between(axes.yaxis)
    else:
        axes.set_ylim(bottom=0)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: amount(value))
    axes.minorticks_off()
    across = columns(list(curve.lines))
    axes.set_title(curve.name, loc="left", color=INK, pad=6 + 14 * -(-len(curve.lines) // across))
    axes.set_xlabel(curve.along)
    axes.set_ylabel(curve.unit)
    axes.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 1), ncols=across, borderaxespad=0.3)


def draw(group: Group, path: Path) -> None:
    """Draw a group into a file."""
    heights = [HEAD + BAR * len(case.figures) for case in group.cases] + [LINES] * len(group.curves)
    with mpl.rc_context(STYLE):
        sheet = Sheet(figsize=(WIDTH, sum(heights)), layout="constrained")
        sheet.patch.set_alpha(0)
        places = sheet.subplots(len(heights), 1, squeeze=False, height_ratios=heights)[:, 0]
        for axes, what in zip(places, [*group.cases, *group.curves], strict=True):
            axes.patch.set_alpha(0)
            axes.spines[["top", "right"]].set_visible(False)
            if isinstance(what, Case):
                draw_case(axes, what)
            elif isinstance(what, Curve):
                draw_curve(axes, what)
        sheet.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
