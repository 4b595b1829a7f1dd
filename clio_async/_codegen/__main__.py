"""`python -m clio_async._codegen SPEC [--check]`: write the generated modules, or say which are not current.

`python -m clio_async._codegen diff OLD NEW [--json]`: say what has changed between two documents. It ends with status 0
when nothing has, 1 when nothing that has can break a caller, and 3 otherwise. Status 2 is a mistake in the arguments,
or a document that cannot be read: one line says which, and where.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from .corrections import AS_WRITTEN
from .document import Api, read
from .drift import diff
from .files import formatted, stale, write
from .records import record_modules
from .report import UNREADABLE, as_json, as_text, status
from .stubs import stubs
from .tables import tables
from .unreadable import Unreadable
from .verbs import resource_modules

T = TypeVar("T")

ROOT = Path(__file__).parent.parent


def sources(api: Api) -> dict[str, str]:
    """Return every generated module, by its path in the package, unformatted."""
    files = record_modules(api) | tables(api)
    verbs = {f"resources/_generated/{name}": source for name, source in resource_modules(api).items()}
    return {f"models/_generated/{name}": source for name, source in files.items()} | verbs | stubs(api, verbs)


def generated(spec: bytes) -> dict[str, str]:
    """Return every generated module for a document, by its path in the package."""
    digest = hashlib.sha256(spec).hexdigest()
    api = read(json.loads(spec))
    head = f"# Written by `python -m clio_async._codegen`: edit the overlay.\n# Source: sha256 {digest}\n"
    return formatted(sources(api), head)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the generator or the comparison; return the exit status."""
    given = [*(sys.argv[1:] if arguments is None else arguments)]
    try:
        return _compare(given[1:]) if given[:1] == ["diff"] else _generate(given)
    except Unreadable as error:
        sys.stderr.write(f"{error}\n")
        return UNREADABLE


def _generate(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m clio_async._codegen", epilog="diff OLD NEW [--json] compares two documents: see diff --help."
    )
    parser.add_argument("spec", type=Path, help="Clio's OpenAPI document (JSON)")
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 when a file is not current")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    files = _read(options.spec, generated)
    changed = stale(options.root, files) if options.check else write(options.root, files)
    for name in changed:
        print(f"{'stale' if options.check else 'wrote'} {name}")
    return 1 if options.check and changed else 0


def _compare(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m clio_async._codegen diff",
        description="Compare two documents. Status 0: no change; 1: changes that break nobody; 3: others.",
    )
    parser.add_argument("old", type=Path, help="the OpenAPI document that callers know (JSON)")
    parser.add_argument("new", type=Path, help="the one to compare it with")
    parser.add_argument("--json", action="store_true", help="write a JSON array")
    options = parser.parse_args(arguments)
    changes = diff(_read(options.old, _as_written), _read(options.new, _as_written))
    sys.stdout.write(as_json(changes) if options.json else as_text(changes))
    return status(changes)


def _read(path: Path, parse: Callable[[bytes], T]) -> T:
    try:
        return parse(path.read_bytes())
    except OSError as error:
        told = error.strerror or "it cannot be opened"
    except RecursionError:
        told = "it is nested too deep"
    except ValueError as error:
        told = f"it is no JSON: {error}" if isinstance(error, _NO_JSON) else str(error)
    raise Unreadable(f"{path}: {told}")


_NO_JSON = (json.JSONDecodeError, UnicodeDecodeError)


def _as_written(content: bytes) -> Api:
    return read(json.loads(content), AS_WRITTEN)


if __name__ == "__main__":
    sys.exit(main())
