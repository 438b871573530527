"""The digits of a text, however they are written: in full width, in Chinese, in circles, as letters.

Each way of reading a text is a text of its own, as long as the first, in which to look for numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from minsheng.core.text import remembered
from minsheng.spreadsheet.numbers import fold_width

# What does not show, however many of it stand between two digits.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\u3164\ufe00-\ufe0f\ufeff]"
)
_PLAINER = str.maketrans(
    dict.fromkeys("‐‑‒–—―−_·•‧・∙⋅﹣⁃➖", "-") | dict.fromkeys("×хХχΧ", "X") | dict.fromkeys("оО", "O") | {"丶": "、"}
)
# Words and strokes for a dash, between three digits and four or four and four.
_SPOKEN_DASH = re.compile(r"(?<=\d{3})[杠横点空一和跟](?=\d{4}(?!\d))")
# Digits that Unicode gives no value of one digit.
_SPOKEN = {"幺": "1", "两": "2"}
# What may stand between two digits of one number; what makes an amount of the first does not.
_MARK = r"[^\w%‰¥$€°′″|\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
GAP, MAY_GAP = rf"{_MARK}{{1,6}}", rf"{_MARK}{{0,6}}"
_OTHER_DIGITS = "〇零一二三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖幺两⓪①-⑨⑴-⑼⒈-⒐⓵-⓽❶-❾➀-➈➊-➒⁰¹²³⁴-⁹₀-₉"
_ENOUGH = re.compile(rf"\d(?:{MAY_GAP}\d){{8}}")
_ENOUGH_OTHERS = re.compile(rf"[\d{_OTHER_DIGITS}](?:[^\w%‰¥$€°′″|{_OTHER_DIGITS}]{{0,6}}[\d{_OTHER_DIGITS}]){{10}}")
# A number in which letters stand for the digits they look like.
_LETTERED = re.compile(r"(?<![A-Za-z0-9])[0-9OolI](?:[ \-]?[0-9OolI]){10,19}+(?![A-Za-z0-9])")
_LETTERS = str.maketrans("OolI", "0011")
_FEWEST_DIGITS = 4


@remembered
def folded(text: str) -> str:
    """The text with one kind of digit and of dash, and nothing that does not show."""
    return _SPOKEN_DASH.sub("-", fold_width(_UNSEEN.sub("", text)).translate(_PLAINER))


def readings(text: str) -> Iterator[str]:
    """The text folded, then with other digits and with letters as digits, as far as each holds a long number."""
    plain = folded(text)
    if _ENOUGH.search(plain):
        yield plain
    if _ENOUGH_OTHERS.search(plain):
        spelt = "".join(map(_digit, plain))
        if spelt != plain:
            yield spelt
    lettered = _LETTERED.sub(_without_letters, plain)
    if lettered != plain:
        yield lettered


def _without_letters(number: re.Match[str]) -> str:
    has_enough = sum(map(str.isdigit, number[0])) >= _FEWEST_DIGITS
    return number[0].translate(_LETTERS) if has_enough else number[0]


@lru_cache(maxsize=1 << 14)
def _digit(char: str) -> str:
    value = unicodedata.numeric(char, -1)
    return _SPOKEN.get(char) or (str(int(value)) if value in range(10) else char)
