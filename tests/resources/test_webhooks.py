"""Webhooks: two selections that are both called `fields`, and the activation that the document does not know."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from clio_async import Clio, ClioError, Headers, InvalidArgument, MemoryTransport, Request, Response, Secret
from clio_async.errors import MaybeSent, UnknownAttribute
from clio_async.resources.webhooks import Webhooks
from clio_async.testing import Simulator

from ..canaries import Canaries, Records
from .fake import FakeClio

BASE = "https://app.clio.com/api/v4"
SECRET = "6d1f0b7c9a3e4d5f8b2a1c0e9f8d7b6a5c4d"
PLANTED = Canaries(hook=SECRET)


async def test_the_payloads_fields_and_the_answers_are_apart() -> None:
    """`fields_` is what Clio is to send of the records, `fields` what is read of the webhook itself."""
    simulator = Simulator(matters=3, contacts=3, tasks=3, users=2)
    seen: list[Request] = []

    async def watched(request: Request) -> Response:
        seen.append(request)
        return await simulator.handler(request)

    clio = Clio(simulator.token(), base_url=BASE, transport=MemoryTransport(watched))
    hook = await clio.webhooks.create(
        url="https://x.test/hook", model="matter", events=["created"], fields_="id,display_number", fields="id,model"
    )
    assert {"id", "etag", "model"} == {*hook.to_dict()}
    assert seen[0].url.endswith("?fields=id,etag,model")
    assert b'"fields":"id,display_number"' in (seen[0].body or b"")
    changed = await clio.webhooks.update(hook, fields_="id,status", fields="fields")
    assert "id,status" == changed.fields
    assert b'{"data":{"fields":"id,status"}}' == seen[1].body
    assert "id,status" == (await clio.webhooks.get(hook)).fields


async def test_the_payloads_fields_are_required() -> None:
    """Without them Clio has nothing to send; `fields=` is not them."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument, match="fields"):
        await clio.webhooks.create(url="https://x.test", model="matter", fields="id,etag")  # type: ignore[call-overload]
    with pytest.raises(UnknownAttribute):
        await clio.webhooks.create(url="https://x.test", model="matter", fields_="id", fields__="id")  # type: ignore[call-overload]
    assert [] == clio.calls


# -- activation -------------------------------------------------------------------------------------------------------


def served(answer: Response | Exception) -> tuple[Clio, list[Request]]:
    seen: list[Request] = []

    def handler(request: Request) -> Response:
        seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Clio("token-a", base_url=BASE, transport=MemoryTransport(handler)), seen


@pytest.mark.parametrize("secret", [SECRET, Secret(SECRET)], ids=["text", "secret"])
async def test_activating_gives_the_secret_back(secret: str | Secret) -> None:
    """PUT with the header that Clio sent, and no body; nothing comes back."""
    clio, seen = served(Response(200))
    assert isinstance(clio.webhooks, Webhooks)
    await clio.webhooks.activate(7, secret)
    (request,) = seen
    assert ("PUT", f"{BASE}/webhooks/7/activate.json", None) == (request.method, request.url, request.body)
    assert SECRET == request.headers["X-Hook-Secret"]


async def test_activating_takes_what_every_verb_takes() -> None:
    """A record for its id; `extra_query` and `extra_json` for what is not known here."""
    clio = FakeClio()
    simulator = Simulator(matters=3, contacts=3, tasks=3, users=2)
    wire = MemoryTransport(simulator.handler)
    hook = await Clio(simulator.token(), base_url=BASE, transport=wire).webhooks.create(
        url="https://x.test", model="matter", fields_="id"
    )
    await clio.webhooks.activate(hook, "s", extra_query={"a": 1}, extra_json={"b": 2})
    (call,) = clio.calls
    assert (f"/webhooks/{hook.id}/activate.json", "a=1") == (call.path, call.query)
    assert ({"data": {"b": 2}}, {"X-Hook-Secret": "s"}) == (call.body, call.headers)


@pytest.mark.parametrize(
    "secret",
    ["", " x", "x\n", f"{SECRET}\r\nX: y", "x\x00", "sécret", None, 7, b"x", Secret(""), Secret("x\n")],
    ids=repr,
)
async def test_what_no_header_can_carry_is_refused(secret: Any) -> None:
    """Before anything is sent, and without repeating it (F11)."""
    clio, seen = served(Response(200))
    with pytest.raises(InvalidArgument) as caught:
        await clio.webhooks.activate(7, secret)
    assert [] == seen
    error = caught.value.with_traceback(caught.value.__traceback__ and caught.value.__traceback__.tb_next)
    assert [] == PLANTED.in_error("refused", error)


@pytest.mark.parametrize(
    "answer",
    [Response(200), Response(401), Response(404), Response(422), Response(500), Response(302), MaybeSent("broke")],
    ids=repr,
)
async def test_the_secret_shows_nowhere(answer: Response | Exception) -> None:
    """In no log, repr, error, pickle or frame, however it ends (F37)."""
    records, root = Records(lambda: PLANTED), logging.getLogger()
    before = root.level
    root.addHandler(records)
    root.setLevel(logging.DEBUG)
    clio, seen = served(answer)
    hits: list[str] = []
    try:
        await clio.webhooks.activate(7, SECRET)
    except ClioError as error:
        trace = error.__traceback__
        hits += PLANTED.in_error("activate", error.with_traceback(trace and trace.tb_next))
    finally:
        root.setLevel(before)
        root.removeHandler(records)
    assert SECRET == seen[0].headers["X-Hook-Secret"]
    hits += [*records.hits, *PLANTED.in_object("request", seen[0]), *PLANTED.in_object("client", clio)]
    assert [] == hits


@pytest.mark.parametrize(
    ("id", "more"),
    [
        (-1, {}),
        (7, {"extra_query": {"a": 1j}}),
        (7, {"extra_query": []}),
        (7, {"extra_json": [1]}),
        (7, {"extra_json": {"a": 1j}}),
    ],
    ids=repr,
)
async def test_a_mistake_in_another_argument_shows_the_secret_nowhere(id: Any, more: dict[str, Any]) -> None:
    """No frame of ours that the error leads through holds it."""
    clio, seen = served(Response(200))
    with pytest.raises(InvalidArgument) as caught:
        await clio.webhooks.activate(id, SECRET, **more)
    assert [] == seen
    trace = caught.value.__traceback__
    assert [] == PLANTED.in_error("activate", caught.value.with_traceback(trace and trace.tb_next))


async def test_the_search_finds_it_in_a_frame() -> None:
    """The control: a frame that keeps the secret is seen."""

    async def activate() -> None:
        kept = SECRET
        await served(Response(404, Headers()))[0].webhooks.activate(7, kept)

    with pytest.raises(ClioError) as caught:
        await activate()
    trace = caught.value.__traceback__
    assert PLANTED.in_error("activate", caught.value.with_traceback(trace and trace.tb_next))


async def test_a_webhook_does_not_show_its_shared_secret() -> None:
    """It is read like any attribute, and stands in no repr."""
    clio = FakeClio({"data": {"id": 1, "shared_secret": SECRET}})
    hook = await clio.webhooks.get(1, fields="shared_secret")
    assert SECRET == hook.shared_secret
    assert [] == PLANTED.in_text("repr", repr(hook))
