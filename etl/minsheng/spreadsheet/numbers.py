"""Reading one number: only when there is one way to read it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from minsheng.core.text import remembered

if TYPE_CHECKING:
    from minsheng.core.codes import CellReading


CellValue = int | float | str | bool | date | time | timedelta | None

# What a unit may write after a number, and by how much it multiplies.
_SCALES = {"": Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
# A space inside a number only parts thousands: 26 171 is one number, 2617 1 may be two. No thousands begin with 0:
# 0,275 is a decimal or a slip, never 275.
_NUMBER = re.compile(
    r"(?P<sign>[+-]?) *"
    r"(?P<digits>(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)"
    r"\s*(?P<scale>[万亿]?)(?P<unit>[^\d万亿]*)"
)
_APPROXIMATE = re.compile(r"约|近|超|逾|余|多|左右|上下|以上|以下|以内|不到|不足|大概|至少|最多|估计|[<>≥≤~±≈]|\+$")
_COMPARATOR = re.compile(r"^(?:[≥>≤<]=?|不少于|不低于|不高于|不超过|超过?)\s*|(?:(?<!\s)\s++)?(?:以上|以下|以内)$")
MARKS = frozenset(
    {"", "/", "\\", "-", "--", "—", "——", "―", "无", "n/a", "na", "nil", "暂无", "没有", "未统计", "×", "x", "*"}
)
_ERRORS = frozenset({"#ref!", "#div/0!", "#value!", "#name?", "#n/a", "#num!", "#null!", "#spill!", "#calc!"})
# A letter struck beside the digit it looks like.
_LETTERS_FOR_DIGITS = re.compile(r"(?=.*[0-9])(?=.*[oil])[+-]?[0-9oil,.]+")
# A share with a note: 57%(two towns are late).
_PERCENT_AND_NOTE = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?%[(\[【,，;；、].*", re.DOTALL)
# Signs that nobody sees and that show the digits in another order than they are stored in.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# A duration as an OpenDocument file has it, and a day or month as people write one.
_DATE = re.compile(
    r"-?pt[0-9]+h[0-9]+m[0-9.]+s|(?:20[0-9]{2}年)?[0-9]{1,2}月份?(?:[0-9]{1,2}[日号]?)?|20[0-9]{2}年|[0-9]{1,2}[日号]"
)
# One comma before three digits: 3,150 of what has decimals is 3150, or 3.150 typed by a hand that slipped.
_ONE_COMMA = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_MINUS = str.maketrans({"−": "-", "–": "-", "﹣": "-"})

# raw.cell.number_value is decimal(24, 6): more places or digits would be changed when stored.
_PLACES = 6
# A spreadsheet program shows no more digits; what is a smaller share of a number is left over by binary arithmetic.
_SHOWN_DIGITS = 15
_LEFT_OVER = Decimal("1e-13")
# No number is written in more; a pattern held against a page of text may take its time.
_LONGEST = 60
_LIMIT = Decimal(10) ** 18


@dataclass(frozen=True)
class Number:
    """A reading of a cell as a number; ``value`` is null unless ``reading`` is ok or normalised."""

    value: Decimal | None
    reading: CellReading


def read_number(value: CellValue, units: frozenset[str] = frozenset(), *, whole: bool = False) -> Number:
    """Read a cell that asks for a number.

    ``units`` are the words allowed after it (folded by ``fold``); ``whole`` tells that 万 and 亿
    must multiply out to a whole number. Readings: ok, normalised, empty, mark, approximate,
    percent, unit_mismatch, inexact, too_precise, too_large, date, error, letter, two_ways, not_a_number.
    """
    if value is None or value == "":
        return Number(None, "empty")
    if isinstance(value, bool):
        return Number(None, "not_a_number")
    if isinstance(value, int | float):
        return _within_limits(_exact(value), "ok")
    if isinstance(value, date | time | timedelta):
        return Number(None, "date")
    if _REORDERING.search(value):
        return Number(None, "not_a_number")
    return _read_text(_visible(value), units, whole)


def read_target(value: CellValue, units: frozenset[str] = frozenset(), *, whole: bool = False) -> Number:
    """As ``read_number``, past the words that say how a target is to be compared: ≥1,800 or 不少于120人."""
    if isinstance(value, str):
        value = _COMPARATOR.sub("", _visible(value))
    return read_number(value, units, whole=whole)


@remembered
def fold(text: str) -> str:
    """Width folded, lower case, no white space, no zero-width characters, no leading apostrophe."""
    return "".join(_visible(text).split())


@remembered
def fold_width(text: str) -> str:
    """Full-width and other presentation forms as the plain characters they stand for; ② and ² are no digits."""
    return "".join(map(_fold_char, text))


def plain(number: Decimal) -> str:
    """The number in plain digits: no exponent, no trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _visible(text: str) -> str:
    """As ``fold``, with the white space inside the text."""
    folded = fold_width(text).translate(_MINUS).casefold()
    return "".join(char for char in folded if unicodedata.category(char) != "Cf").strip().lstrip("'‘’ ")


@lru_cache(maxsize=1 << 14)
def _fold_char(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char)
    makes_digits = any(one in "0123456789" for one in folded) and not "０" <= char <= "９"
    return char if makes_digits else folded


def _exact(value: int | float) -> Decimal | None:
    """What the cell shows: 15 digits, without what adding in binary left over, as in 0.1 + 0.2."""
    if isinstance(value, int) or value.is_integer():
        return Decimal(int(value))
    number = Decimal(f"{value:.15g}")
    if not number.is_finite():
        return None
    if abs(number) >= _LIMIT:
        return number
    short = round(number, _PLACES)
    return Decimal(plain(short)) if abs(number - short) <= abs(number) * _LEFT_OVER else number


def _read_text(text: str, units: frozenset[str], whole: bool) -> Number:
    word = fold(text)
    if word in MARKS:
        return Number(None, "mark" if word else "empty")
    if word in _ERRORS:
        return Number(None, "error")
    match = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    unit = fold(match["unit"]) if match else ""
    if match is None or (unit and unit not in units):
        return Number(None, _why_not(word, match is not None, unit))
    if not whole and _ONE_COMMA.fullmatch(match["digits"]):
        return Number(None, "two_ways")
    digits = match["digits"].replace(",", "").replace(" ", "")
    number = Decimal(match["sign"] + digits)
    if len(number.as_tuple().digits) > _SHOWN_DIGITS and "." in digits:  # a program wrote out all that it holds
        number = _exact(float(number)) or number
    number *= _SCALES[match["scale"]]
    if whole and match["scale"] and number != number.to_integral_value():
        return Number(None, "inexact")
    return _within_limits(number, "normalised")


def _why_not(word: str, is_number_first: bool, unit: str) -> CellReading:
    if any(char.isdigit() for char in word) and _APPROXIMATE.search(word):
        return "approximate"
    if _LETTERS_FOR_DIGITS.fullmatch(word):
        return "letter"
    if _DATE.fullmatch(word):
        return "date"
    if _PERCENT_AND_NOTE.fullmatch(word):
        return "percent"
    if not is_number_first or _is_no_unit(unit):
        return "not_a_number"
    return "percent" if unit == "%" else "unit_mismatch"


def _is_no_unit(unit: str) -> bool:
    """Whether more digits follow, or it ends in punctuation: 205. and 205*"""
    has_digits = any(unicodedata.category(char).startswith("N") for char in unit)
    return has_digits or (unicodedata.category(unit[-1]).startswith("P") and unit[-1] not in "%‰")


def _within_limits(number: Decimal | None, reading: CellReading) -> Number:
    if number is None:
        return Number(None, "not_a_number")
    if abs(number) >= _LIMIT:
        return Number(None, "too_large")
    if number != round(number, _PLACES):
        return Number(None, "too_precise")
    return Number(number, reading)
