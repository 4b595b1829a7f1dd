"""A token store in a SQL database, to copy and adapt.

It is written for `sqlite3`; with another driver of the DB-API (PEP 249) change what is marked. A statement that
compares and writes at once is all that the contract asks for: no transaction is held open, and no row is locked while
a token is renewed.

    store = SqlTokenStore(lambda: sqlite3.connect("app.db"))
    grant = await OAuthApp(…).open(store, "firm-42")

Run the checks against your own copy, with the database that you will use:

    @pytest.mark.parametrize("name", TOKEN_STORE_CHECKS + SHARED_TOKEN_STORE_CHECKS)
    async def test_the_store_keeps_the_contract(name, tmp_path):
        def open_store():
            return SqlTokenStore(lambda: sqlite3.connect(tmp_path / "app.db"))

        await check_token_store(name, open_store, open_store)

The tokens are in clear text in the table: encrypt the column, or the disk, as you do with passwords of others.

There is no `lock` here. Clio Manage lets a refresh token be used again, so two processes that renew at once lose
nothing. For a server whose refresh tokens work only once add one, for instance on PostgreSQL with
`pg_try_advisory_lock` on a connection of its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from operator import itemgetter
from typing import TypeVar

from anyio.to_thread import run_sync

from clio_async import Token, TokenStore, TokenStoreError

T = TypeVar("T")

# Keys and revisions must be compared byte by byte, as SQLite does. MySQL: VARBINARY; SQL Server: a _BIN2 collation.
TABLE = """
CREATE TABLE IF NOT EXISTS clio_tokens (
    key      TEXT PRIMARY KEY,
    revision TEXT NOT NULL,
    token    TEXT NOT NULL
)
"""


class SqlTokenStore(TokenStore):
    """Keep tokens in a table. `connect` opens a connection, or takes one from a pool; it is closed after each use."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect

    async def load(self, key: str) -> Token | None:
        """Return the token of a key, None if there is none."""

        def work(connection: sqlite3.Connection) -> Token | None:
            rows = connection.execute("SELECT token FROM clio_tokens WHERE key = ?", (key,))  # %s with most drivers
            # No variable holds the text: a traceback that shows variables must show no secret.
            return next(map(Token.from_json, map(itemgetter(0), rows)), None)

        return await self._in_thread(work)

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        """Replace `previous` by `token`, if it is still what is stored."""

        def work(connection: sqlite3.Connection) -> bool:
            match token, previous:
                case None, None:
                    return connection.execute("SELECT 1 FROM clio_tokens WHERE key = ?", (key,)).fetchone() is None
                case None, Token():
                    done = connection.execute(
                        "DELETE FROM clio_tokens WHERE key = ? AND revision = ?", (key, previous.revision)
                    )
                case Token(), None:
                    done = connection.execute(  # MySQL: INSERT IGNORE INTO …
                        "INSERT INTO clio_tokens (key, revision, token) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
                        (key, token.revision, token.to_json()),
                    )
                case _:
                    done = connection.execute(
                        "UPDATE clio_tokens SET revision = ?, token = ? WHERE key = ? AND revision = ?",
                        (token.revision, token.to_json(), key, previous.revision),
                    )
            connection.commit()
            return done.rowcount == 1

        return await self._in_thread(work)

    async def _in_thread(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def connected() -> T:
            try:
                with closing(self._connect()) as connection:
                    connection.execute(TABLE)  # or once, in a migration
                    return work(connection)
            except sqlite3.Error as error:  # the Error of your driver
                raise TokenStoreError(f"The database of tokens failed: {error}.") from error

        return await run_sync(connected)
