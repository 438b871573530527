"""民生实事.xlsx: every published table as a sheet, for those who live in Excel."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from minsheng.core.files import atomic_write
from minsheng.publication.exports import DICTIONARY, DICTIONARY_HEADING, LabelledTable, dictionary_rows, labelled_tables
from minsheng.publication.labels import quoted
from minsheng.template.save import workbook_bytes
from minsheng.template.style import FONT_NAME
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection

NAME = "民生实事.xlsx"
COVER = "说明"
_MOST_ROWS = 1_048_575  # of a sheet, less its heading
_WIDEST, _NARROWEST = 48, 8
_LINE_HEIGHT = 16.5  # points
_SAMPLED = 200  # rows looked at to find a column's width

_PERCENT, _POINTS, _WHOLE, _QUANTITY = "0.0%", "+0.0;-0.0;0.0", "#,##0", "#,##0.0#####"
_MOMENT, _DAY, _TEXT = "yyyy-mm-dd hh:mm", "yyyy-mm-dd", "@"
_MEASURED = "见计量单位"  # a quantity, or a rate where the row's unit of measure is %
_FILLS = {"蓝": "BDD7EE", "绿": "C6E0B4", "黄": "FFE699", "红": "F4B0A8", "灰": "D9D9D9"}
_HEADING = "表头"

RowValues = Sequence[object]


@dataclass(frozen=True)
class SheetContent:
    """One sheet: its name, the headings, the rows, and how each column's values are written."""

    name: str
    headings: Sequence[str]
    rows: Sequence[RowValues]
    formats: Sequence[str]


def write_workbook(connection: Connection, folder: Path, facts: Sequence[tuple[str, str]], as_of: datetime) -> None:
    """Write the workbook of a revision open for reading; ``facts`` (what, which) stand on its first sheet."""
    tables = labelled_tables(connection)
    contents = [_content(connection, table) for table in tables]
    workbook = Workbook(write_only=True)
    _add_styles(workbook)
    _add_sheet(workbook, _cover(facts, tables, contents))
    for content in contents:
        _add_sheet(workbook, content)
    _add_sheet(workbook, _texts(DICTIONARY, DICTIONARY_HEADING, dictionary_rows(connection)))
    atomic_write(folder / NAME, workbook_bytes(workbook, as_of))


def _cover(facts: Sequence[tuple[str, str]], tables: list[LabelledTable], contents: list[SheetContent]) -> SheetContent:
    listed = [(table.title, _extent(table, content)) for table, content in zip(tables, contents, strict=True)]
    closing = (DICTIONARY, "各表每一列的名称、类型、单位和含义")
    return _texts(COVER, ("内容", "说明"), [*facts, *listed, closing])


def _extent(table: LabelledTable, content: SheetContent) -> str:
    keys = "、".join(table.labels[column] for column in table.model.grain)
    text = f"{len(content.rows):,} 行，由 {keys} 确定一行"
    cut = f"；超出 Excel 的行数上限，本表只列前 {_MOST_ROWS:,} 行，全部数据请用同名 csv 文件"
    return text + (cut if len(content.rows) > _MOST_ROWS else "")


def _texts(name: str, headings: Sequence[str], rows: Sequence[RowValues]) -> SheetContent:
    return SheetContent(name, headings, rows, [_TEXT] * len(headings))


def _content(connection: Connection, table: LabelledTable) -> SheetContent:
    rows = connection.execute(f"select * from {quoted(table.title)}").fetchall()
    terms = sqlfiles.terms(table.model)
    formats = [_column_format(terms[column], data_type) for column, data_type in table.types.items()]
    return SheetContent(table.title, list(table.labels.values()), rows, formats)


def _column_format(term: sqlfiles.Term, data_type: str) -> str:
    """How a column's values look, as far as the column decides it."""
    by_type = {"TIMESTAMP WITH TIME ZONE": _MOMENT, "DATE": _DAY, "VARCHAR": _TEXT, "BOOLEAN": _TEXT}
    by_unit = {"0 至 1": _PERCENT, "百分点": _POINTS, "见计量单位，比率为 0 至 1": _MEASURED}
    return by_type.get(data_type) or by_unit.get(term.unit, _QUANTITY)


def _add_sheet(workbook: Workbook, content: SheetContent) -> None:
    sheet = cast(Worksheet, workbook.create_sheet(content.name))
    shown = content.rows[:_MOST_ROWS]
    widths = _widths(content)
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    if content.name != COVER:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(content.headings))}{len(shown) + 1}"
    sheet.append([_cell(sheet, heading, _HEADING) for heading in content.headings])
    for number, row in enumerate(shown, start=2):
        lines = max(-(-_width(value) // (width - 2)) for value, width in zip(row, widths, strict=True))
        sheet.row_dimensions[number].height = _LINE_HEIGHT * max(lines, 1)
        sheet.append(list(_cells(sheet, content, row)))


def _cells(sheet: Worksheet, content: SheetContent, row: RowValues) -> Iterator[Cell | None]:
    is_rate = "%" in row  # the value of 计量单位
    for value, column_format in zip(row, content.formats, strict=True):
        yield None if value is None else _cell(sheet, _shown(value), _style(value, column_format, is_rate))


def _cell(sheet: Worksheet, value: object, style: str) -> Cell:
    cell: Cell = WriteOnlyCell(sheet, value)  # type: ignore[arg-type]
    if isinstance(value, str):
        cell.data_type = "s"  # whatever it begins with, it is no formula
    cell.style = style
    return cell


def _style(value: object, column_format: str, is_rate: bool) -> str:
    """The name of the look of one value."""
    if column_format == _MEASURED and is_rate:
        return _PERCENT
    if column_format in (_MEASURED, _QUANTITY) and isinstance(value, int | float | Decimal):
        return _WHOLE if value == int(value) else _QUANTITY
    return value if isinstance(value, str) and value in _FILLS else column_format


def _shown(value: object) -> object:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _widths(content: SheetContent) -> list[int]:
    sample = [content.headings, *content.rows[:_SAMPLED]]
    longest = [max(_width(row[number]) for row in sample) for number in range(len(content.headings))]
    return [min(max(width + 3, _NARROWEST), _WIDEST) for width in longest]


def _width(value: object) -> int:
    if isinstance(value, datetime):
        return len(_MOMENT)
    if isinstance(value, float | Decimal):
        return len(f"{value:,.2f}")
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in str(value or ""))


def _add_styles(workbook: Workbook) -> None:
    for number_format in (_PERCENT, _POINTS, _WHOLE, _QUANTITY, _MOMENT, _DAY, _TEXT):
        workbook.add_named_style(_named_style(number_format, number_format))
    for light, colour in _FILLS.items():
        workbook.add_named_style(_named_style(light, _TEXT, fill=colour))
    workbook.add_named_style(_named_style(_HEADING, _TEXT, fill="1F6E7D", font_colour="FFFFFF"))


def _named_style(name: str, number_format: str, fill: str | None = None, font_colour: str = "262626") -> NamedStyle:
    is_text = number_format == _TEXT
    horizontal = "center" if fill or number_format in (_MOMENT, _DAY) else "left" if is_text else "right"
    return NamedStyle(
        name=name,
        font=Font(name=FONT_NAME, size=10, bold=name == _HEADING, color=font_colour),
        fill=PatternFill(start_color=fill, end_color=fill, fill_type="solid") if fill else PatternFill(),
        alignment=Alignment(horizontal=horizontal, vertical="center", wrap_text=is_text, indent=0 if fill else 1),
        number_format=number_format,
    )
