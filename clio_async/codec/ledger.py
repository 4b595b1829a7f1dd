"""What happens when a value contradicts the schema: kept and reported once, or refused."""

from __future__ import annotations

from ..errors import ClioWarning, SchemaError
from ..notices import notify

__all__ = ["ContradictionWarning", "Ledger"]


class ContradictionWarning(ClioWarning):
    """A value in an answer contradicts Clio's document. It was kept as it came."""


class Ledger:
    """Count contradictions by schema and field. The first of each warns; a strict ledger raises instead."""

    __slots__ = ("counts", "strict")

    def __init__(self, *, strict: bool = False) -> None:
        self.strict = strict
        self.counts: dict[tuple[str, str], int] = {}

    def note(self, schema: str, field: str, path: str, expected: str) -> None:
        """Take notice that the value at `path` is not what was expected. The value itself is not repeated.

        :raises SchemaError: if strict.
        """
        if self.strict:
            raise SchemaError(f"{path} is not {expected}, as the schema {schema} says.", path=path)
        seen = self.counts.get((schema, field), 0)
        self.counts[schema, field] = seen + 1
        if not seen:
            text = f"{schema}.{field} is not always {expected}, as documented. Such values are kept as they come."
            notify(text, ContradictionWarning)
