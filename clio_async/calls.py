"""`Calls`: what the resources need of a client. It sends the requests of operations, and makes values of answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import anyio
from attrs import evolve

from .asking import Asking, url_of
from .errors import BadRequest, DecodeError, MissingETag, OutcomeUnknown, PreconditionFailed, UnexpectedContent
from .messages import Request, Response
from .protocol import requests, urls
from .protocol.conditional import Validator, names_other
from .protocol.fields import with_selection
from .protocol.redirects import STATUSES, file_address
from .secrets import Secret

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from .codec import Page
    from .detached import Job
    from .models.schema import Operation
    from .models.selection import Answer, Selection
    from .options import Lane
    from .outcomes import Outcome
    from .resources.caller import Reread
    from .storage import FileStorage

__all__ = ["Calls"]

T = TypeVar("T")


class Calls(Asking):
    """Implements `resources.base.Caller` upon a core, on behalf of one principal and with one set of options."""

    __slots__ = ()

    async def read(
        self, operation: Operation, path: str, query: str, selection: Selection[T], *, unless: Validator | None = None
    ) -> T | None:
        """Read one record. None if it is unchanged since `unless` was true of it."""
        if self._core.learned.refused:
            query, selection = self._narrowed(query, selection)
        if unless is None and self._core.fresh_for:
            entry = self._fresh(operation, path, query, selection)
            if entry is not None:
                return selection.record(entry)
        request = self._asked(operation, path, query, selection.covered, selection.depends)
        response: Response | None
        try:
            if unless is None:
                response = await self._core.exchange(request, 300)
            else:
                response = await self._unless(request, unless)
        except BadRequest as error:
            response, selection = await self._again(request, selection, error)
        return None if response is None else selection.record(response)

    async def read_page(self, operation: Operation, path: str, query: str, selection: Selection[T]) -> Page[T]:
        """Read one page of a list. A tag that comes with a list names the page."""
        if self._core.learned.refused:
            query, selection = self._narrowed(query, selection)
        entry = self._fresh(operation, path, query, selection) if self._core.fresh_for else None
        if entry is not None:
            return _paged(selection, entry)
        request = self._asked(operation, path, query, True, selection.depends)
        try:
            response = await self._core.exchange(request, errors_from=300)
        except BadRequest as error:
            response, selection = await self._again(request, selection, error)
        page = _paged(selection, response)
        page.redirected = response.verdict == "redirected"
        return page

    def detach(self, job: Job) -> None:
        """Run a job in a task of its own, until the client closes."""
        self._core.detach(job)

    async def read_text(self, operation: Operation, path: str, query: str) -> str:
        """Read what is not JSON. Nothing would tell it from the text of another place: a redirect is not followed."""
        request = evolve(self._asked(operation, path, query, False, ()), follows=False)
        response = await self._core.exchange(request, errors_from=300)
        try:
            return response.body.decode("utf-8")
        except UnicodeDecodeError:
            raise DecodeError(f"{path} was answered with a text that is not UTF-8.") from None

    async def locate(self, operation: Operation, path: str, query: str) -> Secret:
        """Return the address that a redirect leads to, without following it."""
        request = evolve(self._asked(operation, path, query, False, ()), follows=False)
        response = await self._core.exchange(request)
        if response.status not in STATUSES:
            raise UnexpectedContent(f"{path} was answered {response.status}, and not with the address of a file.")
        if operation.action == "download":
            address = file_address(self._base, request.url, response)
        else:
            address = urls.signed_address(request.url, response.headers.single("location") or None)
        if address is None:
            raise UnexpectedContent(
                f"{path} was answered {response.status} without an address that may be fetched: it leads nowhere, or "
                "to another page of Clio's, such as the one to sign in on. Check base_url and the token."
            )
        return Secret(address)

    def storage(self) -> FileStorage:
        """Return what exchanges bytes with the place where files are kept, on behalf of this principal."""
        from .storage import FileStorage  # most clients transfer no file

        core = self._core
        return FileStorage(
            core.storage(), self._principal, self._options.retry, core.stats, core.watch, core.clock, core.random
        )

    async def write(
        self,
        operation: Operation,
        path: str,
        query: str,
        body: bytes | None,
        selection: Selection[T] | None,
        *,
        if_match: str | None,
        named: tuple[str, ...],
        headers: Mapping[str, Secret] | None = None,
        again: Reread | None = None,
    ) -> T | None:
        """Write. What the answer holds is decoded and not kept: it may be less than the record."""
        if if_match is None and self._require_if_match and operation.if_match:
            raise MissingETag("The client requires If-Match for writes: pass a record that has its etag, or if_match=.")
        if selection is not None and self._core.learned.refused:
            query, selection = self._narrowed(query, selection)
        from .writes.write import Write, form_of  # most processes only read, or read first

        if again is not None and self._options.verify:
            from .writes.verifying import widened  # which most clients do without

            query = widened(query, again)
        sent = self._headers_of(operation)
        if headers:
            sent = requests.with_own(sent, {name: value.reveal() for name, value in headers.items()})
        if body is not None:
            sent = sent.having("Content-Type", "application/json")
        if if_match is not None:
            sent = sent.having("If-Match", form_of(self._core.learned, self._base, if_match, again))
        url = url_of(self._base, path, query)
        tags = (*urls.write_tags(self._base, url), *self._tags_of(named))
        request = self._built(operation.method, url, sent, body, operation.resource, True, tags)
        del body, query, url, headers, sent  # they may hold a secret, and a traceback may show the locals of this frame
        write = Write(self._reader(request), again, selection)
        sent_at = self._core.wall_clock()
        try:
            try:
                response = await self._core.exchange(request, errors_from=300)
            except BadRequest as error:
                if selection is None:
                    raise
                response, write.selection = await self._again(request, selection, error)
            found = write.finished(request, response, sent_at)
        except (OutcomeUnknown, PreconditionFailed) as error:
            found = await write.settled(error)
        finally:
            self._core.learned.written(self._base, operation.resource)
        if self._options.verify:
            await write.verified(found)
        return found

    async def reconcile(self, error: OutcomeUnknown) -> Outcome:
        """Find out, by reading, what became of a write whose answer was lost. See `Outcome`.

        :raises InvalidArgument: if the write was another principal's, or of another server.
        :raises ClioError: if what was to be read cannot be.
        """
        from .bounded import Bounded
        from .resources import units
        from .writes.reconciling import reconciled  # for a few errors alone

        caller = Bounded(self, evolve(self._options, cache="refresh"))
        outcome = await reconciled(caller, caller._reader(), error)  # noqa: SLF001 - it is one of us
        return units.counted(outcome, self._options.api_version)

    def bounded(self) -> Calls:
        """Return the same caller, whose calls all end by one deadline: that of a call that begins now.

        Where answers may be given again for a while (`Policy.fresh_for`), it asks for them all the same.
        """
        from .bounded import Bounded  # it is one of these

        asks = self._core.policy.fresh_for and self._options.cache == "validate"
        return Bounded(self, evolve(self._options, cache="refresh") if asks else self._options)

    def turn(self, path: str) -> AbstractAsyncContextManager[None]:
        """Wait until nobody else of this process is about to write the record of that path, for `timeout` at most.

        :raises NotSentTimeout: if others write it for longer.
        :raises UsageError: if it is the same task that is about to.
        """
        return self._core.turns.of(path, self._principal.fingerprint, self._remaining())

    def _remaining(self) -> float | None:
        """Return how many seconds there are for a call that begins now."""
        return self._options.timeout

    async def pause(self, longest: float) -> None:
        """Wait for a random time, in seconds, of at most that."""
        await anyio.sleep(self._core.random() * longest)

    def now(self) -> float:
        """Return the time in seconds, of the clock that deadlines are of."""
        return self._core.clock()

    def wall_clock(self) -> float:
        """Return the time in seconds since the epoch."""
        return self._core.wall_clock()

    def random(self) -> float:
        """Return a random number from 0 to 1."""
        return self._core.random()

    def unhurried(self, longest: float | None) -> Calls:
        """Return the same caller, whose calls give way to interactive ones, and ask whatever is kept.

        All of them end by one deadline: that of a call that begins now, in `longest` seconds at the latest.
        """
        from .bounded import Bounded  # it is one of these

        times = [seconds for seconds in (longest, self._options.timeout) if seconds is not None]
        return Bounded(self, evolve(self._options, lane="batch", cache="bypass", timeout=min(times, default=None)))

    def unkept(self, lane: Lane | None = None) -> Calls:
        """Return the same caller, whose reads ask whatever is kept, and whose answers are not kept.

        Each of its calls has a deadline of its own. Without `lane` it stands in the line that it stood in.
        """
        made = object.__new__(Calls)
        for name in Asking.__slots__:
            setattr(made, name, getattr(self, name))
        made._options = evolve(self._options, cache="bypass", lane=lane or self._options.lane)
        return made

    async def outdate(self, resource: str, paths: Sequence[str]) -> None:
        """Let no read that begins later be given what is kept of the records of those paths without asking.

        Where nothing is given without asking (`Policy.fresh_for`), there is nothing to be done in the store.
        """
        core, base = self._core, self._base
        if core.policy.fresh_for:
            tags = dict.fromkeys(tag for path in paths for tag in urls.write_tags(base, base + path))
            await core.outdate(base, resource, (*tags,))
        else:
            core.learned.written(base, resource)

    def spare(self) -> int | None:
        """Return how many requests there is quota for in this window. None if that is not known."""
        limiter = self._core.limiter
        return None if limiter is None else limiter.quota(self._principal).remaining

    async def _unless(self, request: Request, unless: Validator) -> Response | None:
        """Ask under a condition of the caller's. None if what it asks about is unchanged.

        Where the tag does not cover all that is asked for, a 304 would hide a change: then there is no condition. A 304
        that names another tag contradicts itself (RFC 9110 §15.4.5): then the record is asked for in full.
        """
        if self._core.conditional.trusts_tag(request):
            response = await self._core.exchange(request.having(*unless), 300, 304)
            if response.status != 304:
                return response
            if not names_other(unless, response.headers, stored=False):
                return None
        return await self._core.exchange(request, 300)

    def _narrowed(self, query: str, selection: Selection[T]) -> tuple[str, Selection[T]]:
        """Leave out of a selection that is not the caller's own what is known to be refused."""
        from .resources import refused

        chosen = refused.narrower(self._core.learned, self._base, self.scope, selection)
        return (query, selection) if chosen is selection else (with_selection(query, chosen.query), chosen)

    async def _again(
        self, request: Request, selection: Selection[T], error: BadRequest
    ) -> tuple[Response, Selection[T]]:
        """Ask once more without what was refused of a selection that is not the caller's own. Nothing was done (400).

        :raises BadRequest: if that is not known, or more is refused; then the next call asks without that, too.
        """
        from .resources import refused  # it needs the selections, which a client that reads none does without

        chosen = refused.learn(self._core.learned, self._base, self.scope, selection, error)
        if chosen is None:
            raise error
        target, _, query = request.url.partition("?")
        again = evolve(request, url=f"{target}?{with_selection(query, chosen.query)}")
        try:
            return await self._core.exchange(again, errors_from=300), chosen
        except BadRequest as second:
            refused.learn(self._core.learned, self._base, self.scope, chosen, second)
            raise


def _paged(selection: Selection[T], answer: Answer) -> Page[T]:
    page = selection.decode_page(answer.body)
    page.date = answer.headers.single("date")
    return page
