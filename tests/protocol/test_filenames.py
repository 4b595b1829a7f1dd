"""`safe_filename`: whatever the name is, the file stays in its folder (F66)."""

from __future__ import annotations

import unicodedata
from pathlib import Path, PureWindowsPath
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clio_async import InvalidArgument, safe_filename

HOSTILE = st.text(
    st.one_of(
        st.sampled_from('./\\:*?"<>|\0\n\r\t\u202e\u200b\ufeff~-$ ¹\u0338\u0301\u2028\ud800 \u00a0'), st.characters()
    ),
    max_size=300,
)
DEVICES = st.builds(
    lambda device, spaces, rest: device + spaces + rest,
    st.sampled_from(["CON", "con", "PrN", "AUX", "nul", "COM1", "com0", "LPT9", "COM¹", "lpt³", "CONIN$", "conout$"]),
    st.sampled_from(["", " ", "   "]),
    st.sampled_from(["", ".", ".txt", ".tar.gz", " .x"]),
)
NAMES = st.one_of(HOSTILE, DEVICES, st.builds(lambda name, suffix: name * 40 + suffix, HOSTILE, HOSTILE))


@given(NAMES)
@example("..")
@example("../../etc/passwd")
@example("C:\\Windows\\system32\\config")
@example("file.txt:stream")
@example("\ufb2a" * 130)  # grows when it is normalized
def test_a_safe_name_is_one_name_in_a_folder(name: str) -> None:
    """F66: joined to a folder it names something directly in it, here and on Windows."""
    safe = safe_filename(name)
    folder = Path("/folder")
    assert (folder, safe) == ((folder / safe).resolve().parent, (folder / safe).name)
    windows = PureWindowsPath("D:\\folder") / safe
    assert (PureWindowsPath("D:\\folder"), safe) == (windows.parent, windows.name)
    assert not windows.is_reserved()
    assert 0 < len(safe.encode()) <= 255
    assert not safe.startswith((".", "-", "~", " "))
    assert not safe.endswith((".", " "))
    kinds = {unicodedata.category(character) for character in safe}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not set(safe) & set('/\\:*?"<>|')


@given(NAMES)
@settings(deadline=None)
def test_a_file_of_a_safe_name_is_in_its_folder_and_nowhere_else(name: str) -> None:
    """F66: whatever it was, a real file system takes it for a file in the folder, and makes nothing else."""
    with TemporaryDirectory() as outside:
        folder = Path(outside, "in")
        folder.mkdir()
        path = folder / safe_filename(name)
        path.touch(exist_ok=False)
        assert [path] == [*folder.iterdir()]
        assert [folder] == [*Path(outside).iterdir()]


@given(NAMES)
def test_a_safe_name_stays_as_it_is(name: str) -> None:
    """What `safe_filename` returns is safe, so it returns it again; it is in one normal form."""
    safe = safe_filename(name)
    assert safe == safe_filename(safe) == unicodedata.normalize("NFC", safe)


@given(st.from_regex(r"[A-Za-z0-9_ äéß漢-]{0,40}[A-Za-z0-9]\.[a-z]{1,5}", fullmatch=True))
def test_an_ordinary_name_is_kept(name: str) -> None:
    """Names as people write them are not touched."""
    ordinary = f"x{name}"
    assert unicodedata.normalize("NFC", ordinary) == safe_filename(ordinary)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        (None, "file"),
        ("", "file"),
        ("...", "file"),
        (" \u200b\n", "_"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\x\\y.doc", "C__x_y.doc"),
        ("a\0b", "a_b"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("con", "_con"),
        ("Con .txt", "_Con .txt"),
        ("com¹.log", "_com¹.log"),
        ("console.txt", "console.txt"),
        ("nul.tar.gz", "_nul.tar.gz"),
        (".htaccess", "htaccess"),
        ("-rf", "_rf"),
        ("~root", "_root"),
        ("name. . ", "name"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("\ud800x", "_x"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
        ("ä" * 200 + ".pdf", "ä" * 125 + ".pdf"),
        ("x." + "y" * 300, "x." + "y" * 253),
        ("y" * 254 + " " + "y" * 60, "y" * 254),
    ],
)
def test_what_becomes_of_a_name(name: str | None, safe: str) -> None:
    """F66: what may not stand becomes an underscore, or is left out; a suffix is kept."""
    assert safe == safe_filename(name)


@pytest.mark.parametrize("name", [b"bytes", 7, Path("x")])
def test_what_is_no_text_is_refused(name: object) -> None:
    """A path is no name."""
    with pytest.raises(InvalidArgument):
        safe_filename(name)  # type: ignore[arg-type]
