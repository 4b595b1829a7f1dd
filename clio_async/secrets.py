"""A string that does not show itself."""

from __future__ import annotations

import hashlib
from typing import NoReturn, final

__all__ = ["Secret"]


@final
class Secret:
    """Hold a secret string; only `reveal()` gives it back.

    `str`, `repr` and formatting print a placeholder. A secret cannot be pickled, copied into JSON or compared with
    `==` to a plain string by accident: two secrets are equal when their texts are.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the secret text. Call it where the text leaves the process, and nowhere else."""
        return self._text

    def digest(self) -> str:
        """Return a SHA-256 hex digest, fit to recognise the secret again without keeping it."""
        return hashlib.sha256(self._text.encode("utf-8", "surrogatepass")).hexdigest()

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return self.digest() == other.digest()

    def __hash__(self) -> int:
        return hash(self.digest())

    def __repr__(self) -> str:
        return "Secret('***')"

    def __str__(self) -> str:
        return "***"

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __getstate__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled: load it again where it is needed")

    def __reduce__(self) -> NoReturn:
        self.__getstate__()
