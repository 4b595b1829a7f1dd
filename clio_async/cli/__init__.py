"""`clio-async`: the command line. It needs the ``[cli]`` extra; importing this module does not."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from .exits import UNAVAILABLE

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command. Without its libraries, say what to install and exit with 69."""
    try:
        from .app import run  # cyclopts and rich are an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"cyclopts", "rich"}:
            raise
        sys.stderr.write(f"clio-async needs {error.name}. Install it with:  pip install 'clio-async[cli]'\n")
        raise SystemExit(UNAVAILABLE) from None
    run(sys.argv[1:] if arguments is None else arguments)
