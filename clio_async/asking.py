"""`Asking`: on whose behalf a client asks, and how the requests of its operations are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .messages import Headers, Request
from .middleware.observe import captures
from .protocol import conditional, requests, urls
from .resources._generated import Resources
from .resources.learned import Learned

if TYPE_CHECKING:
    from .caches.base import Entry
    from .core import Core
    from .models.schema import Operation
    from .models.selection import Selection
    from .options import Options
    from .principal import Auth, Principal
    from .writes.rereading import Reader

__all__ = ["Asking", "url_of"]


class Asking(Resources):
    """What a client knows of itself: a core, one principal, and one set of options."""

    __slots__ = ("_auth", "_base", "_core", "_headers", "_options", "_principal", "_require_if_match")

    if TYPE_CHECKING:
        _auth: Auth
        _base: str
        _core: Core
        _headers: Headers
        _options: Options
        _principal: Principal
        _require_if_match: bool

    @property
    def base_url(self) -> str:
        """Scheme, host and prefix under which requests go."""
        return self._base

    @property
    def scope(self) -> str:
        """On whose behalf and in which API version: what a resume token is bound to."""
        return f"{self._principal.fingerprint} {self._options.api_version}"

    @property
    def api_version(self) -> str | None:
        """The version of the API that is asked for; None for the one that the server chooses."""
        return self._options.api_version

    @property
    def strict(self) -> bool:
        """Whether a value that contradicts the schema is an error."""
        return self._options.strict

    @property
    def learned(self) -> Learned:
        """What earlier answers have taught about this server, or this principal."""
        return self._core.learned

    def _headers_of(self, operation: Operation) -> Headers:
        return self._headers if operation.versioned else requests.base_headers(None)

    def _tags_of(self, named: Iterable[str]) -> Iterator[str]:
        """Yield what a write changes that names other records: those, and the lists they stand in."""
        for path in named:
            yield from urls.write_tags(self._base, self._base + path)

    def _asked(self, operation: Operation, path: str, query: str, covered: bool, depends: tuple[str, ...]) -> Request:
        try:
            url, tags = _known(self._base, path, query, depends)
        except urls.AskedOnce:
            url, tags = _read_of(self._base, path, query, depends)
        return self._built("GET", url, self._headers_of(operation), None, operation.resource, covered, tags)

    def _fresh(self, operation: Operation, path: str, query: str, selection: Selection[Any]) -> Entry | None:
        """Return what is held and fresh, where freshness was opted into.

        It is a call that makes no request, unless somebody wants to see one.
        """
        core, seconds = self._core, self._core.fresh_for.get(operation.resource)
        if seconds is None or self._options.cache != "validate" or getattr(self._auth, "over", False):
            return None
        version = self._options.api_version if operation.versioned else None
        try:
            key, tags = _known_key(self._base, path, query, selection.depends, version)
        except urls.AskedOnce:
            key, tags = _kept_of(self._base, path, query, selection.depends, version)
        entry = core.held(self._principal.fingerprint, key, tags, seconds, self._headers_of(operation))
        if entry is not None and (captures() or core.watch):
            core.tell(self._asked(operation, path, query, selection.covered, selection.depends), entry)
        return entry

    def _reader(self, request: Request | None = None) -> Reader:
        """Return what reads what a write was about, by the deadline of that."""
        from .writes.rereading import Reader  # for writes alone

        request = request or self._built("GET", self._base, self._headers, None, None, True, ())
        return Reader(self._core, self._base, self.scope, self._headers, request)

    def _built(
        self,
        method: str,
        url: str,
        headers: Headers,
        body: bytes | None,
        resource: str | None,
        covered: bool,
        tags: tuple[str, ...],
        follows: bool = True,
    ) -> Request:
        timeout = self._options.timeout
        return Request(
            method,
            url,
            headers,
            body,
            None if timeout is None else self._core.clock() + timeout,
            self._principal,
            self._auth,
            self._options,
            tags,
            resource,
            covered,
            follows=follows,
        )


def url_of(base: str, path: str, query: str) -> str:
    """Return the URL of a request."""
    return f"{base}{path}?{query}" if query else base + path


def _read_of(base: str, path: str, query: str, depends: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the URL of a read, and what its answer depends on."""
    url = url_of(base, path, query)
    return url, (*urls.read_tags(base, url), *[base + collection for collection in depends])


@lru_cache(4096)  # the same records are read again and again, and their URLs are long
def _known(base: str, path: str, query: str, depends: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    if not urls.is_read_again(url_of(base, path, query)):
        raise urls.AskedOnce
    return _read_of(base, path, query, depends)


def _kept_of(
    base: str, path: str, query: str, depends: tuple[str, ...], version: str | None
) -> tuple[str, tuple[str, ...]]:
    """Return what the answer to a read is kept under, and what it depends on."""
    url, tags = _read_of(base, path, query, depends)
    return conditional.key(url, requests.base_headers(version)), tags


@lru_cache(4096)  # a fresh answer is given in less time than this takes
def _known_key(
    base: str, path: str, query: str, depends: tuple[str, ...], version: str | None
) -> tuple[str, tuple[str, ...]]:
    if not urls.is_read_again(url_of(base, path, query)):
        raise urls.AskedOnce
    return _kept_of(base, path, query, depends, version)
