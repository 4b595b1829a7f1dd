"""The checks of `check_token_store`, by subject. Importing the package registers them, in this order."""

from . import keeping, replacing, restoring, locking, hiding, shared, fencing  # isort: skip
from .expect import ALONE, FAILING, FENCED, SHARED

__all__ = [
    "ALONE",
    "FAILING",
    "FENCED",
    "SHARED",
    "fencing",
    "hiding",
    "keeping",
    "locking",
    "replacing",
    "restoring",
    "shared",
]
