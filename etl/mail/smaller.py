"""The same mail in smaller versions, for a server that finds it too large or does not take its attachment."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage

from etl.mail.message import POLICY, fix_boundaries, set_bodies

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
    text, html = _body(whole, "plain"), _body(whole, "html")
    note = _note(whole)
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


def _note(whole: EmailMessage) -> str:
    """What was left out; empty: there was nothing."""
    attachments = [part for part in whole.iter_attachments() if isinstance(part, EmailMessage)]
    if not attachments:
        return ""
    names = "、".join(f"“{part.get_filename()}”" for part in attachments)
    size = sum(len(part.get_payload(decode=True) or b"") for part in attachments)
    return _WITHOUT.format(names=names, size=size_in_words(size))


def size_in_words(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(size, 1000) / 1000:.0f} KB"
