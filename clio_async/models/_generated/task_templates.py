# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of task templates."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .task_template_lists import TaskTemplateList
    from .task_types import TaskType
    from .users import User


class CascadingTaskTemplate(Record, init=False):
    """Clio's CascadingTaskTemplate."""

    __schema__ = "CascadingTaskTemplate"

    id: int
    name: str | None


class ReminderTemplate(Record, init=False):
    """Clio's ReminderTemplate."""

    __schema__ = "ReminderTemplate"

    id: int
    etag: RecordETag
    duration: int | None
    notification_type: Literal["Email", "Popup"] | str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None


class TaskTemplate(Record, init=False):
    """Clio's TaskTemplate."""

    __schema__ = "TaskTemplate"

    id: int
    etag: RecordETag
    name: str | None
    description: str | None
    description_text_type: Literal["plain_text", "rich_text"] | str | None
    priority: Literal["High", "Normal", "Low"] | str | None
    private: bool | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    cascading_source: CascadingTaskTemplate | None
    assignee: User | None
    task_template_list: TaskTemplateList | None
    task_type: TaskType | None
    template_creator: User | None
    reminder_templates: tuple[ReminderTemplate, ...] | None
