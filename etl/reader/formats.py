"""Number formats: how a cell shows a number otherwise than it is stored."""

from __future__ import annotations

import re
import unicodedata

# The number formats that are built in show as a percentage; any other says so by its code.
BUILT_IN_PERCENTS = frozenset({9, 10})

# What a format consists of: literal text, padding, a currency's sign, a condition or colour, anything else.
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[\$(?P<currency>[^\]-]*)[^\]]*\]|(?P<bracket>\[[^\]]*\])|(?P<bare>.)',
    re.S,
)
# A comma behind the last digit shows a number a thousand times smaller: 0,
_THOUSANDTH = re.compile(r"[0#?],+(?![0-9#?,.])")
# A digit that is always shown; in a fraction it is what the number is divided into.
_FIXED_DIGIT = re.compile(r"[1-9]")
_SHOWS_THE_NUMBER = re.compile(r"[0#?@ymdhsegb]|general|aaa", re.I)
# A section for nothing or for less than nothing, which may well show a dash or nothing.
_NOT_FOR_COUNTS = re.compile(r"\[(?:<|=0+(?:\.0+)?\])")
# Words and signs that make another number of the one they stand beside.
_CHANGING = frozenset("〇零一二三四五六七八九十百千万亿半余约近多超逾不±~～≈<>≥≤‰.")


def shown_as(code: str) -> str | None:
    """How a number format shows a number otherwise than it is: ``percent``, ``scaled`` or not at all."""
    if "%" in code:
        return "percent"
    if not code:
        return None
    return "scaled" if any(map(_is_scaled, _sections(code), range(code.count(";") + 1))) else None


def changes_number(text: str) -> bool:
    """Whether this, standing beside a number, makes another one of it: 3 and 万, 205 and 余; a unit does not."""
    return any(char in _CHANGING or unicodedata.category(char).startswith("N") for char in text)


def _sections(code: str) -> list[list[re.Match[str]]]:
    """The tokens of the parts for positive, for negative numbers, for zero and for text."""
    sections: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code):
        if token["bare"] == ";":
            sections.append([])
        else:
            sections[-1].append(token)
    return sections


def _is_scaled(section: list[re.Match[str]], place: int) -> bool:
    literal = "".join(one[kind] or "" for one in section for kind in ("quoted", "escaped", "currency"))
    bare = "".join(one["bare"] or "" for one in section)
    if changes_number(literal + "".join(char for char in bare if not char.isascii())):
        return True
    if _THOUSANDTH.search(bare) or ("/" not in bare and _FIXED_DIGIT.search(bare)):
        return True
    condition = "".join(one["bracket"] or "" for one in section)
    is_for_counts = not _NOT_FOR_COUNTS.search(condition) and (place == 0 or bool(re.search(r"\[[>=]", condition)))
    return is_for_counts and _hides(bare, literal, condition)


def _hides(bare: str, literal: str, condition: str) -> bool:
    """Whether a section for counts shows them as negative or not at all."""
    if not _SHOWS_THE_NUMBER.search(bare) and not re.search(r"\[[hms]+\]", condition, re.I):
        return True
    is_date = re.search(r"[ymdhs]|aaa", bare, re.I) is not None
    return not is_date and "-" in literal + re.sub(r"E-", "", bare)
