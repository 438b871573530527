"""Files that would take the process with them, and files that only look as if."""

import io
import struct
from collections.abc import Callable, Iterator
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from minsheng.spreadsheet.grid import Grid
from minsheng.spreadsheet.numbers import CellValue
from tests.books import open_grids
from tests.workbooks import as_bytes, manholes

SHEET = "xl/worksheets/sheet1.xml"
ODS = "application/vnd.oasis.opendocument.spreadsheet"


def edited(content: bytes, part: str, edit: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part changed."""
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, edit(old.read(name)) if name == part else old.read(name))
    return stream.getvalue()


def with_cells(**cells: CellValue) -> bytes:
    """A workbook as a program saves it that has calculated its formulas."""
    workbook = Workbook()
    workbook.calculation.fullCalcOnLoad = False
    for address, value in cells.items():
        workbook.worksheets[0][address] = value
    return as_bytes(workbook)


def with_sheet_data(xml: str) -> bytes:
    """A workbook whose only sheet says exactly this."""
    head, tail = b"<sheetData>", b"</sheetData>"
    return edited(
        with_cells(A1=1),
        SHEET,
        lambda sheet: sheet[: sheet.index(head)] + head + xml.encode() + sheet[sheet.index(tail) :],
    )


def ods(cells: str, rows_between: int = 0) -> bytes:
    """An OpenDocument sheet: a row of these cells, empty rows, and the same row again."""
    row = f"<table:table-row>{cells}</table:table-row>"
    gap = f'<table:table-row table:number-rows-repeated="{rows_between}"><table:table-cell/></table:table-row>'
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "table", "text")
    )
    body = f'<table:table table:name="填报">{row}{gap * bool(rows_between)}{row}</table:table>'
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS)
        archive.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<m:file-entry m:full-path="/" m:media-type="{ODS}"/></m:manifest>',
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>{body}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return stream.getvalue()


def ods_number(repeated: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="float" office:value="7" table:number-columns-repeated="{repeated}">'
        "<text:p>7</text:p></table:table-cell>"
    )


def only(content: bytes) -> Grid:
    (grid,), reading = open_grids(content)
    assert reading == "ok"
    return grid


@pytest.mark.parametrize("stray", ["XFD1048576", "A1048576", "XFD1", "A2001", "GS1"])
def test_a_stray_key_far_from_the_form_is_too_large_and_kills_nobody(stray: str) -> None:
    assert open_grids(with_cells(A1=1, **{stray: 1})) == ((), "too_large")


def test_a_stray_key_is_found_whatever_the_sheet_says_of_its_size_or_leaves_unsaid() -> None:
    bomb = with_cells(A1=1, XFD1048576=1)
    understated = edited(bomb, SHEET, lambda sheet: sheet.replace(b'ref="A1:XFD1048576"', b'ref="A1"'))
    unsaid = edited(bomb, SHEET, lambda sheet: sheet.replace(b'<dimension ref="A1:XFD1048576" />', b""))
    assert len({bomb, understated, unsaid}) == 3
    assert open_grids(understated) == open_grids(unsaid) == ((), "too_large")


def test_the_last_cell_a_form_may_use_is_read() -> None:
    grid = only(with_cells(A1=1, GR2000=2))
    assert (grid.at(1999, 199), len(grid.rows)) == (2, 2000)


def test_formatted_rows_without_content_do_not_matter() -> None:
    def rows() -> Iterator[bytes]:
        for row in range(3000, 103000):
            yield b'<row r="%d" ht="15" customHeight="1"><c r="A%d" s="1"/></row>' % (row, row)

    tail = b"".join(rows()) + b"</sheetData>"
    plain = as_bytes(manholes())
    formatted = edited(plain, SHEET, lambda sheet: sheet.replace(b"</sheetData>", tail))
    assert open_grids(formatted) == open_grids(plain)


def test_a_zip_that_understates_a_size_is_damaged() -> None:
    content = bytearray(edited(with_cells(A1=1), SHEET, lambda sheet: sheet + b" " * 5_000_000))
    entry = content.rindex(SHEET.encode()) - 46
    assert content[entry : entry + 4] == b"PK\x01\x02"
    assert open_grids(bytes(content))[1] == "ok"
    struct.pack_into("<L", content, entry + 24, 100)
    assert open_grids(bytes(content)) == ((), "damaged")


def test_a_zip_with_one_part_twice_is_damaged() -> None:
    stream = io.BytesIO(with_cells(A1=1))
    with ZipFile(stream, "a") as archive:
        archive.writestr(SHEET.upper(), b"<worksheet/>")
    assert open_grids(stream.getvalue()) == ((), "damaged")


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize("entity", ['"boom"', 'SYSTEM "file:///etc/passwd"'])
def test_a_part_that_declares_entities_is_damaged(part: str, entity: str) -> None:
    document_type = f"<!DOCTYPE x [<!ENTITY a {entity}>]>".encode()

    def declare(xml: bytes) -> bytes:
        return document_type + xml[xml.index(b"?>") + 2 :] if xml.startswith(b"<?xml") else document_type + xml

    assert open_grids(edited(with_cells(A1=1), part, declare)) == ((), "damaged")


def test_what_openpyxl_leaves_behind_absolute_targets_is_told_cell_by_cell() -> None:
    content = with_sheet_data(
        '<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B1"><f>1+1</f><v></v></c>'
        '<c r="C1"><f>1+1</f><v>2</v></c><c r="D1" t="str"><f>""</f><v></v></c><c r="E1" s="1"/></row>'
    )
    with ZipFile(io.BytesIO(content)) as archive:
        assert b'Target="/xl/worksheets/sheet1.xml"' in archive.read("xl/_rels/workbook.xml.rels")
    grid = only(content)
    assert [grid.broken_at(0, column) for column in range(5)] == ["error", "no_value", None, None, None]


def test_addresses_left_out_are_counted() -> None:
    grid = only(with_sheet_data('<row><c><v>1</v></c></row><row><c s="1"/><c t="e"><v>#N/A</v></c></row>'))
    assert (grid.at(0, 0), grid.features.broken) == (1, {(1, 1): "error"})


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>',
    ],
)
def test_a_sheet_that_contradicts_itself_cannot_be_followed_and_is_not_read(row: str) -> None:
    assert open_grids(with_sheet_data(row)) == ((), "damaged")


def test_cells_that_stand_for_many_are_read_unless_they_reach_too_far() -> None:
    grid = only(ods(ods_number(2)))
    assert (grid.name, grid.rows) == ("填报", [[7, 7], [7, 7]])
    assert open_grids(ods("<table:table-cell/>" * 300 + ods_number())) == ((), "too_large")
    assert open_grids(ods(ods_number(2), rows_between=1_000_000)) == ((), "too_large")
