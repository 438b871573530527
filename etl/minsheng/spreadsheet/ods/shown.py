"""Whether what a cell shows is the number it stores."""

from __future__ import annotations

import re
from contextlib import suppress

from minsheng.spreadsheet.formats import LIKE, changes_number

# The only number in what a cell shows; 1.2E+04 and 1/2 are none.
_SHOWN = re.compile(r"(?P<before>[^0-9]*)(?P<digits>[0-9]+(?:,[0-9]{3})*(?:\.(?P<places>[0-9]+))?)(?P<after>[^0-9]*)")
# A number in Chinese characters, as Excel too shows one by its format; 万 alone is none.
_IN_WORDS = re.compile("[〇零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟]{2,}|[〇零一二三四五六七八九十]")
_BY_SPACES = re.compile(r"[+-]?[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?:\.[0-9]+)?")
_SEVERAL = re.compile(r"\S\s*[\n\t]\s*\S")  # lines or columns within one cell


def as_shown(text: str, value: float) -> str | None:
    """Whether nothing is shown or another number than is stored, and not only by rounding: 13 for 12610.

    Answers as ``minsheng.spreadsheet.features.Broken``. What stands beside the number is for its reader to judge.
    """
    if _SEVERAL.search(text):
        return "scaled"
    shown = _SHOWN.fullmatch(text)
    if shown is None:
        return None if _IN_WORDS.fullmatch(text) or _is_written_as(text, value) else "scaled"
    beside = shown["before"] + shown["after"]
    has_another_sign = value > 0 and "-" in beside
    unit = 10.0 ** -len(shown["places"] or "")
    difference = abs(abs(value) - float(shown["digits"].replace(",", "")))
    if has_another_sign or changes_number(beside) or difference > 0.51 * unit:
        return "scaled"
    return f"{LIKE}{shown['before']}1{shown['after']}" if value > 0 and beside.strip() else None


def _is_written_as(text: str, value: float) -> bool:
    """Whether the text is about that number as a power of ten, as fraction or with thousands apart: 1.2E+04, 1 1/2."""
    parts = ["".join(text.split())] if _BY_SPACES.fullmatch(text) else text.split()
    with suppress(ValueError, ZeroDivisionError):
        return abs(sum(map(_quotient, parts)) - value) <= abs(value) / 10
    return False


def _quotient(text: str) -> float:
    above, _, below = text.partition("/")
    return float(above) / float(below or 1)
