"""What a person writes above the mail that is answered: whether it confirms a report (docs/adr/0044)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser
from itertools import takewhile

_LONGEST = 200
_SPACE_AND_MARKS = re.compile(r"[\s\W_]+")
# The whole of the line, and nothing else: 不同意 and 确认有误 confirm nothing.
_CONFIRMING = re.compile(
    r"(您好|你好)?(我)?(已)?(经)?(核对|审核|审签|确认)?(无误|属实)?(确认|同意|审签|通过)(审签|报送|上报|无误|计入)?|核对无误|确认无误"
)
_ASKS = re.compile(r"[?？]|吗")
# What may stand below: a name with its office, a greeting, what a telephone adds. Anything else may be an objection.
_ENDING = re.compile(
    r"[\u4e00-\u9fff]{1,3}(?:局长|主任|科长|书记|院长|校长|经理|镇长|乡长|总)"
    r"|(?:谢谢|祝好|此致|敬礼|顺颂商祺)[!！。.]?|(?:发自|来自|Sent from).*"
)
# Where the mail that is answered begins, or the sender's card.
_QUOTED = re.compile(
    r"-{2,}.*|—{2,}.*|_{5,}|(?:发件人|From)\s*[:：].*|(?:在|On) .*(?:写道|wrote)\s*[:：]|.*(?:写道|wrote)\s*[:：]"
)
_SKIPPED = frozenset({"style", "script", "head", "title", "blockquote"})
_BREAKS = frozenset({"p", "div", "br", "li", "tr", "blockquote"})


@dataclass(frozen=True)
class UnitReply:
    """A mail that answers mails of ours. ``key`` names it in its source's memory; ``words``: its sender's, by lines.

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
        """Whether its first line confirms, and nothing below it may take that back."""
        first, *below = self.words.split("\n")
        is_said = _CONFIRMING.fullmatch(_SPACE_AND_MARKS.sub("", first)) is not None and not _ASKS.search(first)
        return is_said and all(map(_ENDING.fullmatch, below))


def own_words(message: Message) -> str:
    """What its sender has written above the mail he answers, a line each, as plain text; empty: nothing."""
    for part in message.walk():
        if part.get_content_type() in ("text/plain", "text/html") and not part.get_filename():
            lines = takewhile(lambda line: not _QUOTED.fullmatch(line), (line.strip() for line in _lines(part)))
            if said := "\n".join(line for line in lines if line and not line.startswith(">")):
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
