"""A sheet of the form being drawn; rows and columns are counted from 1, as in a cell's name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from minsheng.template.style import ALERT_COLOUR, FONT_NAME, LINE_COLOUR, Border, Style

_BORDERS: Mapping[Border, Mapping[str, object]] = {
    "box": {"border": 1, "border_color": f"#{LINE_COLOUR}"},
    "underline": {"bottom": 1, "bottom_color": f"#{LINE_COLOUR}"},
}


class CellFormats:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[Style, str], Format] = {}

    def of(self, style: Style, number_format: str) -> Format:
        """The format of a cell of this style whose numbers are shown in this way."""
        key = (style, number_format)
        if key not in self._made:
            self._made[key] = self._workbook.add_format(_properties(style, number_format))
        return self._made[key]

    @cached_property
    def alert(self) -> Format:
        """What colours a cell that will be sent back as it is."""
        return self._workbook.add_format({"bg_color": f"#{ALERT_COLOUR}"})


class FormSheet(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas are all ours: none uses a function younger than Excel 2007.

    XlsxWriter would look through each formula for every younger one, which takes a tenth of the time of a form.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


@dataclass(frozen=True)
class Canvas:
    """A sheet, and the formats it shares with the other sheets of its workbook."""

    sheet: Worksheet
    formats: CellFormats

    def put(
        self, row: int, column: int, value: Decimal | str | None, style: Style, number_format: str = "General"
    ) -> None:
        """Write one cell with its style; a text is never taken for a formula."""
        look = self.formats.of(style, number_format)
        if value is None:
            self.sheet.write_blank(row - 1, column - 1, None, look)
        elif isinstance(value, str):
            self.sheet.write_string(row - 1, column - 1, value, look)
        else:
            self.sheet.write_number(row - 1, column - 1, value, look)

    def put_formula(self, row: int, column: int, formula: str, style: Style, number_format: str) -> None:
        """Write a formula that has not come to anything yet."""
        look = self.formats.of(style, number_format)
        self.sheet.write_formula(row - 1, column - 1, f"={formula}", look, "")

    def put_across(self, row: int, first: int, last: int, value: str | None, style: Style) -> None:
        """Write one value over several columns of a row."""
        if last > first:
            look = self.formats.of(style, "General")
            self.sheet.merge_range(row - 1, first - 1, row - 1, last - 1, value or "", look)
        else:
            self.put(row, first, value, style)

    def set_height(self, row: int, points: float) -> None:
        """How high a row is."""
        self.sheet.set_row(row - 1, points)

    def set_widths(self, widths: Iterable[float]) -> None:
        """How wide the columns are, in characters, from the first on."""
        for number, width in enumerate(widths):
            self.sheet.set_column(number, number, width)

    def validate(self, column: int, rows: Sequence[int], validation: Mapping[str, object]) -> None:
        """Let Excel hold the cells of a column in these rows against a validation, in XlsxWriter's terms."""
        spans = [(first - 1, column - 1, last - 1, column - 1) for first, last in _spans(rows)]
        if spans:
            self.sheet.data_validation(*spans[0], {**validation, "other_cells": spans[1:]})

    def colour_if(self, row: int, first: int, last: int, formula: str) -> None:
        """Colour the cells of a row while the formula is true."""
        rule = {"type": "formula", "criteria": f"={formula}", "format": self.formats.alert}
        self.sheet.conditional_format(row - 1, first - 1, row - 1, last - 1, rule)


def column_letter(column: int) -> str:
    """The name of a column counted from 1."""
    name: str = xl_col_to_name(column - 1)
    return name


def _spans(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Rows in order as first and last of each unbroken run."""
    for _, run in groupby(enumerate(rows), key=lambda each: each[1] - each[0]):
        unbroken = [row for _, row in run]
        yield unbroken[0], unbroken[-1]


def _properties(style: Style, number_format: str) -> dict[str, object]:
    properties: dict[str, object] = {
        "font_name": FONT_NAME,
        "font_size": style.size,
        "bold": style.bold,
        "font_color": f"#{style.color}",
        "align": style.horizontal,
        "valign": "vcenter",
        "text_wrap": True,
        "indent": style.indent,
        "num_format": number_format,
        "locked": style.is_locked,
    }
    if style.fill:
        properties["bg_color"] = f"#{style.fill}"
    return {**properties, **(_BORDERS[style.border] if style.border else {})}
