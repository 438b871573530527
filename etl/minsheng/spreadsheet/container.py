"""What a file is, told from its content and never from its suffix, before anything opens it."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from xml.parsers import expat

from minsheng.spreadsheet.archive import Archive
from minsheng.spreadsheet.features import OverBudgetError, RefusedError, light
from minsheng.spreadsheet.foreign import kind_of_bytes, kind_of_ole, kind_of_package
from minsheng.spreadsheet.kinds import Refusal
from minsheng.spreadsheet.package import part_name, workbook_kind

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 2000

_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Of these one names the workbook, wherever it is; an OpenDocument file always has it at the same place.
_LEADING_PARTS = frozenset({"_rels/.rels", "xl/workbook.xml", "xl/workbook.bin"})
_ODS_PART = "content.xml"
# What a web gateway puts before a file: a blank line, a byte-order mark.
_PUT_BEFORE = b"\xef\xbb\xbf \t\r\n"
_MOST_BEFORE = 64
# What spreadsheet programs write; others can be made to need any amount of memory or time.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_MIME_TYPE = "mimetype"
_MANIFEST = "META-INF/manifest.xml"
_MOST_SAID = 1 << 20


@dataclass(frozen=True)
class Container:
    """A file that may be tried as a workbook, opened one time for all who look into it.

    ``kind`` by its content: xlsx, xlsb, ods, xls or csv; ``archive``: the parts of the first three.
    """

    content: bytes
    kind: str
    archive: Archive | None = None

    @property
    def part_names(self) -> list[str]:
        """The parts of an archive, as they are written in it."""
        return self.archive.namelist() if self.archive else []


def open_container(content: bytes) -> Container | Refusal:
    """The content, opened, or why it must not be opened as a workbook."""
    if len(content) > MAX_BYTES:
        return "too_large"
    if content.startswith(_ZIP):
        return _open_zip(content)
    if content.startswith(_OLE):
        return kind_of_ole(content) or Container(content, "xls")
    return kind_of_bytes(content) or Container(content, "csv")


def bare(content: bytes) -> bytes:
    """A workbook without what a web gateway has put before it: a blank line, a byte-order mark."""
    head = content[:_MOST_BEFORE]
    begun = head.lstrip(_PUT_BEFORE)
    return content[len(head) - len(begun) :] if begun.startswith((_ZIP, _OLE)) else content


def _open_zip(content: bytes) -> Container | Refusal:
    if content.count(b"PK\x01\x02") > MAX_PARTS:
        return "too_large"
    try:
        archive = Archive(content)
        if refusal := _refuse_members(archive):
            return refusal
        kind = workbook_kind(archive, light()) or ("ods" if _ODS_PART in archive.namelist() else None)
        return Container(content, kind, archive) if kind else "archive"
    except OverBudgetError:
        return "too_large"
    except RefusedError:
        return "damaged"
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, LookupError, ValueError):
        return "damaged"
    except NotImplementedError:  # a way of packing that no spreadsheet program uses
        return "damaged"


def _refuse_members(archive: Archive) -> Refusal | None:
    members = archive.infolist()
    names = {member.filename for member in members}
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        return "too_large"
    if any(member.flag_bits & 1 for member in members):
        return "encrypted"
    if foreign := _refuse_parts(archive, names):
        return foreign
    if any(member.compress_type not in _METHODS for member in members):
        return "damaged"
    # Readers find a part regardless of case; of two that differ in nothing else each would take its own.
    if len({name.lower() for name in names}) < len(members):
        return "damaged"
    return None if all(map(archive.is_as_declared, members)) else "damaged"


def _refuse_parts(archive: Archive, names: set[str]) -> Refusal | None:
    """Why a package is none of a workbook, by its parts and the little it says of itself."""
    if b"encryption-data" in _beginning(archive, names, _MANIFEST):
        return "encrypted"
    if foreign := kind_of_package(names, _beginning(archive, names, _MIME_TYPE).decode("ascii", errors="replace")):
        return foreign
    parts = set(map(part_name, names))
    if any(part.endswith("vbaproject.bin") or part.startswith("xl/macrosheets/") for part in parts):
        return "macro"
    return None if _ODS_PART in names or parts & _LEADING_PARTS else "archive"


def _beginning(archive: Archive, names: set[str], name: str) -> bytes:
    """A part as far as it matters here; nothing for one that is not there."""
    if name not in names:
        return b""
    with archive.open(name) as part:
        return part.read(_MOST_SAID)
