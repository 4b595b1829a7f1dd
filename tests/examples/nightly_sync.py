"""A job that keeps a table of matters and one of contacts in SQLite as they are at Clio.

It shows how copies are kept: a first walk that is taken up where it broke off (``resume=``), later ones of what has
changed since (`Changes.mark`), and deletions, found by `refresh`. It may be stopped or killed at any moment: each page
and the place behind it are written in one transaction. Run it every night:

    python nightly_sync.py copies.sqlite

It opens the grant that ``clio-async login`` has stored. That outlasts its access tokens, and so do the places that are
kept here: they are bound to whom they were made for.

It reads CLIO_CLIENT_ID and CLIO_CLIENT_SECRET, and if they are set CLIO_REGION (us unless given) or CLIO_BASE_URL
(another server, a simulator), and CLIO_TOKENS (the directory of tokens; that of login unless given, XDG_STATE_HOME
included).
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Generic, TypeVar

import anyio
from attrs import astuple, fields, frozen

from clio_async import Changes, Clio, FileTokenStore, OAuthApp, Pages, RecordETag, Refreshed

MARGIN = timedelta(hours=1)
"""Clocks differ: the first list of changes begins that much before the first walk. What comes twice is kept once."""
CHUNK = 2_000
"""Copies that are checked at a time. A check that was stopped goes on with the next ones."""


@frozen
class Matter:
    """What is kept of a matter: own attributes, which its etag covers."""

    id: int
    etag: RecordETag
    display_number: str | None
    description: str | None
    status: str | None


@frozen
class Contact:
    """What is kept of a contact."""

    id: int
    etag: RecordETag
    name: str | None
    title: str | None


T = TypeVar("T", bound="Matter | Contact")


@frozen
class Source(Generic[T]):
    """How the copies of one table are read."""

    table: str
    row: type[T]
    all: Callable[[str | None], Pages[T]]
    changes: Callable[[datetime | str], Changes[T]]
    refresh: Callable[[Sequence[T]], Awaitable[Refreshed[T, T]]]


async def sync(clio: Clio, file: str, today: datetime) -> tuple[int, int]:
    """Bring both tables up to date, and return how many matters and contacts there are.

    `today` is an instant of which there is one a day, and not yet to come.
    """
    batch = clio.options(lane="batch", timeout=None)  # people go first, and the night is long
    matters, contacts = batch.matters, batch.contacts
    with closing(sqlite3.connect(file)) as copies:
        kept = await _bring(
            copies,
            today,
            Source(
                "matters",
                Matter,
                lambda resume: matters.list(fields=Matter, resume=resume),
                lambda since: matters.iter_changes(since, fields=Matter),
                lambda known: matters.refresh(known, confirm=True),
            ),
        )
        return kept, await _bring(
            copies,
            today,
            Source(
                "contacts",
                Contact,
                lambda resume: contacts.list(fields=Contact, resume=resume),
                lambda since: contacts.iter_changes(since, fields=Contact),
                lambda known: contacts.refresh(known, confirm=True),
            ),
        )


async def _bring(copies: sqlite3.Connection, today: datetime, source: Source[T]) -> int:
    """Bring one table up to date, and return how many rows it has."""
    _create(copies, source, today)
    begun, resume, mark = _place(copies, source)
    if mark is None:
        await _first(copies, source, resume)
    changes = source.changes(mark or datetime.fromisoformat(begun) - MARGIN)
    async for page in changes.by_page():
        with copies:
            _write(copies, source, page, today)
            _go(copies, source, mark=changes.mark)
    with copies:
        _go(copies, source, mark=changes.mark)  # at the end of the walk it stands for all that comes later
    await _check(copies, source, today)
    (rows,) = copies.execute(f"SELECT count(*) FROM {source.table}").fetchone()
    return int(rows)


async def _first(copies: sqlite3.Connection, source: Source[T], resume: str | None) -> None:
    """Read the whole list, from where an earlier run came to."""
    pages = source.all(resume)
    async for page in pages.by_page():
        with copies:
            _write(copies, source, page, None)
            _go(copies, source, resume=pages.resume_token)  # this page comes again if the next one does not come


async def _check(copies: sqlite3.Connection, source: Source[T], today: datetime) -> None:
    """Take out what is gone, some at a time. What was looked at today is not looked at again."""
    names = ", ".join(_names(source))
    unchecked = f"SELECT {names} FROM {source.table} WHERE checked IS NULL OR checked < ? ORDER BY id LIMIT {CHUNK}"
    while known := [source.row(*row) for row in copies.execute(unchecked, (today.isoformat(),))]:
        found = await source.refresh(known)  # a tag of each: 200 in a request
        with copies:
            lost = [(number,) for number in (*found.gone, *found.missing)]
            copies.executemany(f"DELETE FROM {source.table} WHERE id = ?", lost)
            _write(copies, source, found.changed, today)
            _write(copies, source, found.unchanged, today)


def _names(source: Source[T]) -> list[str]:
    return [field.name for field in fields(source.row)]


def _create(copies: sqlite3.Connection, source: Source[T], today: datetime) -> None:
    _, *others = _names(source)
    with copies:
        copies.execute(
            f"CREATE TABLE IF NOT EXISTS {source.table} (id INTEGER PRIMARY KEY, {', '.join(others)}, checked)"
        )
        copies.execute("CREATE TABLE IF NOT EXISTS places (source PRIMARY KEY, begun, resume, mark)")
        copies.execute("INSERT OR IGNORE INTO places VALUES (?, ?, NULL, NULL)", (source.table, today.isoformat()))


def _place(copies: sqlite3.Connection, source: Source[T]) -> tuple[str, str | None, str | None]:
    """Return when the first walk began, how far it came, and the mark of the last changes that were seen."""
    select = "SELECT begun, resume, mark FROM places WHERE source = ?"
    begun, resume, mark = copies.execute(select, (source.table,)).fetchone()
    return begun, resume, mark


def _go(copies: sqlite3.Connection, source: Source[T], *, resume: str | None = None, mark: str | None = None) -> None:
    copies.execute("UPDATE places SET resume = ?, mark = ? WHERE source = ?", (resume, mark, source.table))


def _write(copies: sqlite3.Connection, source: Source[T], rows: Sequence[T], checked: datetime | None) -> None:
    marks = ", ".join("?" for _ in [*_names(source), "checked"])
    when = checked and checked.isoformat()
    copies.executemany(
        f"INSERT OR REPLACE INTO {source.table} VALUES ({marks})", [(*astuple(row), when) for row in rows]
    )


async def main() -> None:
    """Do what the command in the docstring asks for."""
    client_id, secret = needed("CLIO_CLIENT_ID", "CLIO_CLIENT_SECRET")
    if len(sys.argv) != 2:
        sys.exit("Name the file of the copies: python nightly_sync.py copies.sqlite")
    region, base_url = os.environ.get("CLIO_REGION", "us"), os.environ.get("CLIO_BASE_URL")
    app = OAuthApp(client_id, secret, redirect_uri="http://127.0.0.1:8917/callback", region=region, base_url=base_url)
    async with Clio(await app.open(FileTokenStore(tokens()), "default")) as clio:
        midnight = datetime.combine(datetime.now(UTC), time(), UTC)
        print("{} matters and {} contacts are kept.".format(*await sync(clio, sys.argv[1], midnight)))


def tokens() -> Path:
    """Return the directory in which ``clio-async login`` keeps tokens, unless CLIO_TOKENS names another."""
    state = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(os.environ.get("CLIO_TOKENS") or f"{state}/clio-async/tokens").expanduser()


def needed(*names: str) -> list[str]:
    """Return these variables of the environment, or end with a sentence that names all that are missing."""
    if missing := [name for name in names if not os.environ.get(name)]:
        sys.exit(f"The environment lacks {', '.join(missing)}.")
    return [os.environ[name] for name in names]


if __name__ == "__main__":
    anyio.run(main)
