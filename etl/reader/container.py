"""What a file is, told from its content and never from its suffix, before anything opens it."""

from __future__ import annotations

import io
import zipfile
import zlib

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
CHUNK_BYTES = 1 << 18

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
_WORKBOOK_PARTS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})


def refuse_container(content: bytes) -> str | None:
    """Why this content must not be opened as a workbook; None: it may be tried.

    Answers: too_large, empty_file, encrypted, damaged, macro, word, pdf, image, archive, not_a_workbook.
    """
    if len(content) > MAX_BYTES:
        return "too_large"
    if not content:
        return "empty_file"
    if content.startswith(b"PK"):
        return _refuse_zip(content)
    if content.startswith(_OLE):
        return _refuse_ole(content)
    return next((code for magic, code in _MAGIC if content.startswith(magic)), "not_a_workbook")


def _refuse_zip(content: bytes) -> str | None:
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
    # Readers find a part regardless of case; of two that differ in nothing else each would take its own.
    if len({name.lower() for name in names}) < len(members):
        return "damaged"
    return _refuse_parts(names) or next(("damaged" for one in members if not _is_as_declared(archive, one)), None)


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
    return None if names & _WORKBOOK_PARTS else "archive"


def _refuse_ole(content: bytes) -> str | None:
    names = ((name.encode("utf-16-le"), code) for name, code in _OLE_STREAMS)
    return next((code for name, code in names if name in content), None)
