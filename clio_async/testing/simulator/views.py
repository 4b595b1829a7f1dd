"""Contacts as a matter shows them: its client, and those that are related to it."""

from __future__ import annotations

from typing import Any

from ...models import registry
from ...models.schema import Field
from .things import Record, Ref, Thing

__all__ = ["View", "contacts_of"]


class View(Thing):
    """A contact, with what a matter adds to it."""

    __slots__ = ("added", "contact")
    contact: Record
    added: dict[str, Any]

    def value(self, field: Field) -> Any:
        if field.name in self.added:
            return self.added[field.name]
        own = self.contact.schema.fields.get(field.name)
        return self.contact.value(field if own is None else own)


def contacts_of(matter: Record, schema: str, *, with_client: bool) -> list[View]:
    """Return the contacts of a matter, by id. One that is related twice is there once."""
    found: dict[int, View] = {}
    held = matter.get("client")
    client = matter.firm.find(held) if isinstance(held, Ref) else None
    if with_client and client is not None:
        found[client.number] = _view(matter, client, schema, None, is_client=True)
    for relationship in matter.firm.children("relationships", "matter", matter.number):
        held = relationship.get("contact")
        contact = matter.firm.find(held) if isinstance(held, Ref) else None
        if contact is not None:
            is_client = contact.number == (client.number if client is not None else 0)
            found[contact.number] = _view(matter, contact, schema, relationship, is_client=is_client)
    return [found[number] for number in sorted(found)]


def _view(matter: Record, contact: Record, schema: str, relationship: Record | None, *, is_client: bool) -> View:
    view = View(matter.firm, registry.schema(schema), contact.draw.key, contact.number)
    view.contact = contact
    view.added = {
        "contact_id": contact.number,
        "contact_created_at": contact.born(),
        "contact_updated_at": contact.updated(),
        "matter_id": matter.number,
        "matter_number": str(matter.get("number")),
        "is_client": is_client,
        "is_matter_client": is_client,
        "relationship_name": None if relationship is None else relationship.get("description"),
        "description": None if relationship is None else relationship.get("description"),
        "relationship": None if relationship is None else Ref("relationships", relationship.number),
    }
    return view
