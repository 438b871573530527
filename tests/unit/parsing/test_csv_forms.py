"""A form saved as csv: one way to read it, or none."""

import codecs
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from openpyxl import Workbook

from minsheng.parsing.reading import FileReading, ReadForm
from minsheng.spreadsheet.csv_text import SHEET_NAME, read_separated
from tests.books import read_form
from tests.unit.parsing.saved import ENCODINGS, SEPARATORS, as_csv, entered, numbers, told
from tests.workbooks import blank, cell, manholes, streets, words

FORM = manholes()


def read(content: bytes, name: str = "报表.csv") -> ReadForm:
    return read_form(content, name, words())


def changed(old: str, new: str) -> bytes:
    text = as_csv(FORM).decode()
    assert old in text
    return text.replace(old, new).encode()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_csv_says_what_the_workbook_says(encoding: str, separator: str) -> None:
    reading = read(as_csv(FORM, encoding, separator))
    assert (reading.reading, reading.period, reading.template_version) == ("ok", "2022-05", "2022B")
    assert numbers(reading) == {
        ("report", "M03-01", None, "month"): Decimal(120),
        ("report", "M03-01", None, "cumulative"): Decimal(520),
    }
    assert {(one.sheet_name, one.reading, one.raw_text) for one in entered(reading)} >= {
        (SHEET_NAME, "ok", "120"),
        (SHEET_NAME, "ok", "520"),
    }


def test_any_of_the_tables_may_be_the_one_and_the_others_are_told_to_be_missing() -> None:
    reading = read(as_csv(streets(), sheet="明细"))
    assert {key[0] for key in numbers(reading)} == {"detail"}
    assert {("report", "no_table", None), ("contribution", "no_table", None), ("content_kind", "ok", ".csv")} <= told(
        reading, "file"
    )


@pytest.mark.parametrize(
    ("text", "value", "reading"),
    [
        ("0120", "120", "normalised"),
        ("120.50", "120.5", "normalised"),
        ("4.1E+05", None, "not_a_number"),
        ("12%", None, "percent"),
        ('"1,200"', "1200", "normalised"),
        ("1234567.891234", "1234567.891234", "ok"),
        ("#DIV/0!", None, "error"),
        ("(120)", None, "not_a_number"),
        ('="120"', "120", "normalised"),
        ('"=""120"""', "120", "normalised"),
        ("########", None, "not_a_number"),
        ("2022年3月", None, "date"),
    ],
)
def test_what_is_displayed_is_read_exactly_or_not_at_all(text: str, value: str | None, reading: str) -> None:
    month = next(one for one in entered(read(changed(",120,", f",{text},"))) if one.field == "month")
    assert (month.number_value, month.reading) == (None if value is None else Decimal(value), reading)
    assert month.raw_text == text.strip('="')


def half_and_half() -> bytes:
    head, tail = as_csv(FORM).decode().split("指标编码")
    return head.encode("gb18030") + ("指标编码" + tail).encode()


@pytest.mark.parametrize(
    ("content", "reading"),
    [
        (changed("窨井", "\ufffd\ufffd"), "unknown_encoding"),
        (half_and_half(), "unknown_encoding"),
        (as_csv(FORM)[:-1] + b"\xff", "unknown_encoding"),
        (codecs.BOM_UTF16_LE + as_csv(FORM, "utf-16-le")[:-1], "unknown_encoding"),
        (as_csv(FORM)[:60] + b"\x01" + as_csv(FORM)[60:], "not_a_workbook"),
        (changed("窨井", '"窨井'), "ragged"),
        (changed(",120,", ',"120,'), "ragged"),
        (as_csv(FORM).split(b",520,")[0] + b",52", "ragged"),
        (changed(",120,", ",1,200,"), "ragged"),
        (as_csv(FORM) + b"x\r\n" * 2000, "too_large"),
        (as_csv(FORM) + b"," * 200, "too_large"),
        (b"\n", "empty_file"),
        ("花名册\n张三\n".encode("gb18030"), "no_form"),
    ],
)
def test_a_csv_that_can_be_read_two_ways_is_not_read(content: bytes, reading: FileReading) -> None:
    assert replace(read(content), cells=()) == ReadForm(reading)


def trimmed(workbook: Workbook, **numbers: str) -> str:
    """As programs save it that leave out what is empty at the end of a line, with other numbers in some lines."""
    lines = [line.rstrip(",") for line in as_csv(workbook).decode().splitlines()]
    for code, written in numbers.items():
        (place,) = (place for place, line in enumerate(lines) if line.startswith(code.replace("_", "-")))
        lines[place] = re.sub(r"(,[^,]*,[^,]*,)(?:[^,]*,){2}.*$", rf"\g<1>{written}", lines[place])
    return "\n".join(lines)


def places(content: str) -> list[str]:
    """Which lines cannot be read, in words; nothing for a file that can."""
    cells = read(content.encode()).cells
    return [str(one.text_value) for one in cells if (one.section, one.field) == ("file", "places")]


def test_the_line_that_is_too_long_is_named() -> None:
    assert places(changed(",120,", ",1,200,").decode()) == ["列名 18 格，第 6 行 19 格"]


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_lines_without_what_is_empty_at_their_end_are_read(end: str) -> None:
    reading = read((trimmed(FORM) + end).encode())
    assert reading.reading == "ok"
    assert set(numbers(reading).values()) == {Decimal(120), Decimal(520)}


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("2032,,120,520", None),
        ("2032,,20,120,,,否", None),
        ("2032,,20,120,300", "第 6 行的“20,120”可能是一个数"),
        ("2032,,1,020,5,300", "第 6 行的“1,020”可能是一个数"),
        ("2032,,1,120,520", "第 6 行的“1,120”可能是一个数"),
        ("2032,,1,120,1,520", "第 6 行的“1,120”可能是一个数"),
        ("2,032,,1,120,520", "第 6 行的“2,032”可能是一个数"),
        ("2032,,1,234,567,1,234,800", "第 6 行的“1,234”可能是一个数"),
        ("2032,,1200,5200,,,,,,见 1,200", None),
        ("2032," + "1,111," * 4 + "1,111", "第 6 行的“1,111”可能是一个数"),
    ],
)
def test_values_that_may_be_one_number_are_not_read_as_two(line: str, place: str | None) -> None:
    assert places(trimmed(FORM, M03_01=line) + "\n") == ([] if place is None else [place])


def test_a_line_as_long_as_the_headings_has_its_values_where_they_belong() -> None:
    assert places(changed(",120,520,,,", ",1,120,520,5,").decode()) == []


def test_lines_of_unequal_length_may_lack_a_blank_or_have_a_comma_too_many() -> None:
    workbook = blank("RSJ")
    for code, month, cumulative in (("M01-01", 3240, 12610), ("M01-02", 305, 1205), ("M01-03", 100, 411)):
        cell(workbook, code, "本月数").value, cell(workbook, code, "累计数").value = month, cumulative
    assert places(trimmed(workbook) + "\n") == []
    cell(workbook, "M01-02", "零报送").value = "否"
    assert places(trimmed(workbook) + "\n") == ["列名 18 格，第 6、8 行 7 格，第 7 行 10 格"]


def test_a_line_that_may_have_been_cut_short_is_not_read() -> None:
    whole = trimmed(FORM)
    line = whole.index("M03-01")
    cut = whole[: whole.index("\n", line)]
    assert places(cut) == ["最后一行（第 6 行）没有写完"]
    assert places(cut + "\n") == []


def test_a_tab_parts_no_thousands() -> None:
    assert places(trimmed(FORM, M03_01="2032,,1,020,5").replace(",", "\t") + "\n") == []


def test_numbers_are_numbers_and_everything_else_stays_as_it_stands() -> None:
    (grid,), _ = read_separated(b"12,-3,1.5,007,1.50,+4,1e5,410423199001011234, 5 \r\n")
    assert grid.rows == [[12, -3, 1.5, "007", "1.50", "+4", "1e5", "410423199001011234", " 5 "]]
