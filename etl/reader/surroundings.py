"""What lies around a table: what the file is, what is hidden in it, and notes that say what its numbers are.

A note says for all lines what they are counted in (单位：万人次) or for which month they are (2022年5月份进展情况表).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import PurePath

from etl.reader.numbers import fold
from etl.reader.periods import period_in_name
from etl.reader.reading import ReadCell
from etl.reader.tables import Table
from etl.reader.workbook import Grid, address, column_name

# WPS saves both containers under a suffix of its own.
_SUFFIXES = {
    "xlsx": frozenset({".xlsx", ".et"}),
    "xlsb": frozenset({".xlsb"}),
    "xls": frozenset({".xls", ".et"}),
    "ods": frozenset({".ods"}),
    "csv": frozenset({".csv", ".txt", ".tsv"}),
}

# What changes a number by a factor when it takes the place of another unit: a size, or anything after 万 and the like.
_SIZE = "毫米|厘米|米|公里|m|平方米|平方公里|亩|公顷|立方米|升|克|斤|公斤|吨|角|元|%|‰"
_HEAD = "人|人次|户|家"
_THING = "个|座|处|所|套|台|张|件|项|场|场次|次|名|种|条|棵|株|间|栋|辆|份"
_KINDS = {
    "scaled": re.compile(f"(?:10+|[十百千万亿]+)(?:{_SIZE}|{_HEAD}|{_THING})?"),
    "size": re.compile(_SIZE),
    "head": re.compile(_HEAD),
}
_SAME = {"千米": "公里", "km": "公里", "平米": "平方米", "m2": "平方米", "m²": "平方米", "千克": "公斤", "kg": "公斤"}
# 填报单位 and 实施单位 are organisations: a unit of measure is called that, or just 单位.
_LABEL = r"(?:计量单位|数量单位|数据单位|统计单位|(?<![\u4e00-\u9fff])单位)(?:均|都|一律)?[:为是]*"
_LABELS = re.compile(_LABEL)
_SAID = re.compile(_LABEL + r"(?P<words>[^()\[\]【】;。:]*)")
_BETWEEN = re.compile(r"[、,/和及或与]")
_GAP = re.compile(r"\s{2,}|[\t\n]")
_REACH = 6

# A month in a line of some words, but for one at which something began or ends, and for dates.
_NO_TITLE = re.compile(r"月份?[\d起前后以之至到—-]|版本|截止|时间|日期|制表|印发|填报人|填表|审核|联系|电话")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_NO_YEAR = 2000
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FEWEST_WORDS = 6


def of_file(field: str, text: str, reading: str = "ok", raw_text: str | None = None) -> ReadCell:
    """Something about the file."""
    return ReadCell("", None, None, "file", field, reading, raw_text=raw_text, text_value=text)


def kind_cell(kind: str, file_name: str) -> ReadCell:
    """What the file is by its content, and whether its suffix says the same."""
    suffix = PurePath(file_name).suffix
    return of_file("content_kind", kind, "ok" if suffix.lower() in _SUFFIXES[kind] else "mismatch", suffix)


def sheet_cells(table: Table, lines: Sequence[ReadCell]) -> Iterator[ReadCell]:
    """What of a table its reader may not see, and what is noted around it."""
    yield from _hidden(table, lines)
    yield from _measures(table, lines)
    yield from _months(table)


def _hidden(table: Table, lines: Sequence[ReadCell]) -> Iterator[ReadCell]:
    """Rows filtered away, rows or columns hidden, the whole sheet."""
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


def _measures(table: Table, lines: Sequence[ReadCell]) -> Iterator[ReadCell]:
    """Notes that name another unit than the lines do; reading ``factor`` if the numbers may be many times off."""
    units = {_same(fold(cell.raw_text or "")) for cell in lines if cell.field == "unit_of_measure"}
    units |= {""} if lines and not units else set()
    in_lines = {cell.cell_ref for cell in lines}
    for row, column, text in _texts(table.grid, range(len(table.grid.rows))):
        may_say = "位" in text or row < table.header_row
        if may_say and row != table.header_row and address(row, column) not in in_lines:
            for said in _said(table, row, column, fold(text)):
                if contradicted := _contradicted(_words(said), units):
                    told = "、".join(sorted(units - {""}))
                    yield _note(table, row, column, "measure", contradicted, said, told)


def _texts(grid: Grid, rows: Iterable[int]) -> Iterator[tuple[int, int, str]]:
    """The texts in these rows, piece by piece: several notes may share a cell."""
    for row in rows:
        for column, value in enumerate(grid.rows[row]):
            if isinstance(value, str):
                yield from ((row, column, piece) for piece in _GAP.split(value.strip()))


def _said(table: Table, row: int, column: int, text: str) -> Iterator[str]:
    """What a text says of units: after a label, in the cell beside the label, or alone above a column of the form."""
    for found in _SAID.finditer(text):
        is_label = found[0] == text and not found["words"]
        beside = (table.grid.text(row, right) for right in range(column + 1, column + 1 + _REACH))
        yield text + fold(next(filter(None, beside), "")) if is_label else found[0]
    alone = text.strip("()[]【】")
    if row < table.header_row and column in table.columns.values() and _kind(alone) == "scaled":
        labelled = any(_SAID.search(fold(other)) for _, _, other in _texts(table.grid, (row,)))
        yield from () if labelled else (alone,)


def _words(said: str) -> frozenset[str]:
    """The units in ``单位:万人次、个``."""
    words = _BETWEEN.split(_LABELS.sub("", said))
    return frozenset(_same(word.strip("“”\"'")) for word in words)


def _same(word: str) -> str:
    return _SAME.get(word, word)


def _contradicted(said: Collection[str], units: Collection[str]) -> str | None:
    """Whether a unit is said that no line has, while some line's own is not said.

    Both parts of a share may be counted in anything, and so may a line that names no unit; but not in ten thousands.
    """
    strange = {_kind(word) for word in said if word not in units} - {None}
    unsaid = {unit for unit in units if unit not in said}
    if not strange or not (unsaid if "scaled" in strange else unsaid - {"", "%"}):
        return None
    return "other" if strange == {"head"} else "factor"


def _kind(word: str) -> str | None:
    """One of ``_KINDS``; None: no unit of measure, or one that people use loosely."""
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(word)), None)


def _months(table: Table) -> Iterator[ReadCell]:
    """Each month that a title or a line above the table names; without a year where none is said."""
    said: set[str] = set()
    for row, column, text in _texts(table.grid, range(table.header_row)):
        month = _month_in(text)
        if month is not None and month not in said:
            said.add(month)
            yield _note(table, row, column, "title_month", "ok", text, month)


def _month_in(text: str) -> str | None:
    if _NO_TITLE.search(fold(text)) or len(_HAN.findall(text)) < _FEWEST_WORDS:
        return None
    year = _YEAR.search(text)
    named = period_in_name(text, int(year[0]) if year else _NO_YEAR)
    return f"{named.month:02}" if named and named.year == _NO_YEAR else str(named) if named else None


def _note(table: Table, row: int, column: int, field: str, reading: str, raw_text: str, text: str) -> ReadCell:
    place = address(row, column)
    return ReadCell(table.grid.name, place, row + 1, "note", field, reading, raw_text=raw_text, text_value=text)
