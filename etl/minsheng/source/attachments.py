"""The files a mail brings: attached, in forwarded messages, in zip archives; named in whatever way programs do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from pathlib import PurePosixPath

from minsheng.source.names import readable_name
from minsheng.spreadsheet.container import MAX_BYTES

MAX_FILES = 50
MAX_LEVELS = 8
_ARCHIVE_BYTES = 4 * MAX_BYTES
_ENCRYPTED, _UTF8 = 0x1, 0x800
# What programs add of themselves, and nobody means to send.
_BY_PROGRAMS = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature", "text/calendar"}
    | {"text/vcard", "text/x-vcard", "application/ics", "message/delivery-status", "text/rfc822-headers"}
)


@dataclass(frozen=True)
class Attached:
    """A file of a mail; ``name`` may lead through an archive."""

    name: str
    data: bytes


def attached_files(message: Message) -> list[Attached]:
    """The files of a message in their order, ``MAX_FILES`` at most, no two under one name."""
    found: list[Attached] = []
    names: set[str] = set()
    for one in _opened(message, MAX_LEVELS):
        if len(found) == MAX_FILES:
            break
        name = _other_than(names, one.name)
        names.add(name)
        found.append(Attached(name, one.data))
    return found


def _opened(message: Message, levels: int) -> Iterator[Attached]:
    for one in _parts(message):
        suffix = PurePosixPath(one.name).suffix.lower()
        if suffix == ".eml" and levels:
            yield from _opened(message_from_bytes(one.data), levels - 1)
        elif suffix == ".zip":
            yield from _unpacked(one) or (one,)
        else:
            yield one


def _parts(message: Message) -> Iterator[Attached]:
    """What a message and those forwarded in it have attached; pictures within the text are left out."""
    for part in message.walk():
        kind = part.get_content_type()
        if part.is_multipart() or kind in _BY_PROGRAMS:
            continue
        name = file_name(part)
        is_attached = part.get_content_disposition() == "attachment"
        is_picture = part.get_content_maintype() == "image" and not is_attached
        if is_picture or (not name and (part.get_content_maintype() == "text" and not is_attached)):
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data:
            yield Attached(name or "未命名附件", data)


def file_name(part: Message) -> str:
    """The name of an attachment by RFC 2231, by RFC 2047 where it does not belong, or as raw bytes; empty: none."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        for key, value in part.raw_items():
            if key.lower() == header and (found := _parameter(str(value), parameter)):
                return PurePosixPath(found.replace("\\", "/")).name or found.replace("/", "_")
    return ""


def _parameter(value: str, name: str) -> str:
    """A parameter of a header that may hold bytes of any encoding."""
    holder = Message()
    holder["X"] = readable_name(value.replace("\r\n", "").replace("\n", "").encode("utf-8", "surrogateescape"))
    found = holder.get_param(name, header="X")
    if isinstance(found, tuple):
        charset, _, text = found
        return _decoded(text.encode("raw-unicode-escape"), charset)
    return _encoded_words(found) if found else ""


def _encoded_words(text: str) -> str:
    """``=?gb2312?B?…?=`` decoded, wherever in a name it stands."""
    if "=?" not in text:
        return text
    return "".join(
        _decoded(words, charset) if isinstance(words, bytes) else words for words, charset in decode_header(text)
    )


def _decoded(words: bytes, charset: str | None) -> str:
    """Text of a charset; one that is called GB2312 mostly is its superset."""
    name = "gb18030" if (charset or "").lower().startswith("gb") else charset
    try:
        return readable_name(words.decode(name or "utf-8").encode())
    except (LookupError, UnicodeDecodeError):
        return readable_name(words)


def _unpacked(archive: Attached) -> list[Attached]:
    """The files of an archive; none where it is locked, damaged or beyond the limits, and goes on as it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive.data)) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir() and not _is_debris(entry.filename)]
            total = sum(entry.file_size for entry in entries)
            is_locked = any(entry.flag_bits & _ENCRYPTED for entry in entries)
            if is_locked or len(entries) > MAX_FILES or total > _ARCHIVE_BYTES:
                return []
            return [Attached(f"{archive.name}/{_inner_name(entry)}", _read(opened, entry)) for entry in entries]
    except Exception:  # whatever a made-up archive makes the library raise
        return []


def _read(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """A file of no more than it says it has, and of no more than any may have; raises ValueError."""
    with opened.open(entry) as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError("too large")
    return data


def _inner_name(entry: zipfile.ZipInfo) -> str:
    """Names that are not marked as UTF-8 are in the encoding of who packed them."""
    raw = entry.filename.encode() if entry.flag_bits & _UTF8 else entry.filename.encode("cp437", "replace")
    return PurePosixPath(readable_name(raw).replace("\\", "/")).name


def _is_debris(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith((".", "~$"))


def _other_than(names: set[str], name: str) -> str:
    path, number, found = PurePosixPath(name), 1, name
    while found in names:
        number += 1
        found = str(path.with_name(f"{path.stem}~{number}{path.suffix}"))
    return found
