"""The access token that is given to a command, by the environment or by hand."""

from __future__ import annotations

import os
from typing import Final

from ..errors import InvalidArgument
from ..secrets import Secret

__all__ = ["TOKEN", "checked_token", "token_given"]

TOKEN: Final = "CLIO_TOKEN"  # noqa: S105 - the name of a variable


def token_given() -> Secret:
    """Return the token of the environment; an empty one if there is none.

    :raises InvalidArgument: if it cannot be a token.
    """
    return checked_token(os.environ.get(TOKEN, ""), TOKEN)


def checked_token(text: str, name: str) -> Secret:
    """Return a token without the space around it. `name` says where it comes from.

    :raises InvalidArgument: if it cannot be one.
    """
    token = Secret(text.strip())
    if not all("!" <= character <= "~" for character in token.reveal()):
        raise InvalidArgument(f"{name} is no token: it holds a line break, a space, or what else none holds.")
    return token
