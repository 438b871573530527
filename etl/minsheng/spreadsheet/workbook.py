"""The sheets of a workbook, read as grids."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

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
from minsheng.spreadsheet.features import MAX_ROWS, Budget, Features, OverBudgetError, RefusedError, check_reach
from minsheng.spreadsheet.grid import Grid
from minsheng.spreadsheet.inspection import follow, sheets_of_ods
from minsheng.spreadsheet.kinds import BookReading
from minsheng.spreadsheet.numbers import CellValue
from minsheng.spreadsheet.ods import OdsSheet
from minsheng.spreadsheet.recalculation import mark_stale_results

# What all sheets of a file may hold together: many times what a form does.
MAX_CELLS = 1_000_000
MAX_LETTERS = 1_000_000

# Everything calamine raises for content it cannot make sense of.
_UNREADABLE = (CalamineError, XmlError, ZipError, WorksheetNotFound, OSError, ValueError)


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
