# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of conversations."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .conversation_messages import ConversationMessage
    from .documents import Document
    from .matters import Matter
    from .shared import UnredactedParticipant


class Conversation(Record, init=False):
    """Clio's Conversation.

    Derived from other records, and not covered by the etag: current_user_is_member, message_count,
    time_entries_count, read.
    """

    __schema__ = "Conversation"

    id: int
    etag: RecordETag
    archived: bool | None
    read_only: bool | None
    current_user_is_member: bool | None
    subject: str | None
    message_count: int | None
    time_entries_count: int | None
    read: bool | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    last_message: ConversationMessage | None
    first_message: ConversationMessage | None
    matter: Matter | None
    messages: tuple[ConversationMessage, ...] | None
    documents: tuple[Document, ...] | None
    memberships: tuple[ConversationMembership, ...] | None


class ConversationMembership(Record, init=False):
    """Clio's ConversationMembership."""

    __schema__ = "ConversationMembership"

    id: int
    etag: RecordETag
    read: bool | None
    archived: bool | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    member: UnredactedParticipant | None
