"""Characters that nothing we write could hold: no workbook, no page, no database, no mail header."""

from __future__ import annotations

import re

REPLACED = "\ufffd"
# What XML 1.0 leaves out; Excel keeps a soft return that was pasted in as the vertical tab.
_FOREIGN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BREAKS = "\x0b\x0c"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def printable(text: str) -> str:
    """Text with its soft returns as line breaks; what no program shows becomes the replacement character."""
    return _FOREIGN.sub(lambda found: "\n" if found[0] in _BREAKS else REPLACED, text)


def on_one_line(text: str) -> str:
    """As ``printable``, for names, in which a line break has no place either."""
    return _CONTROL.sub(REPLACED, printable(text))
