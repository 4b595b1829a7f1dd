"""An older document: what is generated of it is imported and used, in a copy of the package."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .documents import CURRENT, OLDER, PACKAGE, parsed, present

SCRIPT = """
import json
from collections import Counter
from importlib import import_module

import anyio
import clio_async
from clio_async import Clio, MemoryTransport, frozen, models
from clio_async.messages import Response
from clio_async.models import _generated as records, registry
from clio_async.models.selection import select
from clio_async.resources import _generated as resources

classes = {name: getattr(records, name) for name in records.__all__}
verbs = Counter()
for name, (module, of) in resources.RESOURCES.items():
    found = getattr(import_module(module, resources.__name__), of)
    verbs.update(verb for verb in dir(found) if not verb.startswith("_"))
for name in registry.resource_names():
    if registry.resource(name).schema is not None:
        select(name)

seen = []


async def answer(request):
    seen.append([request.method, request.url.partition("/v4/")[2], json.loads(request.body or b"null")])
    if request.method == "DELETE":
        return Response(204)
    matter = {"id": 1, "etag": '"e"', "display_number": "1", "client": {"id": 2}}
    data = [matter] if "page" in request.url or "limit" in request.url else matter
    return Response(200 if request.method != "POST" else 201, body=json.dumps({"data": data}).encode())


@frozen
class Card:
    id: int
    display_number: str


async def run():
    async with Clio("token", region="us", transport=MemoryTransport(answer)) as clio:
        read = await clio.matters.get(1, fields="id,etag,display_number,client{id}")
        cards = await clio.matters.list(fields=Card, status="open").collect()
        await clio.matters.update(read, description="Done", fields="id")
        await clio.matters.create(client=read.client, description="New", fields="id")
        await clio.matters.delete(1)
        return [read.client.id, cards[0].display_number]


print(json.dumps({
    "where": clio_async.__file__,
    "classes": len(classes),
    "operations": sum(len(registry.resource(name).operations) for name in registry.resource_names()),
    "resources": len(resources.RESOURCES),
    "verbs": verbs,
    "read": anyio.run(run),
    "seen": seen,
}))
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Generate the older document into a copy of the package, and use it there."""
    spec, root = present(OLDER), tmp_path_factory.mktemp("older")
    copied = root / "clio_async"
    shutil.copytree(PACKAGE, copied, ignore=shutil.ignore_patterns("__pycache__", "_generated"))
    command = [sys.executable, "-m", "clio_async._codegen", str(spec), "--root", str(copied)]
    subprocess.run(command, check=True, cwd=PACKAGE.parent, stdout=subprocess.DEVNULL)
    script = root / "script.py"
    script.write_text(SCRIPT)
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}  # it is a copy
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, env=unmeasured)
    assert (0, "") == (done.returncode, done.stderr)
    found: dict[str, object] = json.loads(done.stdout) | {"root": str(copied)}
    return found


def test_the_copy_is_what_was_run(ran: dict[str, object]) -> None:
    """The control: the package that was used is the copy, with the older document's digest in it."""
    assert str(Path(str(ran["root"])) / "__init__.py") == ran["where"]
    kept = (PACKAGE / "models/_generated/operations.py").read_text()
    made = (Path(str(ran["root"])) / "models/_generated/operations.py").read_text()
    assert "# Source: sha256 " in made
    assert "submissions_reports" in kept
    assert "submissions_reports" not in made


def test_all_of_it_is_imported(ran: dict[str, object]) -> None:
    """Every class and every resource loads, and every default selection can be made; the overlay breaks nothing."""
    assert 277 + 1 == ran["operations"]
    assert isinstance(ran["verbs"], dict)
    older, newer = (parsed(path)["components"]["schemas"] for path in (OLDER, CURRENT))
    kept = {name.removesuffix("_base") for name in older if not name.endswith(("_Show", "_List"))}
    assert len(kept - {"Error", "ErrorDetail", "IdsResponse"}) == ran["classes"]
    assert len(older) < len(newer)
    assert {"list": 75, "create": 44, "update": 46}.items() <= ran["verbs"].items()


def test_it_reads_and_writes(ran: dict[str, object]) -> None:
    """A read, a list into a class, an update, a creation and a deletion are sent as they are with the current one."""
    assert [2, "1"] == ran["read"]
    assert [
        ["GET", "matters/1.json?fields=id,etag,display_number,client{id}", None],
        ["GET", "matters.json?fields=id,display_number&limit=200&order=id(asc)&status=open", None],
        ["PATCH", "matters/1.json?fields=id,etag", {"data": {"description": "Done"}}],
        ["POST", "matters.json?fields=id,etag", {"data": {"client": {"id": 2}, "description": "New"}}],
        ["DELETE", "matters/1.json", None],
    ] == ran["seen"]
