"""What the plan's own words say of a target: the number, how it is compared, by when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from unicodedata import normalize

from minsheng.core.codes import Comparator
from minsheng.core.text import unspaced
from minsheng.plan.written import numbers_in

# The words a plan compares with, the longer before those that they end in.
_COMPARING: Mapping[Comparator, tuple[str, ...]] = {
    "ge": ("不少于", "不低于", "不得少于", "不得低于", "至少", "达到", "完成", "达"),
    "gt": ("超过", "超", "大于", "多于", "高于", "突破"),
}
_ALL = "全覆盖"
_CLAUSE = re.compile(r"[^，；。,;]+")
_BEFORE_A_VERB = re.compile(r"^(?:全年|年内|当年|今年|年底前|全县|共|计划|总计|力争|确保)+")
_VERB = re.compile(r"[\u4e00-\u9fff]{1,8}$")
_PHRASE = re.compile(r"全年|今年年底前|年底前|年底|年内|上半年|\d{1,2}月底前?|\d{1,2}月\d{1,2}日前?")
_MONTH_END = re.compile(r"(\d{1,2})月底?前?$")
_MONTH_DAY = re.compile(r"(?:\d{4}年)?(\d{1,2})月(\d{1,2})日前?$")
_DAY = re.compile(r"\d{4}[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def target_value(cell: str, unit_of_measure: str) -> Decimal | None:
    """The number of a target cell in base units, a share where it is a percentage; None: there is no number in it."""
    found = list(numbers_in(normalize("NFKC", cell).replace(",", "")))
    if len(found) != 1:
        return None
    written, value = found[0]
    return value / 100 if unit_of_measure == "%" and "%" not in written and value > 1 else value


def as_written(quote: str, value: Decimal, unit_of_measure: str) -> str | None:
    """How the plan writes a number, with its unit; None where it does not, or several times."""
    words = unspaced(quote)
    found = {written for written, said in numbers_in(words) if said == value}
    if len(found) != 1:
        return None
    (number,) = found
    unit = unspaced(unit_of_measure)
    return number + unit if number + unit in words and not number.endswith(unit) else number


def clause_of(quote: str, words: str) -> str | None:
    """The part of a sentence in which words stand; None where it is not one."""
    clauses = [clause.strip() for clause in _CLAUSE.findall(quote) if unspaced(words) in unspaced(clause)]
    return clauses[0] if len(clauses) == 1 else None


def compared(clause: str, number: str) -> tuple[Comparator, str | None]:
    """How a clause compares with a number, and the word it uses; the word null where none is found."""
    if _ALL in clause:
        return "full_coverage", _ALL
    before, _, after = unspaced(clause).partition(unspaced(number))
    for comparator, words in _COMPARING.items():
        if word := next((word for word in words if before.endswith(word)), None):
            return comparator, word
    if after.startswith("以上"):
        return "ge", "以上"
    verb = _VERB.search(before)
    return "ge", (_BEFORE_A_VERB.sub("", verb[0]) or None) if verb else None


def comparator_of(cell: str, words: Mapping[Comparator, str]) -> Comparator | None:
    """The comparator a cell names: by code, by its word, by a sign, or by one of the plan's words; None: unknown."""
    word = unspaced(cell)
    by_word: dict[str, Comparator] = {said: code for code, said in words.items()} | {code: code for code in words}
    signs: dict[str, Comparator] = {"≥": "ge", ">=": "ge", ">": "gt", "以上": "ge"}
    plans: dict[str, Comparator] = {said: code for code, all_said in _COMPARING.items() for said in all_said}
    return (plans | signs | by_word).get(word)


def deadline_phrase(quote: str) -> str | None:
    """The words by which a sentence says by when."""
    found = _PHRASE.search(unspaced(quote))
    return found[0] if found else None


def deadline_day(words: str, year: int) -> date | None:
    """The day words name: 2024-12-31, 12月31日, 6月底前, 上半年, 年底; None: they name none."""
    text = unspaced(words)
    if found := _DAY.fullmatch(text) or _MONTH_DAY.fullmatch(text):
        return _day(year if len(found[0]) < 8 else int(text[:4]), int(found[1]), int(found[2]))
    if found := _MONTH_END.fullmatch(text):
        return _last_day(year, int(found[1]))
    if text == "上半年":
        return date(year, 6, 30)
    return date(year, 12, 31) if _PHRASE.fullmatch(text) else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _last_day(year: int, month: int) -> date | None:
    if not 1 <= month <= 12:
        return None
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
