"""The control endpoint: what a test in another process does to a simulator. It is no part of Clio."""

from __future__ import annotations

from collections.abc import Callable
from hmac import compare_digest
from typing import Any, Final, TypeAlias, cast
from urllib.parse import parse_qsl, urlsplit

from attrs import asdict

from ...errors import InvalidArgument
from ...messages import Request, Response
from .answers import Refusal, decoded, encoded, error_body, respond
from .contents import length_of, tag_of
from .core import Simulator

__all__ = ["PREFIX", "controlled"]

PREFIX: Final = "/_simulator/"

Arguments: TypeAlias = dict[str, Any]
Act: TypeAlias = Callable[[Simulator, Arguments], Any]


def controlled(simulator: Simulator, request: Request, token: str | None) -> Response | None:
    """Answer a request to the control endpoint; None if it is for Clio.

    Without a token there is no such endpoint. Arguments are the query of a GET and the JSON object of a POST.
    """
    address = urlsplit(request.url)
    if token is None or not address.path.startswith(PREFIX):
        return None
    try:
        act = _chosen(request, address.path, token)
        return respond(200, encoded({"data": act(simulator, _arguments(request))}))
    except Refusal as refusal:
        return respond(refusal.status, error_body(refusal)[0])
    except (AttributeError, TypeError, ValueError, LookupError, InvalidArgument) as error:
        return respond(422, error_body(Refusal(422, "ArgumentError", f"{type(error).__name__}: {error}"))[0])


def _chosen(request: Request, path: str, token: str) -> Act:
    given = request.headers.get("authorization", "").encode("latin-1")
    if not compare_digest(given, f"Bearer {token}".encode("latin-1")):
        raise Refusal(403, "ForbiddenError", "The control token is missing or wrong")
    act = _ACTS.get((request.method, path.removeprefix(PREFIX)))
    if act is None:
        known = ", ".join(sorted(path for _, path in _ACTS))
        raise Refusal(404, "NotFoundError", f"The control endpoint knows {known}")
    return act


def _arguments(request: Request) -> Arguments:
    if request.method == "GET":
        return dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))
    given = decoded(request.body or b"{}")
    if not isinstance(given, dict):
        raise Refusal(422, "ArgumentError", "The body has to be an object")
    return cast("Arguments", given)


def _change(simulator: Simulator, given: Arguments) -> Any:
    account = int(given.get("account", 1))
    return {"etag": simulator.change(given["resource"], int(given["id"]), account=account, **given["attributes"])}


def _add(simulator: Simulator, given: Arguments) -> Any:
    return {"id": simulator.add(given["resource"], account=int(given.get("account", 1)), **given["attributes"])}


def _delete(simulator: Simulator, given: Arguments) -> Any:
    simulator.delete(given["resource"], int(given["id"]), account=int(given.get("account", 1)))


def _record(simulator: Simulator, given: Arguments) -> Any:
    return simulator.record(
        given["resource"], int(given["id"]), fields=given.get("fields", ""), account=int(given.get("account", 1))
    )


def _put_file(simulator: Simulator, given: Arguments) -> Any:
    content = given["size"] if "size" in given else given["text"].encode()
    return {"path": simulator.put_file(given["resource"], int(given["id"]), content, account=given.get("account", 1))}


def _files(simulator: Simulator, _: Arguments) -> Any:
    """Say what was put at the storage, without its bytes."""
    return {path: {"size": length_of(file), "etag": tag_of(file)} for path, file in simulator.storage.files.items()}


def _hide(simulator: Simulator, given: Arguments) -> Any:
    simulator.hide(given["resource"], int(given["id"]), user=int(given["user"]), hidden=given.get("hidden", True))


def _token(simulator: Simulator, given: Arguments) -> Any:
    return {"token": simulator.token(**given)}


def _app(simulator: Simulator, given: Arguments) -> Any:
    app = simulator.app(**given)
    return {"client_id": app.client_id, "client_secret": app.client_secret, "redirect_uris": app.redirect_uris}


def _approve(simulator: Simulator, given: Arguments) -> Any:
    whole = [given.pop("url")] if "url" in given else []
    return {"url": simulator.approve(*whole, **given)}


def _log(simulator: Simulator, given: Arguments) -> Any:
    return [entry.as_dict() for entry in simulator.entries(int(given.get("after", -1)))]


_ACTS: Final[dict[tuple[str, str], Act]] = {
    ("POST", "add"): _add,
    ("POST", "change"): _change,
    ("POST", "delete"): _delete,
    ("POST", "hide"): _hide,
    ("POST", "put_file"): _put_file,
    ("POST", "token"): _token,
    ("POST", "expire"): lambda simulator, given: simulator.expire(given["token"]),
    ("POST", "expire_all"): lambda simulator, given: simulator.expire_all(**given),
    ("POST", "revoke"): lambda simulator, given: simulator.revoke(**given),
    ("POST", "app"): _app,
    ("POST", "approve"): _approve,
    ("POST", "approves_as"): lambda simulator, given: simulator.approves_as(**given),
    ("POST", "declines"): lambda simulator, given: simulator.declines(**given),
    ("POST", "retire"): lambda simulator, given: simulator.retire(given["version"]),
    ("POST", "release"): lambda simulator, given: simulator.release(given["version"]),
    ("POST", "advance"): lambda simulator, given: simulator.clock.advance(float(given["seconds"])),
    ("GET", "record"): _record,
    ("GET", "files"): _files,
    ("GET", "storage"): lambda simulator, _: [asdict(each) for each in simulator.storage.requests],
    ("GET", "log"): _log,
    ("GET", "deliveries"): lambda simulator, _: [asdict(attempt) for attempt in simulator.deliveries.log],
    ("GET", "stats"): lambda simulator, _: simulator.stats(),
    ("GET", "token_calls"): lambda simulator, _: simulator.stats()["token_calls"],
}
