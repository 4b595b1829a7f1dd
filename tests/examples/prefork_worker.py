"""A nightly job for each of many firms: it keeps copies of their matters, and tidies descriptions.

Queue one for each, ``queue.enqueue("prefork_worker.nightly", "firm-42", retry=Retry(max=3))``, and run ``rq worker`` as
often, and on as many machines, as you like: what they share is in Redis.

It reads CLIO_CLIENT_ID, CLIO_CLIENT_SECRET, CLIO_REDIRECT_URI, REDIS_URL and COPIES (a directory, made if it is not
there), and if they are set CLIO_REGION (us unless given) or CLIO_BASE_URL (another server, a simulator). The firms have
approved the app before, with the same store.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attrs import asdict

from clio_async import RecordETag, RedisLimiter, RedisTokenStore, SQLiteCache, SyncClio, SyncOAuthApp, frozen
from clio_async.errors import EditConflict, Forbidden, NotFound, ReauthRequired

log = logging.getLogger(__name__)


def needed(*names: str) -> list[str]:
    """Return these variables of the environment, or end with a sentence that names all that are missing."""
    if missing := [name for name in names if not os.environ.get(name)]:
        sys.exit(f"The environment lacks {', '.join(missing)}.")
    return [os.environ[name] for name in names]


client_id, secret, back, redis, copies = needed(
    "CLIO_CLIENT_ID", "CLIO_CLIENT_SECRET", "CLIO_REDIRECT_URI", "REDIS_URL", "COPIES"
)
region, base_url = os.environ.get("CLIO_REGION", "us"), os.environ.get("CLIO_BASE_URL")
app = SyncOAuthApp(client_id, secret, redirect_uri=back, region=region, base_url=base_url)
tokens = RedisTokenStore(redis)  # one process renews a token, for all
limiter = RedisLimiter(redis)  # one quota, however many processes use it
COPIES = Path(copies)
COPIES.mkdir(0o700, parents=True, exist_ok=True)
cache = SQLiteCache(COPIES / "cache.sqlite")  # one cache for the processes of this machine
shared: SyncClio | None = None  # all this opens nothing yet, and a forked process opens connections of its own


@frozen
class Card:
    """What is kept of a matter. Its etag tells whether the matter has changed."""

    id: int
    etag: RecordETag
    display_number: str
    description: str | None


def client(firm: str) -> SyncClio:
    """Return the client of a firm. It shares connections with all others, and neither answers nor quota."""
    global shared
    grant = app.open(tokens, firm)
    if shared is None:
        shared = SyncClio(grant, cache=cache, limiter=limiter)
    return shared.with_auth(grant).options(lane="batch", timeout=None)  # the night is long, and people go first


def nightly(firm: str) -> str:
    """Do the work for one firm, and tell what was done. Done twice, or stopped halfway, it does no harm."""
    begun = datetime.now(UTC)
    try:
        clio = client(firm)
        known, since = load(firm)
        found = clio.matters.refresh(known, confirm=True)  # a few requests for thousands of matters
        new = clio.matters.list(fields=Card, created_since=since).collect()
        cards = {card.id: card for card in (*found.unchanged, *found.changed, *new)}
        for card in (*found.changed, *new):
            cards[card.id] = tidy(clio, card)
    except (ReauthRequired, Forbidden) as error:
        log.error("%s: somebody has to see to this, to try again is of no use. %s", firm, error)
        return type(error).__name__
    # Whatever else is raised (TransportError, ServerError, RateLimited, TokenStoreError …) may pass: rq tries again.
    save(firm, [*cards.values()], begun - timedelta(hours=1))  # clocks differ; what comes twice is kept once
    return f"{len(found.changed)} changed, {len(found.gone)} gone, {len(cards)} kept"


def tidy(clio: SyncClio, card: Card) -> Card:
    """Remove needless blanks from the description of a matter, as it is by now."""
    if tidied(card)["description"] == card.description:
        return card
    try:
        return clio.matters.edit(card.id, tidied, fields=Card)
    except (EditConflict, NotFound) as error:  # somebody is at work on it, or has deleted it: there is another night
        log.info("%s is left as it is. %s", card.display_number, error)
        return card


def tidied(card: Card) -> dict[str, str | None]:
    """Return the changes. If somebody else is faster, this is called again with what is there then."""
    return {"description": card.description and " ".join(card.description.split())}


def load(firm: str) -> tuple[list[Card], datetime]:
    """Return the copies of a firm, and since when there may be new matters. Yours are in a database."""
    file = COPIES / f"{firm}.json"
    since, cards = json.loads(file.read_text() if file.exists() else '["2000-01-01T00:00:00Z", []]')
    return [Card(**card) for card in cards], datetime.fromisoformat(since)


def save(firm: str, cards: list[Card], since: datetime) -> None:
    """Replace the copies of a firm, all at once."""
    file = COPIES / f"{firm}.new"
    file.write_text(json.dumps((since.isoformat(), [asdict(card) for card in cards])))
    file.replace(COPIES / f"{firm}.json")
