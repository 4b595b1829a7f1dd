"""`Event`: a hint that a record of Clio may have changed. What it is now, a read tells."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast, overload

from attrs import field, frozen

from ..errors import ApiVersionGone, Gone, InvalidArgument, NotFound
from ..principal import Principal
from ..protocol.webhooks import RESOURCES

if TYPE_CHECKING:
    from ..models.record import Record
    from ..models.selection import Names

__all__ = ["Event", "Reads"]

T = TypeVar("T")


class Reads(Protocol):
    """What reads records on behalf of a principal: a `Clio`."""

    @property
    def principal(self) -> Principal: ...

    def invalidate(self, resource: str, id: int, /) -> Awaitable[None]:
        """Have what is held of a record asked for anew."""
        ...


@frozen
class Event:
    """Something happened to a record of Clio, or may have: events can come twice, late and in another order.

    It holds nothing of the record but its id and tag. It pickles: it may be handed to a queue.

    - `kind`: "created", "updated", "deleted", "matter_opened" …, as Clio calls it; "missed" for what `keep` found.
    - `model`: "matter", "contact" …, and `resource`: "matters", "contacts" …
    - `id` and `etag`: of the record, the tag as it was when the event was made.
    - `webhook_id` and `subscription`: through which webhook it came; the latter is its key.
    - `principal`: whose subscription it is, as in ``clio.principal.fingerprint``.
    - `repeated`: whether the very same was handled before.
    """

    kind: str
    """"created", "updated", "deleted", "matter_opened" …: what Clio calls it, also what it may call so one day."""
    model: str
    """"matter", "contact" …: the model of the subscription."""
    id: int
    """The id of the record."""
    etag: str | None = None
    """The tag of the record when the event was made, with its quotes; the record may have another by now."""
    webhook_id: int | None = None
    principal: str = ""
    """The fingerprint of the principal whose subscription it is: nobody else may be shown it."""
    subscription: str = field(default="", repr=False)
    """The key of the subscription."""
    repeated: bool = False
    """Whether the very same was handled before, and others of its record since."""

    @property
    def resource(self) -> str | None:
        """The name of the resource that the record is of, ``"matters"``; None for a model that is not known."""
        return RESOURCES.get(self.model)

    @overload
    async def read(self, clio: Reads, *, fields: type[T]) -> T | None: ...
    @overload
    async def read(self, clio: Reads, *, fields: Names = None) -> Record | None: ...
    async def read(self, clio: Reads, *, fields: Any = None) -> Any:
        """Read the record as it is now. None if it is gone, or not to be seen by this principal any more.

        The request begins after this call, and no answer is given to it that another request got. `fields` is what it
        is for the verb `get`.

        :raises InvalidArgument: if `clio` reads on behalf of another principal, or the model is not known.
        """
        if clio.principal.fingerprint != self.principal:
            raise InvalidArgument(
                "The event is of a subscription of another principal: read with the client that made the subscription, "
                "or with_auth() of that user."
            )
        resource = self.resource
        if resource is None:
            raise InvalidArgument(f"No resource is known for the model {self.model!r}: read it by clio.request().")
        await clio.invalidate(resource, self.id)
        get = cast("Callable[..., Awaitable[Any]]", getattr(clio, resource).get)
        try:
            return await get(self.id, fields=fields)
        except ApiVersionGone:
            raise
        except (NotFound, Gone):
            return None
