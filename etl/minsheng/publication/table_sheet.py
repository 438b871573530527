"""A sheet that holds a table: XlsxWriter's own, but a value that stands in a column many times is drawn once.

XlsxWriter draws every cell for itself, which is most of what a workbook takes (docs/adr/0062). What it makes is the
same, but for a hint (``spans``) that it leaves out of large workbooks itself.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from operator import getitem

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from minsheng.core.text import remembered
from minsheng.words.chinese import chinese

PERCENT, POINTS, WHOLE, QUANTITY = "0.0%", "+0.0;-0.0;0.0", "#,##0", "#,##0.0#####"
MOMENT, DAY, TEXT = "yyyy-mm-dd hh:mm", "yyyy-mm-dd", "@"
MEASURED = "见计量单位"  # a quantity, or a rate where the row's unit of measure is %
HEADING = "表头"
_TEXT_CELL = ' t="s">'
_NUMBER, _TALL = "\0", "\1"  # in the XML of a cell, which can hold neither
_LONGEST = 32_767  # letters of a cell; what is longer would be left out whole
_WIDEST, _NARROWEST = 48, 8
_LINE_HEIGHT = 16.5  # points
_SAMPLED = 200  # rows looked at to find a column's width

RowValues = Sequence[object]


class TableSheet(Worksheet):  # type: ignore[misc] # XlsxWriter has no types
    """A sheet that holds one table and nothing else."""

    _rows: list[str]

    def write_table(
        self, headings: Sequence[str], rows: Sequence[RowValues], formats: Sequence[str], looks: Mapping[str, Format]
    ) -> None:
        """Write the headings and below them the rows, each column as wide as its values need.

        ``formats``: of each column one of the names in this module; ``looks``: how what bears such a name is drawn.
        """
        text_count = self.str_table.count
        widths = [_fitting(values) for values in zip(*[headings, *rows[:_SAMPLED]], strict=True)]
        for number, width in enumerate(widths):
            self.set_column(number, number, width)
        heading = [_Column(self, looks, HEADING, number, width) for number, width in enumerate(widths)]
        plain = [_Column(self, looks, name, *place) for name, place in zip(formats, enumerate(widths), strict=True)]
        rates = [column.of_rates() for column in plain]
        self._rows = [_row(1, heading, headings)]
        for number, row in enumerate(rows, start=2):
            self._rows.append(_row(number, rates if "%" in row else plain, row))  # the value of 计量单位
        # XlsxWriter counts each text as often as it draws it.
        self.str_table.count = text_count + sum(row.count(_TEXT_CELL) for row in self._rows)
        self.dim_rowmax = len(rows)

    def _write_rows(self) -> None:
        """In place of XlsxWriter's own, which writes what ``write_table`` has left no trace of."""
        self.fh.write("".join(self._rows))


class _Column(dict[object, str]):
    """A column of a sheet: to each value the XML of a cell that holds it, drawn when it is first asked for.

    In the XML _NUMBER stands for the number of the row, and behind a cell of several lines how many they are.
    """

    def __init__(self, sheet: TableSheet, looks: Mapping[str, Format], name: str, number: int, width: int) -> None:
        super().__init__({None: ""})
        self._sheet, self._looks, self._name, self._number, self._width = sheet, looks, name, number, width

    def of_rates(self) -> _Column:
        """The same where the row's unit of measure is %."""
        if self._name != MEASURED:
            return self
        return _Column(self._sheet, self._looks, PERCENT, self._number, self._width)

    def __missing__(self, value: object) -> str:
        sheet, place = self._sheet, (0, self._number)
        _write(sheet, *place, value, self._looks[_look_name(value, self._name)])
        sheet.fh = io.StringIO()
        sheet._write_cell(*place, sheet.table[0][self._number])
        letter, lines = xl_col_to_name(self._number), _lines(value, self._width)
        drawn = sheet.fh.getvalue().replace(f'"{letter}1"', f'"{letter}{_NUMBER}"', 1)
        self[value] = drawn if lines == 1 else f"{drawn}{_TALL}{lines}{_TALL}"
        return self[value]


def _row(number: int, columns: Iterable[_Column], row: RowValues) -> str:
    """The XML of a row, as high as its longest value needs.

    Excel finds the height of a row itself; LibreOffice does not, and shows lines over each other.
    """
    cells, height = "".join(map(getitem, columns, row)), ""
    if _TALL in cells:
        drawn = cells.split(_TALL)
        cells = "".join(drawn[::2])
        height = f' ht="{_LINE_HEIGHT * max(map(int, drawn[1::2])):.16g}" customHeight="1"'
    return f'<row r="{number}"{height}>{cells.replace(_NUMBER, str(number))}</row>'


def _write(sheet: Worksheet, row: int, column: int, value: object, look: Format) -> None:
    if isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否", look)
    elif isinstance(value, str):  # whatever it begins with, it is no formula
        sheet.write_string(row, column, value[:_LONGEST], look)
    elif isinstance(value, date):
        moment = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        sheet.write_datetime(row, column, moment, look)
    else:
        sheet.write_number(row, column, value, look)


def _look_name(value: object, column_format: str) -> str:
    """The name of the look of one value."""
    if column_format in (MEASURED, QUANTITY) and isinstance(value, int | float | Decimal):
        return WHOLE if value == int(value) else QUANTITY
    return value if isinstance(value, str) and value in chinese().light.values() else column_format


def _fitting(values: Iterable[object]) -> int:
    """How wide a column is, in digits."""
    return min(max(max(map(_width, set(values))) + 3, _NARROWEST), _WIDEST)


def _lines(value: object, width: int) -> int:
    """How many lines a value takes in a column so wide; a short text is seen to fit before it is measured."""
    if isinstance(value, str) and 2 * len(value) <= width - 2:
        return 1
    return max(-(-_width(value) // (width - 2)), 1)


def _width(value: object) -> int:
    if isinstance(value, datetime):
        return len(MOMENT)
    if isinstance(value, float | Decimal):
        return len(f"{value:,.2f}")
    return _text_width(str(value or ""))


@remembered
def _text_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
