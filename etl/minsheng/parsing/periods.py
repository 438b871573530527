"""Reading a month in all the shapes in which units write one."""

from __future__ import annotations

import re
from datetime import date, timedelta

from minsheng.core.period import Period
from minsheng.spreadsheet.numbers import CellValue, fold

_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_YEAR_MONTH = re.compile(
    r"(20\d{2})(?:年|[-./])(1[0-2]|0?[1-9])(?:月份?|(?:月|[-./])[0-3]?\d日?)?(?:t?\d\d:\d\d:\d\d(?:\.\d{1,9})?z?)?",
)
# Numbers since January are reported for the last of their months, 1-5月; whose 3-5月 is, nobody knows.
_LOOSE_MONTH = re.compile(r"(?:(20\d{2})年)?(?:0?1月?[-至到~])?(1[0-2]|0?[1-9])月份?")
_COMPACT = re.compile(r"(20\d{2})(0[1-9]|1[0-2])")
# A day behind the month makes it the date of writing, not the month reported.
_IN_NAME = re.compile(r"(?<!\d)(20\d{2})(?:年|[-._/])?(1[0-2]|0[1-9]|(?<=[-._/年])[1-9])(?![-._/月]?\d)")
_MONTH_IN_NAME = re.compile(r"(?<![\d-])(1[0-2]|0?[1-9])月(?!\d)")
# Numbers since January are those of the last of the months: 2022年1-4月.
_SINCE_JANUARY = re.compile(r"(?:(?<!\d)(20\d{2})年|(?<![\d-]))0?1月?份?[-至到~](1[0-2]|0?[1-9])月(?!\d)")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−～", "-"))
_TEN_AND_MORE = re.compile(r"十(?=[一二])")
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_SERIALS = range(36526, 73051)  # 2000-01-01 to 2099-12-31


def read_period(value: CellValue) -> Period | None:
    """The month a cell names: a date, a serial number, or text such as 2022年3月; None if it names none."""
    if isinstance(value, date):
        return Period(value.year, value.month)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value)
    return _from_text(_western(fold(value))) if isinstance(value, str) else None


def read_loose_period(value: CellValue, year: int) -> Period | None:
    """The month that a text names without its year, or as the last of those since January: 5月, 1-5月, 2022年1-5月.

    ``year`` stands in for a missing one. None if it names no month so.
    """
    text = _western(fold(value)).translate(_DASHES) if isinstance(value, str) else ""
    match = _LOOSE_MONTH.fullmatch(text)
    return Period(int(match[1] or year), int(match[2])) if match else None


def period_in_name(file_name: str, year: int) -> Period | None:
    """The one month a file name names, ``year`` standing in for a missing one; None if none or several."""
    name = _western(fold(file_name)).translate(_DASHES)
    since_january = {Period(int(found[1] or year), int(found[2])) for found in _SINCE_JANUARY.finditer(name)}
    if since_january:
        return since_january.pop() if len(since_january) == 1 else None
    months = {Period(int(found[1]), int(found[2])) for found in _IN_NAME.finditer(name)}
    if not months:
        months = {Period(year, int(found[1])) for found in _MONTH_IN_NAME.finditer(name)}
    return months.pop() if len(months) == 1 else None


def _from_number(value: int | float) -> Period | None:
    if value in _SERIALS:
        day = _EXCEL_DAY_ZERO + timedelta(days=int(value))
        return Period(day.year, day.month)
    # 2022.1 as a number may have been typed 2022.10: two ways to read it, so none.
    text = f"{value:.7g}"
    return None if text.endswith(".1") else _from_text(text)


def _from_text(text: str) -> Period | None:
    if text.isdecimal() and int(text) in _SERIALS:
        return _from_number(int(text))
    text = text.translate(_DASHES)
    match = _COMPACT.fullmatch(text) or _YEAR_MONTH.fullmatch(text)
    return Period(int(match[1]), int(match[2])) if match else None


def _western(text: str) -> str:
    """Chinese digits as 0-9; 十 as a place, so that 十二 is 12 and 十 is 10."""
    text = _TEN_AND_MORE.sub("1", text).replace("十", "10")
    return text.translate(_DIGITS)
