"""What follows from the answers: arguments of `Clio` to paste, and what to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...protocol.urls import REGIONS
from ...protocol.versions import PINNED
from .answers import Answer

__all__ = ["advice", "snippet"]


def _found(answers: Mapping[str, Answer], name: str) -> object:
    answer = answers[name]
    return answer.found if answer.is_known else ...


def snippet(answers: Mapping[str, Answer], base: str, resource: str) -> str:
    """Return lines of Python that build a client for this server."""
    region = next((name for name, host in REGIONS.items() if base == f"{host}/api/v4"), None)
    lines = [f"    region={region!r}," if region else f"    base_url={base!r},"]
    lines.append(f'    api_version="{PINNED}",{_version_note(answers)}')
    lines += _scope(answers, resource)
    if _found(answers, "quota_304") is False:
        lines.append("    # A 304 costs no quota here: validated reads are free, and get() in a loop is no waste.")
    limit = _found(answers, "rate_limit")
    if isinstance(limit, int):
        lines.append(
            f'    limiter=LocalLimiter(pace="paced"),  # {limit} requests a window; "burst" takes them at once'
        )
    if _found(answers, "if_match") not in {"ignored", "neither", ...}:
        lines.append("    require_if_match=True,  # If-Match is honoured here; this makes the client insist on it")
    return "\n".join(["Clio(", "    ACCESS_TOKEN,", *lines, ")"])


def _version_note(answers: Mapping[str, Answer]) -> str:
    other = _found(answers, "answered_version")
    return f"  # answered by {other}!" if isinstance(other, str) else ""


def _scope(answers: Mapping[str, Answer], resource: str) -> Iterator[str]:
    """Yield what to declare of tags. What is not proven is written as a comment."""
    if _found(answers, "tag_scope") != "representation":
        return
    declaration = f'policy=Policy(tag_scope={{"{resource}": "representation"}}),'
    if "not proven" in answers["tag_scope"].text:
        yield "    # Only if a change of a nested name (client{name}) is seen to move the ETag of what shows it:"
        yield f"    # {declaration}"
    else:
        yield f"    {declaration}"


def advice(answers: Mapping[str, Answer]) -> list[str]:
    """Return what a caller has to know, a sentence each."""
    return [text for name, found, text in _ADVICE if _found(answers, name) == found]


_ADVICE: tuple[tuple[str, object, str], ...] = (
    ("if_match", "ignored", "If-Match is IGNORED: an update overwrites what somebody else has written meanwhile."),
    ("if_match", "neither", "If-Match takes no tag of this server: guarded updates fail (PreconditionUnusable)."),
    ("if_match_required", True, "A PATCH without If-Match is refused: pass records, not ids, to update()."),
    ("validates", False, "Unchanged records are sent in full: validation saves nothing here."),
    ("no_store", True, "Answers forbid storing: nothing is cached."),
    ("implicit_cursor", False, "A list without an order stops at 10 000 records: say order=\"id(asc)\"."),
    ("ids_overflow", "ignore", "Ids beyond the bound are passed over in silence: use get_many, which notices."),
    ("value_in_other_case", "ignored", "A filter in another case filters nothing: write it as the document does."),
    ("unknown_value", "all", "A filter with an unknown value filters nothing."),
    ("since_inclusive", False, "updated_since leaves out what has exactly that time: ask from a second earlier."),
    ("practice_areas", "moved", "Practice areas are elsewhere for this account (307)."),
    ("custom_fields_redacted", True, "Custom fields are hidden from this account."),
)  # fmt: skip
