"""`python -m clio_async._codegen SPEC [--check]`: write the generated modules, or say which are not current."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from .document import Api, read
from .files import formatted, stale, write
from .records import record_modules
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
    """Run the generator; 1 means that `--check` found something stale."""
    parser = argparse.ArgumentParser(prog="python -m clio_async._codegen")
    parser.add_argument("spec", type=Path, help="Clio's OpenAPI document (JSON)")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a generated file is not current")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    files = generated(options.spec.read_bytes())
    changed = stale(options.root, files) if options.check else write(options.root, files)
    for name in changed:
        print(f"{'stale' if options.check else 'wrote'} {name}")
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
