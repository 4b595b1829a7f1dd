# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of tasks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .activities import Activity
    from .matters import Matter
    from .reminders import Reminder
    from .shared import Participant
    from .task_types import TaskType
    from .users import User


class Task(Record, init=False):
    """Clio's Task.

    Derived from other records, and not covered by the etag: time_entries_count.
    """

    __schema__ = "Task"

    id: int
    etag: RecordETag
    name: str | None
    status: Literal["pending", "in_progress", "in_review", "complete", "draft"] | str | None
    description: str | None
    description_text_type: Literal["plain_text", "rich_text"] | str | None
    priority: Literal["High", "Normal", "Low"] | str | None
    due_at: dt.date | None
    permission: str | None
    completed_at: dt.datetime | None
    notify_completion: bool | None
    statute_of_limitations: bool | None
    time_estimated: int | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    time_entries_count: int | None
    time_entries: tuple[Activity, ...] | None
    task_type: TaskType | None
    assigner: User | None
    matter: Matter | None
    assignee: Participant | None
    reminders: tuple[Reminder, ...] | None
