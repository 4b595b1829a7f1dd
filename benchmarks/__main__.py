"""Measure: `python -m benchmarks [GROUP …] [--quick] [--list]`.

Each group runs in a process of its own, on a core of its own; the server it asks runs on another. What it finds
replaces its older results in `benchmarks/results.json`; a group that was not run keeps what it had, with its own date.
With `--quick` all runs a few times, which shows that it runs: nothing is measured, and nothing is kept.

The status is 1 if a group failed, or if the server was what limited somebody.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import report
from benchmarks.running import Group, read, written

FOLDER = Path(__file__).parent
GROUPS = ("reads", "concurrency", "decode", "footprint", "threads", "stores", "entries", "sweeps", "quota")
"""In the order in which a reader meets them."""


def run(group: str, *, quick: bool) -> Group | None:
    """Run a group in a process of its own. Return what it found, or nothing if it failed."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "found.json")
        command = [sys.executable, "-m", "benchmarks.running", group, str(file), *(["--quick"] if quick else [])]
        done = subprocess.run(command, cwd=FOLDER.parent, check=False)
        return read(file.read_text("utf-8"))[group] if done.returncode == 0 else None


def merged(kept: Mapping[str, Group], found: Mapping[str, Group]) -> dict[str, Group]:
    """Return new results in the place of older ones, and older ones of groups that were not run."""
    known = {**kept, **found}
    return {name: known[name] for name in GROUPS if name in known}


def keep(name: str, group: Group) -> None:
    """Keep what a group found as soon as it is there, and draw it."""
    from benchmarks import drawing  # it takes matplotlib, which only those have who measure

    report.RESULTS.write_text(written(merged(report.results(), {name: group})), "utf-8")
    report.PLOTS.mkdir(exist_ok=True)
    drawing.draw(group, report.PLOTS / f"{name}.svg")


def main(arguments: list[str] | None = None) -> int:
    """Run what was asked for, print the tables, and return the status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("groups", metavar="GROUP", nargs="*", choices=[[], *GROUPS], help="all, if none is named")
    parser.add_argument("--quick", action="store_true", help="show that all runs, and measure nothing")
    parser.add_argument("--list", action="store_true", help="name the groups")
    options = parser.parse_args(arguments)
    if options.list:
        print("\n".join(GROUPS))
        return 0
    wrong: list[str] = []
    for name in options.groups or GROUPS:
        print(f"== {name}", flush=True)
        group = run(name, quick=options.quick)
        if group is None:
            wrong.append(f"{name} failed")
            continue
        print(f"\n{report.tables(group)}\n", flush=True)
        if not options.quick:
            keep(name, group)
            wrong += report.limited(name, group)
    for reason in wrong:
        print(reason, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
