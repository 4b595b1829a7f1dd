"""The versions that Clio has published, and what each of them changed.

Dates and changes are those of https://docs.developers.clio.com/api-docs/api-changelog and of the list of minor versions
in https://docs.developers.clio.com/openapi.json, in words of our own. What is not known is None, and not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal

from attrs import field, frozen

from ..errors import InvalidArgument
from .versions import checked, order

__all__ = ["KNOWN_VERSIONS", "RESERVED", "ApiVersion", "merged"]

_CHANGELOG = "https://docs.developers.clio.com/api-docs/api-changelog"
_DOCUMENT = "https://docs.developers.clio.com/openapi.json"


def _is_version(_: object, __: Any, number: str) -> None:
    if checked(number) is None:
        checked("")


def _is_day(_: object, attribute: Any, day: object) -> None:
    if day is not None and not _is_a_day(day):
        raise InvalidArgument(f"{attribute.name} is a datetime.date without a time of day, or None.")


def _is_day_or_true(_: object, attribute: Any, day: object) -> None:
    if day is not None and day is not True and not _is_a_day(day):
        raise InvalidArgument(f"{attribute.name} is a datetime.date without a time of day, True, or None.")


def _is_a_day(value: object) -> bool:
    """Say whether a value is a date, and not a moment of one: the two cannot be compared."""
    return isinstance(value, date) and not isinstance(value, datetime)


@frozen
class ApiVersion:
    """One version of the API: a fact to add to `KNOWN_VERSIONS` when Clio announces another."""

    number: str = field(validator=_is_version)
    released: date | None = field(default=None, validator=_is_day)
    """When it could first be asked for."""
    default_from: date | None = field(default=None, validator=_is_day)
    """When it became, or is announced to become, the default version."""
    default_seen: date | None = field(default=None, validator=_is_day)
    """The last day on which it is known to have been the default version."""
    changes: tuple[str, ...] = ()
    back_filled: date | Literal[True] | None = field(default=None, validator=_is_day_or_true)
    """From when on its changes are in the versions before it, too. True: they are, and the day is not known."""
    source: str = ""
    """Where this was read."""

    def effective(self, today: date) -> bool:
        """Say whether its changes are in the versions before it."""
        return self.back_filled is True or (self.back_filled is not None and self.back_filled <= today)


KNOWN_VERSIONS: tuple[ApiVersion, ...] = (
    ApiVersion(
        "4.0.4",
        changes=("The quantity of an activity is in seconds; before, in hours.",),
        source=_DOCUMENT,
    ),
    ApiVersion(
        "4.0.5",
        changes=(
            "Bills have no matter_balances any more.",
            "Values of status and state follow one pattern.",
            "A finished document automation names its documents.",
            "Price and total of an activity follow the visibility of rates.",
        ),
        source=_DOCUMENT,
    ),
    ApiVersion("4.0.6", changes=("Documents have no document_versions any more.",), source=_DOCUMENT),
    ApiVersion("4.0.7", changes=("Secure links have another form.",), source=_DOCUMENT),
    ApiVersion(
        "4.0.8",
        released=date(2022, 3, 11),
        default_from=date(2022, 8, 12),
        changes=(
            "The hours of an activity are hidden from users who may not see them.",
            "Activities say so in quantity_redacted; hours that are hidden cannot be changed (403).",
        ),
        back_filled=True,
        source=_CHANGELOG,
    ),
    ApiVersion(
        "4.0.9",
        released=date(2022, 11, 21),
        default_from=date(2023, 2, 21),
        default_seen=date(2025, 8, 13),
        changes=("Contacts that a user may not see are left out of lists, and redacted elsewhere.",),
        back_filled=date(2023, 2, 21),
        source=_CHANGELOG,
    ),
    ApiVersion("4.0.10", changes=("The filter type of notes is checked.",), source=_DOCUMENT),
    ApiVersion(
        "4.0.11",
        released=date(2025, 3, 31),
        changes=(
            "E-mail addresses and phone numbers of a contact have lists of their own.",
            "A contact shows at most 200 of each.",
        ),
        source=_CHANGELOG,
    ),
    ApiVersion(
        "4.0.12",
        released=date(2025, 6, 24),
        default_from=date(2025, 9, 24),
        changes=("Calendar entries that a user may not see are redacted, and hold nulls.",),
        back_filled=True,
        source=_CHANGELOG,
    ),
    ApiVersion(
        "4.0.13",
        released=date(2025, 10, 6),
        default_from=date(2026, 1, 6),
        default_seen=date(2026, 10, 2),
        changes=("A contact holds at most 20 e-mail addresses, 20 phone numbers and 20 addresses; one more is a 422.",),
        back_filled=date(2026, 1, 6),
        source=_CHANGELOG,
    ),
)
"""What was known when this package was made, oldest first."""

RESERVED: tuple[str, ...] = (
    "Compatible additions come to every version without notice: endpoints, optional fields, values of enums, actions.",
    "Changes for security, privacy or stability may be made to versions that are supported, and sooner than announced.",
)
"""What the policy keeps open for every version (https://docs.developers.clio.com/api-docs/api-versioning-policy)."""


def merged(known: Iterable[ApiVersion]) -> tuple[ApiVersion, ...]:
    """Return versions in their order, each once: what is said later of a version holds."""
    by_number = {version.number: version for version in known}
    return tuple(sorted(by_number.values(), key=lambda version: order(version.number)))
