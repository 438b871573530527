"""A sheet whose cells are drawn once a value is the one that XlsxWriter draws a cell at a time."""

import io
import random
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zipfile import ZipFile

import pytest
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from minsheng.publication.table_sheet import (
    DAY,
    HEADING,
    MEASURED,
    MOMENT,
    PERCENT,
    QUANTITY,
    TEXT,
    WHOLE,
    TableSheet,
)

NAMES = (TEXT, TEXT, MEASURED, PERCENT, QUANTITY, MOMENT, DAY, TEXT)
HEADINGS = ("单位", "计量单位", "完成值", "完成率", "数量", "时间", "日期", "是否")
_SPANS = re.compile(r' spans="[\d:]+"')
_TEXTS = (
    "甲",
    "红",
    "=1+1",
    'a<b & "c"',
    "换\n行",
    " 前后空格 ",
    "\x01控制",
    "_x0041_",
    "长" * 40,
    "更长" * 17_000,
    "",
)


def rows(seed: int) -> list[tuple[object, ...]]:
    draw = random.Random(seed)

    def some(value: object) -> object:
        return None if draw.random() < 0.2 else value

    def row() -> tuple[object, ...]:
        measured = Decimal(draw.randint(-3000, 3000)) / draw.choice((1, 7, 1000))
        return (
            some(draw.choice(_TEXTS)),
            draw.choice(("%", "万元")),  # never null: a row without a value is none
            some(measured.quantize(Decimal("0.000001"))),
            some(draw.random() * draw.choice((1, 1e6))),
            some(draw.randint(-5, 5)),
            some(datetime(2022, 1, draw.randint(1, 31), draw.randint(0, 23), 30)),  # noqa: DTZ001 - Excel knows no zones
            some(date(2022, draw.randint(1, 12), 1)),
            some(draw.random() < 0.5),
        )

    return [row() for _ in range(250)]


def look_of(name: str, value: object, *, is_rate: bool) -> str:
    if name == MEASURED and is_rate:
        return PERCENT
    if name in (MEASURED, QUANTITY):
        return WHOLE if value == int(str(value).split(".")[0]) else QUANTITY
    return "红" if value == "红" else name


def draw_by_hand(sheet: Worksheet, found: Sequence[Sequence[object]], looks: dict[str, Format]) -> None:
    """The same table with nothing but XlsxWriter's public functions."""
    for column, text in enumerate(HEADINGS):
        sheet.write_string(0, column, text, looks[HEADING])
    for number, row in enumerate(found, start=1):
        for column, (name, value) in enumerate(zip(NAMES, row, strict=True)):
            if value is None:
                continue
            look = looks[look_of(name, value, is_rate=row[1] == "%")]
            if isinstance(value, bool):
                sheet.write_string(number, column, "是" if value else "否", look)
            elif isinstance(value, str):
                sheet.write_string(number, column, value[:32_767], look)
            elif isinstance(value, date):
                sheet.write_datetime(number, column, value, look)
            else:
                sheet.write_number(number, column, value, look)


def parts(found: Sequence[Sequence[object]], *, by_hand: bool) -> tuple[str, str]:
    """The XML of the sheet, from the first row on, and of the texts."""
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as workbook:
        names = (HEADING, TEXT, PERCENT, QUANTITY, WHOLE, MOMENT, DAY, "红")
        looks = {name: workbook.add_format({"num_format": f'0"{number}"'}) for number, name in enumerate(names)}
        for look in looks.values():
            look._get_xf_index()  # numbered by hand, not by which cell is drawn first
        if by_hand:
            draw_by_hand(workbook.add_worksheet(), found, looks)
        else:
            workbook.add_worksheet(None, TableSheet).write_table(HEADINGS, found, NAMES, looks)
    with ZipFile(stream) as archive:
        sheet = _SPANS.sub("", archive.read("xl/worksheets/sheet1.xml").decode())
        return sheet, archive.read("xl/sharedStrings.xml").decode()


def without_sizes(sheet: str) -> str:
    """Without the widths of columns and heights of rows, which the plain sheet is not given."""
    return re.sub(r' ht="[\d.]+" customHeight="1"|<cols>.*</cols>', "", sheet)


@pytest.mark.parametrize("seed", range(5))
def test_every_cell_is_the_one_that_xlsxwriter_draws(seed: int) -> None:
    found = rows(seed)
    (sheet, texts), (by_hand, texts_by_hand) = parts(found, by_hand=False), parts(found, by_hand=True)
    assert without_sizes(sheet) == by_hand
    assert texts == texts_by_hand


def test_a_row_is_as_high_as_its_longest_value() -> None:
    sheet, _ = parts([("短", "%", None, None, None, None, None, None), ("长" * 50, *[None] * 7)], by_hand=False)
    assert re.findall(r'<row r="(\d+)"(?: ht="([\d.]+)")?', sheet) == [("1", ""), ("2", ""), ("3", "49.5")]


def test_a_number_that_excel_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError, match="NAN"):
        parts([("甲", "%", None, float("nan"), None, None, None, None)], by_hand=False)
