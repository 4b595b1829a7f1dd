"""API versions (https://docs.developers.clio.com/api-docs/api-versioning-policy)."""

from __future__ import annotations

import re

from ..errors import InvalidArgument

__all__ = ["HEADER", "PINNED", "checked", "order", "spoken"]

HEADER = "X-API-VERSION"

PINNED = "4.0.13"
"""The version that the models were generated from."""

_VERSION = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}")


def checked(version: str | None) -> str | None:
    """Return `version` if it can be one. None means that the server chooses.

    :raises InvalidArgument: if it is not three numbers with dots between.
    """
    if version is not None and not (isinstance(version, str) and _VERSION.fullmatch(version)):
        raise InvalidArgument(f"api_version must look like {PINNED!r}, or be None for the default of the server.")
    return version


def order(version: str) -> tuple[int, ...]:
    """Return what versions are compared by: 4.0.13 is newer than 4.0.9."""
    return tuple(int(part) for part in version.split("."))


def spoken(version: str | None) -> str | None:
    """Return what a server says its version is, None if that cannot be one."""
    return version if version is not None and _VERSION.fullmatch(version) else None
