"""Names that calls and requests have to agree on."""

from __future__ import annotations

__all__ = ["RESERVED", "STRING_IDS"]

RESERVED = frozenset({"fields", "if_match", "limit", "on_conflict", "prefetch", "resume", "extra_query", "extra_json"})
"""Keyword arguments of the verbs. What Clio calls so gets a trailing underscore."""

STRING_IDS = frozenset({"calendar_entries"})
"""Resources whose ids may be texts: a recurring entry has one for each occurrence."""
