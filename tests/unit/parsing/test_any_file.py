"""Whatever a file holds there is an answer, and whatever is harmless changes no number."""

import io
from dataclasses import replace
from decimal import Decimal
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from openpyxl import Workbook

from minsheng.parsing.reading import ReadForm
from minsheng.spreadsheet.kinds import KINDS
from tests.books import read_form
from tests.unit.parsing.saved import ENCODINGS, SEPARATORS, as_csv, numbers
from tests.unit.spreadsheet import binary
from tests.unit.spreadsheet.test_hostile_files import ods, ods_number
from tests.workbooks import as_bytes, cell, header_row, manholes, words

READINGS = KINDS | {
    "ok", "no_form", "garbled", "several_forms", "ragged", "too_large", "empty_file", "encrypted", "damaged", "macro",
    "unknown_encoding", "not_a_workbook",
}  # fmt: skip
MAGICS = (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xef\xbb\xbf", b"<html", b"<?xml ")
FORM = as_bytes(manholes())
CSV = as_csv(manholes(), "gb18030")
APART = (
    binary.xls([binary.number(0, column, 3, column) for column in range(3)], ("0.0%",)),
    binary.xlsb([(0, 0, [(5, 0, 0, b"\0" * 8)])], ("0.0%",)),
    ods(ods_number()),
)
TRUTH = numbers(read_form(FORM, "报表.xlsx", words()))

seeded = settings(derandomize=True, deadline=None, database=None, max_examples=150)
few = settings(seeded, max_examples=15)


def answer(content: bytes) -> str:
    reading = read_form(content, "报表.xlsx", words())
    assert reading.reading in READINGS
    assert reading.reading == "ok" or replace(reading, cells=()) == ReadForm(reading.reading)
    assert reading.reading == "ok" or {cell.field for cell in reading.cells} <= {"places"}
    return reading.reading


@settings(seeded, max_examples=70)
@given(st.sampled_from(MAGICS), st.binary(max_size=600))
def test_any_bytes_have_an_answer(magic: bytes, rest: bytes) -> None:
    answer(magic + rest)


@seeded
@given(st.text(alphabet="填报指标编码本月数累计,;\t\"'\r\n 0１%万", max_size=300), st.sampled_from(ENCODINGS))
def test_any_text_has_an_answer(text: str, encoding: str) -> None:
    answer(text.encode(encoding))


@st.composite
def spoilt(draw: st.DrawFn, contents: SearchStrategy[bytes]) -> bytes:
    """Cut short, or some bytes overwritten."""
    content = bytearray(draw(contents))
    if draw(st.booleans()):
        return bytes(content[: draw(st.integers(0, len(content)))])
    for _ in range(draw(st.integers(1, 4))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content)


@seeded
@given(spoilt(st.sampled_from((FORM, CSV))))
def test_a_spoilt_file_has_an_answer(content: bytes) -> None:
    answer(content)


@pytest.mark.slow
@few
@given(spoilt(st.sampled_from(APART)))
def test_a_spoilt_file_of_another_format_has_an_answer(content: bytes) -> None:
    answer(content)


@st.composite
def shuffled_parts(draw: st.DrawFn) -> bytes:
    """The parts of a workbook under each other's names, some missing, some damaged."""
    with ZipFile(io.BytesIO(FORM)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = list(parts)
    first, second = draw(st.lists(st.sampled_from(names), min_size=2, max_size=2))
    parts[first], parts[second] = parts[second], parts[first]
    damaged = draw(st.sampled_from(names))
    parts[damaged] = draw(spoilt(st.just(parts[damaged])))
    parts.pop(draw(st.sampled_from([*names, ""])), None)
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


@seeded
@given(shuffled_parts())
def test_a_workbook_of_parts_in_the_wrong_places_has_an_answer(content: bytes) -> None:
    answer(content)


def full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char.isdecimal() else char for char in text)


WRITINGS = (
    str,
    full_width,
    lambda text: f"{int(text):,}",
    lambda text: f"\u00a0{text}\u3000",
    lambda text: f"{text} 个",
    lambda text: f"'{text}",
    lambda text: f"{text}.00",
)


@st.composite
def harmlessly_changed(draw: st.DrawFn) -> tuple[Workbook, int, int]:
    """A form with these numbers for month and cumulative, written and laid out in one of many ways."""
    month = draw(st.integers(0, 99_999))
    cumulative = month + draw(st.integers(0, 999_999))
    workbook = manholes()
    for heading, value in (("本月数", month), ("累计数", cumulative)):
        written = draw(st.sampled_from(WRITINGS))(str(value)) if draw(st.booleans()) else value
        cell(workbook, "M03-01", heading).value = written
    lay_out(draw, workbook)
    return workbook, month, cumulative


def lay_out(draw: st.DrawFn, workbook: Workbook) -> None:
    sheet = workbook["填报"]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    header = header_row(sheet)
    for column in range(1, 17):
        sheet.cell(header, column).value = draw(st.sampled_from(("{}", " {} ", "{}\n"))).format(
            sheet.cell(header, column).value
        )
    if draw(st.booleans()):
        sheet.insert_cols(draw(st.integers(1, 17)), draw(st.integers(1, 2)))
    for row in draw(st.lists(st.sampled_from((1, header, header + 1, header + 2)), max_size=3)):
        sheet.insert_rows(row)


@pytest.mark.slow
@settings(seeded, max_examples=60)
@given(harmlessly_changed(), st.sampled_from(("xlsx", *ENCODINGS)), st.sampled_from(SEPARATORS))
def test_a_harmless_change_changes_no_number(form: tuple[Workbook, int, int], saved: str, separator: str) -> None:
    workbook, month, cumulative = form
    content = as_bytes(workbook) if saved == "xlsx" else as_csv(workbook, saved, separator)
    reading = read_form(content, "报表", words())
    assert (reading.reading, reading.period, reading.template_version) == ("ok", "2022-05", "2022B")
    assert numbers(reading) == {
        ("report", "M03-01", None, "month"): Decimal(month),
        ("report", "M03-01", None, "cumulative"): Decimal(cumulative),
    }


@seeded
@given(spoilt(st.just(FORM)))
def test_a_spoilt_workbook_never_gives_another_number(content: bytes) -> None:
    found = numbers(read_form(content, "报表.xlsx", words()))
    assert found in ({}, TRUTH)
