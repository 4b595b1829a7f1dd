"""What became of an update whose answer does not tell, or says 412: read the record again, and tell.

After a lost answer the record itself shows whether the update was carried out. A 412 is a conflict if the record has
another tag by then; if it still has the one that was sent, the server takes another form of tags for `If-Match`.
See https://docs.developers.clio.com/api-docs/etags.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar, cast

from attrs import define

from ..errors import ClioError, DecodeError, OutcomeUnknown, PreconditionFailed, PreconditionUnusable
from ..messages import Headers, Request, Response
from ..models.record import stamp, validators_of
from ..protocol import proofs, responses
from ..protocol.etags import is_strong
from ..protocol.retry import creates_nothing

if TYPE_CHECKING:
    from ..models.selection import Selection
    from ..resources.caller import Reread
    from ..resources.learned import Learned
    from .rereading import Reader, Seen

__all__ = ["Write", "form_of", "shows"]

T = TypeVar("T")


def form_of(learned: Learned, base: str, if_match: str, again: Reread | None) -> str:
    """Return the tag in the form that this server is known to take for `If-Match`, as far as that is known."""
    if again is None or again.header_tag is None or learned.if_match.get(base) != "header":
        return if_match
    return again.header_tag if is_strong(again.header_tag) else if_match


def shows(request: Request, again: Reread, seen: Seen) -> bool:
    """Whether a record shows all that an update was to do. What it was to create is never known to be its own."""
    from ..models.comparing import unshown  # for a few failures alone

    if not again.sent or not creates_nothing(request.body):
        return False
    return not unshown(again.operation.schema or "", again.sent, seen.record)


@define(eq=False, repr=False)
class Write(Generic[T]):
    """One write on its way, and what is needed to find out what became of it."""

    reader: Reader
    again: Reread | None
    selection: Selection[T] | None
    body: bytes | None = None
    """The answer, once there is one whose record could be read."""

    def finished(self, request: Request, response: Response, sent_at: float) -> T | None:
        """Decode the record of an answer, if it has one.

        :raises OutcomeUnknown: if there is no record that can be read where there should be one, or another answer than
            the server's own where there should be none. `accepted` tells whether it was the server's own all the same.
        """
        if self.selection is None:
            if not proofs.is_done(response):
                raise _unread(request, response, "with something else than what became of it", sent_at)
            return None
        try:
            found = self.selection.decode(response.body)
        except DecodeError as error:
            raise _unread(request, response, "without the record", sent_at) from error
        if response.status == 202:
            raise _unread(request, response, "before anything was done", sent_at)
        stamp(found, validators_of(response.headers))
        self.body = response.body
        if request.method == "POST":
            number = getattr(found, "id", None)
            if number is not None:
                self.reader.core.learned.created.add(request.principal, request.resource, number)
        return found

    async def settled(self, error: OutcomeUnknown | PreconditionFailed) -> T | None:
        """Return the record after all, where reading it shows that the write was done, or the tag can be mended.

        :raises OutcomeUnknown: if that cannot be known.
        :raises PreconditionFailed: if the write was refused because somebody else has changed the record.
        :raises PreconditionUnusable: if it was refused although nobody has.
        """
        if isinstance(error, OutcomeUnknown):
            return await self._lost(error)
        return await self._refused(error)

    async def verified(self, found: T | None) -> None:
        """Read back what was written, if there was an answer that says which record that is.

        :raises ChangeIgnored: if the record shows something else than was sent.
        """
        if self.again is not None and self.body is not None:
            from ..resources.ignored import bare
            from .verifying import verify  # which most clients do without

            await verify(self.reader, self.again, self.body, bare(found))

    async def _lost(self, error: OutcomeUnknown) -> T | None:
        """Return the record if it shows that the update was carried out; else put it into the error.

        A status of 2xx is no proof: it may be a gateway's. That of an answer without a body can be no other's.
        """
        request, again = cast("Request", error.request), self.again
        if self.selection is None and getattr(error.__cause__, "status", None) == 204:
            return None
        error.fields = () if again is None else tuple(again.sent)
        if again is None or request.method == "POST":  # of what was to be made no id is known
            raise error
        seen = await self._look(again, error)
        if request.method == "PATCH" and shows(request, again, seen):
            return cast("T", seen.shown)
        error.current = seen.shown
        raise error

    async def _refused(self, error: PreconditionFailed) -> T | None:
        """Find out what a 412 means, and send the other form of the tag if it means no conflict.

        The record is asked for without compression: servers that compress alter the tag in the header, or weaken it.
        """
        request, again = cast("Request", error.request), self.again
        if again is None or request.method == "POST":  # what was to be made has no tag, and cannot be read
            raise error
        tag = request.headers.lookup("if-match")
        seen = await self._look(again, error, identity=True)
        error.current = seen.shown
        if tag is None or not seen.has(tag):
            raise error
        forms = [form for form in (seen.header, seen.tag) if form is not None and form != tag and is_strong(form)]
        if not forms:
            _give_up(request, seen, error)
        found = await self._in_form(request, again, forms[0], seen)
        self.reader.core.learned.if_match[self.reader.base] = "body" if forms[0] == seen.tag else "header"
        return found

    async def _in_form(self, request: Request, again: Reread, tag: str, seen: Seen) -> T | None:
        """Send the write once more, under another form of the same tag."""
        kept = [(name, value) for name, value in request.headers.pairs if name.lower() != "if-match"]
        request = request.replace(headers=Headers([*kept, ("If-Match", tag)]))
        core = self.reader.core
        sent_at = core.wall_clock()
        try:
            return self.finished(request, await core.exchange(request, errors_from=300), sent_at)
        except PreconditionFailed as error:
            latest = await self._look(again, error, identity=True)
            error.current = latest.shown
            if latest.has(tag):
                _give_up(request, latest, error)
            raise
        except OutcomeUnknown as error:
            return await self._lost(error)

    async def _look(self, again: Reread, error: ClioError, *, identity: bool = False) -> Seen:
        """Read the record; raise `error`, which then tells why, if it cannot be."""
        try:
            seen = await self.reader.read(again, identity=identity)
        except ClioError as failed:
            _tell(error, f"Reading the record afterwards failed, too ({type(failed).__name__}).")
            raise error from (error.__cause__ or failed)
        if seen is None:
            _tell(error, "The record is not there any more.")
            raise error
        return seen


def _unread(request: Request, response: Response, how: str, sent_at: float) -> OutcomeUnknown:
    text = f"{request.method} {request.url.partition('?')[0]} was answered {response.status} {how}."
    accepted = proofs.is_accepted(response)
    return responses.unread(request, text, sent_at=sent_at, accepted=accepted)


def _give_up(request: Request, seen: Seen, error: ClioError) -> NoReturn:
    path = request.url.partition("?")[0]
    text = (
        f"{request.method} {path} was answered 412, and the record still has the tag that was sent, in every strong "
        "form that is known of it. Nothing was written. To write without a guard, so that the last writer wins, pass "
        "the id in the place of the record."
    )
    raise PreconditionUnusable(text, request=request, current=seen.shown) from error


def _tell(error: ClioError, more: str) -> None:
    error.args = (f"{error} {more}", *error.args[1:])
