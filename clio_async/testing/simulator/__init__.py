"""A Clio of made-up firms, for tests: `Simulator`, what is unknown about Clio as a `Regime`, and `Faults`."""

from __future__ import annotations

from .answers import Refusal
from .clock import Clock
from .core import Simulator
from .deliveries import Attempt, Deliveries, Delivery, sign
from .faults import Exchange, Fault, Faults, Plan
from .jobs import Jobs
from .log import Entry, Log
from .mishaps import Mishap, MishapPlan, Mishaps
from .regime import Regime
from .sending import Send, deliver_all, deliver_due, delivering, towards
from .server import Address, serve
from .tokens import App, Grant

__all__ = [
    "Address",
    "App",
    "Attempt",
    "Clock",
    "Deliveries",
    "Delivery",
    "Entry",
    "Exchange",
    "Fault",
    "Faults",
    "Grant",
    "Jobs",
    "Log",
    "Mishap",
    "MishapPlan",
    "Mishaps",
    "Plan",
    "Refusal",
    "Regime",
    "Send",
    "Simulator",
    "deliver_all",
    "deliver_due",
    "delivering",
    "serve",
    "sign",
    "towards",
]
