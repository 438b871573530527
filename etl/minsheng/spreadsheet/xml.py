"""Following the XML parts of a workbook as a stream, at no cost in memory."""

from __future__ import annotations

import codecs
import html
import io
import re
from collections.abc import Callable, Iterator
from functools import lru_cache, wraps
from typing import IO, TypeVar, TypeVarTuple
from xml.parsers import expat

from minsheng.spreadsheet.archive import Archive
from minsheng.spreadsheet.features import CHUNK_BYTES, Budget, RefusedError, heavy

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]
Answer = TypeVar("Answer")
More = TypeVarTuple("More")

_HEAD_BYTES = 1024
# As many parts as a few programs write that are not the same in all their files, none of them as large as most sheets.
_MOST_REMEMBERED, _LARGEST_REMEMBERED = 64, 1 << 16
# No spreadsheet program allows more styles than this, nor sheets.
_MAX_LISTED = 100_000
# What the first bytes of a part in another encoding than UTF-8 look like, and the encoding.
_UNMISTAKABLE = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9._-]{1,40})")
_DECLARABLE = {
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii", "utf-16", "unicode"), "utf-8"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "cp936", "x-gbk", "windows-936"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cp950"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin1", "windows-1252", "cp1252"), "cp1252"),
}
# What may stand between and inside texts without being text, or be text in another form, and how each ends.
_OTHER_THAN_TEXT = re.compile(rb"<!--|<!\[CDATA\[|<\?|<!DOCTYPE")
_REFERENCE = re.compile(rb"&#(?:([0-9]{1,7})|x([0-9A-Fa-f]{1,6}));")
# White space that an attribute would lose; the standard library's way to write it brings urllib and email with it.
_KEPT_SPACE = str.maketrans({"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
_MEANINGFUL = frozenset(b"<>&\"'")
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}


def parser(start: Start, budget: Budget, *, by_namespace: bool = False) -> expat.XMLParserType:
    """A parser that calls ``start`` for every element; a document type, through which XML declares entities, refuses.

    ``by_namespace``: names are told as namespace, space, name, whatever prefix the file has for them.

    Raises RefusedError while it parses: ``damaged`` for a document type, OverBudgetError for too many elements.
    """

    made = expat.ParserCreate("utf-8", " " if by_namespace else None)
    made.StartDoctypeDeclHandler = _refuse_document_type
    made.StartElementHandler = counted(start, budget)
    return made


def counted(start: Start, budget: Budget) -> Start:
    """What a parser calls for every element: it is taken from the budget, then ``start`` is called."""

    def count(name: str, attributes: Attributes) -> None:
        budget.spend_element()
        start(name, attributes)

    return count


def parse(archive: Archive, part: str, made: expat.XMLParserType, budget: Budget) -> None:
    """Parse a part, whatever its encoding; raises what ``parser`` says, KeyError without the part.

    Raises ExpatError for anything but XML and ValueError for an encoding that is unknown or untrue.
    """
    with archive.stream(part) as stream:
        _parse(stream, made, budget)


def parse_text(xml: bytes, made: expat.XMLParserType, budget: Budget) -> None:
    """As ``parse``, of a part at hand."""
    _parse(io.BytesIO(xml), made, budget)


def remembered_part(
    function: Callable[[bytes, Budget, *More], Answer],
) -> Callable[[bytes, Budget, *More], Answer]:
    """The same function of a part, remembering its answers: a program writes the same styles into every file.

    What an answer costs is taken from the budget each time.
    """

    @lru_cache(_MOST_REMEMBERED)
    def known(xml: bytes, *more: *More) -> tuple[Answer, int, int]:
        budget, untouched = heavy(), heavy()
        answer = function(xml, budget, *more)
        return answer, untouched.read - budget.read, untouched.elements - budget.elements

    @wraps(function)
    def asked(xml: bytes, budget: Budget, *more: *More) -> Answer:
        if len(xml) > _LARGEST_REMEMBERED:
            return function(xml, budget, *more)
        answer, read, element_count = known(xml, *more)
        budget.spend_bytes(read)
        budget.spend_elements(element_count)
        return answer

    return asked


@remembered_part
def elements(xml: bytes, budget: Budget, tag: str) -> tuple[Attributes, ...]:
    """The attributes of every element of a name, whatever its prefix."""
    found: list[Attributes] = []

    def start(name: str, attributes: Attributes) -> None:
        if name.rpartition(":")[2] == tag:
            found.append(attributes)
        if len(found) > _MAX_LISTED:
            raise RefusedError("too_large")

    parse_text(xml, parser(start, budget), budget)
    return tuple(found)


def is_true(flag: str | None) -> bool:
    """Whether an attribute of XML Schema's type boolean says yes."""
    return flag in ("1", "true", "on")


def quoted(value: str) -> str:
    """The value of an attribute as it is written, in quotation marks."""
    return f'"{html.escape(value).translate(_KEPT_SPACE)}"'


def plain_xml(xml: bytes) -> bytes:
    """The same in UTF-8 without a byte-order mark, declaration and comments, and with all text as plain text.

    calamine reads nothing but UTF-8, passes over a number that stands in a CDATA section, and of 1&#54;3 it reads 1.
    Raises ValueError for
    an encoding that is unknown or untrue, and where something has no end.
    """
    encoding = _encoding(xml)
    xml = xml if encoding == "utf-8" else xml.decode(encoding).encode()
    return _REFERENCE.sub(_referred, b"".join(_plain_pieces(xml)))


def _referred(reference: re.Match[bytes]) -> bytes:
    """The character a reference stands for; a blank, or one that has a meaning in XML, stays a reference."""
    number = int(reference[1]) if reference[1] else int(reference[2], 16)
    is_plain = 0x20 < number < 0xD800 and number not in _MEANINGFUL
    return chr(number).encode() if is_plain else reference[0]


def _plain_pieces(xml: bytes) -> Iterator[bytes]:
    place = 0
    while found := _OTHER_THAN_TEXT.search(xml, place):
        if found[0] not in _ENDS:
            break  # a document type, which whoever parses this refuses
        yield xml[place : found.start()]
        end = xml.index(_ENDS[found[0]], found.end())
        if found[0] == b"<![CDATA[":
            yield html.escape(xml[found.end() : end].decode(), quote=False).encode()
        place = end + len(_ENDS[found[0]])
    yield xml[place:]


def _parse(stream: IO[bytes], made: expat.XMLParserType, budget: Budget) -> None:
    chunk = stream.read(CHUNK_BYTES)
    encoding = _encoding(chunk)
    decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)()
    while chunk:
        budget.spend_bytes(len(chunk))
        made.Parse(chunk if decoder is None else decoder.decode(chunk).encode())
        chunk = stream.read(CHUNK_BYTES)
    made.Parse(b"" if decoder is None else decoder.decode(b"", final=True).encode(), True)


def _encoding(xml: bytes) -> str:
    """In which encoding a part begins to be written; raises ValueError for one that nobody reads."""
    for beginning, encoding in _UNMISTAKABLE:
        if xml.startswith(beginning):
            return encoding
    declared = _DECLARED.match(xml[:_HEAD_BYTES].lstrip())
    name = declared[1].decode().lower() if declared else "utf-8"
    if name not in _DECLARABLE:
        raise ValueError(name)
    return _DECLARABLE[name]


def _refuse_document_type(*_: object) -> None:
    raise RefusedError("damaged")
