# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of communications."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .activities import Activity
    from .documents import Document
    from .matters import Matter
    from .shared import ExternalProperty, NotificationEventSubscriber, Participant
    from .users import User


class Communication(Record, init=False):
    """Clio's Communication.

    Derived from other records, and not covered by the etag: time_entries_count.
    """

    __schema__ = "Communication"

    id: int
    etag: RecordETag
    subject: str | None
    body: str | None
    type: Literal["EmailCommunication", "PhoneCommunication"] | str | None
    date: dt.date | None
    time_entries_count: int | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    received_at: dt.datetime | None
    user: User | None
    matter: Matter | None
    communication_eml_file: CommunicationEmlFile | None
    senders: tuple[Participant, ...] | None
    receivers: tuple[Participant, ...] | None
    external_properties: tuple[ExternalProperty, ...] | None
    time_entries: tuple[Activity, ...] | None
    documents: tuple[Document, ...] | None
    notification_event_subscribers: tuple[NotificationEventSubscriber, ...] | None


class CommunicationEmlFile(Record, init=False):
    """Clio's CommunicationEmlFile."""

    __schema__ = "CommunicationEmlFile"

    id: int
