"""`clio.versions`: where the pinned version stands, by two or three requests, or by the published document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from .errors import APIError, ApiVersionGone, Forbidden, InvalidArgument, UnexpectedRedirect
from .messages import Request, Response
from .options import Options
from .protocol import requests, urls
from .protocol.version_document import PublishedVersions, published
from .protocol.version_history import KNOWN_VERSIONS, ApiVersion
from .protocol.version_status import NOTICE, VersionStatus, facts, status_of
from .protocol.versions import HEADER, spoken

__all__ = ["DOCUMENT", "Asker", "Versions", "fetch_document"]

DOCUMENT = "https://docs.developers.clio.com/openapi.json"
"""Where Clio publishes the document. It is read without a token."""

_READABLE = (
    ("/users/who_am_i", {"fields": "id"}),
    ("/matters", {"fields": "id", "limit": 1}),
    ("/contacts", {"fields": "id", "limit": 1}),
)
"""What is asked for: any answer says its version, and not every token may read everything."""
_MOST = 3


class Asker(Protocol):
    """What is needed of a client."""

    async def request(self, method: str, path: str, *, params: Mapping[str, object]) -> Response: ...


class Versions:
    """Say where the API version of a client stands, by Clio's policy.

    See https://docs.developers.clio.com/api-docs/api-versioning-policy.
    """

    def __init__(
        self,
        asking: Callable[[str | None], Asker],
        options: Options,
        send: Callable[[Request], Awaitable[Response]],
        clock: Callable[[], float],
        wall_clock: Callable[[], float],
    ) -> None:
        self._asking = asking
        self._options = options
        self._send = send
        self._clock = clock
        self._wall_clock = wall_clock

    async def status(
        self,
        *,
        known: Iterable[ApiVersion] = KNOWN_VERSIONS,
        document: str | bytes | None = None,
        within: int = NOTICE.days,
    ) -> VersionStatus:
        """Return where the client's version stands: what answers, what the default is, and until when it is supported.

        Two requests ask the server, a third one if the first is refused; a 410 is checked by two more. With `document`
        (see `published`) the default version is read there. `known` are the facts to go by: add to `KNOWN_VERSIONS`
        what Clio announces. `within` is the number of days before the end of guaranteed support from which on the state
        is "ending".

        :raises InvalidArgument: if `known` or `within` is not what it has to be; nothing is sent then.
        :raises DecodeError: if the document does not say which version is the default.
        :raises APIError: if the server refuses for another reason than the version or a permission.
        :raises TransportError: if it does not answer.
        """
        known = facts(known, within)
        default = None if document is None else (await self.published(document)).default
        seen = _Seen(self._asking, self._options.api_version, default)
        await seen.ask()
        return status_of(
            pinned=seen.pinned,
            answered=seen.answered,
            default=seen.default,
            gone=seen.gone,
            today=datetime.fromtimestamp(self._wall_clock(), UTC).date(),
            known=known,
            within=within,
        )

    async def published(self, document: str | bytes = DOCUMENT) -> PublishedVersions:
        """Read which versions Clio's document lists, and which is the default. No token is sent.

        `document` is its address, or the document itself.

        :raises DecodeError: if it does not say which version is the default.
        :raises InvalidArgument: if the address is none that may be asked.
        """
        if isinstance(document, str) and document.startswith(("https://", "http://")):
            timeout = self._options.timeout
            document = await fetch_document(self._send, document, None if timeout is None else self._clock() + timeout)
        return published(document)


class _Seen:
    """What a few requests have shown."""

    def __init__(self, asking: Callable[[str | None], Asker], pinned: str | None, default: str | None) -> None:
        self.pinned = pinned
        self.answered: str | None = None
        self.default = default
        self.gone = False
        self._asking = asking
        self._maybe_gone = False
        self._asked = 0
        self._place = 0

    async def ask(self) -> None:
        """Ask under the pinned version, then without one. What was refused once is not asked for again.

        A version is not gone because of an account that is answered 410 to everything, nor if it is the default one:
        two answers that contradict each other leave unknown what the default is.
        """
        if self.pinned is not None:
            self.answered = await self._answer(self.pinned)
        if self.default is None:
            self.default = await self._answer(None)
            if self._maybe_gone and self.default is not None:
                self.gone = True  # the same path answers without a version
        if self.gone and self.default == self.pinned:
            self.gone, self.default = False, None

    async def _answer(self, version: str | None) -> str | None:
        """Return the version that answers, None if that cannot be told."""
        client = self._asking(version)
        while self._asked < _MOST and self._place < len(_READABLE):
            path, params = _READABLE[self._place]
            self._asked += 1
            try:
                response: Response | None = await client.request("GET", path, params=params)
            except ApiVersionGone:
                self.gone = True
                return None
            except Forbidden as error:
                response = error.response
            except APIError as error:
                if error.status != 410:
                    raise
                if version is None:
                    self.gone = False  # it is not for the version
                self._maybe_gone = version is not None
                return None
            found = None if response is None else spoken(response.headers.single(HEADER.lower()))
            if found is not None:
                return found
            self._place += 1
        return None


async def fetch_document(
    send: Callable[[Request], Awaitable[Response]], url: str, deadline: float | None = None
) -> bytes:
    """Return what is at a public address. No token is sent, and no redirect is followed.

    :raises InvalidArgument: if the address is none, or plain http to a public host.
    :raises APIError: for any other status than 200.
    """
    try:
        urls.base_url("us", url)
    except InvalidArgument:
        raise InvalidArgument("The address of the document must be https, without user, query and fragment.") from None
    request = Request("GET", url, requests.base_headers(None), deadline=deadline)
    response = await send(request)
    details: dict[str, Any] = {"status": response.status, "request": request, "response": response}
    if 300 <= response.status < 400:
        text = f"{url} was answered {response.status}, a redirect: give the address that it leads to."
        raise UnexpectedRedirect(text, **details)
    if response.status != 200:
        raise APIError(f"{url} was answered {response.status}, and not with the document.", **details)
    return response.body
