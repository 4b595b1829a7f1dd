# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of conversation messages."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .conversations import Conversation
    from .documents import Document
    from .shared import UnredactedParticipant


class ConversationMessage(Record, init=False):
    """Clio's ConversationMessage."""

    __schema__ = "ConversationMessage"

    id: int
    etag: RecordETag
    date: str | None
    body: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    sender: UnredactedParticipant | None
    document: Document | None
    conversation: Conversation | None
    receivers: tuple[UnredactedParticipant, ...] | None
