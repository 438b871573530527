"""Persons' numbers in a value: identity cards, bank cards, mobile telephones, however they are written or parted.

A number stands alone or in the pieces people write it in (138 0013 8000), in full width, in Chinese or with letters
for digits. What is masked (138****8000) is nobody's any more.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

from minsheng.core.text import remembered
from minsheng.guard.digits import folded, readings
from minsheng.guard.identities import has_card, has_identity, is_of_person
from minsheng.guard.phones import phones
from minsheng.spreadsheet.numbers import CellValue

# Parts texts that do not belong together, but in a cell, where it is a mark as any other.
_APART = "|"
_ROUNDED = re.compile(
    r"(?<![\w.\-])\d(?:\.\d+)?[Ee]\+?1[4-9](?![\w\-])|(?<![\w.\-])1\.[3-9]\d{8,9}[Ee]\+?10(?![\w\-])", re.ASCII
)
_PHONE = re.compile(r"(?:86)?1[3-9]\d{9}")
_CARD = re.compile(r"[3-69]\d{15,18}")
# 18 digits and twice as many; 20 are the number of a disabled person's card.
_OF_IDENTITIES = (18, 20, 36)


def kind_of(value: CellValue) -> str | None:
    """``id_number``, ``card`` or ``phone`` if a cell's value holds one, the first that it does; else None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return kind_in(value.replace(_APART, "/")) if isinstance(value, str) else _kind_of_number(value)


@remembered
def kind_in(text: str) -> str | None:
    """The same of a text of any length."""
    for number in _ROUNDED.findall(text):
        if kind := _kind_of_number(float(number)):
            return kind
    kinds = set(map(_kind_of_reading, readings(text)))
    return next((kind for kind in ("id_number", "card", "phone") if kind in kinds), None)


def count_phones(value: CellValue) -> int:
    """How many telephones a cell's value holds."""
    if not isinstance(value, str):
        return int(kind_of(value) == "phone")
    return sum(1 for _ in phones(folded(value)))


def _kind_of_reading(text: str) -> str | None:
    if has_identity(text):
        return "id_number"
    if has_card(text):
        return "card"
    return "phone" if next(phones(text), None) else None


def _kind_of_number(value: int | float) -> str | None:
    """A number typed as such: a spreadsheet keeps 15 digits of it, so that no check digit can be relied on."""
    if not math.isfinite(value) or value != int(value):
        return None
    digits = f"{Decimal(f'{value:.15g}'):f}"
    if _PHONE.fullmatch(digits):
        return "phone"
    if len(digits) in _OF_IDENTITIES and is_of_person(digits):
        return "id_number"
    if _CARD.fullmatch(digits):
        return "card"
    return "id_number" if len(digits) == 15 and is_of_person(f"{digits[:6]}19{digits[6:]}") else None
