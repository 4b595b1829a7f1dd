"""For tests of your own: a simulated Clio, and contract suites for transports, cache stores and token stores."""

from __future__ import annotations

from .check_cache import CACHE_CHECKS, SHARED_CACHE_CHECKS, check_cache
from .check_token_store import (
    FAILING_TOKEN_STORE_CHECKS,
    SHARED_TOKEN_STORE_CHECKS,
    TOKEN_STORE_CHECKS,
    check_token_store,
)
from .check_transport import CHECKS as TRANSPORT_CHECKS
from .check_transport import check_transport
from .simulator import Address, App, Clock, Fault, Faults, Jobs, Regime, Simulator, serve

__all__ = [
    "CACHE_CHECKS",
    "FAILING_TOKEN_STORE_CHECKS",
    "SHARED_CACHE_CHECKS",
    "SHARED_TOKEN_STORE_CHECKS",
    "TOKEN_STORE_CHECKS",
    "TRANSPORT_CHECKS",
    "Address",
    "App",
    "Clock",
    "Fault",
    "Faults",
    "Jobs",
    "Regime",
    "Simulator",
    "check_cache",
    "check_token_store",
    "check_transport",
    "serve",
]
