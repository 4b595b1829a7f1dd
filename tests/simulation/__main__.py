"""Play one seed again: `python -m tests.simulation --seed 7`. It says what was wrong, or nothing.

With `--digest` it prints a digest of all that happened, with `--history` all of it.
"""

from __future__ import annotations

import argparse
import sys

from .checks import problems
from .plans import drawn
from .world import played


def main() -> int:
    """Play a seed. The exit status is 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--digest", action="store_true")
    parser.add_argument("--history", action="store_true")
    options = parser.parse_args()
    history = played(options.seed)
    if options.digest:
        print(history.digest())
        return 0
    found = problems(history)
    if options.history or found:
        print(drawn(options.seed))
    if options.history:
        everything = [*history.acts, *history.applied, *history.sent, *history.happened]
        for each in sorted(everything, key=lambda each: getattr(each, "step", 0) or getattr(each, "began", 0)):
            print(each)
    print(
        "\n".join(found) or f"seed {options.seed}: {len(history.acts)} calls, {len(history.sent)} requests: all is well"
    )
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main())
