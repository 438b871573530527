"""A filled form as a spreadsheet program saves its first sheet as csv."""

import csv
import io
from decimal import Decimal

from openpyxl import Workbook

from minsheng.parsing.reading import ReadCell, ReadForm
from minsheng.spreadsheet.grid import as_text
from minsheng.spreadsheet.numbers import CellValue

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be")
SEPARATORS = (",", "\t", ";")


def as_csv(workbook: Workbook, encoding: str = "utf-8", separator: str = ",", sheet: str = "填报") -> bytes:
    rows = ([as_text(_stored(value)) for value in row] for row in workbook[sheet].iter_rows(values_only=True))
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows(rows)
    return stream.getvalue().encode(encoding)


def numbers(reading: ReadForm) -> dict[tuple[str, str | None, str | None, str], object]:
    """Every number the unit entered, wherever it stands."""
    return {
        (one.section, one.indicator_code, one.member_code, one.field): one.number_value
        for one in entered(reading)
        if one.number_value is not None
    }


def entered(reading: ReadForm) -> list[ReadCell]:
    fields = ("month", "cumulative", "numerator", "denominator", "value")
    return [one for one in reading.cells if one.section in ("report", "contribution", "detail") and one.field in fields]


def told(reading: ReadForm, section: str) -> set[tuple[str, str, str | None]]:
    """What stands in a section: field, reading and text."""
    return {(one.field, one.reading, one.raw_text) for one in reading.cells if one.section == section}


def _stored(value: object) -> CellValue:
    """The value as a csv has it: the plan's targets are still decimals in a workbook nobody has saved."""
    stored = str(value) if isinstance(value, Decimal) else value
    assert isinstance(stored, CellValue)
    return stored
