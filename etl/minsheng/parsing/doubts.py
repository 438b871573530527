"""Words that take a number back: it is an estimate, of another month, counted up to another day, not yet checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from minsheng.core.text import remembered
from minsheng.parsing.annotations import pieces_beside, texts
from minsheng.parsing.groups import read_groups
from minsheng.parsing.reading import ReadCell
from minsheng.parsing.tables import Table
from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.grid import address
from minsheng.spreadsheet.numbers import fold

# In a line these may speak of the work, of which the day and the month are told as it went on.
_WORDS = frozenset({"progress", "issue", "evidence", "remark"})
_NUMBERS = "(?:数据|数字|数值|本月数|累计数|[本此该各]数|[本此]行|以上|上述|表[中内]各?数|填报数)"
# 暂估数, 本数为约数; but not 签约数, nor an estimate of what something costs.
_ESTIMATED = re.compile(
    r"(?:暂估|估算|估计|预估|预计|预测|概算|暂定|毛估)数(?![\u4e00-\u9fff])|^\(?(?:暂估|预估|估算|约数|概数)\)?$|"
    rf"{_NUMBERS}(?:均|都)?[为是系](?:暂估|估算|估计|预估|预计|预测|暂定|约数|概数|大概|大约|快报|初步)"
)
# 含计划数, 累计数含2021年; 2021年 is no year of the plan's.
_INCLUDED = re.compile(
    rf"含(?:有|了)?(?:部分)?(?:计划|预计|目标|预估)数|{_NUMBERS}[^,。;,]{{0,4}}含(?:有|了)?(?:(?P<year>20\d\d)|[上去往前]年)"
)
# 数据待核实.
_UNCHECKED = re.compile(
    rf"{_NUMBERS}[^,。;,]{{0,4}}(?:待|未经?)(?:进一步)?(?:核[实定对准]|确认|审核)|非最终数|未最终核"
)
# 以上为4月数据, 本月数为4月数.
_MONTH = re.compile(
    rf"{_NUMBERS}(?:均|都|实)?[为是系](?:(?P<year>20\d\d)年)?(?P<month>1[0-2]|0?[1-9])月(?:份|末|底)?的?(?:实际|完成|累计)?数"
)
_DAY = r"(?:(?P<year>20\d\d)[年./-])?(?P<month>\d{1,2})[月./-](?P<day>\d{1,2})(?!\d)"
# 截至5月25日, 统计截止日期：2022-05-25; but not the hour by which the form is due, 截止时间：2022-06-06 18:00.
_CUT_OFF = re.compile(rf"(?:截至|截止到?|统计到|(?:统计|数据)截[至止](?:日期|时间|到)?)[:为]?(?:本月|目前)?{_DAY}")
# In a line, where 截至5月25日 may be of the work: 数据截至5月25日.
_CUT_OFF_OF_NUMBERS = re.compile(
    rf"(?:{_NUMBERS}|统计)(?:均|都)?[为是]?(?:统计)?(?:截[至止]到?|统计到|到)(?:日期|时间)?[:为]?{_DAY}"
)


def read_doubts(
    book: Book, tables: Sequence[Table], lines: Sequence[ReadCell], year: int, period: str | None
) -> Iterator[ReadCell]:
    """Notes ``group``, ``doubt`` with the words found, and ``cut_off`` with the day up to which was counted.

    ``year``: that of a day without one; ``period``: the month reported, null where nobody knows.
    """
    for table in tables:
        of_table = [cell for cell in lines if (cell.sheet_name, cell.section) == (table.grid.name, table.sheet.code)]
        yield from read_groups(table, period)
        yield from _in_table(table, of_table, year, period)
    for text in filter(_may_doubt, pieces_beside(book)):
        yield from _doubts(("", None, None), text, year, period)
        yield from _cut_offs(("", None, None), text, _CUT_OFF_OF_NUMBERS, year)


def _in_table(table: Table, lines: Sequence[ReadCell], year: int, period: str | None) -> Iterator[ReadCell]:
    fields = {cell.cell_ref: cell.field for cell in lines}
    of_lines = {cell.row_no for cell in lines}
    for row, column, text in texts(table.grid, range(len(table.grid.rows))):
        place = (table.grid.name, address(row, column), row + 1)
        if _may_doubt(text) and row != table.header_row and fields.get(place[1], "remark") in _WORDS:
            yield from _doubts(place, text, year, period)
            yield from _cut_offs(place, text, _CUT_OFF_OF_NUMBERS if row + 1 in of_lines else _CUT_OFF, year)


_Place = tuple[str, str | None, int | None]
_ANY = (_ESTIMATED, _UNCHECKED, _INCLUDED, _MONTH, _CUT_OFF, _CUT_OFF_OF_NUMBERS)


@remembered
def _may_doubt(text: str) -> bool:
    """Whether a text, wherever it stands, has any of these words at all; hardly any has."""
    words = fold(text)
    return any(pattern.search(words) for pattern in _ANY)


def _doubts(place: _Place, text: str, year: int, period: str | None) -> Iterator[ReadCell]:
    found = next(_doubtful(fold(text), year, period), None)
    if found is not None:
        yield ReadCell(*place, "note", "doubt", "different", raw_text=found if found in text else text)


def _doubtful(text: str, year: int, period: str | None) -> Iterator[str]:
    for pattern in (_ESTIMATED, _UNCHECKED):
        yield from (found[0] for found in pattern.finditer(text))
    yield from (found[0] for found in _INCLUDED.finditer(text) if found["year"] != str(year))
    for found in _MONTH.finditer(text):
        if period and f"{found['year'] or period[:4]}-{int(found['month']):02}" != period:
            yield found[0]


def _cut_offs(place: _Place, text: str, pattern: re.Pattern[str], year: int) -> Iterator[ReadCell]:
    for found in pattern.finditer(fold(text)):
        day = _day(int(found["year"] or year), int(found["month"]), int(found["day"]))
        if day is not None:
            yield ReadCell(*place, "note", "cut_off", "ok", raw_text=text, text_value=day.isoformat())


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
