"""A csv as a sheet: encoding and separator told from its content, every value as it stands there."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from minsheng.core.text import REPLACED, printable
from minsheng.spreadsheet.features import Features, RefusedError, check_reach
from minsheng.spreadsheet.grid import Grid, as_text
from minsheng.spreadsheet.kinds import BookReading
from minsheng.spreadsheet.numbers import CellValue
from minsheng.spreadsheet.workbook import MAX_LETTERS

SHEET_NAME = "CSV"

_SEPARATORS = (",", "\t", ";")
_HEAD_ROWS = 40
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?")
# How some programs keep a text from being turned into a number: ="2980"
_AS_TEXT = re.compile(r'="([^"]*)"')
# No text has these; a file that does is something else.
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
# Chinese in UTF-8 takes three bytes a character; that GB18030 makes a few such by chance is unheard of.
_FIRST_OF_THREE_BYTES = "\u0800"
_TOO_MANY_FOR_CHANCE = 4
# Few characters have a zero byte on the other side, such as 一.
_TIMES_MORE = 4


def read_separated(content: bytes) -> tuple[tuple[Grid, ...], BookReading]:
    """The one sheet of a csv, and ``ok`` or why there is none.

    Reasons: too_large, unknown_encoding, not_a_workbook, ragged for quotes that do not close.
    """
    try:
        return (_grid(_text(content)),), "ok"
    except RefusedError as refused:
        return (), refused.reading


def _text(content: bytes) -> str:
    """Decoded strictly, in the only encoding in which it can be; a character lost on the way is not guessed."""
    text = _decoded(content)
    if text is None or REPLACED in text:
        raise RefusedError("unknown_encoding")
    if len(text) > MAX_LETTERS:
        raise RefusedError("too_large")
    return text


def _decoded(content: bytes) -> str | None:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _strictly(content[len(bom) :], encoding)
    wide = _wide_encoding(content)
    if wide:
        return _strictly(content, wide)
    if _BINARY.search(content):
        raise RefusedError("not_a_workbook")
    text = _strictly(content, "utf-8")
    return text if text is not None or _has_utf8_lines(content) else _strictly(content, "gb18030")


def _has_utf8_lines(content: bytes) -> bool:
    """Whether single lines are UTF-8: two files put together, and one of them would be read as other words."""
    lines = (_strictly(line, "utf-8") for line in content.splitlines())
    return any(sum(char >= _FIRST_OF_THREE_BYTES for char in line or "") >= _TOO_MANY_FOR_CHANCE for line in lines)


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _wide_encoding(content: bytes) -> str | None:
    """UTF-16 without a mark: digits, separators and line ends have a zero byte, nearly all on the same side."""
    low, high = content[0::2].count(0), content[1::2].count(0)
    if len(content) % 2 or max(low, high) <= _TIMES_MORE * min(low, high):
        return None
    return "utf-16-le" if high > low else "utf-16-be"


def _grid(text: str) -> Grid:
    separator = max(_SEPARATORS, key=lambda one: _width(text, one))
    features = Features(separator=separator, is_open_ended=not text.endswith(("\n", "\r")))
    return Grid(SHEET_NAME, list(_rows(text, separator)), features=features)


def _rows(text: str, separator: str) -> Iterator[list[CellValue]]:
    try:
        for number, row in enumerate(_reader(text, separator)):
            check_reach(number, len(row) - 1)
            yield [_value(each) for each in row]
    except csv.Error as error:
        raise RefusedError("ragged") from error


def _width(text: str, separator: str) -> int:
    """The most columns a separator makes in one of the first lines, as far as it makes sense of them."""
    width = 0
    with suppress(csv.Error):
        for row in islice(_reader(text, separator), _HEAD_ROWS):
            width = max(width, len(row))
    return width


def _reader(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _value(text: str) -> CellValue:
    """A number where the text is how a sheet would show just that number; anything else stays as it is."""
    if as_text_only := _AS_TEXT.fullmatch(text):
        return printable(as_text_only[1])
    if not _PLAIN.fullmatch(text):
        return printable(text)
    number = float(text) if "." in text else int(text)
    return number if as_text(number) == text else text
