"""For tests of your own: a simulated Clio, and contract suites for transports and stores of all kinds."""

from __future__ import annotations

from .asgi import asgi
from .check_cache import CACHE_CHECKS, SHARED_CACHE_CHECKS, check_cache
from .check_subscriptions import SUBSCRIPTION_CHECKS, check_subscriptions
from .check_token_store import (
    FAILING_TOKEN_STORE_CHECKS,
    SHARED_TOKEN_STORE_CHECKS,
    TOKEN_STORE_CHECKS,
    check_token_store,
)
from .check_transport import CHECKS as TRANSPORT_CHECKS
from .check_transport import check_transport
from .simulator import (
    Address,
    App,
    Clock,
    Fault,
    Faults,
    Jobs,
    Mishap,
    Mishaps,
    Regime,
    Simulator,
    deliver_all,
    deliver_due,
    delivering,
    serve,
    sign,
    towards,
)

__all__ = [
    "CACHE_CHECKS",
    "FAILING_TOKEN_STORE_CHECKS",
    "SHARED_CACHE_CHECKS",
    "SHARED_TOKEN_STORE_CHECKS",
    "SUBSCRIPTION_CHECKS",
    "TOKEN_STORE_CHECKS",
    "TRANSPORT_CHECKS",
    "Address",
    "App",
    "Clock",
    "Fault",
    "Faults",
    "Jobs",
    "Mishap",
    "Mishaps",
    "Regime",
    "Simulator",
    "asgi",
    "check_cache",
    "check_subscriptions",
    "check_token_store",
    "check_transport",
    "deliver_all",
    "deliver_due",
    "delivering",
    "serve",
    "sign",
    "towards",
]
