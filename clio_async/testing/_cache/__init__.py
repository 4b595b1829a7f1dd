"""The checks of `check_cache`, by subject. Importing the package registers them, in this order."""

from . import keeping, writes, principals, touching, load, shared  # isort: skip
from .expect import ALONE, SHARED

__all__ = ["ALONE", "SHARED", "keeping", "load", "principals", "shared", "touching", "writes"]
