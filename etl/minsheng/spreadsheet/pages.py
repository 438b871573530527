"""A page or message that is no workbook, taken apart: html, MHTML, mails, plain text."""

from __future__ import annotations

import base64
import binascii
import codecs
import email
import email.policy
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from minsheng.spreadsheet.features import RefusedError
from minsheng.spreadsheet.grid import Grid
from minsheng.spreadsheet.part_texts import APART

_HEAD_BYTES = 4096
_MOST_BYTES = 2_000_000
_HEADERS = re.compile(rb"^(?:mime-version|content-transfer-encoding|content-type):", re.I | re.M)
_TAG = re.compile(r"(<[^<>]*+>)")
_TAG_NAME = re.compile(r"</?\s*(?:[\w\-]+:)?([A-Za-z][\w\-]*)")
_ROWS, _CELLS = frozenset({"tr", "row", "table-row"}), frozenset({"td", "th", "cell", "table-cell"})
# What parts a text without ending it.
_INLINE = frozenset({"b", "i", "u", "s", "a", "em", "strong", "span", "font", "sub", "sup", "data", "small", "mark"})
_QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_DATA = re.compile(r"data:([\w.+\-]*/?[\w.+\-]*)(?:;[\w=.\-]+)*;base64,([A-Za-z0-9+/=\s%]*+)")
_PICTURE = re.compile(r"data:image/|<(?:\w+:)?binary-data\b", re.I)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass
class Page:
    """What was found in one: rows of cells, texts outside them, and whether it brings pictures along."""

    rows: list[list[str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    has_pictures: bool = False

    @property
    def text(self) -> str:
        """The texts outside the rows, apart from each other."""
        return APART.join(self.texts)

    @property
    def grid(self) -> Grid:
        """The rows as a sheet."""
        return Grid("", [list(row) for row in self.rows])


def is_message(content: bytes) -> bool:
    """Whether this is a mail or a page saved as one, whose text may be encoded."""
    head = content[:_HEAD_BYTES]
    return (b"\0" not in head and len(_HEADERS.findall(head)) > 1) or head.lower().startswith(b"mime-version:")


def read_page(content: bytes) -> Page:
    """All that such a file says; raises RefusedError ``too_large``."""
    if len(content) > _MOST_BYTES:
        raise RefusedError("too_large")
    page = Page()
    for text in _texts(content, page) if is_message(content) else (_decoded(content),):
        _read_text(text, page)
    return page


def _texts(content: bytes, page: Page) -> Iterator[str]:
    """The parts of a message, decoded; its headers are a text, too."""
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    for part in message.walk():
        yield "\n".join(str(value) for value in part.values())
        if part.get_content_maintype() == "image":
            page.has_pictures = True
        elif not part.is_multipart():
            yield _part_text(part)


def _part_text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return _decoded(payload, str(part.get_content_charset() or "")) if isinstance(payload, bytes) else ""


def _decoded(content: bytes, charset: str = "") -> str:
    """As text, by its mark, by what it says, as UTF-8 or else as GB18030."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return content[len(bom) :].decode(encoding, errors="replace")
    for encoding in filter(None, (charset, "utf-8")):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("gb18030", errors="replace")


def _read_text(text: str, page: Page) -> None:
    page.has_pictures |= _PICTURE.search(text) is not None
    for data in _DATA.finditer(text):
        page.texts.append(_unpacked(data[2]))
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), _DATA.sub(" ", text))
    reader = _Reader(page)
    for number, piece in enumerate(_TAG.split(text)):
        if number % 2:
            reader.tag(piece)
        else:
            reader.text(html.unescape(piece))
    reader.end()


def _unpacked(data: str) -> str:
    try:
        return _decoded(base64.b64decode("".join(data.split()), validate=False))
    except (binascii.Error, ValueError):
        return ""


class _Reader:
    """Tags and texts one after another, put together to cells and to texts outside them."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._pieces: list[str] = []

    def tag(self, tag: str) -> None:
        """A new row or cell begins or ends here, or a line; what its attributes say is a text."""
        found = _TAG_NAME.match(tag)
        name = found[1].lower() if found else ""
        if tag.startswith("<!"):
            self._page.texts.append(html.unescape(tag))
        said = (html.unescape(first or second) for first, second in _QUOTED.findall(tag))
        self._page.texts.extend(text for text in said if text)
        if name in _ROWS and not tag.startswith("</"):
            self.end()
            self._page.rows.append([])
        elif name in _CELLS:
            self._close(is_cell=tag.startswith("</"))
        elif name not in _INLINE:
            self._pieces.append("\n")

    def text(self, text: str) -> None:
        """What stands between two tags."""
        self._pieces.append(text)

    def end(self) -> None:
        """Nothing more follows."""
        self._close(is_cell=False)

    def _close(self, *, is_cell: bool) -> None:
        text = "".join(self._pieces).strip()
        self._pieces.clear()
        if is_cell and self._page.rows:
            self._page.rows[-1].append(text)
        elif text:
            self._page.texts.append(text)
