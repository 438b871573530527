"""One number, only when there is one way to read it."""

from datetime import date
from decimal import Decimal

import pytest

from minsheng.spreadsheet.numbers import CellValue, plain, read_number, read_target

UNITS = frozenset({"人次", "公里"})

READ = [
    (7.449999999999999, "7.45", "ok"),
    ("7.449999999999999", "7.45", "normalised"),
    (sum([0.1] * 1000), "100", "ok"),
    ("29.999999999999996", "30", "normalised"),
    (123456789012.25, "123456789012.25", "ok"),
    ("123456789012.123", "123456789012.123", "normalised"),
    (300, "300", "ok"),
    (300.0, "300", "ok"),
    (0.1 + 0.2, "0.3", "ok"),
    (752393.73, "752393.73", "ok"),
    (-12, "-12", "ok"),
    ("314", "314", "normalised"),
    ("３１４", "314", "normalised"),
    ("１２．５", "12.5", "normalised"),
    ("31,400", "31400", "normalised"),
    ("31，400", "31400", "normalised"),
    ("\u3000300\u00a0", "300", "normalised"),
    ("'300", "300", "normalised"),
    ("3 000", "3000", "normalised"),
    ("３１ ４００", "31400", "normalised"),
    ("- 5", "-5", "normalised"),
    ("1300人次", "1300", "normalised"),
    ("11.2 公里", "11.2", "normalised"),
    ("3.14万", "31400", "normalised"),
    ("3.14万人次", "31400", "normalised"),
    ("1.2亿", "120000000", "normalised"),
    ("－5", "-5", "normalised"),
    ("+5", "5", "normalised"),
]

REFUSED = [
    (None, "empty"),
    ("", "empty"),
    (" \u3000", "empty"),
    ("/", "mark"),
    ("—", "mark"),
    ("无", "mark"),
    ("N/A", "mark"),
    ("约300", "approximate"),
    ("300余", "approximate"),
    ("近300", "approximate"),
    (">300", "approximate"),
    ("300左右", "approximate"),
    ("300+", "approximate"),
    ("98%", "percent"),
    ("1300户", "unit_mismatch"),
    ("5501O", "letter"),
    ("l20", "letter"),
    ("\u202e021\u202c", "not_a_number"),
    ("PT52H00M00S", "date"),
    ("5千", "unit_mismatch"),
    ("3.14159万", "inexact"),
    ("设备购进中", "not_a_number"),
    ("5+3", "not_a_number"),
    ("3/5", "not_a_number"),
    ("1.234.567", "not_a_number"),
    ("31,40", "not_a_number"),
    ("0,275", "not_a_number"),
    ("０，２７５", "not_a_number"),
    ("0 205", "not_a_number"),
    ("205.", "not_a_number"),
    ("205，", "not_a_number"),
    ("205*", "not_a_number"),
    ("205（人次）", "not_a_number"),
    ("(300)", "not_a_number"),
    ("2617①", "not_a_number"),
    ("120²", "not_a_number"),
    ("②", "not_a_number"),
    ("5½", "not_a_number"),
    ("𝟏𝟐", "not_a_number"),
    ("٣", "not_a_number"),
    ("2617 1", "not_a_number"),
    ("1 2", "not_a_number"),
    ("1,234 567", "not_a_number"),
    ("12\n300", "not_a_number"),
    (True, "not_a_number"),
    (float("inf"), "not_a_number"),
    (float("nan"), "not_a_number"),
    (1 / 3, "too_precise"),
    (123456.123456789, "too_precise"),
    ("3.6666666666666665", "too_precise"),
    ("0.1234567", "too_precise"),
    (1e18, "too_large"),
    (date(2022, 3, 1), "date"),
    ("#REF!", "error"),
]


@pytest.mark.parametrize(("value", "number", "reading"), READ)
def test_a_number_with_one_reading_is_read_exactly(value: CellValue, number: str, reading: str) -> None:
    answer = read_number(value, UNITS, whole=True)
    assert (answer.value, answer.reading) == (Decimal(number), reading)


@pytest.mark.parametrize(("value", "reading"), REFUSED)
def test_anything_else_has_no_value_and_says_why(value: CellValue, reading: str) -> None:
    answer = read_number(value, UNITS, whole=True)
    assert (answer.value, answer.reading) == (None, reading)


def test_ten_thousands_need_not_be_whole_for_a_measure_with_decimals() -> None:
    assert read_number("3.14159万", UNITS).value == Decimal("31415.9")


@pytest.mark.parametrize(("number", "text"), [("31400.00", "31400"), ("1E+3", "1000"), ("0.50", "0.5"), ("100", "100")])
def test_plain_digits(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("≥1,800", "1800"),
        ("＞60", "60"),
        ("超60人次", "60"),
        ("不少于 120 人次", "120"),
        ("30 公里以上", "30"),
        ("3.14万人次", "31400"),
        (1800, "1800"),
        ("约1800", None),
        ("≥90%", None),
        ("每个街道有 1 处", None),
    ],
)
def test_a_target_is_read_past_how_it_is_compared(text: CellValue, value: str | None) -> None:
    number = read_target(text, UNITS, whole=True).value
    assert (None if number is None else plain(number)) == value
