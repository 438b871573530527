"""民生实事.xlsx: every published table as a sheet, for those who live in Excel."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from minsheng.core.files import atomic_write
from minsheng.publication.exports import DICTIONARY, DICTIONARY_HEADING, LabelledTable, dictionary_rows
from minsheng.publication.labels import quoted
from minsheng.publication.summary_sheet import FILLS, draw_summary
from minsheng.publication.table_sheet import (
    DAY,
    HEADING,
    MEASURED,
    MOMENT,
    PERCENT,
    POINTS,
    QUANTITY,
    TEXT,
    WHOLE,
    RowValues,
    TableSheet,
)
from minsheng.template.style import FONT_NAME
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection
from minsheng.words.chinese import chinese

NAME = "民生实事.xlsx"
COVER = "说明"
_MOST_ROWS = 1_048_575  # of a sheet, less its heading
_A4 = 9  # as Excel numbers paper
_PRINTED = "有报送期的各表只打印最近到期的一期，可在“页面布局”中改打印区域"


@dataclass(frozen=True)
class SheetContent:
    """One sheet: its name, the headings, the rows, and how each column's values are written."""

    name: str
    headings: Sequence[str]
    rows: Sequence[RowValues]
    formats: Sequence[str]
    printed: range | None = None  # the rows that go on paper, if not all


def write_workbook(
    connection: Connection,
    tables: Sequence[LabelledTable],
    folder: Path,
    facts: Sequence[tuple[str, str]],
    as_of: datetime,
) -> None:
    """Write the workbook of a revision open for reading; ``facts`` (what, which) stand on its first sheet."""
    month = _latest_due(connection)
    contents = [_content(connection, table, month) for table in tables]
    dictionary = _texts(DICTIONARY, DICTIONARY_HEADING, dictionary_rows(tables))
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": as_of.replace(tzinfo=None)})
        looks = _looks(workbook)
        draw_summary(workbook, connection)
        for content in (_cover([*facts, ("打印", _PRINTED)], tables, contents), *contents, dictionary):
            _add_sheet(workbook, content, looks)
    atomic_write(folder / NAME, stream.getvalue())


def _cover(
    facts: Sequence[tuple[str, str]], tables: Sequence[LabelledTable], contents: list[SheetContent]
) -> SheetContent:
    listed = [(table.title, _extent(table, content)) for table, content in zip(tables, contents, strict=True)]
    closing = (DICTIONARY, "各表每一列的名称、类型、单位和含义")
    return _texts(COVER, ("内容", "说明"), [*facts, *listed, closing])


def _extent(table: LabelledTable, content: SheetContent) -> str:
    keys = "、".join(table.labels[column] for column in table.model.grain)
    text = f"{len(content.rows):,} 行，由 {keys} 确定一行"
    cut = f"；超出 Excel 的行数上限，本表只列前 {_MOST_ROWS:,} 行，全部数据请用同名 csv 文件"
    return text + (cut if len(content.rows) > _MOST_ROWS else "")


def _texts(name: str, headings: Sequence[str], rows: Sequence[RowValues]) -> SheetContent:
    return SheetContent(name, headings, rows, [TEXT] * len(headings))


def _latest_due(connection: Connection) -> str | None:
    row = connection.execute("select max(period) from dim_period where is_latest_due").fetchone()
    return row[0] if row else None


def _content(connection: Connection, table: LabelledTable, month: str | None) -> SheetContent:
    """A table by month; of one that has months, the month given is printed, or its heading alone."""
    rows = connection.execute(f"select * from {quoted(table.title)}").fetchall()
    terms = sqlfiles.terms(table.model)
    formats = [_column_format(terms[column], data_type) for column, data_type in table.types.items()]
    content = SheetContent(table.title, list(table.labels.values()), rows, formats)
    if "period" not in terms or table.model.name == "dim_period":
        return content
    months = [row[list(terms).index("period")] or "" for row in rows]
    in_order = sorted(range(len(rows)), key=months.__getitem__)
    first, count = sum(one < (month or "") for one in months), months.count(month)
    return replace(content, rows=[rows[number] for number in in_order], printed=range(first, first + count))


def _column_format(term: sqlfiles.Term, data_type: str) -> str:
    """How a column's values look, as far as the column decides it."""
    by_type = {"TIMESTAMP": MOMENT, "DATE": DAY, "VARCHAR": TEXT, "BOOLEAN": TEXT}
    by_unit = {"0 至 1": PERCENT, "百分点": POINTS, "见计量单位，比率为 0 至 1": MEASURED}
    return by_type.get(data_type) or by_unit.get(term.unit, QUANTITY)


def _add_sheet(workbook: Workbook, content: SheetContent, looks: Mapping[str, Format]) -> None:
    sheet = workbook.add_worksheet(content.name, TableSheet)
    shown = content.rows[:_MOST_ROWS]
    sheet.freeze_panes(1, 0)
    _print_narrow(sheet)
    if content.printed is not None:
        _print_only(sheet, content.printed, len(content.headings))
    if content.name != COVER:
        sheet.autofilter(0, 0, len(shown), len(content.headings) - 1)
    sheet.write_table(content.headings, shown, content.formats, looks)


def _print_narrow(sheet: Worksheet) -> None:
    """Print all columns on the width of one A4 page, the heading on each page."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _print_only(sheet: Worksheet, rows: range, columns: int) -> None:
    """Of the rows these, or the heading alone where there are none; ``_print_narrow`` puts it above them."""
    first, last = (rows[0] + 1, rows[-1] + 1) if rows else (0, 0)
    sheet.print_area(first, 0, last, columns - 1)


def _looks(workbook: Workbook) -> dict[str, Format]:
    """Every look by its name: of numbers and texts their format, of lights their word, and of headings."""
    plain = {each: _look(workbook, each) for each in (PERCENT, POINTS, WHOLE, QUANTITY, MOMENT, DAY, TEXT)}
    lights = {chinese().light[light]: _look(workbook, TEXT, fill=colour) for light, colour in FILLS.items()}
    heading = _look(workbook, TEXT, fill="1F6E7D", font_colour="FFFFFF", is_bold=True)
    return {**plain, **lights, HEADING: heading}


def _look(
    workbook: Workbook,
    number_format: str,
    fill: str | None = None,
    font_colour: str = "262626",
    *,
    is_bold: bool = False,
) -> Format:
    is_text = number_format == TEXT
    said = {
        "font_name": FONT_NAME,
        "font_size": 10,
        "bold": is_bold,
        "font_color": f"#{font_colour}",
        "align": "center" if fill or number_format in (MOMENT, DAY) else "left" if is_text else "right",
        "valign": "vcenter",
        "text_wrap": is_text,
        "num_format": number_format,
    }
    return workbook.add_format(said | ({"bg_color": f"#{fill}"} if fill else {"indent": 1}))
