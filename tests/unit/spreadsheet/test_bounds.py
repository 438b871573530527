"""Small files that are large inside: each is refused in the worker before it takes 500 MB or 20 s, and nowhere else."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from minsheng.core.declarations import ROOT
from tests.books import open_grids
from tests.unit.spreadsheet.test_hostile_files import SHEET, edited, ods, with_cells, with_sheet_data
from tests.workbooks import as_bytes, manholes

# Not the resources used, in which a new process inherits the peak of the one that started it.
MEASURE = """
import json, pathlib, re, resource, sys, time
from minsheng.spreadsheet.opening import book_reader
content, begun = sys.stdin.buffer.read(), time.process_time()
with book_reader() as read_book:
    book = read_book(content)
reading = book.reading if book.reading != "ok" else book.notes_reading
worker = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = time.process_time() - begun, worker.ru_utime + worker.ru_stime
own = int(re.search("VmHWM:\\s*(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
print(json.dumps([reading, *seconds, own >> 10, worker.ru_maxrss >> 10]))
"""
RELATION = (
    b'<Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"'
    b' Target="sharedStrings.xml"/></Relationships>'
)


@dataclass
class Cost:
    """Seconds of processor time, and the peak of memory in MB, of the main process and of the worker."""

    reading: str
    main_seconds: float
    worker_seconds: float
    main_peak: int
    worker_peak: int


def measured(content: bytes) -> Cost:
    command = (sys.executable, "-c", MEASURE)
    done = subprocess.run(command, input=content, capture_output=True, cwd=ROOT, check=True)
    return Cost(*json.loads(done.stdout))


def tiny_elements() -> bytes:
    return edited(with_cells(A1=1), SHEET, lambda xml: xml.replace(b"</worksheet>", b"<a/>" * 45_000_000))


def one_text_for_all_cells(letters: int, cells: int = 1900) -> bytes:
    """Nothing is large but what comes of it: calamine copies a shared text for every cell that uses it."""
    sheet = with_sheet_data("".join('<row><c t="s"><v>0</v></c></row>' for _ in range(cells)))
    related = edited(sheet, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"</Relationships>", RELATION))
    stream = io.BytesIO(related)
    with ZipFile(stream, "a", ZIP_DEFLATED) as archive:
        text = "中" * letters
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="main"><si><t>{text}</t></si></sst>')
    return stream.getvalue()


def many_styles() -> bytes:
    return edited(
        with_cells(A1=1), "xl/styles.xml", lambda xml: xml.replace(b"</cellXfs>", b"<xf/>" * 30_000_000 + b"</cellXfs>")
    )


def one_sheet_under_many_names() -> bytes:
    large = edited(
        as_bytes(manholes()), SHEET, lambda xml: xml.replace(b"</worksheet>", b"<!--" + b"x" * 1_000_000 + b"-->")
    )
    name = b'<sheet xmlns:r="r" name="%d" sheetId="%d" r:id="rId1"/>'
    names = b"".join(name % (number, number) for number in range(10, 1000))
    return edited(large, "xl/workbook.xml", lambda xml: xml.replace(b"</sheets>", names + b"</sheets>"))


def many_sheets_with_far_corners() -> bytes:
    workbook = Workbook()
    for number in range(100):
        sheet = workbook.create_sheet(str(number))
        sheet["A1"] = sheet["GR2000"] = 1
    return as_bytes(workbook)


def one_long_text_repeated_in_ods() -> bytes:
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="190"><text:p>{}</text:p>'
    return ods(cell.format("中" * 1_000_000) + "</table:table-cell>")


def many_parts() -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        for number in range(20_000):
            archive.writestr(str(number), b"")
    return stream.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    "bomb",
    [
        tiny_elements,
        lambda: one_text_for_all_cells(1_000_000),
        lambda: one_text_for_all_cells(30_000),
        many_styles,
        one_sheet_under_many_names,
        many_sheets_with_far_corners,
        one_long_text_repeated_in_ods,
        many_parts,
        lambda: b"," * (20 << 20),
        lambda: b"a,b\n" * 5_000_000,
        lambda: b'"' + b"x" * (20 << 20),
    ],
)
def test_a_bomb_is_refused_before_it_takes_memory_or_time(bomb: Callable[[], bytes]) -> None:
    cost = measured(bomb())
    assert cost.reading in ("too_large", "damaged")
    assert cost.worker_seconds < 20 and cost.worker_peak < 500
    assert cost.main_seconds < 1 and cost.main_peak < 100


def test_what_is_not_much_at_all_is_still_read() -> None:
    (grid,), reading = open_grids(one_text_for_all_cells(100))
    assert (reading, len(grid.rows), grid.at(1899, 0)) == ("ok", 1900, "中" * 100)


def test_a_part_packed_as_no_spreadsheet_program_does_is_damaged() -> None:
    stream = io.BytesIO(with_cells(A1=1))
    with ZipFile(stream, "a", ZIP_BZIP2) as archive:
        archive.writestr("x", b"x")
    assert open_grids(stream.getvalue()) == ((), "damaged")
