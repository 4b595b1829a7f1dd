"""Changes that Clio answers with 200 and does not make are reported, not swallowed."""

from __future__ import annotations

import pickle
from datetime import timedelta
from decimal import Decimal, localcontext
from typing import Any

import pytest
from attrs import frozen

from clio_async import ChangeIgnored, ClioError, InvalidArgument
from clio_async.models import Activity, LineItem, registry
from clio_async.resources.ignored import watch

from .fake import FakeClio


@frozen
class Card:
    id: int
    etag: str


@frozen
class Timed:
    id: int
    etag: str
    kind: str | None
    quantity: timedelta | None


LINE = LineItem(id=1, etag='"a"', kind="Service", quantity=Decimal("1.5"), price=Decimal("300.00"))
HOUR = timedelta(hours=1)


def answered(**shown: Any) -> FakeClio:
    return FakeClio({"data": {"id": 1, "etag": '"b"', **shown}})


@pytest.mark.parametrize("target", [LINE, Timed(1, '"a"', "Service", timedelta(minutes=90))], ids=["record", "class"])
async def test_a_change_that_was_not_made_is_an_error(target: Any) -> None:
    """It names what was ignored, holds what the answer showed, and says that the rest is done."""
    clio = answered(kind="Service", quantity=1.5, price=250)
    with pytest.raises(ChangeIgnored, match="200, and the record shows another quantity than was sent") as caught:
        await clio.line_items.update(target, quantity=HOUR, price=250, note="x")
    error = caught.value
    assert isinstance(error, ClioError)
    assert (("quantity",), Decimal("1.5"), '"b"') == (error.fields, error.record.quantity, error.record.etag)  # type: ignore[attr-defined]
    assert {"quantity": 1, "price": 250, "note": "x"} == clio.calls[0].body["data"]


async def test_several_are_named_together() -> None:
    """In the order of the document."""
    clio = answered(quantity=1.5, price=300)
    with pytest.raises(ChangeIgnored, match="price and quantity") as caught:
        await clio.line_items.update(LINE, price=1, quantity=2)
    assert ("price", "quantity") == caught.value.fields


async def test_the_error_can_be_sent_on() -> None:
    """It pickles, with all that it holds, and its text holds no value."""
    with pytest.raises(ChangeIgnored) as caught:
        await answered(quantity=1.5).line_items.update(LINE, quantity=98765)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (caught.value.fields, caught.value.record, str(caught.value)) == (copy.fields, copy.record, str(copy))
    assert "98765" not in str(copy)
    assert (None, ()) == (ChangeIgnored("x").record, ChangeIgnored("x").fields)


@pytest.mark.parametrize(
    ("resource", "sent", "shown", "ignored"),
    [
        ("line_items", {"quantity": Decimal("1.234")}, {"quantity": 1.23}, False),
        ("line_items", {"quantity": Decimal("1.24")}, {"quantity": 1.3}, False),
        ("line_items", {"quantity": Decimal("1.2")}, {"quantity": 1.3}, True),
        ("line_items", {"quantity": HOUR / 3}, {"quantity": 0.33}, False),
        ("line_items", {"quantity": HOUR}, {"quantity": 3600}, True),
        ("line_items", {"price": 10.005}, {"price": 10.0}, False),
        ("line_items", {"price": 10.01}, {"price": 10.0}, True),
        ("activities", {"quantity": 1}, {"quantity": 360}, False),
        ("activities", {"quantity": 3959}, {"quantity": 3600}, False),
        ("activities", {"quantity": 3959.9}, {"quantity": 3600}, False),
        ("activities", {"quantity": 3960}, {"quantity": 3600}, True),
        ("activities", {"quantity": HOUR}, {"quantity": 3240.0}, True),
        ("activities", {"price": 10}, {"price": 0}, True),
        ("activities", {"quantity": 60}, {"quantity": None}, False),
        ("activities", {"quantity": 60}, {"quantity": "soon"}, False),
        ("activities", {"quantity": 60}, {}, False),
        ("activities", {"quantity": None}, {"quantity": 60}, False),
        ("activities", {"extra_json": {"quantity": 600}}, {"quantity": 0}, True),
        ("activities", {"extra_json": {"quantity": "60"}}, {"quantity": 0}, False),
        ("activities", {"note": "x"}, {"quantity": 0}, False),
    ],
    ids=repr,
)
@pytest.mark.filterwarnings("ignore::clio_async.codec.ContradictionWarning")
async def test_by_the_id_alone_a_difference_counts_that_rounding_does_not_explain(
    resource: str, sent: dict[str, Any], shown: dict[str, Any], ignored: bool
) -> None:
    """Six minutes of seconds, a tenth of an hour, a cent; of what the answer does not show nothing is said."""
    update = getattr(answered(**shown), resource).update
    with localcontext() as context:
        context.prec = 2
        if ignored:
            with pytest.raises(ChangeIgnored):
                await update(1, **sent)
        else:
            assert 1 == (await update(1, **sent)).id


@pytest.mark.parametrize(
    ("quantity", "shown", "ignored"),
    [
        (2, 2.0, False),
        (2, 1.5, True),
        (Decimal("1.51"), 1.5, True),
        (Decimal("1.509"), 1.5, False),
        (1.5, 1.5, False),
        (2, 1.9, False),
        (2, 7, False),
    ],
)
async def test_where_the_earlier_value_is_known_it_decides(quantity: Any, shown: float, ignored: bool) -> None:
    """Ignored is what shows its earlier value, and was to change by what shows; other values are somebody's doing."""
    update = answered(quantity=shown).line_items.update
    if ignored:
        with pytest.raises(ChangeIgnored):
            await update(LINE, quantity=quantity)
    else:
        assert shown == float((await update(LINE, quantity=quantity)).quantity or 0)


@pytest.mark.parametrize(
    ("seconds", "ignored"), [(3601, True), (3240, True), (3241, False), (Decimal("3600.9"), False), (3600, False)]
)
async def test_seconds_that_are_cut_to_whole_ones_are_no_change(seconds: Any, ignored: bool) -> None:
    """A second is the least that an activity shows, and what rounding up to six minutes makes of it is no loss."""
    update = answered(quantity=3600).activities.update
    target = Activity(id=1, etag='"a"', type="TimeEntry", quantity=Decimal(3600))
    if ignored:
        with pytest.raises(ChangeIgnored):
            await update(target, quantity=seconds)
    else:
        assert Decimal(3600) == (await update(target, quantity=seconds)).quantity


@pytest.mark.parametrize("shown", ["1e999999999", "-9e999999999999", "1e-999999999", "0", "NaN"])
@pytest.mark.parametrize("target", [1, LINE], ids=["id", "record"])
def test_a_number_of_any_size_fails_no_write_that_is_done(shown: str, target: Any) -> None:
    """What the answer shows is another value, or the one that was sent; nothing but `ChangeIgnored` comes of it."""
    operation = registry.resource("line_items").operations["update"]
    found = watch(operation, target, {"quantity": 0}, None)
    assert found is not None
    record = LineItem(quantity=Decimal(shown))
    if target == 1 and "e9" in shown:
        with pytest.raises(ChangeIgnored):
            found.checked(record)
    else:
        assert record is found.checked(record)


async def test_what_may_be_ignored_is_asked_for() -> None:
    """Also where the caller did not ask; names get it, a class that has no place for it stays as it is."""
    clio = FakeClio(*[{"data": {"id": 1, "etag": '"b"', "quantity": 2, "kind": "Service"}}] * 3)
    record = await clio.line_items.update(1, fields="id", quantity=2)
    card = await clio.line_items.update(1, fields=Card, quantity=2)
    await clio.line_items.update(1, fields=Card, quantity=2, price=None)
    assert (2, Card(1, '"b"')) == (record.quantity, card)
    assert "id,etag,quantity" == clio.calls[0].parameters["fields"]
    assert "id,etag,quantity" == clio.calls[1].parameters["fields"]


@pytest.mark.parametrize("cls", [Card, Timed])
async def test_a_class_that_does_not_show_it_is_no_excuse(cls: type[Any]) -> None:
    """What the answer held decides; the error has an object of the class."""
    clio = answered(kind="Service", quantity=1.5)
    with pytest.raises(ChangeIgnored) as caught:
        await clio.line_items.update(1, fields=cls, quantity=HOUR)
    assert isinstance(caught.value.record, cls)


async def test_other_updates_are_as_they_were() -> None:
    """Nothing more is asked for, and nothing is compared."""
    clio = FakeClio(*[{"data": {"id": 1, "etag": '"b"'}}] * 2)
    await clio.line_items.update(1, fields="id", note="x")
    await clio.matters.update(1, fields="id", description="x")
    assert ["id,etag", "id,etag"] == [call.parameters["fields"] for call in clio.calls]
    operation = registry.resource("matters").operations["update"]
    assert watch(operation, 1, {"description": "x"}, None) is None


@pytest.mark.parametrize(
    "given", [{"quantity": "1"}, {"quantity": -HOUR}, {"quantity": 1, "extra_json": {"quantity": 1}}]
)
async def test_a_value_that_cannot_be_sent_is_refused_as_ever(given: dict[str, Any]) -> None:
    """Before anything is sent."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument, match="quantity"):
        await clio.line_items.update(1, **given)
    with pytest.raises(InvalidArgument, match="extra_json"):
        await clio.line_items.update(1, extra_json=["quantity"])  # type: ignore[arg-type]
    assert [] == clio.calls


def test_what_is_watched_is_not_shown() -> None:
    """A frame that waits for the answer shows none of the values that were sent."""
    operation = registry.resource("activities").operations["update"]
    found = watch(operation, Activity(price=Decimal(12345)), {"price": 98765}, None)
    assert found is not None
    assert "98765" not in repr(found)
    assert "12345" not in repr(found)
