"""What is loaded when: the generated modules are many, and each waits until it is needed."""

from __future__ import annotations

import json
import subprocess
import sys

from .documents import PACKAGE


def loaded(*steps: str) -> list[list[str]]:
    """Run statements in a process of their own; return the generated modules that each step has added."""
    told = "import json, sys\nseen = set()\nsteps = []\n"
    note = (
        "now = {name for name in sys.modules if '_generated' in name}\nsteps.append(sorted(now - seen))\nseen |= now\n"
    )
    script = told + "".join(f"{step}\n{note}" for step in steps) + "print(json.dumps(steps))"
    ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, cwd=PACKAGE.parent)
    found: list[list[str]] = json.loads(ran.stdout)
    return [[name.removeprefix("clio_async.").replace("._generated", "", 1) for name in names] for names in found]


CLIENT = "from clio_async import Clio\nclio = Clio('token', region='us')"


def test_a_client_loads_no_record_and_no_resource() -> None:
    """Importing the package loads nothing generated, a client the names of its resources, one of them the tables."""
    nothing, names, resource = loaded("import clio_async", CLIENT, "clio.users")
    assert [] == nothing
    assert ["resources"] == names
    assert ["models", "models.operations", "models.schemas", "resources.users"] == resource


def test_a_resource_loads_itself() -> None:
    """Its module, and no record's: those are loaded with the first answer, or when they are named."""
    _, _, matters, again, webhooks = loaded(CLIENT, "clio.users", "clio.matters", "clio.matters", "clio.webhooks")
    assert (["resources.matters"], [], ["resources.webhooks"]) == (matters, again, webhooks)


def test_a_record_loads_itself() -> None:
    """A class that is named loads its own module; those of associated records wait until a selection holds them."""
    imports = "import clio_async.models\nfrom clio_async.models.selection import select"
    _, named, alone, associated = loaded(
        imports, "clio_async.models.Matter", "select('matters', 'id,etag')", "select('matters', 'id,client{id}')"
    )
    assert ["models.matters"] == named
    assert [] == alone
    assert ["models.contacts"] == associated
