"""A long run of all parts in the time that is given: `python -m tests.soak --seconds 300`. It keeps a log, `soak.log`.

`--part` runs one of them, and `--seed` one seed of a part that has seeds. "worlds", "interleavings", "writers" and
"cancellations" are random runs in virtual time. The others have real threads, processes and stores: each goes on until
it has done all that it has to, or its time is over; with `--whole` it does all, however long that takes. The exit
status is 1 if anything was wrong, and what was is printed with how to run it again; so is a hang, with the stack of
every thread.
"""

from __future__ import annotations

import argparse
import sys
import time

from .parts import PARTS, play
from .seeds import SEEDS, run
from .whole import soak

_EACH = 600.0  # seconds for seeds, of which there is no end, where all of a part is asked for


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--seconds", type=float, default=60.0, help="for all that is run, together")
    parser.add_argument("--part", choices=[*SEEDS, *PARTS], help="run this part alone")
    parser.add_argument("--start", type=int, help="the first seed; unless given, one that was not run before")
    parser.add_argument("--seed", type=int, help="run this one alone")
    parser.add_argument("--whole", action="store_true", help="run all of each part, however long it takes")
    options = parser.parse_args()
    first = int(time.time()) * 1_000 if options.start is None else options.start
    if options.part is None:
        return soak(options.seconds, first, whole=options.whole)
    if options.part in SEEDS:
        return run(options.part, _EACH if options.whole else options.seconds, first, options.seed)
    return play(options.part, float("inf") if options.whole else options.seconds)


if __name__ == "__main__":
    sys.exit(main())
