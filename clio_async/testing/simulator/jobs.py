"""Work that goes on after it was asked for: reports, archives of documents, document automations.

Its states: https://docs.developers.clio.com/api-reference/ (Reports, Document Archives, Document Automations).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

from attrs import define, frozen

from .contents import made_up
from .firm import Firm
from .things import Record, Ref
from .values import whole
from .versions import add_version, kind_of, path_of, settled

__all__ = ["RUNNING", "Job", "Jobs", "go_on", "looked_at", "start"]

End: TypeAlias = Literal["completed", "failed", "empty"]

RUNNING: Final = ("not_started", "queued", "in_progress")
_TABLES: Final = frozenset({"reports", "document_archives", "document_automations"})


@frozen(kw_only=True)
class Jobs:
    """How a job goes on that was started: it ends after some time, or after it was looked at a few times.

    Whichever comes first. None: never by that; 0: it has ended when it is begun, and the answer to that says so.
    ``simulator.change("reports", 13, state="failed")`` ends one at once.
    """

    seconds: float | None = 30.0
    reads: int | None = 3
    """How often it has to be read, by itself and not in a list."""
    ends: End = "completed"
    """How it ends. No archive is empty: it is completed then."""

    def share(self, job: Job, now: float) -> float:
        """Return how much of a job is done: 1 if it has ended."""
        by_time = 0.0 if self.seconds is None else (now - job.began) / self.seconds if self.seconds else 1.0
        by_reads = 0.0 if self.reads is None else job.reads / self.reads if self.reads else 1.0
        return min(1.0, max(by_time, by_reads))


@define
class Job:
    """A job that has not ended."""

    began: float
    reads: int = 0


def start(record: Record, now: float) -> None:
    """Begin with what a record stands for, if it stands for a job."""
    if record.table.name in _TABLES:
        record.firm.jobs[record.table.name, record.number] = Job(now)
        record.written["state"] = RUNNING[0]
        if "progress" in record.schema.fields:
            record.written["progress"] = 0


def looked_at(firm: Firm, table: str, id: str) -> None:
    """Note that somebody asked for a record."""
    job = firm.jobs.get((table, whole(id) or 0))
    if job is not None:
        job.reads += 1


def go_on(firm: Firm, jobs: Jobs, now: float, *, moves_tag: bool) -> None:
    """Let every job of a firm go on. `moves_tag`: whether its record has another tag after that."""
    for key, record, job in list(_unfinished(firm)):
        share = jobs.share(job, now)
        state = RUNNING[int(share * 3)] if share < 1 else _end(record, jobs.ends)
        if _moved(record, state, int(share * 100)) and moves_tag:
            record.version += 1
            record.written["updated_at"] = datetime.fromtimestamp(now, UTC)
        if share == 1:
            del firm.jobs[key]
            _finish(record, state, now)


def _unfinished(firm: Firm) -> Iterator[tuple[tuple[str, int], Record, Job]]:
    """Walk the jobs that go on; forget those that somebody else ended."""
    for key, job in list(firm.jobs.items()):
        record = firm.find(Ref(*key))
        if record is None or record.get("state") not in RUNNING:
            del firm.jobs[key]
        else:
            yield key, record, job


def _moved(record: Record, state: str, progress: int) -> bool:
    now = {"state": state, "progress": progress} if "progress" in record.schema.fields else {"state": state}
    before = {name: record.get(name) for name in now}
    record.written.update(now)
    return before != now


def _end(record: Record, end: End) -> str:
    return "completed" if end == "empty" and record.table.name == "document_archives" else end


def _finish(record: Record, state: str, now: float) -> None:
    """A completed automation has made a document."""
    if record.table.name == "document_automations" and state == "completed":
        made = record.firm.table("documents").add(now)
        name = record.get("filename") or "Document"
        made.written.update(name=name, filename=name, matter=record.get("matter"), type="Document")
        version = add_version(made, filename=name, content_type=kind_of(name), fully_uploaded=True)
        version.written["size"] = len(made_up(path_of(made, version)))
        settled(made)
        record.written["documents"] = (Ref("documents", made.number),)
