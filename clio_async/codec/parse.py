"""JSON text to a tree: numbers exact, everything malformed a `DecodeError`."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from ..errors import DecodeError, UnexpectedContent

__all__ = ["parse"]

# The parser hands over the text of a number with a point or exponent: money never passes a binary float.
_PARSER = msgspec.json.Decoder(float_hook=Decimal)
_WRITER = msgspec.json.Encoder(decimal_format="number")

_COUNTED = 16 * 1024
"""Up to so many bytes every object is checked for repeated keys; it would cost a page a tenth of its decoding."""

_BLANKS = b" \t\r\n"


def parse(body: bytes, *, thorough: bool = False) -> Any:
    """Parse a JSON text. Integers are `int`, other numbers `Decimal`, exactly as written.

    Repeated keys are found in small bodies, and in all of them when `thorough`.

    :raises UnexpectedContent: if it is markup.
    :raises DecodeError: if it is not JSON in UTF-8 (RFC 8259), repeats a key, or is nested too deep to read.
    """
    try:
        tree = _PARSER.decode(body)
        # What writes the same text again has lost no key of it, and most servers write as this does.
        doubtful = (thorough or len(body) <= _COUNTED) and _WRITER.encode(tree) != body
    except RecursionError:
        raise DecodeError("The answer is nested too deep to read.") from None
    except (ValueError, ArithmeticError) as error:
        raise _refusal(body, error) from error
    if doubtful:
        _refuse_repeated_keys(body, tree)
    return tree


def _refusal(body: bytes, error: Exception) -> DecodeError:
    start = body[:1000].lstrip()
    if start.startswith(b"<"):
        text = " ".join(start.decode("utf-8", "replace").split())[:200]
        return UnexpectedContent(f"The answer is markup where JSON was expected. It begins: {text}")
    if not body:
        return DecodeError("The answer has no body where JSON was expected.")
    return DecodeError(f"The answer is not JSON: {error}")


def _refuse_repeated_keys(body: bytes, tree: Any) -> None:
    # Without blanks every key is followed by `":`. Texts may hold the same bytes, so that more of them than there are
    # parsed keys are only a suspicion.
    keys = _count_keys(tree)
    if body.translate(None, _BLANKS).count(b'":') != keys and _count_written_keys(body) != keys:
        raise DecodeError("The answer is ambiguous: an object in it repeats a key.")


_kind: Callable[[object], object] = type


def _count_keys(tree: Any) -> int:
    count = 0
    pending: list[Any] = [tree]
    for value in pending:  # which grows: a loop over it is cheaper than taking from its end
        kind = _kind(value)
        if kind is dict:
            count += len(value)
            pending.extend(value.values())
        elif kind is list:
            pending.extend(value)
    return count


_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"(\s*:)?', re.DOTALL)


def _count_written_keys(body: bytes) -> int:
    """Count the strings that a colon follows. The text is known to be well-formed."""
    return sum(1 for token in _TOKEN.finditer(body) if token[1] is not None)
