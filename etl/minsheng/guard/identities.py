"""Numbers of identity cards and bank cards in a folded text, in any pieces, told by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from minsheng.guard.digits import GAP, MAY_GAP
from minsheng.guard.labels import is_numbered

# More may be run together with it: another, a telephone, the kind and degree of a disability.
_ID_18 = re.compile(
    rf"(?<!\d)(?=([1-8](?:{MAY_GAP}\d){{5}}{MAY_GAP}(?:1{MAY_GAP}[89]|2{MAY_GAP}0)"
    rf"(?:{MAY_GAP}\d){{9}}{MAY_GAP}[\dXx]))"
)
_ID_15 = re.compile(rf"(?<!\d)(?<!\d-)([1-8]\d{{5}}{MAY_GAP}\d{{6}}{MAY_GAP}\d{{3}})(?!-?\d)")
_SAID_CARD = re.compile(
    rf"(?:银行卡|储蓄卡|信用卡|借记卡)(?:号码?|帐号|账号)?[\s:是为]{{0,4}}(\d(?:{MAY_GAP}\d){{15,18}})(?!\d)"
)
# What is said to be one is one, mistyped or not.
_SAID = re.compile(
    rf"(?:身份证|身份号|证件号|公民身份|残疾人?证)(?:号码?|编号)?[\s:是为]{{0,4}}(\d(?:{MAY_GAP}\d){{13,18}}{MAY_GAP}[\dXx])(?![\dXx])"
)
# An identity number whose last digits a spreadsheet has turned to 0.
_ID_ROUNDED = re.compile(r"(?<!\d)([1-8]\d{5}(?:19|20)\d{7}000(?:00)?)(?!\d)")
# First digits and lengths that banks give out (GB/T 14504, ISO/IEC 7812).
_CARDS = (
    re.compile(
        r"(?<!\d)(6\d{15,18}|9558\d{12,15}|4(?!\d{5}20)\d{15}|5[1-5]\d{14}|35\d{14}|9\d{15}|9\d{16}|9\d{18})(?!\d)"
    ),
    re.compile(rf"(?<!\d)((?:[46]\d|5[1-5]|35|9\d)\d\d(?:{GAP}\d{{4}}){{3}}(?:{GAP}\d{{1,3}})?)(?!\d)"),
    re.compile(rf"(?<!\d)((?:[46]\d|5[1-5]|35|9\d)\d\d(?:{GAP}\d{{4}}){{3}})(?!\d)"),
    re.compile(rf"(?<!\d)(6\d{{5}}{GAP}\d{{10,13}})(?!\d)"),
)
_GAPS = re.compile(r"[^\dXx]+")
# The first two digits of what districts are numbered by (GB/T 2260); a date does not begin so.
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
# Numbers of projects hold a district and a day, too, and one in eleven passes: a recent day, and its name, tell them.
_NEWBORN = "2016"
# One digit over and over is a filler.
_FEWEST_DIFFERENT = 3
# Of an identity card and a disabled person's card.
_LENGTHS = frozenset({18, 20})
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


def has_identity(text: str) -> bool:
    """Whether a folded text holds the number of an identity card, of 18 digits or of 15."""
    are_said = (_is_like_one(number) for _, number in _at(_SAID, text))
    return any(_are_identities(text)) or any(map(is_of_person, _found(_ID_ROUNDED, text))) or any(are_said)


def _is_like_one(number: str) -> bool:
    return len(number) in _LENGTHS and is_of_person(number)


def _are_identities(text: str) -> Iterator[bool]:
    for start, number in _at(_ID_18, text):
        if is_of_person(number) and _is_checked(number):
            yield number[6:10] < _NEWBORN or not is_numbered(text, start)
    for start, number in _at(_ID_15, text):
        is_number = len(set(number)) >= _FEWEST_DIFFERENT and is_of_person(f"{number[:6]}19{number[6:]}")
        yield is_number and not is_numbered(text, start)


def has_card(text: str) -> bool:
    """Whether a folded text holds the number of a bank card."""
    is_valid = any(map(_is_luhn, (number for pattern in _CARDS for number in _found(pattern, text))))
    return is_valid or _SAID_CARD.search(text) is not None


def is_of_person(number: str) -> bool:
    """Whether an identity number of 18 digits begins with a district and a birthday."""
    try:
        return _PROVINCE.match(number) is not None and date.fromisoformat(number[6:14]).year >= 1890
    except ValueError:
        return False


def _at(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    """Where every match begins, and its digits without what parts them."""
    for match in pattern.finditer(text):
        yield match.start(), _GAPS.sub("", match[1])


def _found(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """The digits of every match that are not said to be the number of something else."""
    return (number for start, number in _at(pattern, text) if not is_numbered(text, start))


def _is_checked(number: str) -> bool:
    """The check digit of GB 11643."""
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, number, strict=False))
    return _ID_CHECKS[total % 11] == number[-1].upper()


def _is_luhn(number: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
