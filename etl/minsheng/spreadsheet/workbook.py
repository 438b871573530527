"""The sheets of a workbook as grids of cells."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, lru_cache

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
    WorksheetNotFound,
    XmlError,
    ZipError,
)

from minsheng.core.text import on_one_line, printable
from minsheng.spreadsheet.archive import Archive
from minsheng.spreadsheet.container import Container
from minsheng.spreadsheet.features import MAX_ROWS, Budget, Features, Merged, OverBudgetError, RefusedError, check_reach
from minsheng.spreadsheet.inspection import follow, sheets_of_ods
from minsheng.spreadsheet.kinds import BookReading
from minsheng.spreadsheet.numbers import CellValue, plain, read_number
from minsheng.spreadsheet.ods import OdsSheet
from minsheng.spreadsheet.recalculation import mark_stale_results

# What all sheets of a file may hold together: many times what a form does.
MAX_CELLS = 1_000_000
MAX_LETTERS = 1_000_000

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)

# Everything calamine raises for content it cannot make sense of.
_UNREADABLE = (CalamineError, XmlError, ZipError, WorksheetNotFound, OSError, ValueError)


@dataclass(frozen=True)
class Grid:
    """One sheet from its cell A1."""

    name: str
    rows: list[list[CellValue]]
    merged: tuple[Merged, ...] = ()
    features: Features = field(default_factory=Features)
    is_hidden: bool = False

    def at(self, row: int, column: int) -> CellValue:
        """The value at zero-based coordinates; None outside the sheet."""
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else None

    def spread_text(self, row: int, column: int) -> str:
        """As ``text``, but an empty cell of a merged range says what its first one does."""
        text = self.text(row, column)
        first = None if text else self._first_of_merged(row, column)
        return text if first is None else self.text(*first)

    def is_covered(self, row: int, column: int) -> bool:
        """Whether nobody sees what the cell holds, because the first of a merged range is shown in its place."""
        return self._first_of_merged(row, column) not in (None, (row, column))

    def text(self, row: int, column: int) -> str:
        """What stands in the cell, as text; nothing outside the sheet."""
        return self.texts[row][column] if row < len(self.rows) and column < len(self.rows[row]) else ""

    @cached_property
    def texts(self) -> list[list[str]]:
        """Every cell as text: it is looked at many times."""
        return [[value if isinstance(value, str) else as_text(value) for value in row] for row in self.rows]

    @cached_property
    def filled(self) -> list[list[tuple[int, str]]]:
        """Row by row, column and text of the cells in which something stands: of a form these are a few."""
        return [[(column, text) for column, text in enumerate(row) if text] for row in self.texts]

    def broken_at(self, row: int, column: int) -> str | None:
        """Why a cell is not what it seems, see ``minsheng.spreadsheet.features.Broken``."""
        return self.features.broken.get((row, column))

    def _first_of_merged(self, row: int, column: int) -> tuple[int, int] | None:
        for (top, left), (_, right) in self._merged_over(row):
            if left <= column <= right:
                return top, left
        return None

    def _merged_over(self, row: int) -> list[Merged]:
        if row not in self._merged_by_row:
            self._merged_by_row[row] = [one for one in self.merged if one[0][0] <= row <= one[1][0]]
        return self._merged_by_row[row]

    @cached_property
    def _merged_by_row(self) -> dict[int, list[Merged]]:
        """Filled as rows are asked for: a range may be merged over more rows than anybody looks at."""
        return {}


def read_grids(container: Container, budget: Budget) -> tuple[tuple[Grid, ...], BookReading]:
    """All sheets, and ``ok`` or the reason why there are none; raises OverBudgetError.

    Ends the process when calamine needs memory that is not there: for a worker only, see ``spreadsheet.opening``.
    """
    try:
        return _read(container, budget), "ok"
    except OverBudgetError:
        raise
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
    return f"{column_name(column)}{row + 1}"


@lru_cache(maxsize=1 << 8)
def column_name(column: int) -> str:
    """A zero-based column as a spreadsheet writes it: 27 is AB."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def as_text(value: CellValue) -> str:
    """A cell's content as text: numbers in plain digits, dates in ISO form."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        number = read_number(value).value
        return plain(number) if number is not None else f"{value:.15g}"
    if isinstance(value, timedelta):
        return f"{value // _HOUR}:{value % _HOUR // _MINUTE:02}"
    return value.isoformat()


def _read(container: Container, budget: Budget) -> tuple[Grid, ...]:
    archive = container.archive if container.kind == "ods" else None
    grids = _followed_grids(container, budget) if archive is None else _grids_of_ods(archive, budget)
    mark_stale_results(grids)
    return grids


def _grids_of_ods(archive: Archive, budget: Budget) -> tuple[Grid, ...]:
    return tuple(_bounded(map(_grid_of_ods, sheets_of_ods(archive, budget))))


def _followed_grids(container: Container, budget: Budget) -> tuple[Grid, ...]:
    followed = follow(container, budget)
    with CalamineWorkbook.from_filelike(io.BytesIO(followed.content)) as workbook:
        sheets = zip(workbook.sheets_metadata, followed.features, strict=True)  # raises ValueError
        return tuple(_bounded(_grids(workbook, sheets)))


def _bounded(grids: Iterable[Grid]) -> Iterator[Grid]:
    """The same, as long as they hold together no more than any form; raises RefusedError."""
    cells, letters = MAX_CELLS, MAX_LETTERS
    for grid in grids:
        cells -= sum(map(len, grid.rows))
        letters -= sum(len(value) for row in grid.rows for value in row if isinstance(value, str))
        if min(cells, letters) < 0 or len(grid.merged) > MAX_ROWS:
            raise RefusedError("too_large")
        yield grid


def _grids(workbook: CalamineWorkbook, sheets: Iterable[tuple[SheetMetadata, Features]]) -> Iterator[Grid]:
    """The sheets with cells."""
    for metadata, features in sheets:
        if metadata.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(metadata.name)
        check_reach(sheet.total_height - 1, sheet.total_width - 1)
        yield _grid(sheet, features, is_hidden=metadata.visible != SheetVisibleEnum.Visible)


def _grid(sheet: CalamineSheet, features: Features, *, is_hidden: bool) -> Grid:
    rows = [list(map(_shown, row)) for row in sheet.to_python(skip_empty_area=False)]
    return Grid(on_one_line(sheet.name), rows, tuple(sheet.merged_cell_ranges or ()), features, is_hidden)


def _grid_of_ods(sheet: OdsSheet) -> Grid:
    rows = [list(map(_shown, row)) for row in sheet.rows]
    return Grid(on_one_line(sheet.name), rows, tuple(sheet.merged), sheet.features, sheet.is_hidden)


def _shown(value: CellValue) -> CellValue:
    return printable(value) if value and isinstance(value, str) else value
