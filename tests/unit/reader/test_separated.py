"""A form saved as csv: one way to read it, or none."""

import codecs
from dataclasses import replace
from decimal import Decimal

import pytest

from etl.reader.reading import Reading
from etl.reader.separated import SHEET_NAME, read_separated
from tests.books import read_form
from tests.unit.reader.saved import ENCODINGS, SEPARATORS, as_csv, entered, numbers, told
from tests.workbooks import manholes, streets, words

FORM = manholes()


def read(content: bytes, name: str = "报表.csv") -> Reading:
    return read_form(content, name, words())


def changed(old: str, new: str) -> bytes:
    text = as_csv(FORM).decode()
    assert old in text
    return text.replace(old, new).encode()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_csv_says_what_the_workbook_says(encoding: str, separator: str) -> None:
    reading = read(as_csv(FORM, encoding, separator))
    assert (reading.reading, reading.period, reading.template_version) == ("ok", "2022-05", "2022-01")
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
        ("1234567.891234", "1234567.891234", "normalised"),
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
        (as_csv(FORM).split(b",520,")[0] + b",52", "damaged"),
        (changed(",120,", ",1,200,"), "ragged"),
        (as_csv(FORM) + b"x\r\n" * 2000, "too_large"),
        (as_csv(FORM) + b"," * 200, "too_large"),
        (b"\n", "empty_file"),
        ("花名册\n张三\n".encode("gb18030"), "no_form"),
    ],
)
def test_a_csv_that_can_be_read_two_ways_is_not_read(content: bytes, reading: str) -> None:
    assert replace(read(content), cells=()) == Reading(reading)


def test_the_line_that_is_too_long_is_named() -> None:
    cells = read(changed(",120,", ",1,200,")).cells
    assert [(one.section, one.field, one.text_value) for one in cells] == [("file", "places", "第 6 行")]


def test_numbers_are_numbers_and_everything_else_stays_as_it_stands() -> None:
    (grid,), _ = read_separated(b"12,-3,1.5,007,1.50,+4,1e5,410423199001011234, 5 \r\n")
    assert grid.rows == [[12, -3, 1.5, "007", "1.50", "+4", "1e5", "410423199001011234", " 5 "]]
