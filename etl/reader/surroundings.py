"""What is true of a file or a sheet as a whole and stands in no cell: what it is, what is hidden in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from etl.reader.container import content_kind
from etl.reader.reading import ReadCell
from etl.reader.tables import Table
from etl.reader.workbook import column_name

# WPS saves both containers under a suffix of its own.
_SUFFIXES = {
    "xlsx": frozenset({".xlsx", ".et"}),
    "xlsb": frozenset({".xlsb"}),
    "xls": frozenset({".xls", ".et"}),
    "ods": frozenset({".ods"}),
    "csv": frozenset({".csv", ".txt", ".tsv"}),
}


def of_file(field: str, text: str, reading: str = "ok", raw_text: str | None = None) -> ReadCell:
    """Something about the file."""
    return ReadCell("", None, None, "file", field, reading, raw_text=raw_text, text_value=text)


def kind_cell(content: bytes, file_name: str) -> ReadCell:
    """What the file is by its content, and whether its suffix says the same."""
    kind, suffix = content_kind(content), PurePath(file_name).suffix
    return of_file("content_kind", kind, "ok" if suffix.lower() in _SUFFIXES[kind] else "mismatch", suffix)


def sheet_cells(table: Table, lines: Sequence[ReadCell]) -> Iterator[ReadCell]:
    """What of a table its reader may not see: rows filtered away, rows or columns hidden, the whole sheet."""
    rows = sorted(
        {row for cell in lines if (row := cell.row_no)} & {row + 1 for row in table.grid.features.hidden_rows}
    )
    columns = sorted({*table.columns.values()} & table.grid.features.hidden_columns)
    if rows or table.grid.features.is_filtered:
        reading = "filtered" if table.grid.features.is_filtered else "hidden"
        yield _of_sheet(table, "rows", reading, f"第 {'、'.join(map(str, rows))} 行" if rows else "没有")
    if columns:
        yield _of_sheet(table, "columns", "hidden", f"{'、'.join(map(column_name, columns))} 列")
    if table.grid.is_hidden:
        yield _of_sheet(table, "sheet", "hidden", table.grid.name)


def _of_sheet(table: Table, field: str, reading: str, raw_text: str) -> ReadCell:
    return ReadCell(table.grid.name, None, None, "sheet", field, reading, raw_text=raw_text)
