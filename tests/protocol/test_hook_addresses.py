"""Addresses that Clio calls: the key in them, and when two are one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.protocol.hook_addresses import canonical, keyed, split_key


@pytest.mark.parametrize(
    ("url", "rest", "key"),
    [
        ("https://x.test/", "https://x.test/", None),
        ("https://x.test/?subscription=k", "https://x.test/", "k"),
        ("https://x.test/?a=1&subscription=k", "https://x.test/?a=1", "k"),
        ("https://x.test/?subscription=k&a=1", "https://x.test/?a=1", "k"),
        ("https://x.test/?subscription=", "https://x.test/", None),
        ("https://x.test/?subscription", "https://x.test/", None),
        ("https://x.test/?subscription=k&subscription=l", "https://x.test/", "k"),
        ("https://x.test/?subscriptions=k", "https://x.test/?subscriptions=k", None),
        ("", "", None),
    ],
)
def test_a_key_is_taken_from_an_address(url: str, rest: str, key: str | None) -> None:
    """Wherever it stands; the rest of the query stays byte for byte."""
    assert (rest, key) == split_key(url)


@given(st.text(alphabet="ab=&%/-", max_size=12), st.text(alphabet="abcXYZ019_-", min_size=1, max_size=32))
def test_a_key_is_found_where_it_was_put(query: str, key: str) -> None:
    """Under any query."""
    url = f"https://x.test/?{query}" if query else "https://x.test/"
    assert (url, key) == split_key(keyed(url, key))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.test/", "https://x.test/"),
        ("https://x.test", "https://x.test/"),
        ("HTTPS://X.Test:443/A", "https://x.test/A"),
        ("https://x.test:8443/", "https://x.test:8443/"),
        ("https://x.test/?", "https://x.test/"),
        ("https://x.test/a%2fb%7e?q=%c3%bc%41", "https://x.test/a%2Fb~?q=%C3%BCA"),
        ("https://x.test/?b=1&a=2", "https://x.test/?b=1&a=2"),
        ("https://x.test:99999/", "https://x.test:99999/"),
        ("https://[broken/", "https://[broken/"),
        ("", ":///"),
    ],
)
def test_the_ways_to_write_an_address_have_one_form(url: str, expected: str) -> None:
    """What means the same is the same; what may mean something else, such as the order of a query, stays."""
    assert expected == canonical(url)


@given(st.text(alphabet="abAB%27eEf/?&=:@.", max_size=20))
def test_the_form_has_itself_for_a_form(text: str) -> None:
    """Law: it does not matter how often it is taken."""
    once = canonical(f"https://X.test/{text}")
    assert once == canonical(once)
