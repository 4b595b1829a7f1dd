"""Bytes to values and back: JSON text, what a selection is decoded into, and the bodies of writes.

Nothing here knows Clio's records: a `Plan` says what to build.
"""

from .decode import SLICE, Decoder, Page
from .encode import dump
from .frozen import JsonObject, freeze, thaw
from .ledger import ContradictionWarning, Ledger
from .parse import parse
from .plan import Plan, Slot

__all__ = [
    "SLICE",
    "ContradictionWarning",
    "Decoder",
    "JsonObject",
    "Ledger",
    "Page",
    "Plan",
    "Slot",
    "dump",
    "freeze",
    "parse",
    "thaw",
]
