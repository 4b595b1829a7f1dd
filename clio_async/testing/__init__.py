"""For tests of your own: a simulated Clio, and contract suites for transports and cache stores."""

from __future__ import annotations

from .check_cache import CACHE_CHECKS, SHARED_CACHE_CHECKS, check_cache
from .check_transport import CHECKS as TRANSPORT_CHECKS
from .check_transport import check_transport
from .simulator import Address, Fault, Faults, Regime, Simulator, serve

__all__ = [
    "CACHE_CHECKS",
    "SHARED_CACHE_CHECKS",
    "TRANSPORT_CHECKS",
    "Address",
    "Fault",
    "Faults",
    "Regime",
    "Simulator",
    "check_cache",
    "check_transport",
    "serve",
]
