"""The templates of generated modules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

__all__ = ["render"]

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=False,  # they write Python
    undefined=StrictUndefined,
)


def render(template: str, **values: Any) -> str:
    """Return the source of a module."""
    return _ENVIRONMENT.get_template(f"{template}.py.jinja").render(**values)
