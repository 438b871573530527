"""民生实事.xlsx: every published table as a sheet, for those who live in Excel."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from minsheng.core.files import atomic_write
from minsheng.core.text import remembered
from minsheng.publication.exports import DICTIONARY, DICTIONARY_HEADING, LabelledTable, dictionary_rows, labelled_tables
from minsheng.publication.labels import quoted
from minsheng.publication.summary_sheet import FILLS, draw_summary
from minsheng.template.style import FONT_NAME
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection
from minsheng.words.chinese import chinese

NAME = "民生实事.xlsx"
COVER = "说明"
_MOST_ROWS = 1_048_575  # of a sheet, less its heading
_LONGEST = 32_767  # letters of a cell; what is longer would be left out whole
_WIDEST, _NARROWEST = 48, 8
_LINE_HEIGHT = 16.5  # points
_A4 = 9  # as Excel numbers paper
_SAMPLED = 200  # rows looked at to find a column's width

_PERCENT, _POINTS, _WHOLE, _QUANTITY = "0.0%", "+0.0;-0.0;0.0", "#,##0", "#,##0.0#####"
_MOMENT, _DAY, _TEXT = "yyyy-mm-dd hh:mm", "yyyy-mm-dd", "@"
_MEASURED = "见计量单位"  # a quantity, or a rate where the row's unit of measure is %
_HEADING = "表头"
_PRINTED = "有报送期的各表只打印最近到期的一期，可在“页面布局”中改打印区域"

RowValues = Sequence[object]


@dataclass(frozen=True)
class SheetContent:
    """One sheet: its name, the headings, the rows, and how each column's values are written."""

    name: str
    headings: Sequence[str]
    rows: Sequence[RowValues]
    formats: Sequence[str]
    printed: range | None = None  # the rows that go on paper, if not all


def write_workbook(connection: Connection, folder: Path, facts: Sequence[tuple[str, str]], as_of: datetime) -> None:
    """Write the workbook of a revision open for reading; ``facts`` (what, which) stand on its first sheet."""
    tables = labelled_tables(connection)
    month = _latest_due(connection)
    contents = [_content(connection, table, month) for table in tables]
    dictionary = _texts(DICTIONARY, DICTIONARY_HEADING, dictionary_rows(connection))
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": as_of.replace(tzinfo=None)})
        looks = _looks(workbook)
        draw_summary(workbook, connection)
        for content in (_cover([*facts, ("打印", _PRINTED)], tables, contents), *contents, dictionary):
            _add_sheet(workbook, content, looks)
    atomic_write(folder / NAME, stream.getvalue())


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
    by_type = {"TIMESTAMP": _MOMENT, "DATE": _DAY, "VARCHAR": _TEXT, "BOOLEAN": _TEXT}
    by_unit = {"0 至 1": _PERCENT, "百分点": _POINTS, "见计量单位，比率为 0 至 1": _MEASURED}
    return by_type.get(data_type) or by_unit.get(term.unit, _QUANTITY)


def _add_sheet(workbook: Workbook, content: SheetContent, looks: Mapping[str, Format]) -> None:
    sheet = workbook.add_worksheet(content.name)
    shown = content.rows[:_MOST_ROWS]
    widths = _widths(content)
    for number, width in enumerate(widths):
        sheet.set_column(number, number, width)
    sheet.freeze_panes(1, 0)
    _print_narrow(sheet)
    if content.printed is not None:
        _print_only(sheet, content.printed, len(content.headings))
    if content.name != COVER:
        sheet.autofilter(0, 0, len(shown), len(content.headings) - 1)
    for number, heading in enumerate(content.headings):
        sheet.write_string(0, number, heading, looks[_HEADING])
    for number, row in enumerate(shown, start=1):
        # Excel finds the height of a row itself; LibreOffice does not, and shows lines over each other.
        if (lines := max(map(_lines, row, widths))) > 1:
            sheet.set_row(number, _LINE_HEIGHT * lines)
        _write_row(sheet, number, content, row, looks)


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


def _write_row(
    sheet: Worksheet, number: int, content: SheetContent, row: RowValues, looks: Mapping[str, Format]
) -> None:
    is_rate = "%" in row  # the value of 计量单位
    for column, (value, column_format) in enumerate(zip(row, content.formats, strict=True)):
        if value is None:
            continue
        look = looks[_style(value, column_format, is_rate)]
        if isinstance(value, bool):
            sheet.write_string(number, column, "是" if value else "否", look)
        elif isinstance(value, str):  # whatever it begins with, it is no formula
            sheet.write_string(number, column, value[:_LONGEST], look)
        elif isinstance(value, date):
            moment = value.replace(tzinfo=None) if isinstance(value, datetime) else value
            sheet.write_datetime(number, column, moment, look)
        else:
            sheet.write_number(number, column, value, look)


def _style(value: object, column_format: str, is_rate: bool) -> str:
    """The name of the look of one value."""
    if column_format == _MEASURED and is_rate:
        return _PERCENT
    if column_format in (_MEASURED, _QUANTITY) and isinstance(value, int | float | Decimal):
        return _WHOLE if value == int(value) else _QUANTITY
    return value if isinstance(value, str) and value in chinese().light.values() else column_format


def _widths(content: SheetContent) -> list[int]:
    sample = [content.headings, *content.rows[:_SAMPLED]]
    longest = [max(_width(row[number]) for row in sample) for number in range(len(content.headings))]
    return [min(max(width + 3, _NARROWEST), _WIDEST) for width in longest]


def _lines(value: object, width: int) -> int:
    """How many lines a value takes in a column so wide; a short text is seen to fit before it is measured."""
    if value is None or (isinstance(value, str) and 2 * len(value) <= width - 2):
        return 1
    return max(-(-_width(value) // (width - 2)), 1)


def _width(value: object) -> int:
    if isinstance(value, datetime):
        return len(_MOMENT)
    if isinstance(value, float | Decimal):
        return len(f"{value:,.2f}")
    return _text_width(str(value or ""))


@remembered
def _text_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def _looks(workbook: Workbook) -> dict[str, Format]:
    """Every look by its name: of numbers and texts their format, of lights their word, and of headings."""
    plain = {each: _look(workbook, each) for each in (_PERCENT, _POINTS, _WHOLE, _QUANTITY, _MOMENT, _DAY, _TEXT)}
    lights = {chinese().light[light]: _look(workbook, _TEXT, fill=colour) for light, colour in FILLS.items()}
    heading = _look(workbook, _TEXT, fill="1F6E7D", font_colour="FFFFFF", is_bold=True)
    return {**plain, **lights, _HEADING: heading}


def _look(
    workbook: Workbook,
    number_format: str,
    fill: str | None = None,
    font_colour: str = "262626",
    *,
    is_bold: bool = False,
) -> Format:
    is_text = number_format == _TEXT
    said = {
        "font_name": FONT_NAME,
        "font_size": 10,
        "bold": is_bold,
        "font_color": f"#{font_colour}",
        "align": "center" if fill or number_format in (_MOMENT, _DAY) else "left" if is_text else "right",
        "valign": "vcenter",
        "text_wrap": is_text,
        "num_format": number_format,
    }
    return workbook.add_format(said | ({"bg_color": f"#{fill}"} if fill else {"indent": 1}))
