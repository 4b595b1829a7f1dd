"""Conditions of reads: the validators of a copy that the caller keeps."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from ..errors import InvalidArgument
from ..models.record import Validators
from ..protocol import etags
from ..protocol.conditional import Validator

__all__ = ["condition_of"]


def condition_of(given: str | Validators) -> Validator:
    """Return the header field that asks whether a copy is current (RFC 9110 §13.1): by its tag if it has one.

    What a server sent goes back byte for byte, a malformed tag, too: it compares strings.

    :raises InvalidArgument: if there is nothing to ask by, or it cannot be sent.
    """
    if isinstance(given, str):
        if not etags.is_tag(given):
            raise InvalidArgument(
                "etag is one entity tag, as the record's etag or the ETag of an answer has it. The quotes are part of "
                "it, as in '\"14eb46ba\"'."
            )
        return "If-None-Match", given
    if not isinstance(given, Validators):
        raise InvalidArgument("etag is the tag of a record or of an answer, or the validators of a record.")
    if given.etag is not None:
        if not etags.sendable(given.etag):
            raise InvalidArgument("The validators hold a tag that cannot be asked about: read the record with get().")
        return "If-None-Match", given.etag
    if given.last_modified is None:
        raise InvalidArgument("The validators hold neither a tag nor a date: read the record with get().")
    if not _is_date(given.last_modified):
        raise InvalidArgument("The validators hold a date that is none: read the record with get().")
    return "If-Modified-Since", given.last_modified


def _is_date(text: str) -> bool:
    if not (text.isascii() and text.isprintable()):
        return False
    try:
        parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return False
    return True
