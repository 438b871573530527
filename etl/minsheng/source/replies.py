"""What a person writes above the mail that is answered: whether it confirms a report (docs/adr/0044)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser

_LONGEST = 200
_SPACE_AND_MARKS = re.compile(r"[\s\W_]+")
# The whole of the line, and nothing else: 不同意 and 确认有误 confirm nothing.
_CONFIRMING = re.compile(
    r"(您好|你好)?(我)?(已)?(经)?(核对|审核|审签|确认)?(无误|属实)?(确认|同意|审签|通过)(审签|报送|上报|无误|计入)?|核对无误|确认无误"
)
_SKIPPED = frozenset({"style", "script", "head", "title"})
_BREAKS = frozenset({"p", "div", "br", "li", "tr", "blockquote"})


@dataclass(frozen=True)
class UnitReply:
    """A mail that answers mails of ours. ``key`` names it in its source's memory; ``words`` is its first line.

    ``is_signer``: who wrote it signs for his unit, and does not report for it.
    """

    key: str
    unit_code: str
    address: str
    is_signer: bool
    references: tuple[str, ...]
    words: str

    @property
    def is_confirming(self) -> bool:
        """Whether its first line confirms, and says nothing else."""
        return _CONFIRMING.fullmatch(_SPACE_AND_MARKS.sub("", self.words)) is not None


def first_line(message: Message) -> str:
    """The first line its sender has written, as plain text; empty: there is none."""
    for part in message.walk():
        if part.get_content_type() in ("text/plain", "text/html") and not part.get_filename():
            lines = (line.strip() for line in _lines(part))
            if said := next((line for line in lines if line and not line.startswith(">")), ""):
                return said[:_LONGEST]
    return ""


def _lines(part: Message) -> Iterator[str]:
    payload = part.get_payload(decode=True)
    text = _decoded(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""
    if part.get_content_type() == "text/plain":
        yield from text.splitlines()
        return
    reader = _TextOfPage()
    reader.feed(text)
    yield from "".join(reader.pieces).splitlines()


def _decoded(payload: bytes, charset: str | None) -> str:
    wanted = "gb18030" if charset in (None, "gb2312", "gbk") else charset
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return payload.decode(wanted, "replace")
    except LookupError:
        return payload.decode("gb18030", "replace")


class _TextOfPage(HTMLParser):
    """What of a page is read, a line for each of its paragraphs."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A paragraph begins a line."""
        self._skipped += tag in _SKIPPED
        self.pieces += ["\n"] if tag in _BREAKS else []

    def handle_endtag(self, tag: str) -> None:
        """A paragraph ends one."""
        self._skipped -= tag in _SKIPPED and self._skipped > 0
        self.pieces += ["\n"] if tag in _BREAKS else []

    def handle_data(self, data: str) -> None:
        """Its words."""
        if not self._skipped:
            self.pieces.append(data)
