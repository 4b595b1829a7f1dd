"""Read a record once more, after a write whose answer does not say what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from ..errors import ApiVersionGone, BadRequest, Gone, NotFound
from ..messages import Headers, Request, Response
from ..models.record import stamp, validators_of
from ..protocol import requests, urls
from ..protocol.etags import unmarked
from ..protocol.fields import FieldTree, format_fields, refused, with_selection, without
from ..protocol.filters import encode

if TYPE_CHECKING:
    from ..core import Core
    from ..resources.caller import Reread

__all__ = ["Reader", "Seen"]


@frozen(eq=False, repr=False)
class Seen:
    """A record as it was read again."""

    record: Any
    """As a record of the package, with all that the write names."""
    shown: Any
    """What the caller is given of it."""
    header: str | None
    """The form that the ETag header has of its tag; None if it stood in a list."""
    unclear: frozenset[str] = frozenset()
    """What was asked for beside the rest, where the server did not say which of these names it refuses."""

    @property
    def tag(self) -> str | None:
        """The form that its body has of its tag."""
        return getattr(self.record, "etag", None)

    def has(self, tag: str) -> bool:
        """Whether that is its tag now, in one of its forms. Each says no more than what it covers itself.

        The form of a header is the same with and without the mark that compression adds to it.
        """
        return tag == self.tag or (self.header is not None and unmarked(tag) == unmarked(self.header))


@frozen(eq=False, repr=False)
class Reader:
    """What reads on behalf of the client that wrote, with its options, and by the deadline of the write.

    It asks in full, also where answers may be given again for a while (`Policy.fresh_for`).
    """

    core: Core
    base: str
    scope: str
    headers: Headers
    template: Request
    """For whom, with which options, and until when."""

    async def read(self, again: Reread, *, identity: bool = False, more: tuple[str, ...] = ()) -> Seen | None:
        """Read. None if there is no such record.

        `identity` asks for a tag that no compression has altered, `more` are names that may be no fields.

        :raises ClioError: if no answer can be had, or read.
        """
        unclear: set[str] = set()
        try:
            response = await self._answer(again, identity, more, unclear)
        except ApiVersionGone:
            raise
        except (NotFound, Gone):
            return None
        seen = _of_page(again, response) if again.operation.many else _of_record(again, response)
        return evolve(seen, unclear=frozenset(unclear)) if seen is not None and unclear else seen

    async def _answer(self, again: Reread, identity: bool, more: tuple[str, ...], unclear: set[str]) -> Response:
        """Ask, and ask again without the fields that are refused: they say nothing about the rest."""
        tree: FieldTree = without({**again.whole.tree, **dict.fromkeys(more)}, self._known_refusals(again))
        while True:
            try:
                return await self.core.exchange(self._asked(again, tree, identity), errors_from=300)
            except BadRequest as error:
                names = refused(error.message or "", tree) if error.type == "InvalidFields" else frozenset[str]()
                left = without(tree, names or more)
                if left == tree or not left:
                    raise
                dropped = tree.keys() - left.keys()
                if not names and len(dropped) > 1:
                    unclear |= dropped
                tree = left

    def _known_refusals(self, again: Reread) -> frozenset[str]:
        """Return what was refused before of a selection that is not the caller's own."""
        refusals, schema = self.core.learned.refused, again.shown.default_of
        if not refusals or schema is None:
            return frozenset()
        return refusals.find((self.base, self.scope, schema.removesuffix("_base")))

    def _asked(self, again: Reread, tree: FieldTree, identity: bool) -> Request:
        query = again.query
        if tree != again.whole.tree:
            query = with_selection(query, encode([("fields", format_fields(tree))]))
        url = f"{self.base}{again.path}?{query}" if query else self.base + again.path
        headers = self.headers if again.operation.versioned else requests.base_headers(None)
        if identity:
            headers = headers.having("Accept-Encoding", "identity")
        tags = (*urls.read_tags(self.base, url), *[self.base + path for path in again.whole.depends])
        made, options = self.template, self.template.options
        if options is not None and options.cache == "validate":
            options = evolve(options, cache="refresh")
        return Request(
            "GET",
            url,
            headers,
            None,
            made.deadline,
            made.principal,
            made.auth,
            options,
            tags,
            again.operation.resource,
            again.operation.many or again.whole.covered,
        )


def _of_record(again: Reread, response: Response) -> Seen:
    validators = validators_of(response.headers)
    record, shown = again.whole.decode(response.body), again.shown.decode(response.body)
    stamp(record, validators)
    stamp(shown, validators)
    return Seen(record, shown, validators.etag)


def _of_page(again: Reread, response: Response) -> Seen | None:
    """Return the one record of a list that is filtered by its id."""
    for records, shown in zip(
        again.whole.decode_page(response.body).slices(), again.shown.decode_page(response.body).slices(), strict=True
    ):
        return Seen(records[0], shown[0], None)
    return None
