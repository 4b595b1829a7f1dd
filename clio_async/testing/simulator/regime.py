"""What nobody knows about Clio, as options: `Regime`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias, cast

from attrs import evolve, field, frozen

from ...options import TagScope

__all__ = ["Regime", "TagForm"]

TagForm: TypeAlias = Literal["strong", "weak", "weak-200", "gzip", "user"]
IfMatch: TypeAlias = Literal["body", "header", "both", "ignored"]
GoneBody: TypeAlias = Literal["envelope", "oauth", "html", "empty"]
ErrorBody: TypeAlias = Literal["envelope", "html", "empty"]
RetryAfter: TypeAlias = Literal["seconds", "date", "absent"]
LimitedBody: TypeAlias = Literal["envelope", "wrapped", "wrapped-200"]
RateWindow: TypeAlias = Literal["fixed", "sliding", "first"]
RateReset: TypeAlias = Literal["ceil", "floor", "absent"]
Renewal: TypeAlias = Literal["absent", "same", "new"]
Reuse: TypeAlias = Literal["refused", "revoke", "grace"]
IdsOverflow: TypeAlias = Literal["error", "ignore"]
UnknownValue: TypeAlias = Literal["error", "nothing", "all"]
NullAssociation: TypeAlias = Literal["ignored", "cleared", "refused"]
Placeholders: TypeAlias = Literal["absent", "null_id", "real_id"]
InvalidFields: TypeAlias = Literal["name", "list", "bare"]
Pkce: TypeAlias = Literal["verified", "ignored", "required", "refused"]
PracticeAreas: TypeAlias = Literal["here", "moved"]
NotUploaded: TypeAlias = Literal[400, 404, 422]
SlowFinish: TypeAlias = tuple[int, Literal["open", "done"]]
HookSignature: TypeAlias = Literal["hex", "base64"]
Handshake: TypeAlias = Literal["after", "before"]
HookSecret: TypeAlias = Literal["shown", "hidden"]
HookRevival: TypeAlias = Literal["activation", "renewal", "address"]
HookGone: TypeAlias = Literal["suspended", "deleted"]
HookExpired: TypeAlias = Literal["shown", "missing"]
TokenError: TypeAlias = Literal["cause", "generic", "envelope"]

VERSIONS = tuple(f"4.0.{minor}" for minor in range(4, 14))


def _check_rate(_regime: Regime, _attribute: object, value: Any) -> None:
    """Refuse a rate limit that is none.

    :raises ValueError: if it is not a pair of positive numbers.
    """
    pair = cast("tuple[object, ...]", value) if isinstance(value, tuple) else ()
    numbers = [each for each in pair if isinstance(each, int | float) and not isinstance(each, bool) and each > 0]
    if value is not None and not (len(numbers) == len(pair) == 2):
        raise ValueError(f"rate_limit={value!r}: it is requests and seconds, such as rate_limit=(50, 60.0), or None.")


@frozen(kw_only=True)
class Regime:
    """One answer to every question that Clio's documents leave open.

    The defaults are what is documented or seen most often. `Regime.every()` yields each other answer, one at a time,
    so that a suite can run under all of them.
    """

    # -- tags: https://docs.developers.clio.com/api-docs/etags
    tag_scope: TagScope = "record"
    """What the ETag header names: the record (own attributes), or the bytes that were sent for one selection. The
    `etag` in a body always names the record."""
    tag_form: TagForm = "strong"
    """The header against the body's `etag`: the same; `W/` before it; `W/` on a 200 but not on a 304 (as front ends do
    that compress); `-gzip` inside its quotes; or another tag for every user."""
    children_move_tag: bool = False
    """Whether a change to a row of a collection, or to a record that belongs to this one, is a change of this one."""
    if_match: IfMatch = "body"
    """Which form `If-Match` takes. Comparison is strong (RFC 9110 §13.1.1)."""
    if_match_weak: bool = False
    """Whether `If-Match` takes a weak tag, byte for byte, against the RFC."""
    if_match_star: bool = True
    """Whether `If-Match: *` is honoured; else nothing matches it."""
    if_match_list: bool = True
    """Whether a list of tags in `If-Match` is honoured; else nothing matches it."""
    if_match_required: bool = False
    """Whether a PATCH without `If-Match` is refused (428)."""
    last_modified: bool = True
    """Whether single records carry `Last-Modified`."""
    no_store: bool = False
    """Whether answers forbid storing."""
    etag_on_write: bool = True
    """Whether the answer to a POST or PATCH carries an ETag."""
    patch_atomic: bool = True
    """Whether own values are left alone when a row of a collection in the same PATCH is refused."""

    # -- versions: https://docs.developers.clio.com/api-docs/api-versioning-policy
    versions: tuple[str, ...] = VERSIONS
    default_version: str = "4.0.13"
    retired: frozenset[str] = frozenset({"4.0.4", "4.0.5"})
    """Known once, answered with 410, like a version that never was."""
    gone_body: GoneBody = "envelope"
    answered_version: str | None = None
    """The version that is echoed, whichever was asked for."""

    # -- rate limits: https://docs.developers.clio.com/api-docs/rate-limits
    rate_limit: tuple[int, float] | None = field(default=None, validator=_check_rate)
    """Requests for each token, and the seconds they are for. None: no limit and no `X-RateLimit-*` headers."""
    rate_window: RateWindow = "fixed"
    """What the seconds are: windows that begin at multiples of their length, the time before each request, or windows
    that begin with the first request after the one before."""
    quota_304: bool = True
    """Whether a 304 costs quota."""
    quota_4xx: bool = True
    """Whether a refused request costs quota."""
    quota_oauth: bool = False
    """Whether the OAuth endpoints cost quota: that of the token, or of the app where there is no token."""
    retry_after: RetryAfter = "seconds"
    rate_reset: RateReset = "ceil"
    """How the end of a window is rounded to a second in `X-RateLimit-Reset`, or that there is no such field."""
    limited_body: LimitedBody = "envelope"
    """The body of a 429: as `error_body` says, or what a gateway was seen to make of it: ``{"metadata", "data"}`` with
    the error in base64, under the status 429 or 200."""
    clock_skew: float = 0.0
    """Seconds by which Clio's clock is ahead of the simulator's `clock`, which is then that of the caller."""

    # -- paging: https://docs.developers.clio.com/api-docs/paging
    implicit_cursor: bool = True
    """Whether a list without `order` is read by cursor; else by offset, with its ceiling."""
    cursor_stable: bool = True
    """Whether a cursor stands behind a record; else it counts records, and is off by what is deleted meanwhile."""
    next_carries: Literal["page_token", "offset"] = "page_token"
    """What leads to the next page in offset mode. In cursor mode it is always a `page_token`."""
    next_suffix: bool | None = None
    """Whether `next` says `.json`. None: as it was asked for."""
    public_origin: str | None = None
    """The scheme and host that `next` is written with. None: those that were asked."""
    limit_overflow: Literal["error", "clamp"] = "error"
    """What becomes of a `limit` that is out of bounds."""
    max_ids: int | None = None
    """The greatest number of `ids[]`. None: no bound."""
    ids_overflow: IdsOverflow = "error"
    """What becomes of more `ids[]` than that: a 422, or the rest is passed over in silence. In the latter case there is
    always a bound: `max_ids`, or 200."""
    stable_order: bool = True
    """Whether records of equal rank have the same order on every page; else it is another one on each."""
    records: Literal["total", "page", "absent"] = "total"
    """What `meta.records` counts. A total that could only be had by reading the whole firm is left out."""

    # -- filters: https://docs.developers.clio.com/api-reference/
    since_inclusive: bool = True
    """Whether `updated_since` and `created_since` find what has exactly that time."""
    since_in_seconds: bool = False
    """Whether they compare whole seconds."""
    shown_fractions: bool = False
    """Whether timestamps in answers have fractions of seconds; they are kept in any case."""
    value_in_other_case: Literal["matched", "ignored"] = "matched"
    """What becomes of ``status=Open`` where ``open`` is documented: it is the same, or no filter at all."""
    unknown_value: UnknownValue = "error"
    """What becomes of a filter whose value is none of the documented ones: 422, nothing is found, or everything is."""

    # -- fields: https://docs.developers.clio.com/api-docs/fields
    refused_fields: frozenset[str] = frozenset()
    """Documented fields that are refused all the same, such as ``"Matter.client_reference"``."""
    invalid_fields: InvalidFields = "name"
    """What a refusal says of fields: the name of the first before the verdict, all names after it, or none."""

    # -- writes: https://docs.developers.clio.com/api-reference/
    null_association: NullAssociation = "ignored"
    """What becomes of null for an association that the document does not let be cleared so, an attorney for example:
    200 and nothing changes, it is cleared, or 422. ``{"id": null}`` is 422 there in any case."""
    billed_activity: Literal["refused", "ignored"] = "refused"
    """What becomes of a change to a billed activity: 422, or 200 and nothing changes."""
    line_quantity: Literal["ignored", "taken"] = "ignored"
    """What becomes of a new quantity for the line item of an activity: 200 and nothing changes, or it does."""

    # -- practice areas: https://developers.support.clio.com/hc/en-us/articles/5650128005403-API-Changelog
    practice_areas: PracticeAreas = "here"
    """Which of two paths serves practice areas, ``/practice_areas`` or ``/practice_areas_with_categories``, as in
    accounts of before or after January 2023. The other one answers 307 with the `Location` of that one."""

    # -- custom fields: https://docs.developers.clio.com/api-reference/
    placeholders: Placeholders = "absent"
    """What stands for a custom field that is displayed by default and has no value: nothing, a value without an id, or
    a value with an id and nothing else."""
    custom_fields_redacted: bool = False
    """Whether the account shows the ids of custom field values and nothing else of them, and forbids to read fields."""

    # -- documents and jobs: https://docs.developers.clio.com/api-reference/
    trashed: Literal["shown", "missing"] = "shown"
    """What a GET answers for a document or folder in the trash: the record, with `deleted_at`, or 404."""
    unfinished_download: Literal[400, 404, 422] = 404
    """What a download answers for a report or archive that is not completed."""
    address_life: int = 600
    """Seconds that a signed address works: ten minutes in the reference, eight hours in its examples."""
    put_url_renewal: Literal["get", "patch", "never"] = "get"
    """What signs the `put_url` of an unfinished version anew: every answer, the answer to a PATCH, or nothing."""
    upload_not_found: NotUploaded = 404
    """The status of ``UploadNotFoundError``: of an unknown `uuid`, and of bytes that are not there."""
    slow_finish: SlowFinish | None = None
    """How many requests to finish each upload end as ``UploadTimeoutError`` (422), and whether it is finished behind
    the first of them."""
    progress_moves_tag: bool = True
    """Whether a job's record has another tag when the job goes on."""

    # -- webhooks: https://docs.developers.clio.com/guides/clio-manage/webhooks/
    hook_signature: HookSignature = "hex"
    """How `X-Hook-Signature` writes the HMAC."""
    hook_handshake: Handshake = "after"
    """Whether a handshake comes after the answer to the request that made the webhook, or before it."""
    hook_secret: HookSecret = "shown"  # noqa: S105
    """Whether `shared_secret` can be read, or is null and the handshake alone tells it."""
    hook_suspends_after: int | None = 1
    """How many events in a row have to be given up for a webhook to be suspended. None: it never is."""
    hook_revived_by: HookRevival = "activation"
    """What ends a suspension besides a new address: the activation with its secret, any change to it, or nothing."""
    hook_gone: HookGone = "suspended"
    """What becomes of a webhook whose receiver answers 410."""
    hook_expired: HookExpired = "shown"
    """Whether a webhook that has expired is still there, and can be renewed; else it is deleted."""

    # -- errors, sizes and redaction
    max_url: int | None = None
    """The longest URL; a longer one is a 414 in HTML, from a gateway. None: no bound."""
    error_body: ErrorBody = "envelope"
    """The body of 412, 422, 429 and 409 (but see `limited_body`)."""
    hidden_status: Literal[403, 404] = 404
    """What a record answers that is hidden from the user."""

    # -- OAuth: https://docs.developers.clio.com/api-docs/authorization
    token_lifetime: int | None = 2_592_000
    """Seconds that an access token lives, which `expires_in` says. None: it does not say, and the token has no end."""
    expires_in_text: bool = False
    """Whether `expires_in` is a number in quotes."""
    refresh_token: Renewal = "absent"  # noqa: S105
    """What the answer to a refresh holds: no refresh token, the same one again, or a new one in its place."""
    rotation_reuse: Reuse = "refused"
    """What becomes of a refresh token that was replaced: it is refused; it is refused and ends all that came of the
    approval; or it works until the access token that came with the new one was used."""
    refresh_keeps_access: bool = True
    """Whether access tokens live on after a refresh."""
    pkce: Pkce = "verified"
    """What becomes of PKCE (RFC 7636): a challenge is kept to where one is given; it is ignored; there must be one; or
    its parameters are refused."""
    token_error: TokenError = "cause"  # noqa: S105
    """What a 401 says of a token: why it is refused; that it is refused; or the latter in Clio's envelope."""

    @classmethod
    def every(cls) -> Iterator[tuple[str, Regime]]:
        """Yield (name, regime) for the default and for each other answer to one question."""
        default = cls()
        yield "default", default
        for name, answers in _OTHER_ANSWERS.items():
            for answer in answers:
                yield f"{name}={_shown(answer)}", evolve(default, **cast("dict[str, Any]", {name: answer}))


def _shown(answer: object) -> str:
    if isinstance(answer, tuple | frozenset):
        return "-".join(sorted(str(part) for part in cast("tuple[object, ...]", answer)))
    return str(answer)


_OTHER_ANSWERS: dict[str, tuple[object, ...]] = {
    "tag_scope": ("representation",),
    "tag_form": ("weak", "weak-200", "gzip", "user"),
    "children_move_tag": (True,),
    "if_match": ("header", "both", "ignored"),
    "if_match_weak": (True,),
    "if_match_star": (False,),
    "if_match_list": (False,),
    "if_match_required": (True,),
    "last_modified": (False,),
    "no_store": (True,),
    "etag_on_write": (False,),
    "patch_atomic": (False,),
    "versions": (tuple(version for version in VERSIONS if version != "4.0.11"),),
    "gone_body": ("oauth", "html", "empty"),
    "answered_version": ("4.0.12",),
    "rate_limit": ((50, 60.0), (300, 60.0)),
    "rate_window": ("sliding", "first"),
    "quota_304": (False,),
    "quota_4xx": (False,),
    "quota_oauth": (True,),
    "retry_after": ("date", "absent"),
    "rate_reset": ("floor", "absent"),
    "limited_body": ("wrapped", "wrapped-200"),
    "clock_skew": (90.0, -90.0),
    "implicit_cursor": (False,),
    "cursor_stable": (False,),
    "next_carries": ("offset",),
    "next_suffix": (True, False),
    "public_origin": ("https://app.clio.com",),
    "limit_overflow": ("clamp",),
    "max_ids": (50,),
    "ids_overflow": ("ignore",),
    "stable_order": (False,),
    "since_inclusive": (False,),
    "since_in_seconds": (True,),
    "shown_fractions": (True,),
    "value_in_other_case": ("ignored",),
    "unknown_value": ("nothing", "all"),
    "refused_fields": (frozenset({"Matter.client_reference"}),),
    "invalid_fields": ("list", "bare"),
    "null_association": ("cleared", "refused"),
    "billed_activity": ("ignored",),
    "line_quantity": ("taken",),
    "practice_areas": ("moved",),
    "placeholders": ("null_id", "real_id"),
    "custom_fields_redacted": (True,),
    "trashed": ("missing",),
    "unfinished_download": (400, 422),
    "address_life": (28_800,),
    "put_url_renewal": ("patch", "never"),
    "upload_not_found": (400, 422),
    "slow_finish": ((2, "open"), (1, "done")),
    "progress_moves_tag": (False,),
    "hook_signature": ("base64",),
    "hook_handshake": ("before",),
    "hook_secret": ("hidden",),
    "hook_suspends_after": (3, None),
    "hook_revived_by": ("renewal", "address"),
    "hook_gone": ("deleted",),
    "hook_expired": ("missing",),
    "records": ("page", "absent"),
    "max_url": (2_000,),
    "error_body": ("html", "empty"),
    "hidden_status": (403,),
    "token_lifetime": (604_800, 3_600, None),
    "expires_in_text": (True,),
    "refresh_token": ("same", "new"),
    "rotation_reuse": ("revoke", "grace"),
    "refresh_keeps_access": (False,),
    "pkce": ("ignored", "required", "refused"),
    "token_error": ("generic", "envelope"),
}
