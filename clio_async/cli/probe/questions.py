"""The questions, and what the probe cannot find out. Each field of the simulator's `Regime` is in one of the two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from attrs import frozen

from . import filters, lists, preconditions, quota, rest, tags, versions
from .answers import Answer, Judgement, judged
from .exchanges import Evidence

__all__ = ["QUESTIONS", "UNASKED", "Question", "answers"]

Kind: TypeAlias = Literal["read", "write", "chance"]


@frozen
class Question:
    """One thing that no document says."""

    text: str
    judgement: Judgement
    kind: Kind = "read"
    """read: asked in any case. write: with ``--write-to``. chance: answered if the server happens to tell."""


QUESTIONS: Final[Mapping[str, Question]] = {
    # tags
    "tag_scope": Question("What does the ETag of a record name?", tags.tag_scope),
    "tag_form": Question("Which form does the header's tag have, compared with the body's etag?", tags.tag_form),
    "validates": Question("Is an unchanged record confirmed?", tags.validates),
    "last_modified": Question("Does a record carry Last-Modified?", tags.last_modified),
    "no_store": Question("Do answers forbid storing?", tags.no_store),
    # versions
    "answered_version": Question("Which version answers when the pinned one is asked for?", versions.answered_version),
    "default_version": Question("Which version answers when none is asked for?", versions.default_version),
    "versions": Question(f"Is {versions.UNLISTED} served, which the document leaves out?", versions.versions),
    "retired": Question(f"Is {versions.EARLY} still served?", versions.retired),
    "gone_body": Question("What is in the 410 of a version?", versions.gone_body),
    # quota
    "rate_limit": Question("What is the limit?", quota.rate_limit),
    "rate_reset": Question("Is the end of a window told?", quota.rate_reset),
    "quota_304": Question("Does a 304 cost quota?", quota.quota_304),
    "quota_4xx": Question("Does a refused request cost quota?", quota.quota_4xx),
    "retry_after": Question("How does a 429 say when to go on?", quota.retry_after, "chance"),
    "limited_body": Question("What does a 429 look like?", quota.limited_body, "chance"),
    "clock_skew": Question("What time is it there?", quota.clock_skew),
    # pages
    "implicit_cursor": Question("Is a list without order= read by cursor?", lists.implicit_cursor),
    "next_carries": Question("What leads on from a page that was asked for by offset?", lists.next_carries),
    "next_suffix": Question("Does next say .json?", lists.next_suffix),
    "public_origin": Question("Where does next lead?", lists.public_origin),
    "records": Question("What does meta.records count?", lists.records),
    "limit_overflow": Question("What becomes of a limit above 200?", lists.limit_overflow),
    "max_ids": Question("How many ids[] are read?", lists.max_ids),
    "ids_overflow": Question("What becomes of more ids[]?", lists.ids_overflow, "chance"),
    "max_url": Question("Did the longest URL get through?", lists.max_url),
    # filters and selections
    "since_inclusive": Question("Does updated_since find a record of exactly that time?", filters.since_inclusive),
    "since_in_seconds": Question("Does it compare whole seconds?", filters.since_in_seconds),
    "shown_fractions": Question("Do timestamps show fractions of seconds?", filters.shown_fractions),
    "value_in_other_case": Question("What becomes of a filter's value in another case?", filters.value_case),
    "unknown_value": Question("What becomes of a filter's value that there is not?", filters.unknown_value),
    "refused_fields": Question("Which documented fields are refused?", filters.refused_fields),
    "invalid_fields": Question("Where does a refusal name the field?", filters.invalid_fields),
    "placeholders": Question("What stands for a custom field without a value?", filters.placeholders),
    "custom_fields_redacted": Question("Does the account hide custom fields?", filters.custom_fields_redacted),
    # errors, and what was moved
    "error_body": Question("What is in the body of a 422?", rest.error_body),
    "token_error": Question("What does a 401 say of a token?", rest.token_error),
    "practice_areas": Question("Where are the practice areas?", rest.practice_areas),
    # writes
    "if_match": Question("What does If-Match take?", preconditions.if_match, "write"),
    "if_match_weak": Question("Does If-Match take a weak tag?", preconditions.if_match_weak, "write"),
    "if_match_star": Question("Does If-Match take *?", preconditions.if_match_star, "write"),
    "if_match_list": Question("Does If-Match take a list?", preconditions.if_match_list, "write"),
    "if_match_required": Question("Is a PATCH without If-Match refused?", preconditions.if_match_required, "write"),
    "etag_on_write": Question("Does the answer to a PATCH carry an ETag?", preconditions.etag_on_write, "write"),
    "moves_tag": Question("Does a PATCH that changes nothing move the tag?", preconditions.moves_tag, "write"),
}

_APP = "it takes the secret of the app, and a user who approves it"
_LASTING = "it takes a change that stays"
_BYTES = "it takes a document that is made and uploaded"
_HOOK = "it takes a webhook, and a server that hears it"

UNASKED: Final[Mapping[str, str]] = {
    "children_move_tag": f"Whether a row of a collection moves the record's tag: {_LASTING}.",
    "patch_atomic": f"Whether a PATCH that is refused in part is refused whole: {_LASTING}.",
    "null_association": f"What null does to an association: {_LASTING}.",
    "billed_activity": f"What becomes of a change to billed time: {_LASTING}.",
    "line_quantity": f"What becomes of the quantity of a line item: {_LASTING}.",
    "rate_window": "Whether windows are fixed or slide: it takes minutes of traffic at the limit.",
    "cursor_stable": "Whether a cursor stands behind a record: one has to be deleted between two pages.",
    "stable_order": "Whether records of equal rank keep their order: no number of pages proves that they do.",
    "trashed": "What a document in the trash answers: one has to be put there.",
    "unfinished_download": "What a report answers that is not completed: one has to be started.",
    "address_life": f"How long a signed address works: {_BYTES}.",
    "put_url_renewal": f"What signs the address of an unfinished version anew: {_BYTES}.",
    "upload_not_found": f"What an upload answers that is not there: {_BYTES}.",
    "slow_finish": f"What an upload answers that takes long to finish: {_BYTES}.",
    "progress_moves_tag": "Whether a job's progress moves its tag: one has to be started.",
    "hook_signature": f"How a delivery is signed: {_HOOK}.",
    "hook_handshake": f"Whether a handshake comes before the webhook is answered: {_HOOK}.",
    "hook_secret": f"Whether the secret of a webhook can be read: {_HOOK}.",
    "hook_suspends_after": f"After how many failures a webhook is suspended: {_HOOK}, and hours.",
    "hook_revived_by": f"What ends the suspension of a webhook: {_HOOK}, and hours.",
    "hook_gone": f"What becomes of a webhook that is answered 410: {_HOOK}.",
    "hook_expired": f"What becomes of a webhook that has expired: {_HOOK}, and days.",
    "hidden_status": "What a hidden record answers: it takes two users, and a record that one of them may not see.",
    "quota_oauth": f"Whether OAuth requests cost quota: {_APP}.",
    "token_lifetime": f"How long an access token lives: {_APP}.",
    "expires_in_text": f"Whether expires_in is a text: {_APP}.",
    "refresh_token": f"Whether a refresh brings another refresh token: {_APP}.",
    "rotation_reuse": f"What becomes of a refresh token that was replaced: {_APP}, and may end the grant.",
    "refresh_keeps_access": f"Whether access tokens live on after a refresh: {_APP}.",
    "pkce": f"Whether PKCE is enforced: {_APP}.",
}
"""What the probe cannot find out, and why; by the name that the simulator has for it."""


def answers(evidence: Evidence) -> dict[str, Answer]:
    """Answer every question, or say why not. No answer of a server is too strange for that."""
    return {name: judged(question.judgement, evidence) for name, question in QUESTIONS.items()}
