"""The operations: what each answers once it is known who asks, for what, in which version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from .answers import Refusal
from .call import Call, Outcome
from .changing import create, delete, update
from .reading import get, list_page, who_am_i
from .tokens import allows

__all__ = ["carry_out"]


def carry_out(call: Call) -> Outcome:
    """Answer a call.

    :raises Refusal: if it is refused. Nothing was written then.
    """
    write = call.operation.method != "GET"
    if not allows(call.grant, call.resource.name, write=write):
        raise Refusal(403, "ForbiddenError", "User is forbidden from taking that action")
    act = _ACTIONS.get(call.operation.action)
    if act is None or call.resource.schema is None:
        raise Refusal(501, "NotImplementedError", f"The simulator does not carry out {call.operation.id}")
    return act(call)


_ACTIONS: Final[dict[str, Callable[[Call], Outcome]]] = {
    "get": get,
    "list": list_page,
    "create": create,
    "update": update,
    "delete": delete,
    "who_am_i": who_am_i,
}
