"""An xls beside its values: formats under the numbers of others, formulas nobody calculated, conditional formats."""

from struct import pack

import pytest

from minsheng.spreadsheet.xls_formulas import formula_text
from tests.unit.spreadsheet import binary
from tests.unit.spreadsheet.test_hostile_files import only

CALCULATE_ON_OPENING, UNCALCULATED = 0x02, (0x5E, b"\0\0")
CELL_A1, CELL_B1 = b"\x44\x00\x00\x00\xc0", b"\x24\x00\x00\x01\xc0"
AREA_A1_B1 = b"\x25\x00\x00\x00\x00\x00\xc0\x01\xc0"
WHOLE_9, HALF, ADD, TIMES, MINUS, PERCENT, IN_BRACKETS = (
    b"\x1e\x09\0",
    b"\x1f" + pack("<d", 0.5),
    *(bytes([kind]) for kind in (0x03, 0x05, 0x13, 0x14, 0x15)),
)
SUM_OF_ONE, SPACE, IF = b"\x19\x10\0\0", b"\x19\x40\0\x01", b"\x19\x02\x07\0"


def shown_at(number: int, code: str) -> bytes:
    """A workbook with 3 in a style of the format of this number."""
    record = (0x41E, pack("<HHB", number, len(code), 1) + code.encode("utf-16-le"))
    return binary.xls([binary.number(0, 0, 3, 2)], books=[record, (0xE0, pack("<HH16x", 0, number))])


@pytest.mark.parametrize("number", [27, 36, 50, 58])
def test_a_format_of_numbers_under_the_number_of_a_format_of_dates_shows_a_number(number: int) -> None:
    grid = only(shown_at(number, "0.00"))
    assert (grid.rows, grid.features.broken) == ([[3]], {})
    assert only(shown_at(number, '0"万"')).features.broken == {(0, 0): "scaled"}


@pytest.mark.parametrize("code", ["yyyy-mm-dd", '[$-804]m"月"d"日"', "[h]:mm"])
def test_a_format_of_dates_under_its_own_number_shows_no_number(code: str) -> None:
    (value,) = only(shown_at(57, code)).rows[0]
    assert not isinstance(value, int | float)


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        (CELL_A1 + CELL_B1 + ADD, "(A1+B1)"),
        (AREA_A1_B1 + SUM_OF_ONE, "SUM(A1:B1)"),
        (CELL_A1 + WHOLE_9 + b"\x42\x02\x04\x00" + SPACE, "SUM(A1,9)"),
        (CELL_A1 + HALF + ADD + IN_BRACKETS + WHOLE_9 + TIMES, "((A1+0.5)*9)"),
        (CELL_A1 + MINUS + PERCENT, "((-A1)%)"),
        (b"\x44\x63\x00\x1b\xc0", "AB100"),
        (CELL_A1 + IF, ""),
        (b"\x3a\0\0\0\0\0\0", ""),
        (b"\x42\x01\x07\x00", ""),
        (ADD, ""),
        (CELL_A1 + CELL_A1, ""),
        (CELL_A1[:3], ""),
        (b"", ""),
        (CELL_A1 + (CELL_A1 + ADD) * 5000, ""),
    ],
)
def test_the_plainest_formulas_are_written_out(tokens: bytes, text: str) -> None:
    assert formula_text(tokens) == text


@pytest.mark.parametrize(
    ("stored", "tokens", "flags", "extra", "is_stale"),
    [
        (9, CELL_A1 + CELL_B1 + ADD, 0, (), False),
        (0, CELL_A1 + CELL_B1 + ADD, 0, (), True),
        (0, AREA_A1_B1 + SUM_OF_ONE, 0, (), True),
        (9, CELL_A1 + CELL_B1 + ADD, CALCULATE_ON_OPENING, (), False),
        (0, CELL_A1 + IF, 0, (), False),
        (0, CELL_A1 + IF, CALCULATE_ON_OPENING, (), True),
        (0, CELL_A1 + IF, 0, (UNCALCULATED,), True),
    ],
)
def test_a_result_nobody_calculated_is_none(
    stored: float, tokens: bytes, flags: int, extra: tuple[binary.Record, ...], is_stale: bool
) -> None:
    cells = [binary.number(0, 0, 4), binary.number(0, 1, 5), binary.formula(0, 2, stored, tokens, flags=flags)]
    assert only(binary.xls([*extra, *cells])).features.broken == ({(0, 2): "no_value"} if is_stale else {})


def conditional(look: bytes, kind: int = 0x1B1) -> list[binary.Record]:
    """A conditional format of A1:B1, of a rule that says this of how it looks."""
    areas = pack("<HH", 1, 0) + pack("<4H", 0, 0, 0, 1) + pack("<H4H", 1, 0, 0, 0, 1)
    rule = pack("<BBHH", 1, 5, 0, 0)
    if kind == 0x1B1:
        return [(0x1B0, areas), (kind, rule + look)]
    return [(0x879, bytes(12) + areas), (kind, bytes(12) + rule + pack("<L", len(look)) + look)]


def written_format(code: str) -> bytes:
    text = code.encode("utf-16-le")
    return pack("<LH", 1 << 25, 1) + pack("<HHB", 5 + len(text), len(code), 1) + text


def font(marks: int = 0, raised: int = 0, marks_left: int = 0, raised_left: int = 0) -> bytes:
    body = bytearray(118)
    for place, value in ((68, marks), (88, marks_left), (92, raised_left)):
        body[place : place + 4] = pack("<L", value)
    body[74:76] = pack("<H", raised)
    return pack("<LH", 1 << 26, 0) + bytes(body)


@pytest.mark.parametrize("kind", [0x1B1, 0x87A])
@pytest.mark.parametrize(
    ("look", "numbers", "text"),
    [
        (written_format('0"万"'), "scaled", None),
        (written_format("0.00"), None, None),
        (pack("<LH", 1 << 25, 0) + b"\0\x09", "percent", None),
        (font(marks=0x80), "scaled", "scaled"),
        (font(raised=1), "scaled", "scaled"),
        (font(marks=0x80, marks_left=0x80), None, None),
        (font(raised=1, raised_left=1), None, None),
        (pack("<LH", 0, 0), None, None),
    ],
)
def test_a_conditional_format_that_may_show_another_number_is_told(
    kind: int, look: bytes, numbers: str | None, text: str | None
) -> None:
    label = (0x204, pack("<HHHHB", 0, 1, 0, 1, 1) + "甲".encode("utf-16-le"))
    cells = [binary.number(0, 0, 3), label, binary.number(0, 2, 3)]
    broken = only(binary.xls([*cells, *conditional(look, kind)])).features.broken
    assert [broken.get((0, column)) for column in range(3)] == [numbers, text, None]


def test_a_conditional_format_without_a_look_says_nothing() -> None:
    areas, (kind, _) = conditional(b"", 0x87A)
    rule = (kind, bytes(12) + pack("<BBHH", 1, 5, 0, 0) + pack("<LH", 0, 0))
    assert only(binary.xls([binary.number(0, 0, 3), areas, rule])).features.broken == {}
