"""The check of the table of faults finds what is there, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import table
from .table import (
    KNOWN,
    NO_CONTROL,
    NO_TEST,
    TESTS,
    TITLES,
    lines_of,
    main,
    named_in,
    named_under,
    rows_in,
    rows_of,
    table_of,
)
from .table import wrong_with as wrong

SOURCE = '''
"""Says F1 of the whole module."""

class TestThings:
    """Says F2 of a class."""

    async def test_one(self):
        """F3, F5-F7: what must hold."""

def test_other():
    """The control of F8 to F10: without it nothing holds."""

def test_both():
    """F11: this holds. Its control is that; no control characters are meant."""

def test_none():
    """Nothing; a control character of F12 is none."""

def of_no_test():
    """F13."""

def test_silent():
    assert "F14"
'''


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("F1", {"F1"}),
        ("(F1, F22)", {"F1", "F22"}),
        ("rows F1 and F3 of the fault table", {"F1", "F3"}),
        ("F9 to F11.", {"F9", "F10", "F11"}),
        ("F9-F11, F14 \u2013 F15", {"F9", "F10", "F11", "F14", "F15"}),
        ("F9\u2013F10", {"F9", "F10"}),
        ("F9, to F11", {"F9", "F11"}),
        ("F0, F401, SF1, F1x, f1, 0xF1, U+FF10", set()),
        ("F3 to F1", set()),
        ("", set()),
    ],
)
def test_rows_and_ranges_are_read(text: str, rows: set[str]) -> None:
    """A letter and one or two digits, alone or as the two ends of a range."""
    assert rows == rows_in(text)


def test_the_first_column_of_a_table_names_its_rows() -> None:
    """In its order, whatever the other columns and the text around it say."""
    assert ("F1", "F3", "F40") == rows_of("F9\n\n| # | fault |\n|---|---|\n| F1 | as F2 |\n| F3 | |\n\n| F40 | |\n")


def test_functions_that_test_are_read_and_nothing_else() -> None:
    """Their docstrings, also of methods; not those of modules, classes, other functions, nor their code."""
    found = {named.place: ({*named.rows}, named.tests, named.controls) for named in named_in(SOURCE, "x.py")}
    assert {
        "x.py::test_one": ({"F3", "F5", "F6", "F7"}, True, False),
        "x.py::test_other": ({"F8", "F9", "F10"}, False, True),
        "x.py::test_both": ({"F11"}, True, True),
        "x.py::test_none": ({"F12"}, True, False),
    } == found


@pytest.mark.parametrize(
    ("text", "tests", "controls"),
    [
        ("The control of F1: this.", False, True),
        ("The controls of F1: these.", False, True),
        ("The control for F1: this.", False, True),
        ("Control: F1.", False, True),
        ("F1, the control: this.", False, True),
        ("F1 and F2, the control: this.", False, True),
        ("F1, with its control: this.", True, True),
        ("F1: this; done at once, the control, it is not.", True, True),
        ("This holds (F1). The control keeps it.", True, True),
        ("F1, and the control of the server: this.", True, True),
        ("F1: the control characters of a text.", True, False),
        ("F1: what is under control.", True, False),
        ("F1: `Cache-Control`.", True, False),
    ],
)
def test_what_begins_with_the_control_is_one_and_no_test(text: str, tests: bool, controls: bool) -> None:
    """Further on it is one besides; and not all that is called so is one."""
    (found,) = named_in(f'def test_x():\n    """{text}"""\n', "x.py")
    assert (tests, controls) == (found.tests, found.controls)


def test_a_gap_is_found() -> None:
    """A row without a test, one without a control, one that is named and does not exist: a sentence each."""
    found = table_of(["F3", "F8", "F9", "F10", "F11", "F15"], named_in(SOURCE, "x.py"))
    said = [*wrong(found, {"F8": "why"}, {"F3": "why", "F11": "why"})]
    assert "F15 has no test" in said
    assert "F15 has no control" in said
    assert "F9 has no test" in said
    assert "F8 has no test" not in said
    assert "F3 has no control" not in said
    assert "F11 is excused from having a control, and has one: x.py::test_both" in said
    assert "F5 is no row of the table of faults, but x.py::test_one names it" in said
    whole = table_of(["F11"], named_in('def test_x():\n    """F11, with its control."""\n', "x.py"))
    assert [] == [*wrong(whole, {}, {})]
    assert ["F11 is excused from having a test, and has one: x.py::test_x"] == [*wrong(whole, {"F11": "why"}, {})]


def test_the_table_is_printed_in_numbers_or_by_name() -> None:
    """Every row on a line, or every test of the rows that are asked for."""
    found = table_of(["F3", "F11"], named_in(SOURCE, "x.py"))
    assert [
        "row | tests | controls | fault",
        f"F3  |     1 |        0 | {TITLES['F3']}",
        f"F11 |     1 |        1 | {TITLES['F11']}",
    ] == [*lines_of(found, [])]
    places = ["F11  test     x.py::test_both", "F11  control  x.py::test_both"]
    assert [f"F11  {TITLES['F11']}", *places] == [*lines_of(found, ["F11"])]
    assert ["F99"] == [*lines_of(found, ["F99"])]


def test_every_row_has_a_title() -> None:
    """The known rows in their order, each with a few words of its own that say what goes wrong."""
    assert [*KNOWN] == [*TITLES]
    assert len(KNOWN) == len({*TITLES.values()})
    assert all(3 <= len(title.split()) <= 10 for title in TITLES.values())


def test_the_status_says_whether_there_is_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 without one, 1 with one; where there is no table its known rows count, and that is said."""
    folder, rows = tmp_path / "tests", tmp_path / "ROWS.md"
    folder.mkdir()
    (folder / "test_x.py").write_text('def test_x():\n    """F1, with its control."""\n', "utf-8")
    rows.write_text("| F1 | x |\n", "utf-8")
    monkeypatch.setattr(table, "TESTS", folder)
    assert 0 == main(["--rows", str(rows)])
    assert "F1  |     1 |        1" in capsys.readouterr().out
    assert 0 == main(["--rows", str(rows), "--gaps"])
    assert "F1  |" not in capsys.readouterr().out
    rows.write_text("| F1 | x |\n| F2 | x |\n", "utf-8")
    assert 1 == main(["--rows", str(rows), "F1"])
    said = capsys.readouterr().out
    assert "tests/test_x.py::test_x" in said
    assert "F2 has no test" in said
    assert 1 == main(["--rows", str(tmp_path / "none.md")])
    assert "is not here: compared with the rows F1 to F78" in capsys.readouterr().out


def test_every_row_has_a_test_and_a_control() -> None:
    """Or an excuse, with a reason, that is still needed."""
    assert [] == [*wrong(table_of(KNOWN, named_under(TESTS)))]
    assert all(reason for reason in (*NO_TEST.values(), *NO_CONTROL.values()))
