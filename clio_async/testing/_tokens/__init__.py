"""The checks of `check_token_store`, by subject. Importing the package registers them, in this order."""

from . import keeping, replacing, locking, hiding, shared  # isort: skip
from .expect import ALONE, FAILING, SHARED

__all__ = ["ALONE", "FAILING", "SHARED", "hiding", "keeping", "locking", "replacing", "shared"]
