"""Persons' numbers in a text: identity cards, bank cards, mobile telephones, however they are written or parted.

A number stands alone or in the groups people write it in (138 0013 8000); other digits beside it are not taken for
part of it, and no number goes on in the next line.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from etl.reader.numbers import CellValue, fold_width

# What does not show, however many of it stand between two digits.
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\ufe00-\ufe0f\ufeff]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−_·•‧・∙⋅", "-"))
_LONG_ENOUGH = re.compile(r"(?:\d\D{0,12}){10}\d")

# Between the groups of one number; a lone dot would make a decimal of it.
_GAP = r"[ \t.\-/()]{1,3}"
_GAP_BUT_DOT = r"[ \t\-/()]{1,3}"
_MAY_GAP = r"[ \t.\-/()]{0,3}"

# After a number: no digit, or more of its kind run together.
_END = r"(?=(?:\d{17}[\dXx])*+(?!\d)|(?:1[3-9]\d{9})*+(?!\d))"
_ABROAD = r"(?:(?:(?:00)?86|0)[ \t\-/()]{0,3})?"
_PHONE = re.compile(rf"(?<!\d)(?<!\b0\.){_ABROAD}1[3-9]\d{{9}}{_END}")
_PHONE_IN_GROUPS = re.compile(
    rf"(?<!\d)(?<!\d-){_ABROAD}(?:1[3-9]\d(?:{_GAP}\d{{4}}{_GAP}\d{{4}}|{_GAP}\d{{3}}{_GAP}\d{{5}}|{_GAP_BUT_DOT}\d{{8}})|"
    rf"1[3-9]\d\d{_GAP}(?:\d{{3}}{_GAP}\d{{4}}|\d{{4}}{_GAP}\d{{3}})|1[3-9]\d{{5}}{_GAP_BUT_DOT}\d{{4}})(?!-?\d)"
)
_ID_18 = re.compile(
    rf"(?<!\d)(?=([1-8](?:{_MAY_GAP}\d){{5}}{_MAY_GAP}(?:1{_MAY_GAP}9|2{_MAY_GAP}0)"
    rf"(?:{_MAY_GAP}\d){{9}}{_MAY_GAP}[\dXx]){_END})"
)
_ID_15 = re.compile(rf"(?<!\d)([1-8]\d{{5}}{_MAY_GAP}\d{{6}}{_MAY_GAP}\d{{3}})(?!\d)")
# An identity number whose last three digits a spreadsheet has turned to 0.
_ID_ROUNDED = re.compile(r"(?<!\d)([1-8]\d{5}(?:19|20)\d{7}000)(?!\d)")
_CARDS = (
    re.compile(r"(?<!\d)([3-69]\d{15,18})(?!\d)"),
    re.compile(rf"(?<!\d)([3-69]\d{{3}}(?:{_GAP}\d{{4}}){{3}})(?!\d)"),
    re.compile(rf"(?<!\d)([3-69]\d{{3}}(?:{_GAP}\d{{4}}){{3}}{_GAP}\d{{1,3}})(?!\d)"),
    re.compile(rf"(?<!\d)([3-69]\d{{5}}{_GAP_BUT_DOT}\d{{10,13}})(?!\d)"),
)
_ROUNDED = re.compile(r"(?<![\w.\-])\d(?:\.\d+)?[Ee]\+?1[4-8](?![\w\-])", re.ASCII)
# A line's digits in many small groups: 1 3 8 0 0 …
_GROUPS = re.compile(rf"(?<!\d)\d++(?:{_GAP}\d++){{3,}}")
_PHONE_DIGITS = 11
# The first two digits of what districts are numbered by (GB/T 2260); a date does not begin so.
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


def kind_of(value: CellValue) -> str | None:
    """``id_number``, ``card`` or ``phone`` if a cell's value holds one, the first that it does; else None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return kind_in(value) if isinstance(value, str) else _kind_of_number(value)


def kind_in(text: str) -> str | None:
    """As ``kind_of``, of a text of any length."""
    for number in _ROUNDED.findall(text):
        if kind := _kind_of_number(float(number)):
            return kind
    if not _LONG_ENOUGH.search(text):
        return None
    folded = _folded(text)
    if _has_identity(folded):
        return "id_number"
    if any(map(_is_luhn, _found(_CARDS, folded))):
        return "card"
    return "phone" if _has_phone(folded) else None


def count_phones(value: CellValue) -> int:
    """How many telephones a cell's value holds."""
    if not isinstance(value, str):
        return int(kind_of(value) == "phone")
    folded = _folded(value)
    return sum(len(pattern.findall(folded)) for pattern in (_PHONE, _PHONE_IN_GROUPS))


def _folded(text: str) -> str:
    """The text with one kind of digit and of dash, and nothing that does not show."""
    return fold_width(_UNSEEN.sub("", text)).translate(_DASHES)


def _found(patterns: tuple[re.Pattern[str], ...], text: str) -> Iterator[str]:
    """The digits of every match, without what parts them."""
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield re.sub(r"[^\dXx]", "", match[1])


def _has_identity(text: str) -> bool:
    return (
        any(_is_of_person(number) and _is_checked(number) for number in _found((_ID_18,), text))
        or any(map(_is_of_person, _found((_ID_ROUNDED,), text)))
        or any(_is_of_person(f"{number[:6]}19{number[6:]}") for number in _found((_ID_15,), text))
    )


def _has_phone(text: str) -> bool:
    is_written_out = _PHONE.search(text) or _PHONE_IN_GROUPS.search(text)
    return is_written_out is not None or any(map(_is_phone_in_pieces, _GROUPS.findall(text)))


def _is_phone_in_pieces(groups: str) -> bool:
    """Whether all groups make one telephone; none begins with two digits, as thousands (13 800 138 000) may."""
    first, *others = re.findall(r"\d+", groups)
    number = "".join((first, *others))
    return len(number) == _PHONE_DIGITS and len(first) != len("13") and _PHONE.fullmatch(number) is not None


def _kind_of_number(value: int | float) -> str | None:
    """A number typed as such: a spreadsheet keeps 15 digits of it, so that no check digit can be relied on."""
    if not math.isfinite(value) or value != int(value):
        return None
    digits = f"{Decimal(f'{value:.15g}'):f}"
    if _PHONE.fullmatch(digits):
        return "phone"
    if len(digits) in (18, 36) and _is_of_person(digits):
        return "id_number"
    if 16 <= len(digits) <= 19:
        return "card"
    return "id_number" if len(digits) == 15 and _is_of_person(f"{digits[:6]}19{digits[6:]}") else None


def _is_of_person(number: str) -> bool:
    """Whether an identity number of 18 digits begins with a district and a birthday."""
    try:
        return _PROVINCE.match(number) is not None and date.fromisoformat(number[6:14]).year >= 1900
    except ValueError:
        return False


def _is_checked(number: str) -> bool:
    """The check digit of GB 11643."""
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, number, strict=False))
    return _ID_CHECKS[total % 11] == number[-1].upper()


def _is_luhn(number: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
