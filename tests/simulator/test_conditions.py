"""Tags, 304 and 412: https://docs.developers.clio.com/api-docs/etags and RFC 9110 §8.8, §13."""

from __future__ import annotations

from email.utils import formatdate, parsedate_to_datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.messages import Response
from clio_async.testing.simulator import Regime, Simulator
from clio_async.testing.simulator.conditions import if_match_holds, is_unmodified, tags_in

from .caller import Caller, caller, error

PATH = "/matters/1.json?fields=id,etag,description,client{id,name}"
SCOPES = ["record", "representation"]
FORMS = ["strong", "weak", "weak-200", "gzip", "user"]


def etag(asks: Caller, path: str = PATH) -> str:
    return asks.get(path).headers["etag"]


# -- what a tag covers --------------------------------------------------------------------------------------------

OWN: list[tuple[str, dict[str, Any]]] = [
    ("own", {"description": "another"}),
    ("own", {"client": {"id": 9}}),
    ("own", {"location": None}),
    ("foreign", {"name": "Another Name"}),
    ("derived", {"has_tasks": False}),
    ("derived", {"last_activity_date": "2026-05-05"}),
    ("row", {"custom_field_values": [{"field_name": "x", "value": 1, "custom_field": {"id": 1}}]}),
]


@pytest.mark.parametrize("moves_with_rows", [False, True])
@pytest.mark.parametrize(("kind", "attributes"), OWN)
def test_the_tag_of_a_record_changes_with_its_own_attributes_alone(
    kind: str, attributes: dict[str, Any], moves_with_rows: bool
) -> None:
    """Neither the client's name nor what is derived moves it; rows of a collection do where the regime says so."""
    asks = caller(Regime(children_move_tag=moves_with_rows))
    client = asks.data(PATH)["client"]["id"]
    before, body = etag(asks), asks.data("/matters/1.json?fields=etag,updated_at")
    asks.simulator.clock.advance(5)
    target = ("contacts", client) if kind == "foreign" else ("matters", 1)
    asks.simulator.change(*target, **attributes)
    expected = kind == "own" or (kind == "row" and moves_with_rows)
    assert expected == (etag(asks) != before)
    assert expected == (asks.data("/matters/1.json?fields=etag,updated_at") != body)


@pytest.mark.parametrize(
    ("resource", "id", "attributes"),
    [
        ("contacts", 0, {"name": "Another Name"}),
        ("matters", 1, {"description": "another"}),
        ("matters", 1, {"has_tasks": False}),
    ],
)
def test_the_tag_of_a_representation_changes_with_every_byte(
    resource: str, id: int, attributes: dict[str, Any]
) -> None:
    """A digest of what is shown moves with the client's name and with what is derived, if they are shown."""
    asks = caller(Regime(tag_scope="representation"))
    path = "/matters/1.json?fields=id,description,client{id,name},has_tasks"
    before, blind = etag(asks, path), etag(asks, "/matters/1.json?fields=id,number")
    asks.simulator.change(resource, id or asks.data(PATH)["client"]["id"], **attributes)
    assert before != etag(asks, path)
    assert blind == etag(asks, "/matters/1.json?fields=id,number")


def test_scopes_differ_in_what_a_selection_means() -> None:
    """A tag of the record is the same for each selection, a tag of the representation is not."""
    paths = ("/matters/1.json?fields=id", "/matters/1.json?fields=id,number")
    assert 1 == len({etag(caller(), path) for path in paths})
    assert 2 == len({etag(caller(Regime(tag_scope="representation")), path) for path in paths})


def test_a_write_that_changes_nothing_keeps_the_tag() -> None:
    """The same value again is no change; the old value after another is one."""
    asks = caller()
    old = asks.data(PATH)
    first = etag(asks)
    asks.patch("/matters/1.json", {"description": old["description"]})
    assert first == etag(asks)
    asks.patch("/matters/1.json", {"description": "x"})
    asks.patch("/matters/1.json", {"description": old["description"]})
    assert first != etag(asks)


def test_a_child_moves_its_parent_only_where_the_regime_says_so() -> None:
    """Tasks that are created, changed and deleted touch their matter, or do not."""
    for moves in (False, True):
        asks = caller(Regime(children_move_tag=moves))
        tags = [etag(asks)]
        made = asks.post(
            "/tasks.json", {"name": "n", "description": "d", "assignee": {"id": 1, "type": "User"}, "matter": {"id": 1}}
        )
        assert 201 == made.status
        tags.append(etag(asks))
        asks.patch("/tasks/201.json", {"name": "m"})
        tags.append(etag(asks))
        asks.patch("/tasks/201.json", {"name": "m"})
        assert tags[-1] == etag(asks)
        asks.delete("/tasks/201.json")
        tags.append(etag(asks))
        assert (4 if moves else 1) == len(set(tags))


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_the_header(form: Any) -> None:
    """The header is the body's tag, or a variant of it, on every answer about one record."""
    simulator = Simulator(regime=Regime(tag_form=form))
    asks, other = Caller(simulator), Caller(simulator, user=2)
    body = asks.data(PATH)["etag"]
    forms = {
        "strong": body,
        "weak": f"W/{body}",
        "weak-200": f"W/{body}",
        "gzip": f'{body[:-1]}-gzip"',
        "user": f'{body[:-1]}-1"',
    }
    assert forms[form] == etag(asks)
    assert (form == "user") == (etag(other) != etag(asks))
    confirmed = asks.get(PATH, if_none_match=forms[form])
    assert 304 == confirmed.status
    assert (body if form == "weak-200" else forms[form]) == confirmed.headers["etag"]


def test_lists_carry_no_validators() -> None:
    """A list has no ETag, and its conditions are not looked at."""
    response = caller().get("/matters.json", if_none_match="*", if_modified_since=formatdate(4e9, usegmt=True))
    assert 200 == response.status
    assert not {"etag", "last-modified"} & set(response.headers)


# -- 304 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("form", FORMS)
def test_a_validator_that_was_given_out_is_confirmed_until_something_changes(scope: Any, form: Any) -> None:
    """`If-None-Match` with the ETag: 304 without a body, and after a change 200 with one."""
    asks = caller(Regime(tag_scope=scope, tag_form=form))
    tag = etag(asks)
    confirmed = asks.get(PATH, if_none_match=tag)
    assert (304, b"") == (confirmed.status, confirmed.body)
    assert "content-type" not in confirmed.headers
    asks.simulator.change("matters", 1, description="another")
    assert 200 == asks.get(PATH, if_none_match=tag).status


TAGS = st.builds(
    lambda weak, text: f'{"W/" * weak}"{text}"', st.booleans(), st.sampled_from(["a", "b", "", "a,b", "*"])
)


@given(sent=st.lists(TAGS, min_size=1, max_size=4), current=TAGS)
@settings(max_examples=200, deadline=None)
def test_if_none_match_compares_weakly(sent: list[str], current: str) -> None:
    """A list matches if one of its tags does, whatever is weak (RFC 9110 §13.1.2)."""
    expected = current.removeprefix("W/") in {tag.removeprefix("W/") for tag in sent}
    assert expected == is_unmodified(", ".join(sent), None, current, None)
    assert sent == tags_in(", ".join(sent))


@given(sent=st.lists(TAGS, min_size=1, max_size=4), current=TAGS)
@settings(max_examples=200, deadline=None)
def test_if_match_compares_strongly(sent: list[str], current: str) -> None:
    """A weak tag never matches (RFC 9110 §13.1.1), unless the regime breaks the rule."""
    assert (current in sent and not current.startswith("W/")) == if_match_holds(", ".join(sent), [current], Regime())
    assert (current in sent) == if_match_holds(", ".join(sent), [current], Regime(if_match_weak=True))


@pytest.mark.parametrize("text", ["abc", '"abc', "", '\\"x\\"', "W/abc"])
def test_what_is_no_tag_matches_nothing(text: str) -> None:
    """Without its quotes a tag is none."""
    assert not is_unmodified(text, None, '"abc"', None)
    assert not if_match_holds(text, ['"abc"'], Regime())


def test_any_tag_is_matched_by_a_star() -> None:
    """`If-None-Match: *` is 304 for what exists."""
    assert 304 == caller().get(PATH, if_none_match="*").status


def test_dates_count_only_without_tags() -> None:
    """`If-Modified-Since` is honoured alone, and ignored beside `If-None-Match`, as are dates that are none."""
    asks = caller()
    date = asks.get(PATH).headers["last-modified"]
    assert 304 == asks.get(PATH, if_modified_since=date).status
    assert 200 == asks.get(PATH, if_modified_since=date, if_none_match='"x"').status
    earlier = formatdate(parsedate_to_datetime(date).timestamp() - 1, usegmt=True)
    for text in (earlier, "yesterday", "", "Mon, 99 Foo 2026 00:00:00 GMT"):
        assert 200 == asks.get(PATH, if_modified_since=text).status
    asks.simulator.clock.advance(10)
    asks.simulator.change("matters", 1, description="another")
    assert 200 == asks.get(PATH, if_modified_since=date).status
    assert 304 == asks.get(PATH, if_modified_since=asks.get(PATH).headers["last-modified"]).status


def test_last_modified_can_be_off() -> None:
    """Then there is no such header, and no condition on it."""
    asks = caller(Regime(last_modified=False))
    response = asks.get(PATH, if_modified_since=formatdate(4e9, usegmt=True))
    assert 200 == response.status
    assert "last-modified" not in response.headers


def test_storing_can_be_forbidden() -> None:
    """Each answer says so."""
    assert "no-store" == caller(Regime(no_store=True)).get(PATH).headers["cache-control"]
    assert "no-store" not in caller().get(PATH).headers["cache-control"]


# -- 412 ----------------------------------------------------------------------------------------------------------


def outcome(asks: Caller, tag: str) -> int:
    return asks.patch("/matters/1.json", {"description": "mine"}, if_match=tag).status


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(
    ("form", "taken", "body_works", "header_works"),
    [
        ("strong", "body", True, None),
        ("gzip", "body", True, False),
        ("gzip", "header", False, True),
        ("gzip", "both", True, True),
        ("user", "header", False, True),
        ("weak", "body", True, False),
        ("weak", "header", False, False),
        ("weak-200", "body", True, False),
        ("strong", "ignored", True, True),
        ("weak", "ignored", True, True),
    ],
)
def test_the_form_that_if_match_takes(
    scope: Any, form: Any, taken: Any, body_works: bool, header_works: bool | None
) -> None:
    """The body's tag, the header's, or both; a weak one never."""
    for which, works in (("body", body_works), ("header", header_works)):
        asks = caller(Regime(tag_scope=scope, tag_form=form, if_match=taken))
        tag = asks.data(PATH)["etag"] if which == "body" else etag(asks)
        if works is not None:
            assert (200 if works else 412) == outcome(asks, tag)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("taken", ["body", "header", "both"])
def test_a_tag_of_an_older_state_is_refused_and_nothing_is_written(scope: Any, taken: Any) -> None:
    """412 in Clio's envelope; the record, its tag and its date stay as they were."""
    asks = caller(Regime(tag_scope=scope, if_match=taken))
    tags = {asks.data(PATH)["etag"], etag(asks)}
    asks.simulator.change("matters", 1, description="theirs")
    before = asks.simulator.record("matters", 1)
    for tag in (*tags, '"0"', "garbage"):
        refused = asks.patch("/matters/1.json", {"description": "mine", "client": {"id": 5}}, if_match=tag)
        assert (412, "PreconditionFailed") == error(refused)[:2]
        assert 412 == asks.delete("/matters/1.json", if_match=tag).status
    assert before == asks.simulator.record("matters", 1)


@given(
    writes=st.lists(st.tuples(st.sampled_from(["fresh", "stale", "none"]), st.integers(0, 3)), min_size=1, max_size=8)
)
@settings(max_examples=60, deadline=None)
def test_a_guarded_write_is_never_lost(writes: list[tuple[str, int]]) -> None:
    """The record always holds what the last accepted write said, and only fresh tags are accepted."""
    asks = caller()
    held, tag = asks.data(PATH)["description"], asks.data(PATH)["etag"]
    stale = '"ffffffffffffffffffffffffffffffff"'
    for kind, value in writes:
        guard = {"fresh": {"if_match": tag}, "stale": {"if_match": stale}, "none": {}}[kind]
        response = asks.patch("/matters/1.json", {"description": str(value)}, **guard)
        assert (412 if kind == "stale" else 200) == response.status
        held = held if kind == "stale" else str(value)
        before, tag = tag, asks.data(PATH)["etag"]
        stale = before if before != tag else stale
        assert held == asks.data(PATH)["description"]


def test_stars_and_lists_are_honoured_or_not() -> None:
    """Both readings of what no document says."""
    for honoured in (True, False):
        asks = caller(Regime(if_match_star=honoured, if_match_list=honoured))
        assert (200 if honoured else 412) == outcome(asks, "*")
        tag = asks.data(PATH)["etag"]
        assert (200 if honoured else 412) == outcome(asks, f'"x", {tag}')
        assert 200 == outcome(asks, asks.data(PATH)["etag"])


def test_a_condition_can_be_required() -> None:
    """Without `If-Match` a PATCH is 428 then, and writes nothing."""
    asks = caller(Regime(if_match_required=True))
    assert (428, "PreconditionRequired") == error(asks.patch("/matters/1.json", {"description": "mine"}))[:2]
    assert "mine" != asks.data(PATH)["description"]
    assert 200 == outcome(asks, asks.data(PATH)["etag"])


def test_a_missing_record_is_404_whatever_the_condition() -> None:
    """There is nothing to compare."""
    asks = caller()
    for response in (
        asks.patch("/matters/999.json", {}, if_match="*"),
        asks.delete("/matters/999.json", if_match='"x"'),
    ):
        assert (404, "NotFoundError") == error(response)[:2]


def test_the_tag_of_a_representation_is_forgotten_after_many_others() -> None:
    """Memory is bounded: the oldest tags that were given out stop working in `If-Match`."""
    asks = caller(Regime(tag_scope="representation", if_match="header"), matters=10_100)
    first = etag(asks)
    for number in range(2, 10_003):
        asks.get(f"/matters/{number}.json?fields=id")
    assert 412 == outcome(asks, first)


def test_answers_to_writes_carry_the_new_tag_or_none() -> None:
    """A PATCH answers with the tag that the next one needs, unless the regime says otherwise."""
    asks = caller()
    response: Response = asks.patch("/matters/1.json", {"description": "x"})
    assert response.headers["etag"] == etag(asks)
    bare = caller(Regime(etag_on_write=False)).patch("/matters/1.json", {"description": "x"})
    assert "etag" not in bare.headers
