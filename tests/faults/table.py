"""Which rows of the table of faults have a test that injects the fault, and a control that fails without the defence.

    python -m tests.faults.table [--rows PATH] [--gaps] [ROW ...]

A test covers the rows that the docstring of its function names: "F14", "F14, F17", "F16 to F19", "F1-F4". A docstring
that begins with the control ("The control of F14: …", "F39, the control: …") names rows of which the test is a control
and nothing else; one that mentions a control further on ("…; its control: …") counts for both. What a module or a class
says of itself covers nothing. Rows given by name are listed with their tests, the whole table with numbers only; both
say what the fault is.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import attrs

HERE = Path(__file__).parent
TESTS = HERE.parent
KNOWN = tuple(f"F{number}" for number in range(1, 79))

# What goes wrong, or is made to go wrong, in each row.
TITLES: Mapping[str, str] = {
    "F1": "an answer cut off at any byte",
    "F2": "a download that ends early without a length",
    "F3": "a connection that dies before anything is sent",
    "F4": "a connection that dies after a write was sent",
    "F5": "an answer that trickles in, or stops",
    "F6": "a compressed body that expands without end",
    "F7": "a body that is too long, or endless",
    "F8": "a body that is no valid JSON",
    "F9": "a page of HTML where JSON is due",
    "F10": "valid JSON of an unexpected shape",
    "F11": "control characters in what the caller gives",
    "F12": "header fields without number or end, or doubled",
    "F13": "a certificate that is not to be trusted",
    "F14": "a 412 that our own write caused",
    "F15": "a 412 because somebody else wrote",
    "F16": "a repeated guarded write that is answered 200",
    "F17": "an update without a guard, its outcome unknown",
    "F18": "a creation whose outcome is unknown",
    "F19": "a deletion whose outcome is unknown, then 404",
    "F20": "a weak tag where a strong one is needed",
    "F21": "a tag whose quotes are changed on the way",
    "F22": "a record that has no tag",
    "F23": "a server that takes no notice of If-Match",
    "F24": "a write that is answered with part of the record",
    "F25": "an edit that begins with a kept copy",
    "F26": "several writes of one record at once",
    "F27": "a token that expires under many requests",
    "F28": "a caller who gives up during a refresh",
    "F29": "a refresh whose answer is lost",
    "F30": "two processes that refresh at once",
    "F31": "an approval that the user has withdrawn",
    "F32": "a token endpoint that is down or busy",
    "F33": "a clock that disagrees about when a token expires",
    "F34": "a token of one region sent to another",
    "F35": "permissions that shrink under kept copies",
    "F36": "a 304 before permissions are looked at",
    "F37": "secrets in logs, errors, pickles and traces",
    "F38": "proxy passwords taken from the environment unasked",
    "F39": "tenants that share URLs and a cache",
    "F40": "a new token, or another user behind it",
    "F41": "a 304 for which no copy is kept",
    "F42": "a 304 that names another tag",
    "F43": "a 304 with new header fields, and coarse dates",
    "F44": "a read that is overtaken by a write",
    "F45": "a shared read whose first caller gives up",
    "F46": "a store for copies that is down or slow",
    "F47": "a store file that is corrupt, full or locked",
    "F48": "a Redis that restarts, evicts or refuses",
    "F49": "a shared store with foreign or forged entries",
    "F50": "a pause that is odd, huge or missing",
    "F51": "retries that add up to a storm",
    "F52": "one tenant who holds up the others",
    "F53": "a 410 for the version, or for the record",
    "F54": "an answer in another version than was asked for",
    "F55": "a next link that leads to another host",
    "F56": "pages that never come to an end",
    "F57": "records that come and go between pages",
    "F58": "a long list that is interrupted",
    "F59": "redirects of every kind",
    "F60": "cookies that somebody sets",
    "F61": "an upload that breaks off",
    "F62": "a file that arrives with another checksum",
    "F63": "a crash before an upload is finished",
    "F64": "a file that changes while it is uploaded",
    "F65": "a download that is resumed, its object changed",
    "F66": "file names that mean harm",
    "F67": "webhooks that are forged or garbled",
    "F68": "webhooks that come twice, late or out of order",
    "F69": "a forged first call of a webhook",
    "F70": "a webhook subscription that runs out",
    "F71": "cancellation at any await",
    "F72": "closing amid requests, twice, or never",
    "F73": "use from another loop or thread",
    "F74": "a fork with a client open",
    "F75": "work that blocks the event loop",
    "F76": "clocks that jump, and machines that sleep",
    "F77": "memory under very many keys and tenants",
    "F78": "dependencies that turn bad",
}

# Why a row has no test, or no control, and need not have one. An excuse that is not needed is an error.
NO_TEST: Mapping[str, str] = {
    "F36": "the server's own order of checks: a client sees a 304 like any other, and the documents say so",
}
NO_CONTROL: Mapping[str, str] = {
    "F36": "nothing is done about it, so nothing could be left out",
}

_ROW = re.compile(r"\bF([1-9][0-9]?)\b(?:(?:\s+to\s+|\s*[-\u2013]\s*)F([1-9][0-9]?)\b)?")
_SAYS_CONTROL = r"(?:the|its|a|with)\s+controls?\b(?!\s+(?:characters?|codes?|endpoint))"
_CONTROL = re.compile(rf"\b{_SAYS_CONTROL}|^controls?:", re.IGNORECASE)
_ONLY_CONTROL = re.compile(rf"^(?:F[0-9][F0-9, and-]*[,:]\s+)?(?:{_SAYS_CONTROL}|controls?:)", re.IGNORECASE)
_IN_A_TABLE = re.compile(r"^\|\s*(F[0-9]+)\s*\|", re.MULTILINE)


@attrs.frozen
class Named:
    """A test function whose docstring names rows: for the fault, for the control, or for both."""

    place: str
    rows: frozenset[str]
    tests: bool
    controls: bool


@attrs.frozen
class Table:
    """The rows in their order, and the places of the tests and controls of each."""

    rows: tuple[str, ...]
    tests: Mapping[str, tuple[str, ...]]
    controls: Mapping[str, tuple[str, ...]]


def rows_in(text: str) -> frozenset[str]:
    """Return the rows that a docstring names, with every row of its ranges."""
    found: set[str] = set()
    for match in _ROW.finditer(text):
        first = int(match[1])
        found.update(f"F{number}" for number in range(first, int(match[2] or first) + 1))
    return frozenset(found)


def rows_of(document: str) -> tuple[str, ...]:
    """Return the rows of the table of faults, in its order: the first column of its Markdown tables."""
    return tuple(_IN_A_TABLE.findall(document))


def named_in(source: str, place: str) -> Iterator[Named]:
    """Yield the test functions of a module whose docstrings name rows."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test_"):
            continue
        text = " ".join((ast.get_docstring(node) or "").split())
        if rows := rows_in(text):
            only = _ONLY_CONTROL.search(text) is not None
            yield Named(f"{place}::{node.name}", rows, tests=not only, controls=_CONTROL.search(text) is not None)


def named_under(folder: Path) -> list[Named]:
    """Read every module of tests under a folder, in the order of their paths."""
    return [
        named
        for path in sorted(folder.rglob("test_*.py"))
        for named in named_in(path.read_text("utf-8"), path.relative_to(folder.parent).as_posix())
    ]


def table_of(rows: Sequence[str], found: Iterable[Named]) -> Table:
    """Sort what was found by row; rows that are named but do not exist are kept, for `wrong_with` to tell."""
    tests: dict[str, list[str]] = {}
    controls: dict[str, list[str]] = {}
    for named in found:
        for row in named.rows:
            if named.tests:
                tests.setdefault(row, []).append(named.place)
            if named.controls:
                controls.setdefault(row, []).append(named.place)
    return Table(
        tuple(rows),
        {row: tuple(places) for row, places in tests.items()},
        {row: tuple(places) for row, places in controls.items()},
    )


def wrong_with(
    table: Table, no_test: Mapping[str, str] = NO_TEST, no_control: Mapping[str, str] = NO_CONTROL
) -> Iterator[str]:
    """Yield a sentence for each gap, each excuse that is not needed, and each row that is named but does not exist."""
    for kind, have, excused in (("test", table.tests, no_test), ("control", table.controls, no_control)):
        for row in table.rows:
            if row not in have and row not in excused:
                yield f"{row} has no {kind}"
        for row in excused:
            if row in have:
                yield f"{row} is excused from having a {kind}, and has one: {have[row][0]}"
        for row in sorted(have.keys() - set(table.rows)):
            yield f"{row} is no row of the table of faults, but {have[row][0]} names it"


def lines_of(table: Table, wanted: Sequence[str]) -> Iterator[str]:
    """Yield the table for a reader: numbers for every row, or the places for those that are wanted."""
    for row in wanted:
        yield f"{row:4} {TITLES.get(row, '')}".rstrip()
        for kind, have in (("test", table.tests), ("control", table.controls)):
            yield from (f"{row:4} {kind:8} {place}" for place in have.get(row, ()))
    if not wanted:
        yield "row | tests | controls | fault"
        for row in table.rows:
            tests, controls = len(table.tests.get(row, ())), len(table.controls.get(row, ()))
            yield f"{row:3} | {tests:5} | {controls:8} | {TITLES.get(row, '')}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and what is wrong with it; return 1 if anything is."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.table")
    parser.add_argument("--rows", type=Path, help="the table of faults (Markdown); without it, its known numbers")
    parser.add_argument("--gaps", action="store_true", help="print what is wrong, and no table")
    parser.add_argument("wanted", nargs="*", metavar="ROW", help="list the tests of this row")
    options = parser.parse_args(arguments)
    rows = KNOWN
    if options.rows is not None and options.rows.is_file():
        rows = rows_of(options.rows.read_text("utf-8"))
    elif options.rows is not None:
        print(f"{options.rows} is not here: compared with the rows {KNOWN[0]} to {KNOWN[-1]}")
    table = table_of(rows, named_under(TESTS))
    wrong = list(wrong_with(table))
    for line in (*(() if options.gaps else lines_of(table, options.wanted)), *wrong):
        print(line)
    if not wrong:
        print(f"{len(rows)} rows of the table of faults: each has a test and a control, or an excuse")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
