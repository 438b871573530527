"""The same mail in smaller versions, for a server that finds it too large or does not take its attachment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.message import EmailMessage
from html import escape

from minsheng.mail.message import POLICY, fix_boundaries, set_bodies

_WITHOUT = (
    "（本邮件原有附件{names}，共 {size}，收件方的邮件系统不收这样大或这样的附件，未能附上。"
    "全部问题都列在下面；需要标注后的表，请与数据组联系。）"
)
_CUT = "\n……（内容太长，收件方的邮件系统不收，以下从略；请与数据组联系索取全文。）\n"
_SHORT = 10_000


def smaller(content: bytes) -> Iterator[bytes]:
    """Without its attachments, if it has any; then the beginning of its plain text alone.

    Id and headers are those of the whole mail: whichever version arrives, it is this mail.
    """
    whole = message_from_bytes(content, policy=POLICY)
    attachments = [part for part in whole.iter_attachments() if isinstance(part, EmailMessage)]
    names = [str(part.get_filename()) for part in attachments]
    text, html = _without_mention(_body(whole, "plain"), _body(whole, "html"), names)
    note = _note(names, attachments)
    if note:
        version = _headers(whole)
        set_bodies(version, text, html, note)
        yield _written(version)
    version = _headers(whole)
    cut = text if len(text) <= _SHORT else text[:_SHORT] + _CUT
    version.set_content(f"{note}\n\n{cut}" if note else cut)
    yield _written(version)


def _headers(whole: EmailMessage) -> EmailMessage:
    version = EmailMessage(policy=POLICY)
    for name, value in whole.items():
        if not name.lower().startswith(("content-", "mime-")):
            version[name] = value
    return version


def _written(version: EmailMessage) -> bytes:
    fix_boundaries(version, version["X-Minsheng-Reference"] or "smaller")
    return version.as_bytes()


def _body(whole: EmailMessage, kind: str) -> str:
    part = whole.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _without_mention(text: str, html: str, names: Sequence[str]) -> tuple[str, str]:
    """The bodies without the lines and paragraphs that speak of what is not there."""
    for name in names:
        mention = f"附件“{name}”"
        text = "".join(line for line in text.splitlines(keepends=True) if mention not in line)
        html = "<p>".join(part for part in html.split("<p>") if not part.startswith(escape(mention)))
    return text, html


def _note(names: Sequence[str], attachments: Sequence[EmailMessage]) -> str:
    """What was left out; empty: there was nothing."""
    if not names:
        return ""
    size = sum(len(part.get_payload(decode=True) or b"") for part in attachments)
    return _WITHOUT.format(names="、".join(f"“{name}”" for name in names), size=size_in_words(size))


def size_in_words(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(size, 1000) / 1000:.0f} KB"
