"""`SyncVersions`: where the API version of a client stands, for threads."""

from __future__ import annotations

from collections.abc import Iterable

from ..protocol.version_document import PublishedVersions
from ..protocol.version_history import KNOWN_VERSIONS, ApiVersion
from ..protocol.version_status import NOTICE, VersionStatus
from ..versions import DOCUMENT, Versions
from .seat import Seat

__all__ = ["SyncVersions"]


class SyncVersions:
    """Say where the API version of a client stands, by Clio's policy: `Versions`, for threads.

    See https://docs.developers.clio.com/api-docs/api-versioning-policy.
    """

    __slots__ = ("_seat", "_versions")

    def __init__(self, seat: Seat, versions: Versions) -> None:
        self._seat = seat
        self._versions = versions

    def status(
        self,
        *,
        known: Iterable[ApiVersion] = KNOWN_VERSIONS,
        document: str | bytes | None = None,
        within: int = NOTICE.days,
    ) -> VersionStatus:
        """Return where the client's version stands: what answers, what the default is, and until when it is supported.

        Two requests ask the server, a third one if the first is refused: see `Versions.status`.

        :raises InvalidArgument: if `known` or `within` is not what it has to be; nothing is sent then.
        :raises DecodeError: if the document does not say which version is the default.
        :raises APIError: if the server refuses for another reason than the version or a permission.
        :raises TransportError: if it does not answer.
        """
        return self._seat.run(self._versions.status(known=known, document=document, within=within))

    def published(self, document: str | bytes = DOCUMENT) -> PublishedVersions:
        """Read which versions Clio's document lists, and which is the default. No token is sent.

        :raises DecodeError: if it does not say which version is the default.
        :raises InvalidArgument: if the address is none that may be asked.
        """
        return self._seat.run(self._versions.published(document))
