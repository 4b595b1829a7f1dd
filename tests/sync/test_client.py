"""The synchronous client has what the asynchronous one has: each resource and verb, and what verbs return."""

from __future__ import annotations

import datetime as dt
import inspect
import pydoc
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from clio_async import Clio, MemoryTokenStore
from clio_async.errors import (
    InvalidArgument,
    NotFound,
    OutcomeUnknown,
    ReauthRequired,
    TransportError,
    UnknownOption,
    UsageError,
)
from clio_async.principal import Principal
from clio_async.resources._generated import RESOURCES
from clio_async.sync.absent import CLIENT, VERBS
from clio_async.sync.client import SyncClio
from clio_async.sync.oauth import SyncOAuthApp
from clio_async.testing.simulator import Fault, Faults, Jobs, Simulator
from clio_async.transport.memory import MemoryTransport
from clio_async.webhooks import MemorySubscriptions

from .world import LONG, client_of, loops


def test_every_resource_and_verb_is_there() -> None:
    """What a resource of `Clio` has, its synchronous form has, by the same names and parameters, but what is absent."""
    clio, plain = SyncClio("t"), Clio("t")
    assert {*RESOURCES} <= {*dir(clio)}
    for name in RESOURCES:
        ours, theirs = getattr(clio, name), getattr(plain, name)
        verbs = {verb for verb in dir(theirs) if not verb.startswith("_") and (name, verb) not in VERBS}
        assert verbs == {verb for verb in dir(ours) if not verb.startswith("_")}
        for verb in verbs:
            function = getattr(ours, verb)
            assert inspect.signature(function) == inspect.signature(getattr(theirs, verb))
            assert not inspect.iscoroutinefunction(function)
            assert function.__doc__
        assert (type(theirs).__name__, repr(theirs)) == (type(ours).__name__, repr(ours))


def test_help_speaks_of_threads() -> None:
    """`help` shows each verb with what it does, and nothing that is awaited."""
    text = pydoc.render_doc(SyncClio("t").matters, renderer=pydoc.plaintext)
    assert "update(" in text
    assert "with clio.matters.edit(42) as edit" in text
    assert "await" not in text
    assert "async " not in text


def test_what_is_absent_says_why() -> None:
    """What a synchronous client cannot have is an AttributeError that says what to do instead."""
    clio = SyncClio("t")
    with pytest.raises(AttributeError, match="ensure"):
        _ = clio.webhooks.keep  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=CLIENT["aclose"]):
        _ = clio.aclose  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"no attribute 'matter'. Did you mean 'matters'"):
        _ = clio.matter  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"no attribute 'gett'. Did you mean 'get'"):
        _ = clio.matters.gett  # type: ignore[attr-defined]


def test_it_takes_what_the_asynchronous_client_takes() -> None:
    """The constructors have the same parameters with the same defaults; a name that is none is refused likewise."""
    ours, theirs = (inspect.signature(kind).parameters for kind in (SyncClio, Clio))
    assert {name: one.default for name, one in theirs.items()} == {name: one.default for name, one in ours.items()}
    with pytest.raises(UnknownOption):
        SyncClio("t", timout=3)  # type: ignore[call-arg]
    assert "<SyncClio>" == repr(object.__new__(SyncClio))


def test_a_client_and_those_that_are_derived_from_it() -> None:
    """Region, version, principal, options and counters are those of the client within; derived ones share its core."""
    simulator = Simulator()
    with client_of(simulator) as clio:
        other = clio.with_auth(simulator.token(user=2)).options(lane="batch")
        assert ("https://app.clio.com/api/v4", "4.0.13") == (other.base_url, other.api_version)
        assert clio.principal != other.principal
        assert clio.matters is clio.matters
        assert 1 == other.matters.get(1).id
        assert 1 == clio.stats.calls == clio.stats.requests
        assert 0 == clio.quota.in_flight
        assert repr(clio).startswith("<SyncClio https://app.clio.com/api/v4 ")
        assert "tok" not in repr(clio)


def test_requests_and_what_is_held() -> None:
    """`request`, `purge`, `invalidate` and `versions` do what they do for `Clio`."""
    with client_of(Simulator()) as clio:
        assert 200 == clio.request("GET", "/users/who_am_i").status
        clio.matters.get(1)
        clio.invalidate("matters", 1)
        clio.purge()
        clio.purge(Principal("https://app.clio.com", "x"))
        assert "4.0.13" == clio.versions.status().pinned
        document = '{"info": {"version": "4.0.13"}, "openapi": "3.0.0"}'
        with pytest.raises(Exception, match="version"):
            clio.versions.published(document)
        with pytest.raises(UnknownOption):
            clio.invalidate("matterz")


def test_a_lost_write_is_reconciled() -> None:
    """What became of a write whose answer was lost is found out by reading."""
    simulator = Simulator()
    with client_of(simulator) as clio:
        simulator.faults = Faults.when(lambda request: request.method == "POST", Fault.lost_after())
        with pytest.raises(OutcomeUnknown) as raised:
            clio.matters.create(description="new", client={"id": 1})
        assert clio.reconcile(raised.value) is not None


def test_pages_are_walked_with_one_hop_each() -> None:
    """A list is walked by record, by page, or collected; it is resumed; nothing is read ahead."""
    simulator = Simulator(matters=7)
    with client_of(simulator) as clio:
        pages = clio.matters.list(limit=3)
        assert "<SyncPages of /matters.json>" == repr(pages)
        assert 0 == len(simulator.log.entries)
        walk = iter(pages)
        assert [1, 2, 3] == [next(walk).id for _ in range(3)]
        assert 1 == len(simulator.log.entries)
        token = pages.resume_token
        assert 7 == pages.total
        assert [1, 2, 3, 4, 5, 6, 7] == [matter.id for matter in pages]
        assert [3, 3, 1] == [len(page) for page in pages.by_page()]
        assert 7 == len(pages.collect())
        first = pages.first()
        assert first is not None
        assert 1 == first.id
        assert [1, 2, 3] == [matter.id for matter in clio.matters.list(limit=3, resume=token)][:3]
        assert [4, 5, 6, 7] == [matter.id for matter in walk]
        with pytest.raises(StopIteration):
            next(walk)


def test_a_walk_goes_on_after_an_error_and_in_another_thread() -> None:
    """A page that failed is asked for again by the next step, also by another thread: no record is left out."""
    simulator = Simulator(matters=4)
    with client_of(simulator, retry=None) as clio:
        walk, seen = iter(clio.matters.list(limit=2)), []
        seen += [next(walk).id, next(walk).id]
        simulator.faults = Faults.when(lambda _: True, Fault.lost_before())
        with pytest.raises(TransportError):
            next(walk)
        thread = threading.Thread(target=lambda: seen.extend(matter.id for matter in walk))
        thread.start()
        thread.join(LONG)
        assert [1, 2, 3, 4] == seen


def test_two_threads_do_not_share_a_walk() -> None:
    """A thread that asks a walk for a page which another one waits for is told; nothing is lost for the other."""
    simulator = Simulator(matters=4)
    began, free = threading.Event(), threading.Event()

    class Holding(MemoryTransport):
        async def send(self, request: Any) -> Any:
            import anyio

            began.set()
            await anyio.to_thread.run_sync(free.wait, LONG)
            return await super().send(request)

    with client_of(simulator, transport=Holding(simulator.handler)) as clio:
        walk, pages, seen = iter(clio.matters.list(limit=2)), clio.matters.list(limit=2).by_page(), []
        for shared in (walk, pages):
            began.clear()
            free.clear()
            thread = threading.Thread(target=lambda shared=shared: seen.extend(shared))
            thread.start()
            assert began.wait(LONG)
            with pytest.raises(UsageError, match="Two threads"):
                next(shared)
            free.set()
            thread.join(LONG)
        assert [1, 2, 3, 4] == [matter.id for matter in seen[:4]]
        assert [[1, 2], [3, 4]] == [[matter.id for matter in page] for page in seen[4:]]


def test_changes_are_walked() -> None:
    """What has changed comes by record, by page and collected, and the mark goes on where it ended."""
    simulator = Simulator(matters=3)
    with client_of(simulator) as clio:
        since = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
        changes = clio.matters.iter_changes(since)
        assert repr(changes).startswith("<SyncChanges of matters since 2000")
        assert not changes.sees_deletions
        assert {1, 2, 3} == {matter.id for matter in changes}
        assert 3 == sum(map(len, changes.by_page())) == len(changes.collect())
        simulator.clock.advance(120)
        simulator.change("matters", 2, description="changed")
        assert [2] == [matter.id for matter in clio.matters.iter_changes(changes.mark)]


def test_an_edit_is_a_block() -> None:
    """What was set is written at the end of the block; an exception in it writes nothing."""
    simulator = Simulator()
    with client_of(simulator) as clio:
        edit = clio.matters.edit(1)
        assert repr(edit).startswith("<edit of /matters/1")
        with edit:
            edit.set(description=f"{edit.record.id} here")
            edit.set_custom_fields({})
        assert "1 here" == edit.result.description
        with suppress(LookupError), clio.matters.edit(1) as edit:
            edit.set(description="never")
            raise LookupError
        assert "1 here" == simulator.record("matters", 1)["description"]


def test_files_go_up_and_come_down(tmp_path: Path) -> None:
    """A file is uploaded, received piece by piece, taken up where it was left, and saved."""
    simulator = Simulator()
    with client_of(simulator) as clio:
        (tmp_path / "a.bin").write_bytes(bytes(300_000))
        document = clio.documents.upload(tmp_path / "a.bin", parent=clio.matters.get(1))
        news: list[str] = []
        with clio.documents.download(document, progress=lambda one: news.append(one.phase)) as download:
            assert (0, 0, 300_000) == (download.first, download.received, download.size)
            assert iter(download) is download
            piece = next(download)
            assert len(piece) == download.received
            token = download.resume
            assert f"<SyncDownload {len(piece)} of 300000 bytes>" == repr(download)
            assert download.content_type is not None
        with clio.documents.download(document, resume=token) as rest:
            assert bytes(300_000) == piece + b"".join(rest)
        with pytest.raises(UsageError):
            next(download)
        assert {"downloading"} == set(news)
        saved = clio.documents.download_to(document, tmp_path / "b.bin", progress=lambda one: news.append(one.phase))
        assert bytes(300_000) == saved.read_bytes()
        assert "done" == news[-1]


def test_a_download_whose_progress_fails_is_over() -> None:
    """The bytes that `progress` was told of and failed about are not given, and no others after them."""
    simulator = Simulator()
    with client_of(simulator) as clio:
        simulator.put_file("documents", 1, 300_000)

        def progress(_: object) -> None:
            raise LookupError("mine")

        with clio.documents.download(1, progress=progress) as download:
            with pytest.raises(LookupError):
                next(download)
            with pytest.raises(UsageError, match="begin it anew"):
                next(download)


def test_a_report_is_run() -> None:
    """A job is begun, waited for, and its file fetched."""
    with client_of(Simulator(jobs=Jobs(seconds=0))) as clio:
        news: list[Any] = []
        report = clio.reports.run(kind="revenue", format="csv", progress=news.append)
        assert report.id == clio.reports.wait(report).id
        assert "done" == news[-1].phase
        with clio.reports.download(report) as download:
            assert b"" != b"".join(download)


def test_a_webhook_is_kept() -> None:
    """`ensure` makes a webhook, and what was missed is walked, or told to a plain function in this thread."""
    simulator = Simulator(matters=3)
    with client_of(simulator) as clio:
        store = MemorySubscriptions()
        wanted: dict[str, Any] = {"model": "matter", "url": "https://app.example/hooks", "store": store}
        ensured = clio.webhooks.ensure(**wanted)
        assert ("created", True) == (ensured.did, ensured.enabled)
        assert repr(ensured).startswith("SyncEnsured(")
        assert ensured.webhook.id == ensured.event(1).webhook_id
        assert ensured.next_at > dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        assert ensured.unseen is not None
        assert ensured.missed_since is not None
        missed = ensured.missed()
        assert missed is not None
        assert 0 <= len(missed.collect())
        assert ensured.close(lambda _: None)
        assert not ensured.covered()  # that gap is closed already
        assert clio.webhooks.ensure(**wanted).missed() is None


class Missed:
    """What is told of what was missed."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    async def __call__(self, _: object) -> None:
        self.names.add(threading.current_thread().name)

    async def deliver(self, event: object) -> None:
        await self(event)


def test_what_was_missed_is_told_to_a_plain_function() -> None:
    """A plain function is told in the thread that waits, and may call; what is async in the loop."""
    from clio_async.sync.ensured import SyncEnsured

    class Gap:
        async def close(self, tell: Any, *, until: object) -> bool:
            await getattr(tell, "deliver", tell)("event")
            return until is None

    with client_of(Simulator()) as clio:
        ensured, names, missed = SyncEnsured(clio._seat, Gap()), [], Missed()  # type: ignore[arg-type]
        assert ensured.close(lambda _: names.append((clio.matters.get(1).id, threading.current_thread().name)))
        assert [(1, "MainThread")] == names
        assert ensured.close(missed)

        async def told(event: object) -> None:
            await missed(event)

        assert ensured.close(told)
        assert {"clio-async"} == missed.names


def test_a_grant_is_had() -> None:
    """A thread asks for an approval, exchanges the code, opens what was saved, reads with it, and gives it back."""
    simulator = Simulator()
    registered = simulator.app()
    store = MemoryTokenStore()
    app = SyncOAuthApp(
        registered.client_id,
        registered.client_secret,
        redirect_uri="http://127.0.0.1/callback",
        transport=MemoryTransport(simulator.handler),
        wall_clock=simulator.clock.now,
    )
    assert "<SyncOAuthApp at https://app.clio.com>" == repr(app)
    assert "<SyncOAuthApp>" == repr(object.__new__(SyncOAuthApp))
    assert "https://app.clio.com/oauth/approval" == SyncOAuthApp.approval_page() == app.approval_uri
    assert "https://app.clio.com" == app.origin
    approval = app.authorize()
    assert approval.state in approval.url
    with pytest.raises(ReauthRequired):
        app.open(store, "firm")
    with pytest.raises(InvalidArgument):
        app.exchange("code=x", "no approval", store, "firm")  # type: ignore[arg-type]
    assert [] == loops()
    named = SyncOAuthApp("id", "secret", redirect_uri="http://127.0.0.1/callback", token=lambda: "x" * 43)
    assert "x" * 43 == named.authorize().state
    _exchanged(simulator, app, approval, store)


def _exchanged(simulator: Simulator, app: SyncOAuthApp, approval: Any, store: MemoryTokenStore) -> None:
    import anyio

    from clio_async.messages import Request

    async def approved() -> str:
        response = await MemoryTransport(simulator.handler).send(Request("GET", approval.url))
        return str(response.headers.single("location"))

    grant = app.exchange(anyio.run(approved), approval, store, "firm")
    assert grant is app.open(store, "firm")
    with client_of(simulator) as clio:
        other = clio.with_auth(grant)
        assert 1 == other.matters.get(1).id
        app.deauthorize(store, "firm")
    with pytest.raises(ReauthRequired):
        app.open(store, "firm")
    assert [] == loops()


def test_the_simulator_makes_a_client() -> None:
    """`Simulator.sync_client` is for tests of synchronous code: a client of a firm, by the simulator's time."""
    with Simulator().sync_client(account=2) as clio:
        assert isinstance(clio, SyncClio)
        with pytest.raises(NotFound):
            clio.matters.get(10**9)
