"""`python -m clio_async._codegen SPEC [--check]`: write the generated modules, or say which are not current.

`python -m clio_async._codegen diff OLD NEW [--json]`: say what has changed between two documents. It ends with status 0
when nothing has, 1 when nothing that has can break a caller, and 3 otherwise. Status 2 is a mistake in the arguments.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .corrections import AS_WRITTEN
from .document import Api, read
from .drift import diff
from .files import formatted, stale, write
from .records import record_modules
from .report import as_json, as_text, status
from .tables import tables
from .verbs import resource_modules

ROOT = Path(__file__).parent.parent


def sources(api: Api) -> dict[str, str]:
    """Return every generated module, by its path in the package, unformatted."""
    files = record_modules(api) | tables(api)
    verbs = {f"resources/_generated/{name}": source for name, source in resource_modules(api).items()}
    return {f"models/_generated/{name}": source for name, source in files.items()} | verbs


def generated(spec: bytes) -> dict[str, str]:
    """Return every generated module for a document, by its path in the package."""
    digest = hashlib.sha256(spec).hexdigest()
    head = f"# Written by `python -m clio_async._codegen`: edit the overlay.\n# Source: sha256 {digest}\n"
    return formatted(sources(read(json.loads(spec))), head)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the generator or the comparison; return the exit status."""
    given = [*(sys.argv[1:] if arguments is None else arguments)]
    return _compare(given[1:]) if given[:1] == ["diff"] else _generate(given)


def _generate(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m clio_async._codegen", epilog="diff OLD NEW [--json] compares two documents: see diff --help."
    )
    parser.add_argument("spec", type=Path, help="Clio's OpenAPI document (JSON)")
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 when a file is not current")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    files = generated(options.spec.read_bytes())
    changed = stale(options.root, files) if options.check else write(options.root, files)
    for name in changed:
        print(f"{'stale' if options.check else 'wrote'} {name}")
    return 1 if options.check and changed else 0


def _compare(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m clio_async._codegen diff",
        description="Compare two documents. Status 0: no change; 1: changes that break nobody; 3: others.",
    )
    parser.add_argument("old", type=_document, help="the OpenAPI document that callers know (JSON)")
    parser.add_argument("new", type=_document, help="the one to compare it with")
    parser.add_argument("--json", action="store_true", help="write a JSON array")
    options = parser.parse_args(arguments)
    changes = diff(read(options.old, AS_WRITTEN), read(options.new, AS_WRITTEN))
    sys.stdout.write(as_json(changes) if options.json else as_text(changes))
    return status(changes)


def _document(path: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{path} cannot be read as JSON: {error}") from None
    return found


if __name__ == "__main__":
    sys.exit(main())
