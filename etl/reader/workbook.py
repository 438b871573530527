"""The sheets of a workbook as grids of cells."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, WorksheetNotFound, XmlError, ZipError

from etl.reader.numbers import CellValue, plain, read_number
from etl.reader.xlsx import MAX_COLUMNS, MAX_ROWS, Broken, RefusedError

# Everything calamine raises for content it cannot make sense of.
_UNREADABLE = (CalamineError, XmlError, ZipError, WorksheetNotFound, OSError, ValueError)


@dataclass(frozen=True)
class Grid:
    """One sheet from its cell A1; ``broken``: the cells that are not what they seem, see ``etl.reader.xlsx``."""

    name: str
    rows: list[list[CellValue]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    broken: Broken = field(default_factory=dict)

    def at(self, row: int, column: int) -> CellValue:
        """The value at zero-based coordinates; None outside the sheet."""
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else None

    def spread(self, row: int, column: int) -> CellValue:
        """As ``at``, but every cell of a merged range has the value of its first."""
        value = self.at(row, column)
        if value not in (None, ""):
            return value
        for (top, left), (bottom, right) in self.merged:
            if top <= row <= bottom and left <= column <= right:
                return self.at(top, left)
        return value

    def text(self, row: int, column: int) -> str:
        """What stands in the cell, as text."""
        return as_text(self.at(row, column))

    def broken_at(self, row: int, column: int) -> str | None:
        """``error``, ``no_value`` or ``percent`` for a cell that is not what it seems."""
        return self.broken.get((row, column))


def read_grids(content: bytes, broken: Mapping[str, Broken]) -> tuple[tuple[Grid, ...], str]:
    """All sheets, and ``ok`` or the reason why there are none.

    Ends the process when a sheet reaches too far; see ``etl.reader.opening`` for who may call it with what.
    """
    try:
        return _read(content, broken), "ok"
    except RefusedError as refused:
        return (), refused.reading
    except MemoryError:
        return (), "too_large"
    except PasswordError:
        return (), "encrypted"
    except _UNREADABLE:
        return (), "damaged"
    except BaseException as error:  # a panic inside calamine derives from BaseException
        if type(error).__name__ != "PanicException":
            raise
        return (), "damaged"


def address(row: int, column: int) -> str:
    """Zero-based coordinates as a spreadsheet writes them: (0, 27) is AB1."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def as_text(value: CellValue) -> str:
    """A cell's content as text: numbers in plain digits, dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        number = read_number(value).value
        return plain(number) if number is not None else f"{value:.15g}"
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _read(content: bytes, broken: Mapping[str, Broken]) -> tuple[Grid, ...]:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        return tuple(_grid(workbook, name, broken.get(name, {})) for name in workbook.sheet_names)


def _grid(workbook: CalamineWorkbook, name: str, broken: Broken) -> Grid:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise RefusedError("too_large")
    rows: list[list[CellValue]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    return Grid(name, rows, tuple(sheet.merged_cell_ranges or ()), broken)
