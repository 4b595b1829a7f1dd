"""Links to the next page, and tokens to resume a walk (F55, F58)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import yarl
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.errors import InvalidArgument, UntrustedLink
from clio_async.protocol.paging import Position, next_query, number, read_resume_token, write_resume_token
from clio_async.protocol.urls import REGIONS
from tests.links import ELSEWHERE

BASE = "https://app.clio.com/api/v4"
GATEWAYS = ["http://localhost:8080/api/v4", "https://gateway.example/clio", "https://app.clio.com.example"]


@pytest.mark.parametrize("link", ELSEWHERE)
@pytest.mark.parametrize("base", [BASE, *GATEWAYS])
def test_a_link_to_another_place_is_refused(link: str, base: str) -> None:
    """Another host, scheme, port, user or path, or what parsers read differently, also behind a gateway (F55)."""
    with pytest.raises(UntrustedLink) as caught:
        next_query(link, base, "/matters.json", "limit=1")
    assert "pw" not in str(caught.value)


def test_readers_of_urls_would_leave() -> None:
    """The control of F55: of a hundred forms and more, urllib and yarl take some forty each to other hosts, and they do
    not agree where."""

    def host(read: Callable[[str], str | None]) -> list[str | None]:
        found: list[str | None] = []
        for link in ELSEWHERE:
            try:
                found.append(read(link))
            except ValueError:
                found.append("app.clio.com")  # refused: nothing is sent
        return found

    ours = f"{BASE}/matters.json"
    urllib = host(lambda link: urlsplit(urljoin(ours, link)).hostname)
    aiohttp = host(lambda link: yarl.URL(ours).join(yarl.URL(link)).host)
    assert 100 <= len({*ELSEWHERE})
    assert 40 <= len(ELSEWHERE) - urllib.count("app.clio.com")
    assert 40 <= len(ELSEWHERE) - aiohttp.count("app.clio.com")
    assert urllib != aiohttp


@pytest.mark.parametrize(
    "link",
    [
        f"{BASE}/matters.json?page_token=b",
        f"{BASE}/matters?page_token=b",
        "https://APP.clio.com/api/v4/matters.json?page_token=b",
        "https://app.clio.com:443/api/v4/matters.json?page_token=b",
        "HTTPS://app.clio.com/api/v4/matters.json?page_token=b#fragment",
    ],
)
@pytest.mark.parametrize("base", [BASE, *GATEWAYS])
def test_the_control_a_link_to_our_own_place_is_taken(link: str, base: str) -> None:
    """With or without ``.json``; host names have no case, and a port may be the scheme's own. Behind a gateway Clio may
    write itself into its links: their query goes to the gateway.
    """
    assert "page_token=b&limit=1" == next_query(link, base, "/matters.json", "limit=1")


@pytest.mark.parametrize("region", REGIONS)
def test_a_gateway_may_stand_before_any_region(region: str) -> None:
    """Its links are those of the region behind it; but one region's own links never lead to another."""
    link = f"{REGIONS[region]}/api/v4/matters?page_token=b"
    for base in GATEWAYS:
        assert "page_token=b" == next_query(link, base, "/matters.json", "")
    for other in REGIONS.keys() - {region}:
        with pytest.raises(UntrustedLink):
            next_query(link, f"{REGIONS[other]}/api/v4", "/matters.json", "")


def test_a_gateway_writes_its_own_links_with_its_own_prefix() -> None:
    """Clio's prefix is no path of a gateway that has another."""
    base = "https://gateway.example/clio"
    assert "a=1" == next_query("https://gateway.example/clio/matters?a=1", base, "/matters.json", "")
    with pytest.raises(UntrustedLink, match=r"not to https://gateway\.example/clio/matters\.json"):
        next_query("https://gateway.example/api/v4/matters?a=1", base, "/matters.json", "")


@pytest.mark.parametrize(
    "link",
    [
        *("?page_token=b", "matters.json?page_token=b", "matters?page_token=b", "./matters.json?page_token=b"),
        *("/api/v4/matters.json?page_token=b", "/api/v4/matters?page_token=b", "../v4/matters?page_token=b#x"),
    ],
)
def test_a_relative_link_is_read_at_our_own_url(link: str) -> None:
    """RFC 3986 allows one wherever a URL stands."""
    assert "page_token=b&limit=1" == next_query(link, BASE, "/matters.json", "limit=1&page_token=a")
    assert "page_token=b" == next_query(link, "http://localhost:80/api/v4", "/matters.json", "")


def test_a_relative_link_is_judged_by_where_it_leads() -> None:
    """A path that is not ours is not, also at our own origin."""
    assert "a=1" == next_query("matters?a=1", "https://gateway.example/clio", "/matters.json", "")
    for link in ("/matters.json?a=1", "/api/v4/matters.json?a=1", "../matters.json?a=1"):
        with pytest.raises(UntrustedLink, match=r"leads to https://gateway\.example/"):
            next_query(link, "https://gateway.example/clio", "/matters.json", "")


STARTS = st.sampled_from(
    [
        *("https://evil.test", "https://app.clio.com", "https://app.clio.com/api/v4/matters", "//x", "http:", "", "/"),
        *("/api/v4/matters", "?", "matters.json", "..", "///"),
    ]
)


@given(st.text(max_size=40), STARTS, st.sampled_from([BASE, *GATEWAYS]))
@settings(deadline=None)
def test_any_link_is_followed_at_home_or_refused(rest: str, start: str, base: str) -> None:
    """Law: whatever a link is, it leads to the one path, and its query is one that a token can hold (F55)."""
    try:
        query = next_query(start + rest, base, "/matters.json", "limit=1")
    except UntrustedLink:
        return
    link = start + rest
    absolute = link.lower().startswith("https://app.clio.com/api/v4/matters")
    assert absolute or not link.startswith("//")
    assert absolute or ":" not in link.partition("?")[0].partition("#")[0].partition("/")[0]
    assert "#" not in query
    token = write_resume_token("Matter#index", "me", "q", Position(query))
    assert query == read_resume_token(token, "Matter#index", "me", "q").query


def test_what_a_link_does_not_repeat_is_added() -> None:
    """No filter of ours is lost, none comes twice, and where the walk began is not asked for again."""
    own = "fields=id&ids%5B%5D=1&ids%5B%5D=2&limit=5&offset=10&page_token=a"
    assert "page_token=b&fields=id&ids%5B%5D=1&ids%5B%5D=2&limit=5" == next_query(
        f"{BASE}/matters.json?page_token=b", BASE, "/matters.json", own
    )
    assert "page_token=b&ids[]=1&limit=&fields=id" == next_query(
        f"{BASE}/matters.json?page_token=b&ids[]=1&limit=", BASE, "/matters.json", own
    )
    assert "limit=5" == next_query(f"{BASE}/matters.json", BASE, "/matters.json", "limit=5&offset=10")
    assert "q=%22a%22" == next_query(f'{BASE}/matters.json?q="a"', BASE, "/matters.json", "")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("limit=5", 5), ("a=1&limit=5&limit=007", 7), ("limit=", None), ("limit", None), ("", None), ("limits=5", None),
        ("limit=-5", None), ("limit=5.0", None), ("limit=%D9%A3", None), ("limit=+5", None), ("lim%69t=%35", 5),
        ("limit=" + "9" * 15, 10**15 - 1), ("limit=" + "9" * 16, None), ("limit=5&limit=x", None),
    ],
)  # fmt: skip
def test_a_number_of_a_query_is_ascii_digits(query: str, found: int | None) -> None:
    """The last one counts, as most servers read it; anything else is none."""
    assert found == number(query, "limit")


# -- tokens -------------------------------------------------------------------------------------------------------

NUMBERS = st.integers(0, 2**70)


@given(st.text(), st.text(), st.text(), st.from_regex(r"\A[!$-;=?-\[\]_a-z{}~]{0,40}\Z"), NUMBERS, st.none() | NUMBERS)
@settings(deadline=None)
def test_a_token_gives_back_its_position(
    operation: str, scope: str, query: str, at: str, received: int, after: int | None
) -> None:
    """Law: write and read are inverse; and a token can be pasted anywhere."""
    position = Position(at, received, after)
    token = write_resume_token(operation, scope, query, position)
    assert position == read_resume_token(token, operation, scope, query)
    assert token.replace("-", "").replace("_", "").isalnum()
    assert token.isascii()


NAMES = st.tuples(st.text(), st.text(), st.text())


@given(NAMES, NAMES)
@settings(deadline=None)
def test_a_token_is_of_one_list(made: tuple[str, str, str], read: tuple[str, str, str]) -> None:
    """Law: it is refused for every other operation, scope or query."""
    token = write_resume_token(*made, Position("q"))
    if made == read:
        assert Position("q") == read_resume_token(token, *read)
        return
    with pytest.raises(InvalidArgument, match="another list"):
        read_resume_token(token, *read)


def test_no_part_of_what_a_token_is_bound_to_runs_into_the_next() -> None:
    """Nor does a line break in one make another token of it."""
    token = write_resume_token("a", "b\nc", "d", Position("q"))
    with pytest.raises(InvalidArgument, match="another list"):
        read_resume_token(token, "a\nb", "c", "d")


def test_a_token_shows_the_filters_and_nothing_of_the_principal() -> None:
    """What it is bound to is a digest."""
    token = write_resume_token("Matter#index", "canary-4711", "query=x", Position("page_token=b&query=x", 400, 812))
    content = json.loads(urlsafe_b64decode(token + "=="))
    bound = content.pop("bound")
    assert {"v": 1, "at": "page_token=b&query=x", "received": 400, "after": 812} == content
    assert 32 == len(bound)
    assert "canary" not in str(content) + bound


def forged(**changes: Any) -> str:
    token = write_resume_token("Matter#index", "me", "q", Position("limit=5"))
    content = json.loads(urlsafe_b64decode(token + "=="))
    return urlsafe_b64encode(json.dumps({**content, **changes}).encode()).decode()


def encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).decode()


def test_the_control_a_forged_token_is_read_if_it_is_whole() -> None:
    """What is refused below is refused for what was changed."""
    assert Position("limit=5") == read_resume_token(forged(), "Matter#index", "me", "q")


@pytest.mark.parametrize(
    "token",
    [
        *("", "x", "é", "!!!!", "a" * 5, encoded(b"[]"), encoded(b"{}"), encoded(b'"x"'), encoded(b"null")),
        *(encoded(b"\xff"), encoded(b"[" * 100_000), encoded(b"1" * 10_000), None, 5, b"bytes", ["x"], {}),
        *(forged(v=2), forged(v=None), forged(v="1"), forged(at=3), forged(at=None), forged(at="a b\r\n")),
        *(forged(at="a#b"), forged(at="a\\b"), forged(at="caf\u00e9"), forged(received="1"), forged(received=-1)),
        *(forged(received=True), forged(received=None), forged(received=1.5), forged(after="x"), forged(after=True)),
    ],
)  # fmt: skip
def test_what_is_no_token_is_refused(token: Any) -> None:
    """Malformed tokens are invalid arguments, not crashes, and nothing of them gets into a request."""
    with pytest.raises(InvalidArgument, match="resume token"):
        read_resume_token(token, "Matter#index", "me", "q")
