"""A Clio of made-up firms, for tests: `Simulator`, what is unknown about Clio as a `Regime`, and `Faults`."""

from __future__ import annotations

from .answers import Refusal
from .clock import Clock
from .core import Simulator
from .faults import Exchange, Fault, Faults, Plan
from .jobs import Jobs
from .log import Entry, Log
from .regime import Regime
from .server import Address, serve
from .tokens import App, Grant

__all__ = [
    "Address",
    "App",
    "Clock",
    "Entry",
    "Exchange",
    "Fault",
    "Faults",
    "Grant",
    "Jobs",
    "Log",
    "Plan",
    "Refusal",
    "Regime",
    "Simulator",
    "serve",
]
