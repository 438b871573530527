"""Number formats: how a cell shows a number otherwise than it is stored."""

from __future__ import annotations

import re
import unicodedata

# What stands before a text, with 1 for the number, of which its reader must say whether it is still that number.
LIKE = "like:"
# The number formats that are built in show a percentage or money; any other says so by its code.
BUILT_IN = {9: "percent", 10: "percent"} | dict.fromkeys((5, 6, 7, 8, 42, 44), LIKE + "¥1")

_LONGEST_CODE = 255
# What a format consists of: literal text, a sign that fills the cell, padding, a currency's sign, a condition or
# colour, anything else.
# In Chinese and Japanese Excel ! escapes as \ does.
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|\*(?P<fill>.)|_.|\[\$(?P<currency>[^\[\]-]*+)[^\[\]]*+\]|(?P<bracket>\[[^\[\]]*+\])|(?P<bare>.)',
    re.S,
)
# A comma behind the last digit, or the last before the point, shows a number a thousand times smaller: 0, and 0,.0
_THOUSANDTH = re.compile(r"[0#?],+(?![0-9#?,])")
# A digit that is always shown; in a fraction it is what the number is divided into.
_PLACES = "0#?@"
_FIXED_DIGIT = re.compile(r"[1-9]")
_GENERAL = re.compile(r"G/通用格式|general", re.I)
_SHOWS_THE_NUMBER = re.compile(r"[0#?@ymdhsegb]|aaa", re.I)
_SHOWS_A_DURATION = re.compile(r"\[[hms]+\]", re.I)
_SHOWS_A_TIME = re.compile(r"[ymdhs]|aaa", re.I)
# For which numbers a section is, where it says so.
_CONDITION = re.compile(r"\[(?P<sign><=|>=|<>|!=|[<>=])(?P<bound>-?[0-9]{1,15}(?:\.[0-9]{1,15})?)\]")
# The sections for positive, for negative numbers and for zero; the one behind them is for texts.
_FOR_NUMBERS = 3
# Of exponents, eras and the Buddhist year; any other letter is seen beside the number: 0K.
_LETTERS = "ebg"
_ONES = re.compile("1+")
# Words and signs that make another number of the one they stand beside.
_CHANGING = frozenset("〇零一二三四五六七八九十百千万亿半余约近多超逾不±~～≈<>≥≤‰.")


def shown_as(code: str) -> str | None:
    """How a number format shows a number otherwise than it is: ``percent``, ``scaled`` or not at all.

    One that is longer than any program writes may show anything, and counts as ``scaled``. With words or signs beside
    the number, ``LIKE`` and how it shows 1: 1户, $1.
    """
    if len(code) > _LONGEST_CODE:
        return "scaled"
    if "%" in code:
        return "percent"
    if not code:
        return None
    sections = _sections(_GENERAL.sub("0", code))
    counts = _for_counts(sections)
    shown = {_example(one) for one in counts} - {"", "1"}
    if any(map(_is_scaled, sections)) or any(map(_hides, counts)) or len(shown) > 1:
        return "scaled"
    return LIKE + shown.pop() if shown else None


def text_shown_as(code: str) -> str | None:
    """As ``shown_as``, of a text: how a number typed as a text is shown by @"万", or by the fourth section."""
    if "@" not in code and code.count(";") < _FOR_NUMBERS:
        return None
    if len(code) > _LONGEST_CODE:
        return "scaled"
    section = _sections(code)[-1]
    bare = _joined(section, "bare")
    if "@" not in bare and len(_sections(code)) <= _FOR_NUMBERS:
        return None
    shown = _example(section)
    if bare.count("@") != 1 or "1" not in shown or _is_scaled(section) or _hides(section):
        return "scaled"
    return None if shown == "1" else LIKE + shown


def shows_a_date(code: str) -> bool:
    """Whether a number format shows numbers as dates or times."""
    sections = _sections(_GENERAL.sub("0", code))
    return any(
        _SHOWS_A_TIME.search(_joined(one, "bare")) or _SHOWS_A_DURATION.search(_joined(one, "bracket"))
        for one in sections
    )


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


def _for_counts(sections: list[list[re.Match[str]]]) -> list[list[re.Match[str]]]:
    """The sections by which a number that people count may be shown; those for nothing or less may well show a dash."""
    conditions = [_CONDITION.search(_joined(one, "bracket")) for one in sections[:_FOR_NUMBERS]]
    if not any(conditions):
        return sections[:1]
    found = []
    for place, condition in enumerate(conditions):
        if condition is None and place == 1 and len(conditions) == _FOR_NUMBERS:
            continue  # for negative numbers
        if condition is None or _takes_counts(condition):
            found.append(sections[place])
        if (condition is None and place != 1) or (condition and _takes_all_counts(condition)):
            break
    return [one for one in found if "@" not in _joined(one, "bare")]


def _takes_counts(condition: re.Match[str]) -> bool:
    """Whether any number that people count meets a condition."""
    sign, bound = condition["sign"], float(condition["bound"])
    return bound > (0 if sign == "=" else 1) if sign in ("<", "<=", "=") else True


def _takes_all_counts(condition: re.Match[str]) -> bool:
    return condition["sign"] in (">", ">=", "<>", "!=") and float(condition["bound"]) <= (
        0 if condition["sign"] in ("<>", "!=") else 1
    )


def _example(section: list[re.Match[str]]) -> str:
    """How a section shows 1; nothing for one that shows a date."""
    condition, bare = (_joined(section, kind) for kind in ("bracket", "bare"))
    if _SHOWS_A_TIME.search(bare + condition):
        return ""
    return _ONES.sub("1", "".join(map(_shown_part, section))).strip()


def _shown_part(token: re.Match[str]) -> str:
    bare = token["bare"] or ""
    if bare in _PLACES:
        return "1" if bare else (token["quoted"] or token["escaped"] or token["currency"] or "")
    is_said = bare in "$()" or not bare.isascii() or (bare.isalpha() and bare.lower() not in _LETTERS)
    return bare if is_said else ""


def _joined(section: list[re.Match[str]], *kinds: str) -> str:
    return "".join(one[kind] or "" for one in section for kind in kinds)


def _is_scaled(section: list[re.Match[str]]) -> bool:
    literal, bare = _joined(section, "quoted", "escaped", "currency", "fill"), _joined(section, "bare")
    if changes_number(literal + "".join(char for char in bare if not char.isascii())):
        return True
    return bool(_THOUSANDTH.search(bare) or ("/" not in bare and _FIXED_DIGIT.search(bare)))


def _hides(section: list[re.Match[str]]) -> bool:
    """Whether a section for counts shows them as negative or not at all."""
    literal, bare, condition = (
        _joined(section, *kinds) for kinds in (("quoted", "escaped", "currency"), ("bare",), ("bracket",))
    )
    if not _SHOWS_THE_NUMBER.search(bare) and not _SHOWS_A_DURATION.search(condition):
        return True
    return not _SHOWS_A_TIME.search(bare) and "-" in literal + bare.replace("E-", "")
