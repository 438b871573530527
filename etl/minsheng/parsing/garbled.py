"""Telling text whose characters were lost or read in a wrong encoding on the way: 锟斤拷, ????, 鏂扮枂, ÖÐ¹ú."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from minsheng.core.text import REPLACED, remembered
from minsheng.spreadsheet.grid import Grid

# Lost for good: what a decoder puts in a character's place, that read as GBK, memory never written to, question marks.
_LOST = re.compile(rf"锟斤|斤拷|烫烫烫|屯屯屯|锘挎|{REPLACED}{REPLACED}|\?{{4}}")
# Bytes of Chinese text read as Western letters: in GBK two high ones a character, in UTF-8 three.
_AS_WESTERN = re.compile(
    r"(?=[\xa1-\xff]{4})[\xa1-\xff]{0,3}[À-ÖØ-öø-ÿ]|[ä-é][\x80-\xbf\u2013-\u203a€Œœ\u0160-\u017eƒˆ˜™]{2}"
)
_FOREIGN = re.compile(r"(?:[^\x00-\x7f]|\?){2,}")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
# Where a character of three bytes was, see ``_kind``: its first two, and what became of the next ones.
_MISREAD = re.compile(r"[lL][mrx]?R|L[mM]?[lrRq]|[lL]M[rR]|[lL]mr[lL]|[lL][mMrR]?p")
_LONGEST = 200
# What programs write that cannot save Chinese at all.
_ALL_LOST = re.compile(r"[_?\x1a]{2,}")
_MANY = 10


@remembered
def is_garbled(text: str) -> bool:
    """Whether a part of the text is no longer what was written."""
    if _LOST.search(text) or _AS_WESTERN.search(text) or text.strip() == "???":
        return True
    return any(_is_utf8_as_gbk(run[0][:_LONGEST]) for run in _FOREIGN.finditer(text))


def garbled_cells(grid: Grid) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of every cell whose text is garbled."""
    for row, filled in enumerate(grid.filled):
        for column, text in filled:
            if is_garbled(text) and isinstance(grid.rows[row][column], str):
                yield row, column, text


def has_lost_words(grids: Sequence[Grid]) -> bool:
    """Whether the words of a file were lost: some are garbled, or in many cells a sign stands for every character.

    A line to write on is of such signs too, but stands among words.
    """
    texts = [value for grid in grids for row in grid.rows for value in row if isinstance(value, str)]
    if any(map(is_garbled, texts)):
        return True
    has_words = any(map(_HAN.search, texts))
    return not has_words and sum(_ALL_LOST.fullmatch(text) is not None for text in texts) >= _MANY


def _is_utf8_as_gbk(run: str) -> bool:
    """Whether UTF-8 bytes of Han characters were read two by two: 新疆 as 鏂扮枂, 中国 as 涓浗 with a byte lost.

    Such text begins its characters with what is rare in Chinese, and has characters GB2312 does not know beside them.
    """
    return _MISREAD.search("".join(map(_kind, run))) is not None or _is_chinese_again(run)


def _is_chinese_again(run: str) -> bool:
    """Whether the text, written as GBK and read as UTF-8, is Chinese to the last byte."""
    try:
        return _HAN.fullmatch(run.encode("gbk").decode("utf-8")) is not None
    except UnicodeError:
        return False


def _kind(char: str) -> str:
    """Which bytes of a UTF-8 sequence the character's GBK bytes are: l first and second, m third and first, r the last.

    Capital for one that GB2312 does not know; p for a byte without a character, q for a question mark, x for any other.
    """
    if char == "?":
        return "q"
    try:
        first, second = char.encode("gbk")
    except UnicodeError:
        return "p" if char == REPLACED or "\ue000" <= char <= "\uf8ff" else "x"
    kind = "x"
    if 0xE4 <= first <= 0xE9 and 0x80 <= second <= 0xBF:
        kind = "l"
    elif 0x80 <= first <= 0xBF and 0xE4 <= second <= 0xE9:
        kind = "m"
    elif 0x80 <= first <= 0xBF and 0x80 <= second <= 0xBF:
        kind = "r"
    is_known = first >= 0xA1 and second >= 0xA1
    return kind if is_known else kind.upper()
