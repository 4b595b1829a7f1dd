"""What is in a report, a small table in the format that was asked for, and in an archive of documents."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from itertools import islice
from typing import Final, TypeAlias
from zipfile import ZipFile, ZipInfo

from .contents import made_up
from .things import Record, Ref

__all__ = ["FILE", "file_of", "zipped"]

Rows: TypeAlias = tuple[tuple[str, str, str], ...]

ZIP: Final = "application/zip"
FILE: Final = "#file"
"""The bytes of an archive, on its record."""
HEADINGS: Final = ("Matter", "Client", "Amount")
MOST: Final = 5
"""Matters that a report is about."""


def file_of(record: Record) -> tuple[bytes, str]:
    """Return the bytes of a report or archive as long as nobody puts others in their place, and their content type.

    A report is CSV where no format is known; an archive that nobody asked for holds one made-up document.
    """
    if record.table.name == "reports":
        kind, made = _FORMATS.get(record.get("format"), _FORMATS["csv"])
        return made(_words(record.get("kind") or "report"), _rows_of(record)), kind
    held: bytes | None = record.written.get(FILE)
    where = f"/{record.firm.account}/{record.table.name}/{record.number}"
    return zipped([("Document.txt", made_up(where))]) if held is None else held, ZIP


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip archive of files by name; the same one for the same files. A name with a slash at its end is that
    of a folder.
    """
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        for name, content in files:
            archive.writestr(ZipInfo(name), content)
    return made.getvalue()


def _rows_of(report: Record) -> Rows:
    matters = report.firm.table("matters")
    found = (matters.get(number) for number in islice(matters.ids(), MOST))
    return tuple(_row(report, matter) for matter in found if matter is not None)


def _row(report: Record, matter: Record) -> tuple[str, str, str]:
    held = matter.get("client")
    client = report.firm.find(held) if isinstance(held, Ref) else None
    cents = report.draw.number(f"amount/{matter.number}", 1_000_000)
    name = "" if client is None else client.get("name")
    return _plain(matter.get("display_number")), _plain(name), f"{cents // 100}.{cents % 100:02}"


def _plain(value: object) -> str:
    """Return a text without what cannot stand in XML."""
    return _UNFIT.sub("\ufffd", str(value or ""))


_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _words(kind: str) -> str:
    return _plain(kind).replace("_", " ").capitalize()


def _csv(_: str, rows: Rows) -> bytes:
    made = io.StringIO(newline="")
    csv.writer(made).writerows([HEADINGS, *rows])
    return made.getvalue().encode()


def _json(title: str, rows: Rows) -> bytes:
    lines = [dict(zip((heading.lower() for heading in HEADINGS), row, strict=True)) for row in rows]
    return json.dumps({"report": title, "rows": lines}).encode()


def _html(title: str, rows: Rows) -> bytes:
    head = "".join(f"<th>{heading}</th>" for heading in HEADINGS)
    body = "\n".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{escape(title)}</title></head>
<body><h1>{escape(title)}</h1><table>
<tr>{head}</tr>
{body}
</table></body></html>
""".encode()


def _pdf(title: str, rows: Rows) -> bytes:
    """Return one page of text. See https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf."""
    lines = [title, "", *("   ".join(row) for row in (HEADINGS, *rows))]
    shown = b"".join(b"(%s) '\n" % _in_pdf(line) for line in lines)
    text = b"BT /F1 12 Tf 16 TL 72 770 Td\n%sET\n" % shown
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%sendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    made, places = bytearray(b"%PDF-1.4\n"), bytearray(b"0000000000 65535 f \n")
    for number, each in enumerate(objects, 1):
        places += b"%010d 00000 n \n" % len(made)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    end = b"xref\n0 %d\n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(made) + end % (len(objects) + 1, bytes(places), len(objects) + 1, len(made))


def _in_pdf(line: str) -> bytes:
    return re.sub(rb"([\\()])", rb"\\\1", line.encode("cp1252", "replace").replace(b"\r", b" ").replace(b"\n", b" "))


def _xlsx(title: str, rows: Rows) -> bytes:
    """Return a workbook of one sheet (ECMA-376)."""
    amounts = "".join(
        f"<row>{_cell(matter)}{_cell(client)}<c><v>{amount}</v></c></row>" for matter, client, amount in rows
    )
    sheet = f"<row>{''.join(map(_cell, HEADINGS))}</row>{amounts}"
    return zipped(
        (name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode())
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _related("officeDocument", "xl/workbook.xml")),
            ("xl/workbook.xml", _WORKBOOK % escape(title[:31])),
            ("xl/_rels/workbook.xml.rels", _related("worksheet", "worksheets/sheet1.xml")),
            ("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{_MAIN}"><sheetData>{sheet}</sheetData></worksheet>'),
        )
    )


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'


_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_PART: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES: Final = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_PART}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_PART}.worksheet+xml"/></Types>'
)
_WORKBOOK: Final = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="%s" sheetId="1" r:id="rId1"/></sheets></workbook>'
)


def _related(what: str, target: str) -> str:
    kind = f'Type="{_OFFICE}/{what}"'
    inner = f'<Relationship Id="rId1" {kind} Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _zip(title: str, rows: Rows) -> bytes:
    return zipped([(f"{title}.csv", _csv(title, rows))])


_FORMATS: Final[Mapping[object, tuple[str, Callable[[str, Rows], bytes]]]] = {
    "csv": ("text/csv", _csv),
    "html": ("text/html", _html),
    "json": ("application/json", _json),
    "pdf": ("application/pdf", _pdf),
    "xlsx": (f"{_PART}.sheet", _xlsx),
    "zip": (ZIP, _zip),
}
