"""The public calls of a client, each as one case: reads, writes, lists, edits, files, jobs and webhooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio

from clio_async import IncompleteUpload, NotFound, OutcomeUnknown
from clio_async.testing import Fault, Faults
from clio_async.webhooks import MemorySubscriptions

from .sweep import Case, Step
from .world import World

CASES: dict[str, Case] = {}

Decorator = Callable[[Step], Step]
MATTER = (("matters", 1), ("matters", None))
LATER = 3600.0
PART = 1000
"""Parts of files may be that small here: see the fixture `small_parts`."""


def case(*covers: str, **more: Any) -> Decorator:
    """Make a case of a call. It is named like its function."""

    def made(call: Step) -> Step:
        name = call.__name__
        CASES[name] = Case(name=name, covers=covers, call=call, **more)
        return call

    return made


async def _seen(world: World) -> None:
    """Have the matter, and the list of matters, kept."""
    world.kept.matter = await world.clio.matters.get(1)
    await world.clio.matters.list().collect()


WRITES: dict[str, Any] = {"before": _seen, "reads": MATTER, "settings": {"fresh": True}}
"""What is kept is given without asking: so nothing but the invalidation shows what a write has done."""

_GROUP = ("Sender.send:",)
"""The tasks that send parts end at once, which their group waits for."""
_THREAD = ("",)
"""A thread cannot be cancelled. Nor is its end waited for, unless a scope of anyio does so."""

# -- the client itself --------------------------------------------------------------------------------------------


@case("Clio.request", reads=MATTER)
async def request_reads(world: World) -> None:
    await world.clio.request("GET", "/matters/1", params={"fields": "id,description"})


@case("Clio.request", **WRITES)
async def request_writes(world: World) -> None:
    await world.clio.request("PATCH", "/matters/1", json={"data": {"description": f"at {anyio.current_time()}"}})


@case("Clio.invalidate", **WRITES)
async def invalidate(world: World) -> None:
    world.simulator.change("matters", 1, description=f"at {anyio.current_time()}")
    await world.clio.invalidate("matters", 1)


@case("Clio.purge", before=_seen)
async def purge(world: World) -> None:
    await world.clio.purge()


async def _changed(world: World) -> None:
    """Have somebody else change the matter, and an event tell of it."""
    world.simulator.change("matters", 1, location=f"of {anyio.current_time()}")
    await world.clio.invalidate("matters", 1)


async def _doubted(world: World) -> None:
    world.simulator.faults = Faults.scripted([Fault.lost_after()])
    try:
        await world.clio.matters.create(client={"id": 1}, description="in doubt")
    except OutcomeUnknown as error:
        world.kept.doubt = error
    world.simulator.faults = Faults.none


@case("Calls.reconcile", before=_doubted, reads=MATTER)
async def reconcile(world: World) -> None:
    await world.clio.reconcile(world.kept.doubt)


@case("Versions.status")
async def versions_status(world: World) -> None:
    await world.clio.versions.status()


@case("Versions.published")
async def versions_published(world: World) -> None:
    document = '{"info": {"title": "x"}, "paths": {}}'
    try:
        await world.clio.versions.published(document)
    except Exception as error:  # what it says is of no account here
        world.kept.said = error


# -- reads --------------------------------------------------------------------------------------------------------


@case(reads=MATTER)
async def get_cold(world: World) -> None:
    await world.clio.matters.get(1)


@case(before=_seen, reads=MATTER)
async def get_validated(world: World) -> None:
    await world.clio.matters.get(1)


@case("GetsIfChanged.get_if_changed", before=_seen)
async def get_if_changed(world: World) -> None:
    assert await world.clio.matters.get_if_changed(1, world.kept.matter.validators) is None


@case("GetsMany.get_many")
async def get_many(world: World) -> None:
    assert 3 == len(await world.clio.matters.get_many([3, 1, 2]))


async def _copies(world: World) -> None:
    world.kept.copies = await world.clio.matters.list().collect()


@case("Refreshes.refresh", before=_copies)
async def refresh(world: World) -> None:
    world.simulator.change("matters", 2, description=f"at {anyio.current_time()}")
    await world.clio.matters.refresh(world.kept.copies)


@case("Pages.__aiter__", "Records.__anext__", reads=MATTER)
async def walk(world: World) -> None:
    assert 7 == len([each async for each in world.clio.matters.list(limit=2)])


@case("Pages.by_page", "ByPage.__anext__")
async def walk_by_page(world: World) -> None:
    assert 4 == len([page async for page in world.clio.matters.list(limit=2).by_page()])


@case(detaches=True)
async def walk_ahead(world: World) -> None:
    assert 7 == len([each async for each in world.clio.matters.list(limit=2, prefetch=1)])


@case("Pages.collect")
async def collect(world: World) -> None:
    assert 7 == len(await world.clio.matters.list(limit=2).collect())


@case("Pages.first")
async def first(world: World) -> None:
    assert await world.clio.matters.list().first() is not None


@case("*.iter_changes", "Changes.__aiter__")
async def changes(world: World) -> None:
    assert 7 == len([each async for each in world.clio.matters.iter_changes(_long_ago())])


@case("Changes.by_page")
async def changes_by_page(world: World) -> None:
    assert [page async for page in world.clio.matters.iter_changes(_long_ago()).by_page()]


@case("Changes.collect")
async def changes_collected(world: World) -> None:
    assert 7 == len(await world.clio.matters.iter_changes(_long_ago()).collect())


async def _walked(world: World) -> None:
    world.kept.pages = world.clio.matters.list(limit=2).by_page()
    world.kept.seen = []


@case(before=_walked, again=False)
async def walk_resumed(world: World) -> None:
    """A step that was cancelled is done again by whoever goes on with the same walk."""
    async for page in world.kept.pages:
        world.kept.seen += [each.id for each in page]


# -- writes -------------------------------------------------------------------------------------------------------


@case(reads=(("matters", None),), before=_seen, settings={"fresh": True})
async def create(world: World) -> None:
    await world.clio.matters.create(client={"id": 1}, description="made")


@case(**WRITES)
async def update(world: World) -> None:
    await world.clio.matters.update(1, description=f"at {anyio.current_time()}")


@case(**WRITES)
async def update_guarded(world: World) -> None:
    record = await world.clio.options(cache="refresh").matters.get(1)
    await world.clio.matters.update(record, description=f"at {anyio.current_time()}")


@case(**WRITES)
async def update_merging(world: World) -> None:
    """The record has changed since it was read: 412, read again, merged, written again."""
    record = await world.clio.options(cache="refresh").matters.get(1)
    await _changed(world)
    await world.clio.matters.update(record, description=f"at {anyio.current_time()}", on_conflict="merge")


@case(**WRITES)
async def update_verified(world: World) -> None:
    await world.clio.options(verify=True).matters.update(1, description=f"at {anyio.current_time()}")


@case("EditsRecords.edit", **WRITES)
async def edit_by_function(world: World) -> None:
    await world.clio.matters.edit(1, lambda matter: {"description": f"{matter.description}."})


@case("EditsRecords.edit", "Edit.__aenter__", "Edit.__aexit__", **WRITES)
async def edit_in_block(world: World) -> None:
    async with world.clio.matters.edit(1) as edit:
        edit.set(description=f"at {anyio.current_time()}")


@case(**WRITES)
async def edit_conflicting(world: World) -> None:
    """Somebody else changes the record while it is edited: the write is refused, and merged."""
    async with world.clio.matters.edit(1) as edit:
        await _changed(world)
        edit.set(description=f"at {anyio.current_time()}")


@case(before=_seen, reads=(("tasks", 1), ("tasks", None)), settings={"fresh": True})
async def delete(world: World) -> None:
    try:
        await world.clio.tasks.delete(1)
    except NotFound:  # the second time
        world.kept.gone = True


async def _fields(world: World) -> None:
    world.kept.field = await world.clio.custom_fields.create(name="Court", parent_type="Matter", field_type="text_line")


@case("SetsCustomFields.custom_field_changes", before=_fields)
async def custom_field_changes(world: World) -> None:
    await world.clio.purge()  # the definitions are read anew
    assert 1 == len(await world.clio.matters.custom_field_changes(1, {"Court": "Leeds"}))


# -- files --------------------------------------------------------------------------------------------------------


@case("Documents.upload", reads=(("documents", None),), waits=_GROUP)
async def upload(world: World) -> None:
    await world.clio.documents.upload(b"Dear Sir", parent={"id": 1, "type": "Matter"}, name="letter")


@case("Documents.upload", reads=(("documents", None),), waits=_THREAD, threads=True)
async def upload_in_parts(world: World) -> None:
    content = b"x" * (PART + 1)
    given: Any = {"id": 1, "type": "Matter"}
    await world.clio.documents.upload(content, parent=given, name="long", part_size=PART, parallel=2)


async def _half(world: World) -> None:
    world.kept.content = b"y" * (2 * PART + 1)
    world.simulator.faults = Faults.at_storage({1: Fault.lost_before()})
    given: Any = {"id": 1, "type": "Matter"}
    try:
        await world.clio.options(retry=None).documents.upload(
            world.kept.content, parent=given, name="half", part_size=PART, parallel=1
        )
    except IncompleteUpload as error:
        world.kept.handle = error.handle
    world.simulator.faults = Faults.none


@case("Documents.upload", before=_half, again=False, waits=_THREAD, threads=True)
async def upload_resumed(world: World) -> None:
    await world.clio.documents.upload(world.kept.content, resume=world.kept.handle, part_size=PART)


@case("Documents.abandon", before=_half, threads=True, reads=(("documents", None),))
async def abandon(world: World) -> None:
    await world.clio.documents.abandon(world.kept.handle)


async def _file(world: World) -> None:
    world.simulator.put_file("documents", 1, b"content " * 20_000)
    world.simulator.put_file("document_templates", 1, b"template " * 20_000)


@case("Documents.download", "Download.__anext__", before=_file)
async def download(world: World) -> None:
    async with world.clio.documents.download(1) as received:
        assert 160_000 == sum([len(piece) async for piece in received])


@case("DownloadsFiles.download", before=_file)
async def download_template(world: World) -> None:
    async with world.clio.document_templates.download(1) as received:
        assert 180_000 == sum([len(piece) async for piece in received])


@case("Documents.download_to", before=_file, threads=True, files=("target",), waits=_THREAD)
async def download_to(world: World) -> None:
    await world.clio.documents.download_to(1, world.path / "target")


@case("DownloadsFiles.download_to", before=_file, threads=True, files=("target",), waits=_THREAD)
async def download_template_to(world: World) -> None:
    await world.clio.document_templates.download_to(1, world.path / "target")


async def _source(world: World) -> None:
    (world.path / "source").write_bytes(b"z" * 100_000)


@case("Documents.upload", before=_source, threads=True, files=("source",), waits=_THREAD, reads=(("documents", None),))
async def upload_of_a_path(world: World) -> None:
    await world.clio.documents.upload(world.path / "source", parent={"id": 1, "type": "Matter"})


# -- jobs ---------------------------------------------------------------------------------------------------------

REVENUE: Any = {"kind": "revenue", "format": "csv"}


@case("Reports.run")
async def report_run(world: World) -> None:
    assert "completed" == (await world.clio.reports.run(**REVENUE)).state


async def _report(world: World) -> None:
    world.kept.report = await world.clio.reports.create(**REVENUE)


@case("WaitsForJobs.wait", before=_report)
async def report_wait(world: World) -> None:
    await world.clio.reports.wait(world.kept.report.id)


async def _preset(world: World) -> None:
    world.kept.preset = await world.clio.report_presets.create(name="x", **REVENUE)


@case("ReportPresets.run", before=_preset)
async def preset_run(world: World) -> None:
    await world.clio.report_presets.run(world.kept.preset)


@case("DocumentArchives.run")
async def archive_run(world: World) -> None:
    await world.clio.document_archives.run(items=[{"id": 1, "type": "Document"}])


@case("DocumentAutomations.run")
async def automation_run(world: World) -> None:
    given: Any = {"document_template": {"id": 1}, "matter": {"id": 1}}
    await world.clio.document_automations.run(**given)


# -- webhooks at Clio ---------------------------------------------------------------------------------------------


async def _hooks(world: World) -> None:
    world.kept.store = MemorySubscriptions()


def _wanted(world: World) -> dict[str, Any]:
    return {"model": "matter", "url": "https://hooks.test/clio", "store": world.kept.store}


@case("Webhooks.ensure", before=_hooks, reads=(("webhooks", None),))
async def webhook_ensure(world: World) -> None:
    await world.clio.webhooks.ensure(**_wanted(world))


async def _ensured(world: World) -> None:
    await _hooks(world)
    world.kept.ensured = await world.clio.webhooks.ensure(**_wanted(world))
    (held,) = await world.kept.store.all()
    await world.sleep(LATER * 24 * 2)
    world.simulator.change("matters", 2, description="missed")
    assert held


@case("Webhooks.keep", before=_ensured)
async def webhook_keep(world: World) -> None:
    """It ends when it is cancelled alone: here, after an hour."""

    async def told(_: object) -> None:
        await anyio.sleep(0.01)

    with anyio.move_on_after(LATER):
        await world.clio.webhooks.keep(told, **_wanted(world))


@case("Ensured.close", "Ensured.missed", before=_ensured)
async def webhook_close(world: World) -> None:
    async def told(_: object) -> None:
        await anyio.sleep(0.01)

    await (await world.clio.webhooks.ensure(**_wanted(world))).close(told)


@case("Ensured.covered", before=_ensured)
async def webhook_covered(world: World) -> None:
    await world.kept.ensured.covered()


async def _hook(world: World) -> None:
    await _ensured(world)
    world.kept.secret = world.simulator.record("webhooks", world.kept.ensured.webhook.id)["shared_secret"]


@case("Webhooks.activate", before=_hook, reads=(("webhooks", None),))
async def webhook_activate(world: World) -> None:
    try:
        await world.clio.webhooks.activate(world.kept.ensured.webhook.id, world.kept.secret)
    except NotFound as error:
        world.kept.refused = error


@case("Event.read", before=_ensured)
async def event_read(world: World) -> None:
    await world.kept.ensured.event(2).read(world.clio)


def _long_ago() -> Any:
    from datetime import UTC, datetime

    return datetime(2020, 1, 1, tzinfo=UTC)
