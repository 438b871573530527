"""Characters that nothing we write could hold, and answers about texts that stand in every file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar, TypeVarTuple

Answer = TypeVar("Answer")
More = TypeVarTuple("More")

REPLACED = "\ufffd"
# What XML 1.0 leaves out; Excel keeps a soft return that was pasted in as the vertical tab.
_FOREIGN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BREAKS = "\x0b\x0c"
_IGNORED = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# As many texts as a thousand forms hold that are not the same in all of them, and of those outside their cells, which
# are longer, as many as a county's programs write; none as long as a page.
_MOST_REMEMBERED, _MOST_LONG_REMEMBERED = 1 << 14, 1 << 8
_LONGEST_SHORT, _LONGEST_REMEMBERED = 200, 4000


def remembered(function: Callable[[str, *More], Answer]) -> Callable[[str, *More], Answer]:
    """The same function of a text, remembering its answers: the words of the form stand in every file."""
    of_short, of_long = lru_cache(_MOST_REMEMBERED)(function), lru_cache(_MOST_LONG_REMEMBERED)(function)

    @wraps(function)
    def asked(text: str, *more: *More) -> Answer:
        if len(text) <= _LONGEST_SHORT:
            return of_short(text, *more)
        return (of_long if len(text) <= _LONGEST_REMEMBERED else function)(text, *more)

    return asked


def printable(text: str) -> str:
    """Text with its soft returns as line breaks; what no program shows becomes the replacement character."""
    return _FOREIGN.sub(lambda found: "\n" if found[0] in _BREAKS else REPLACED, text)


def on_one_line(text: str) -> str:
    """As ``printable``, for names, in which a line break has no place either."""
    return _CONTROL.sub(REPLACED, printable(text))


def unspaced(text: str) -> str:
    """Width, white space and line breaks taken out: page breaks cut words, and commas come in two widths."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text))
