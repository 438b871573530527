"""What a file is that is no workbook, told from its content."""

from __future__ import annotations

import codecs
import json
import re
import struct
import zlib
from collections.abc import Iterable
from datetime import date

from minsheng.spreadsheet import signatures
from minsheng.spreadsheet.features import RefusedError
from minsheng.spreadsheet.kinds import FileKind, Refusal
from minsheng.spreadsheet.ole import top_names

_HEAD_BYTES = 4096
_SHORT = 3  # letters with which a text may begin by chance
_BLANK = b"\0 \t\r\n"
_COMMENTS = re.compile(rb"\A(?:<!--(?:(?!-->).)*-->\s*)*+", re.S)
_OUTER_FOLDER = re.compile(r"^[^/]+\.(?:numbers|pages|key)/")
_WORKBOOKS = frozenset({"Workbook", "Book", "WORKBOOK", "BOOK"})
_GZIP = b"\x1f\x8b"
_OWNER_FILE_BYTES = 165  # of ~$报表.xlsx: the length of a name and the name, twice
_DBASE = frozenset(b"\x03\x30\x31\x83\x8b\xf5")
_JSON_BYTES = 1 << 20


def kind_of_ole(content: bytes) -> Refusal | None:
    """Why an OLE file is no workbook to be opened; None: it is one, as far as its table of contents says."""
    names = _names_of_ole(content)
    if "EncryptedPackage" in names:
        return "encrypted"
    if names & _WORKBOOKS:
        return "macro" if _is_named("_VBA_PROJECT", content) else None
    found = (kind for part, kind in signatures.OLE_PARTS if part in names)
    return next(found, "not_a_workbook" if names else "damaged")


def kind_of_package(names: Iterable[str], mime_type: str) -> FileKind | None:
    """What a ZIP file is by its parts and by what it says of itself; None: neither a workbook nor anything else."""
    own = mime_type.strip().removeprefix("application/")
    if found := next((kind for said, kind in signatures.MIME_TYPES if own.startswith(said)), None):
        return found
    lower = {name.lower().replace("\\", "/") for name in names}
    tops = {_OUTER_FOLDER.sub("", name) for name in lower}
    return next((kind for part, kind in signatures.ZIP_PARTS if any(name.startswith(part) for name in tops)), None)


def kind_of_bytes(content: bytes) -> Refusal | None:
    """What a file is that is neither ZIP nor OLE; None: it may be a csv."""
    if not content.strip(_BLANK).removeprefix(codecs.BOM_UTF8):
        return "empty_file"
    return _by_beginning(content) or _by_form(content) or _by_text(content)


def _names_of_ole(content: bytes) -> frozenset[str]:
    """What lies at the top of an OLE file; of one without a table of contents, what of all that it speaks of."""
    try:
        return top_names(content)
    except (RefusedError, ValueError, LookupError, struct.error):
        known = ("EncryptedPackage", *(part for part, _ in signatures.OLE_PARTS))
        return frozenset(name for name in known if _is_named(name, content))


def _is_named(name: str, content: bytes) -> bool:
    return name.encode("utf-16-le") in content


def _by_beginning(content: bytes) -> FileKind | None:
    if content.startswith(_GZIP) and b"www.gnumeric.org" in _unpacked_head(content):
        return "gnumeric"
    is_text = b"\0" not in content[:_HEAD_BYTES]
    for beginning, kind in signatures.BEGINNINGS:
        if content.startswith(beginning) and not (is_text and len(beginning) <= _SHORT and beginning.isalnum()):
            return kind
    return next((kind for at, part, kind in signatures.WITHIN if content.startswith(part, at)), None)


def _by_form(content: bytes) -> FileKind | None:
    """Files without a beginning of their own."""
    if len(content) == _OWNER_FILE_BYTES and 0 < content[0] < 55:
        return "lock_file"
    if content[0] in _DBASE and len(content) > 32 and _is_date(*content[1:4]):
        return "old_spreadsheet"
    return None


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        return date(1900 + year, month, day).year > 1900
    except ValueError:
        return False


def _by_text(content: bytes) -> Refusal | None:
    head = _head(content)
    bare = _COMMENTS.sub(b"", head, count=1).lstrip()
    if found := next((kind for pattern, kind in signatures.TEXTS if pattern.match(bare)), None):
        return found
    if bare.startswith(b"<?xml"):
        return "not_a_workbook"
    is_short = len(content) <= signatures.LINK_BYTES and content.strip().count(b"\n") < signatures.LINK_LINES
    return _by_json(content) or ("link" if is_short and signatures.LINK.search(head) else None)


def _head(content: bytes) -> bytes:
    """The beginning of a text in small letters, without its mark; of one in UTF-16 what of it is ASCII."""
    head = content[:_HEAD_BYTES]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head[: len(head) // 2 * 2].decode("utf-16", errors="ignore").encode("ascii", errors="ignore")
    return head.removeprefix(codecs.BOM_UTF8).lstrip().lower()


def _by_json(content: bytes) -> FileKind | None:
    if len(content) > _JSON_BYTES or not content.removeprefix(codecs.BOM_UTF8).lstrip().startswith((b"{", b"[")):
        return None
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return "link" if isinstance(found, dict) and found.keys() & signatures.LINK_KEYS else "json"


def _unpacked_head(content: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(content, _HEAD_BYTES)
    except zlib.error:
        return b""
