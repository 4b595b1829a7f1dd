"""The ledger: what was sent, and what did not have to be."""

from __future__ import annotations

from attrs import define

__all__ = ["Stats"]


@define
class Stats:
    """Counters of a client and all that share its core. They only grow."""

    calls: int = 0
    """Calls made by the application."""
    requests: int = 0
    """Requests handed to the transport, whatever became of them."""
    failures: int = 0
    """Requests that ended without a complete answer."""
    bytes_received: int = 0
    """Bytes of bodies as transferred."""
    revalidated: int = 0
    """Calls answered by a 304: their body was not transferred again."""
    shared: int = 0
    """Calls answered by another caller's request."""
    fresh: int = 0
    """Calls answered without any request, where freshness was opted into."""
    bytes_saved: int = 0
    """Bytes of bodies that revalidated, shared and fresh answers did not transfer, reckoned uncompressed."""
    not_stored: int = 0
    """Complete answers that the server forbade to keep (`no-store`)."""
    mismatches: int = 0
    """304s that spoke of another representation than the one asked about; each cost one more request."""
    version_mismatches: int = 0
    """Answers of another API version than the one asked for."""
    limited: int = 0
    """Answers that said that the quota is used up (429)."""
    refused: int = 0
    """Calls that were not sent, because they would have had to wait for quota longer than they may."""
    waited: float = 0.0
    """Seconds that calls waited for quota, all together."""
    refreshes: int = 0
    """Access tokens that were renewed."""
    storage_requests: int = 0
    """Requests to the place where files are kept. None of the counters above counts them."""
    bytes_uploaded: int = 0
    """Bytes of files handed to the transport, those that were sent again included."""
    bytes_downloaded: int = 0
    """Bytes of files received."""

    @property
    def requests_saved(self) -> int:
        """Requests that were not sent because an answer was shared or fresh."""
        return self.shared + self.fresh
