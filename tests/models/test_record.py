"""Records hold what an answer held, and nothing else."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async import models
from clio_async.errors import FieldNotRequested, SchemaError
from clio_async.models import Contact, Matter, User, _generated, registry
from clio_async.models.record import Record, ResponseETag, Validators, blank_of, stamp
from clio_async.models.selection import select

WIRE = {
    "id": 7,
    "etag": '"abc"',
    "display_number": "00007-Smith",
    "description": None,
    "open_date": "2025-02-03",
    "created_at": "2025-10-05T08:10:25-04:00",
    "client": {"id": 3, "name": "Jane", "redacted": False},
    "account_balances": [{"id": 1, "balance": 10.10, "currency_id": 2}],
    "brand_new": {"deep": [1, {"x": None}]},
}


def matter() -> Matter:
    fields = "id,display_number,description,open_date,created_at,client{id,name},account_balances{id,balance}"
    found: Matter = select("matters", fields).decode(json.dumps({"data": WIRE}).encode())
    return found


def test_what_was_not_asked_for_is_not_none() -> None:
    """Reading it raises an `AttributeError` that says how to ask, and `in` tells beforehand."""
    record = matter()
    assert record.description is None
    with pytest.raises(FieldNotRequested, match=r"fields=.*'location'"):
        _ = record.location
    assert ("description" in record, "location" in record, "nonsense" in record) == (True, False, False)
    assert getattr(record, "location", "absent") == "absent"


def test_a_misspelt_attribute_is_an_ordinary_attribute_error() -> None:
    """A name that no matter has is told from one that was not asked for."""
    with pytest.raises(AttributeError, match="Did you mean 'location'") as caught:
        _ = matter().locatoin  # type: ignore[attr-defined]
    assert not isinstance(caught.value, FieldNotRequested)
    with pytest.raises(AttributeError, match="has no attribute 'qqqq'"):
        _ = matter().qqqq  # type: ignore[attr-defined]


def test_a_record_cannot_be_changed() -> None:
    """Neither by assignment nor by deletion, at any depth; what is shared stays what it is."""
    record = matter()
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        record.id = 8  # type: ignore[misc]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del record.client
    with pytest.raises(TypeError):
        record.extra["brand_new"]["deep"] = 1
    assert isinstance(record.account_balances, tuple)
    assert not hasattr(record, "__dict__")


def test_the_class_below_a_record_takes_assignments() -> None:
    """The control: the slots themselves are writable, it is the record class that refuses."""
    blank = blank_of(Matter)()
    blank.id = 8
    blank.__class__ = Matter
    assert 8 == blank.id


def test_equality_and_hash_go_by_what_is_there() -> None:
    """Equal contents are equal records; another content, class, or extra field is not."""
    assert matter() == matter()
    assert hash(matter()) == hash(matter())
    assert {matter(), matter()} == {matter()}
    assert Matter(id=1) != Matter(id=1, description=None)
    assert Matter(id=1) != Contact(id=1)
    assert Matter(id=1) != 1
    assert Matter.from_dict({"id": 1, "x": 2}) != Matter(id=1)


def test_a_record_copies_and_pickles() -> None:
    """With all that is there: nested records, extra fields, validators."""
    record = matter()
    stamp(record, Validators(ResponseETag('W/"q"'), "Mon, 03 Feb 2025 00:00:00 GMT"))
    again = pickle.loads(pickle.dumps(record))
    assert (record, record.validators, record.extra) == (again, again.validators, again.extra)
    assert record is copy.copy(record) is copy.deepcopy(record)
    assert Matter(id=1) == pickle.loads(pickle.dumps(Matter(id=1)))


def test_no_pickle_holds_what_opens_something() -> None:
    """A secret, or an address that is signed, is left out wherever it stands, and absent afterwards (F37)."""
    version = {"id": 2, "size": 5, "put_url": "canary", "put_headers": [{"name": "canary", "value": "canary"}]}
    document = models.Document.from_dict({"id": 1, "latest_document_version": version, "new": {"put_url": "canary"}})
    hook = models.Webhook.from_dict({"id": 1, "url": "https://x.test/", "shared_secret": "canary"})
    control = (document.latest_document_version.put_url, document.extra["new"]["put_url"], hook.shared_secret)
    assert ("canary",) * 3 == control
    pickled = pickle.dumps((document, hook))
    assert b"canary" not in pickled
    less, mute = pickle.loads(pickled)
    assert models.Webhook(id=1, url="https://x.test/") == mute
    assert models.DocumentVersion(id=2, size=5) == less.latest_document_version
    assert "shared_secret" not in mute
    with pytest.raises(FieldNotRequested, match="shared_secret"):
        _ = mute.shared_secret
    assert "canary" == copy.deepcopy(hook).shared_secret == hook.to_dict()["shared_secret"]
    assert b"canary" in hook.to_json()


def test_repr_shows_what_is_there() -> None:
    """Absent attributes do not show, extra ones do."""
    assert "User(id=1, name='x')" == repr(User(id=1, name="x"))
    assert "User(id=1, extra={'y': 2})" == repr(User.from_dict({"id": 1, "y": 2}))


def test_repr_does_not_show_what_opens_something() -> None:
    """F37: a shared secret and a signed address are read like any attribute, and stand in no log."""
    webhook = select("webhooks", "id,shared_secret").decode(b'{"data":{"id":1,"shared_secret":"CANARY"}}')
    version = select("document_versions", "id,put_url").decode(b'{"data":{"id":1,"put_url":"https://s/?CANARY"}}')
    assert "Webhook(id=1, shared_secret=***)" == repr(webhook)
    assert ("CANARY" in version.put_url, "CANARY" in repr(version)) == (True, False)
    astray = select("matters", "id").decode(b'{"data":{"id":1,"put_url":"CANARY","upload":{"put_headers":["CANARY"]}}}')
    assert "CANARY" == astray.extra["put_url"]
    assert "CANARY" not in f"{astray!r} {astray.extra!r}"


def test_validators_come_with_a_single_record_only() -> None:
    """A record has none until its answer's are stamped on it; other objects take none."""
    record = matter()
    assert record.validators is None
    stamp(record, Validators(ResponseETag('"1"')))
    assert '"1"' == record.validators.etag
    stamp(object(), Validators())


def test_plain_values_and_back() -> None:
    """`to_dict` gives plain Python values, `to_json` exact text, and `from_dict` takes both."""
    record = matter()
    plain = record.to_dict()
    assert (date(2025, 2, 3), Decimal("10.1")) == (plain["open_date"], plain["account_balances"][0]["balance"])
    assert {"deep": [1, {"x": None}]} == plain["brand_new"]
    assert record == Matter.from_dict(plain) == Matter.from_dict(json.loads(record.to_json()))
    assert b'"created_at":"2025-10-05T08:10:25-04:00"' in record.to_json()


def test_plain_values_that_contradict_the_schema_are_refused() -> None:
    """What a program makes is checked strictly, unlike what Clio answers."""
    with pytest.raises(SchemaError) as caught:
        Matter.from_dict({"client": {"id": "3"}})
    assert "Matter.client.id" == caught.value.path
    with pytest.raises(SchemaError):
        Matter.from_dict({"created_at": datetime(2025, 1, 1)})  # noqa: DTZ001
    with pytest.raises(TypeError, match="no attribute 'x'"):
        Matter(x=1)


SCALARS = {
    "id": st.integers(),
    "description": st.none() | st.text(),
    "billable": st.booleans(),
    "open_date": st.dates(),
    "created_at": st.datetimes(timezones=st.just(UTC)),
    "extra_key": st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)),
}


@given(
    st.fixed_dictionaries({}, optional=SCALARS | {"client": st.none() | st.fixed_dictionaries({"id": st.integers()})})
)
def test_a_record_survives_every_round_trip(values: dict[str, object]) -> None:
    """Law: dict, JSON and pickle give the same record back, and it holds what was given."""
    record = Matter.from_dict(values)
    assert values == record.to_dict()
    assert record == Matter.from_dict(record.to_dict()) == Matter.from_dict(json.loads(record.to_json()))
    assert record == pickle.loads(pickle.dumps(record))


def test_a_record_class_is_an_attrs_class() -> None:
    """`attrs.fields` works, and the class itself cannot be extended by accident."""
    assert attrs.has(Matter)
    assert "display_number" in {field.name for field in attrs.fields(Matter)}
    with pytest.raises(TypeError, match="cannot be a record class"):
        type(Record)("Mine", (Matter,), {"__annotations__": {"x": "int"}}, init=False)
    with pytest.raises(TypeError, match="cannot be a record class"):
        type(Record)("Mine", (Record,), {})


def test_every_schema_has_a_class_with_its_fields() -> None:
    """Nothing of the document is lost: each schema's fields are the slots of its class, all loaded lazily by name."""
    for schema in registry.schema_names():
        found = getattr(_generated, _generated.CLASSES[schema.removesuffix("_base")])
        assert set(registry.schema(schema).fields) <= set(found.__fields__)
    assert {*_generated.__all__} == {*_generated.MODULES}


def test_a_name_that_is_no_record_is_an_attribute_error() -> None:
    """The packages that load classes lazily refuse other names as modules do."""
    for module in (models, _generated):
        with pytest.raises(AttributeError):
            _ = module.Nonsense
    with pytest.raises(AttributeError):
        _ = models.__path_of_nowhere__
    assert Matter is import_module("clio_async.models._generated.matters").Matter


def test_the_records_are_listed() -> None:
    """For `dir` and what completes names: each can be imported from here, and is loaded only then."""
    assert {*_generated.MODULES} <= {*dir(models)}
    assert dir(models) == sorted({*dir(models)})
