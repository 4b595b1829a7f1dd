"""`Authorize`: the token goes on last, and what is kept of a grant that is gone is forgotten."""

from __future__ import annotations

import pytest

from clio_async.errors import ReauthRequired
from clio_async.messages import Request, Response
from clio_async.middleware.authorize import Authorize
from clio_async.principal import Channel, Principal
from clio_async.secrets import Secret


class Gone:
    """An Auth whose grant is gone."""

    def principal(self, base: str, /) -> Principal:
        return Principal(base)

    async def access_token(self, channel: Channel, /, *, deadline: float | None = None) -> Secret:
        raise ReauthRequired("The user has to approve the app again.", principal=Principal("elsewhere"))

    async def rejected(
        self, token: Secret, channel: Channel, /, *, again: bool = False, deadline: float | None = None
    ) -> bool:
        return False


async def _unreached(request: Request) -> Response:
    raise AssertionError("nothing is sent")


CHANNEL = Channel(_unreached, lambda job: None, lambda: 0.0, lambda: 0.0, lambda: 0.5, lambda event: None)


@pytest.mark.parametrize("principal", [Principal("https://h/api/v4", user="7"), None])
async def test_a_grant_that_is_gone_is_purged_under_the_name_it_was_asked_by(principal: Principal | None) -> None:
    """The error names the principal of the call, under which its answers were kept; a call of nobody has none."""
    purged: list[str] = []

    async def purge(fingerprint: str) -> None:
        purged.append(fingerprint)

    asked = Request("GET", "https://h/api/v4/x", principal=principal, auth=Gone())
    with pytest.raises(ReauthRequired) as caught:
        await Authorize(CHANNEL, purge)(asked, _unreached)
    named = Principal("elsewhere") if principal is None else principal
    assert named == caught.value.principal
    assert purged == ([] if principal is None else [principal.fingerprint])
