"""A long run: `python -m tests.soak --seconds 60`, or one seed again: `python -m tests.soak --seed 7`.

Without `--part` it is random runs in virtual time. A part is one of those with real threads, processes and stores: it
goes on until it has done all that it has to, or the time is over; with `--whole` it does all, however long that takes.
The exit status is 1 if anything was wrong, and what was is printed with how to run it again; so is a hang, with the
stack of every thread.
"""

from __future__ import annotations

import argparse
import sys

from .parts import PARTS, play
from .seeds import seeds


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="run this one alone")
    parser.add_argument("--writers", action="store_true", help="let many write one record over a bad line instead")
    parser.add_argument("--part", choices=PARTS, help="what to run with real threads, processes and stores")
    parser.add_argument("--whole", action="store_true", help="run all of a part, however long it takes")
    options = parser.parse_args()
    if options.part is None:
        return seeds(options)
    return play(options.part, float("inf") if options.whole else options.seconds)


if __name__ == "__main__":
    sys.exit(main())
