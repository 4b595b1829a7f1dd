"""Ask a simulator as a client would, and read its answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from clio_async.messages import Headers, Request, Response
from clio_async.testing.simulator import Regime, Simulator

ORIGIN = "https://app.clio.com"


class Caller:
    """One user's token at one simulator."""

    def __init__(self, simulator: Simulator, **grant: Any) -> None:
        self.simulator = simulator
        self.token = simulator.token(**grant)

    def request(self, method: str, path: str, body: Any = None, origin: str = ORIGIN, **headers: str) -> Request:
        sent = {
            "authorization": f"Bearer {self.token}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        return Request(method, f"{origin}/api/v4{path}", Headers(sent), data)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        return self.simulator.answer(self.request(method, path, body, **headers))

    def get(self, path: str, **headers: str) -> Response:
        return self.ask("GET", path, **headers)

    def data(self, path: str) -> Any:
        response = self.get(path)
        assert response.status == 200, response.body
        return json.loads(response.body)["data"]

    def patch(self, path: str, data: Any, **headers: str) -> Response:
        return self.ask("PATCH", path, {"data": data}, **headers)

    def post(self, path: str, data: Any, **headers: str) -> Response:
        return self.ask("POST", path, {"data": data}, **headers)

    def delete(self, path: str, **headers: str) -> Response:
        return self.ask("DELETE", path, **headers)

    def pages(self, path: str, most: int = 1_000) -> Iterator[list[Any]]:
        """Follow `next` until there is none."""
        for _ in range(most):
            page = json.loads(self.get(path).body)
            yield page["data"]
            following = page["meta"]["paging"].get("next")
            if following is None:
                return
            address = urlsplit(following)
            path = f"{address.path.removeprefix('/api/v4')}?{address.query}"
        raise AssertionError("the walk does not end")

    def walk(self, path: str) -> list[Any]:
        return [record for page in self.pages(path) for record in page]


def caller(regime: Regime | None = None, **options: Any) -> Caller:
    return Caller(Simulator(regime=regime, **options))


def error(response: Response) -> tuple[int, str, str]:
    """Read Clio's envelope: exactly one type and one message."""
    body: Mapping[str, Any] = json.loads(response.body)
    assert list(body) == ["error"]
    assert sorted(body["error"]) == ["message", "type"]
    return response.status, body["error"]["type"], body["error"]["message"]
