"""What a file is, told from its content and never from its suffix, before anything opens it."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 2000
CHUNK_BYTES = 1 << 18

_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF", "pdf"),
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG", "image"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"{\\rtf", "word"),
)
_OLE_STREAMS = (("EncryptedPackage", "encrypted"), ("WordDocument", "word"), ("_VBA_PROJECT", "macro"))
_WORKBOOK_PARTS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
# What spreadsheet programs write; others can be made to need any amount of memory or time.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What a web page begins with, whatever it is named.
_MARKUP = re.compile(
    rb"(?:<!--(?:(?!-->).)*-->\s*)*+<(?:!doctype\s+html|html|head|meta|body|table|style|div)\b|mime-version:",
    re.I | re.S,
)
_TABLE_XML = (b"urn:schemas-microsoft-com:office:spreadsheet", b"opendocument.spreadsheet")
_HEAD_BYTES = 4096
_MANIFEST = "META-INF/manifest.xml"


def refuse_container(content: bytes) -> str | None:
    """Why this content must not be opened as a workbook; None: it may be tried.

    Answers: too_large, empty_file, encrypted, damaged, macro, word, pdf, image, archive, html, xml, not_a_workbook.
    """
    if len(content) > MAX_BYTES:
        return "too_large"
    if not content:
        return "empty_file"
    if content.startswith(_ZIP):
        return _refuse_zip(content)
    if content.startswith(_OLE):
        return _refuse_ole(content)
    return next((code for magic, code in _MAGIC if content.startswith(magic)), None) or _refuse_markup(content)


def content_kind(content: bytes) -> str:
    """What content that was not refused is: xlsx, xlsb, ods, xls or csv."""
    if content.startswith(_OLE):
        return "xls"
    if not content.startswith(_ZIP):
        return "csv"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
    return next(kind for part, kind in _WORKBOOK_PARTS.items() if part in names)


def _refuse_markup(content: bytes) -> str | None:
    """Web pages and XML are text too, but not a table one can read."""
    head = content[:_HEAD_BYTES].removeprefix(codecs.BOM_UTF8).lstrip()
    if head.startswith(b"<?xml"):
        return "xml" if any(name in head for name in _TABLE_XML) else "html" if b"<html" in head else "not_a_workbook"
    return "html" if _MARKUP.match(head) else None


def _refuse_zip(content: bytes) -> str | None:
    if content.count(b"PK\x01\x02") > MAX_PARTS:
        return "too_large"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _refuse_members(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        return "damaged"


def _refuse_members(archive: zipfile.ZipFile) -> str | None:
    members = archive.infolist()
    names = {member.filename for member in members}
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        return "too_large"
    if any(member.flag_bits & 1 for member in members):
        return "encrypted"
    if any(member.compress_type not in _METHODS for member in members):
        return "damaged"
    # Readers find a part regardless of case; of two that differ in nothing else each would take its own.
    if len({name.lower() for name in names}) < len(members):
        return "damaged"
    if not all(_is_as_declared(archive, member) for member in members):
        return "damaged"
    return _refuse_parts(names) or ("encrypted" if _has_encrypted_parts(archive) else None)


def _is_as_declared(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a part unpacks to what the directory says: that is only a claim, and calamine reads on past it."""
    declared = member.file_size
    member.file_size = declared + 1  # where zipfile stops reading
    with archive.open(member) as part:
        return sum(map(len, iter(lambda: part.read(CHUNK_BYTES), b""))) == declared


def _refuse_parts(names: set[str]) -> str | None:
    if "word/document.xml" in names:
        return "word"
    if any(name.endswith("vbaProject.bin") for name in names):
        return "macro"
    return None if names & _WORKBOOK_PARTS.keys() else "archive"


def _has_encrypted_parts(archive: zipfile.ZipFile) -> bool:
    """Whether the list of parts of an OpenDocument file says so; the file itself opens without a password."""
    return _MANIFEST in archive.namelist() and b":encryption-data" in archive.read(_MANIFEST)


def _refuse_ole(content: bytes) -> str | None:
    names = ((name.encode("utf-16-le"), code) for name, code in _OLE_STREAMS)
    return next((code for name, code in names if name in content), None)
