"""What tests change of gunicorn: ``--config python:tests.workers.gunicorn_conf``."""

from __future__ import annotations

from typing import Any


def worker_exit(_server: object, worker: Any) -> None:
    """Close what its sync workers leave open when they end, whatever they run: here warnings are errors."""
    for listening in worker.sockets:
        listening.close()
