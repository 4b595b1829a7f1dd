"""``python -m clio_async.cli`` is `clio-async`."""

from __future__ import annotations

from . import main

main()
