# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of users."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .activity_descriptions import ActivityDescription
    from .contacts import Contact
    from .groups import Group
    from .shared import Avatar, NotificationMethod


class Account(Record, init=False):
    """Clio's Account."""

    __schema__ = "Account"

    id: int
    etag: RecordETag
    name: str | None
    state: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    owner: User | None


class JobTitle(Record, init=False):
    """Clio's JobTitle."""

    __schema__ = "JobTitle"

    id: int
    etag: RecordETag
    name: str | None
    initials: str | None


class User(Record, init=False):
    """Clio's User."""

    __schema__ = "User"

    account_owner: bool | None
    clio_connect: bool | None
    court_rules_default_attendee: bool | None
    created_at: dt.datetime | None
    default_calendar_id: int | None
    email: str | None
    enabled: bool | None
    etag: RecordETag
    first_name: str | None
    id: int
    initials: str | None
    last_name: str | None
    name: str
    phone_number: str | None
    rate: Decimal | None
    roles: tuple[str, ...] | None
    subscription_type: Literal["Attorney", "NonAttorney"] | str | None
    time_zone: str | None
    updated_at: dt.datetime | None
    default_activity_description: ActivityDescription | None
    notification_methods: tuple[NotificationMethod, ...] | None
    account: Account | None
    avatar: Avatar | None
    contact: Contact | None
    job_title: JobTitle | None
    groups: tuple[Group, ...] | None
