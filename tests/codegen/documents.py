"""Clio's documents, where they lie beside the project. They are not part of it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import clio_async

PACKAGE = Path(clio_async.__file__).parent
SHARED = PACKAGE.parents[1] / "shared" / "clio"
CURRENT = SHARED / "openapi-2026-04-08.json"
OLDER = SHARED / "openapi-2025-08-13.json"


def present(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the project; it is not part of it")
    return path


@cache
def _parsed(path: Path) -> Any:
    return json.loads(path.read_bytes())


def parsed(path: Path) -> Any:
    """Return a document, parsed; nobody changes it."""
    return _parsed(present(path))
