"""What a message says beside the columns of its fact: numbers as people write them, and what was likely meant.

A rule uses these like columns: ``{likely}`` in a message, ``{proposal}`` in a remedy. Where nothing is obvious they are
empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from minsheng.spreadsheet.numbers import fold, plain

Fact = Mapping[str, Any]

_POWERS = {10: "十", 100: "百", 1000: "千", 10_000: "万", 100_000_000: "亿"}
_TEN_THOUSAND = Decimal(10_000)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NUMBER_AND_UNIT = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<unit>\D+)")
_AS_DIGITS = str.maketrans({"o": "0", "l": "1", "i": "1", ",": None})
# What binary fractions leave behind a number: 7.449999999999999.
_NOISY = re.compile(r"(?<![0-9.])[0-9]+\.[0-9]{10,}(?![0-9])")
_DIGITS_OF_A_FRACTION = 15


def likely(fact: Fact) -> str:
    """In which power of ten a number of unlikely size was probably written, as a question in brackets."""
    factor, value = fact.get("likely_factor"), fact.get("likely_value")
    if factor is None or value is None:
        return ""
    meant, unit = exactly(value), fact.get("unit_of_measure")
    if not fact.get("is_too_large"):
        return f"（是否以{_POWERS[int(factor)]}为单位填报，应为 {plain(meant)}？）"
    if unit == "公里" and int(factor) == 1000:
        return f"（是否以米填报，应为 {plain(meant)} 公里？）"
    return f"（是否为 {_shortly(meant)}？）"


def proposal(fact: Fact) -> str:
    """A sentence that says what to enter instead, for a cell that cannot be read or is left empty."""
    propose = _PROPOSALS.get(str(fact.get("reading")), _of_another_size)
    return propose(fact, fold(str(fact.get("raw_text") or "")))


def tidy(text: str) -> str:
    """Text with the leftovers of binary fractions rounded away: 7.449999999999999 is 7.45."""
    return _NOISY.sub(lambda found: _rounded(found[0]), text)


def figures(fact: Fact) -> str:
    """The numbers by which a line's month is judged: 累计数 606, or 分子 955、分母 1568."""
    return _named(fact.get("level_value"), fact.get("numerator"), fact.get("denominator"))


def prior_figures(fact: Fact) -> str:
    """The same of the month that was accepted before."""
    return _named(fact.get("prior_level"), fact.get("prior_numerator"), fact.get("prior_denominator"))


def standing_figures(fact: Fact) -> str:
    """The same of what was accepted for this month before, with the month's own number."""
    named = _named(fact.get("standing_level"), fact.get("standing_numerator"), fact.get("standing_denominator"))
    return _with_month(fact.get("standing_month"), named)


def next_figures(fact: Fact) -> str:
    """The same of the month that was accepted after it, with the month's own number, which its total rests on."""
    named = _named(fact.get("next_level"), fact.get("next_numerator"), fact.get("next_denominator"))
    return _with_month(fact.get("next_month_value"), named)


def _with_month(month: float | None, named: str) -> str:
    return named if month is None else f"本月数 {plain(exactly(month))}、{named}"


def _named(level: float | None, numerator: float | None, denominator: float | None) -> str:
    named = {"累计数": level, "分子": numerator, "分母": denominator}
    return "、".join(f"{name} {plain(exactly(value))}" for name, value in named.items() if value is not None)


WORDS: Mapping[str, Callable[[Fact], str]] = {
    "likely": likely,
    "proposal": proposal,
    "figures": figures,
    "prior_figures": prior_figures,
    "standing_figures": standing_figures,
    "next_figures": next_figures,
}


def _rounded(digits: str) -> str:
    if len(digits.replace(".", "").lstrip("0")) < _DIGITS_OF_A_FRACTION:
        return digits
    return plain(Decimal(f"{Decimal(digits):.12g}"))


def _shortly(number: Decimal) -> str:
    """A number of five digits and more in 万, as people say it."""
    return plain(number) if number < _TEN_THOUSAND else f"{plain(number / _TEN_THOUSAND)} 万"


def _percent(fact: Fact, word: str) -> str:
    found = _NUMBER.search(word)
    if fact.get("field") in ("numerator", "denominator"):
        return "分子、分母各填一个数量，比率由系统计算；要说明的写在“备注”。"
    return f"进度请在“形象进度”填 {found[0]}，数量填 0。" if found else ""


def _other_unit(fact: Fact, word: str) -> str:
    """What a number in metres, or in hundreds and thousands, comes to."""
    found, unit = _NUMBER_AND_UNIT.fullmatch(word), fact.get("unit_of_measure")
    if found is None:
        return ""
    number, written = Decimal(found["number"]), found["unit"]
    if unit == "公里" and written in ("米", "m"):
        return f"换算后为 {plain(number / 1000)}，请填 {plain(number / 1000)}。"
    factor = next((factor for factor, name in _POWERS.items() if written in (name, f"{name}{unit}")), None)
    return f"换算后为 {plain(number * factor)}，请填 {plain(number * factor)}。" if factor else ""


def _inexact(fact: Fact, word: str) -> str:
    found = _NUMBER_AND_UNIT.match(word)
    factor = {"万": 10_000, "亿": 100_000_000}.get(found["unit"][0]) if found else None
    return f"换算后是 {plain(Decimal(found['number']) * factor)}。" if found and factor else ""


def _only_number(fact: Fact, word: str) -> str:
    numbers = _NUMBER.findall(word)
    return f"要报的数是 {numbers[0]} 的，只填 {numbers[0]}。" if len(numbers) == 1 and "%" not in word else ""


def _letters(fact: Fact, word: str) -> str:
    digits = word.translate(_AS_DIGITS)
    return f"要报的数是 {digits} 的，请填 {digits}。"


def _two_ways(fact: Fact, word: str) -> str:
    thousands, decimals = word.replace(",", ""), word.replace(",", ".")
    return f"是 {thousands} 的请填 {thousands}，是 {decimals} 的请填 {decimals}。"


def _last_month(fact: Fact, word: str) -> str:
    if fact.get("prior_value") is None:
        return ""
    return f"{fact.get('prior_period')} 已接收的{fact.get('field_label')}是 {plain(exactly(fact['prior_value']))}。"


def _of_another_size(fact: Fact, word: str) -> str:
    """A broken number that is whole in thousands or ten thousands: 3.14 persons are 31400."""
    factor, value = fact.get("likely_factor"), fact.get("likely_value")
    if factor is None or value is None or factor < 1000 or fact.get("is_too_large"):
        return ""
    return f"以{_POWERS[int(factor)]}为单位填报的，请填 {plain(exactly(value))}。"


_PROPOSALS: Mapping[str, Callable[[Fact, str], str]] = {
    "percent": _percent,
    "unit_mismatch": _other_unit,
    "inexact": _inexact,
    "approximate": _only_number,
    "not_a_number": _only_number,
    "letter": _letters,
    "two_ways": _two_ways,
    "empty": _last_month,
    "shifted": _last_month,
}


def exactly(value: float | Decimal) -> Decimal:
    """The number a fact was made from: on its way to a float 395.3 may have become 395.29999999999995."""
    if isinstance(value, Decimal) or float(value).is_integer():
        return Decimal(value)
    return Decimal(f"{value:.15g}")
