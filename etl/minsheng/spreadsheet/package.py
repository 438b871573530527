"""The parts of an xlsx or xlsb, found as spreadsheet programs find them: by relation.

A program follows the relations from ``_rels/.rels`` on and minds neither the case of a part's name nor ``\\``, ``./``,
``%20`` or ``/`` at its beginning. What merely lies at the usual place, while another part is related, is not opened.
docs/adr/0011 tells how calamine is made to read the same parts.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from minsheng.spreadsheet.archive import Archive
from minsheng.spreadsheet.features import Budget, RefusedError
from minsheng.spreadsheet.xml import Attributes, elements, plain_xml

_ROOT = ""  # the package itself, as a source of relations
_USUAL_WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin")
_HEAD_BYTES = 4096
_WORKSHEET = "worksheet"
_MACRO_SHEETS = frozenset({"xlmacrosheet", "xlintlmacrosheet"})
_BEGIN_BOOK = b"\x83\x01"  # the record an xlsb's workbook begins with
_WORKBOOK_ROOT = re.compile(rb"<(?:[\w.-]+:)?workbook[\s>/]")


@dataclass(frozen=True)
class PartRelation:
    """What a part says of another. ``kind`` is the last word of the relation's type: worksheet, styles."""

    name: str
    kind: str
    part: str


class Package:
    """The parts of one package, by their names without differences that programs do not mind."""

    def __init__(self, archive: Archive, budget: Budget) -> None:
        """Raises RefusedError ``damaged`` where two parts have the same name: each program would take its own."""
        self._archive = archive
        self._budget = budget
        members = [name for name in archive.namelist() if not name.endswith(("/", "\\"))]
        self._members = {part_name(name): name for name in members}
        if len(self._members) < len(members):
            raise RefusedError("damaged")

    def __contains__(self, part: str) -> bool:
        return part in self._members

    def read(self, part: str) -> bytes:
        """The bytes of a part; raises KeyError without it, OverBudgetError for too many."""
        member = self._archive.getinfo(self._members[part])
        self._budget.spend_bytes(member.file_size)
        return self._archive.unpacked(member.filename)

    def read_xml(self, part: str) -> bytes:
        """A part as plain XML in UTF-8; raises as ``read``, ValueError where its encoding is unknown or untrue."""
        return plain_xml(self.read(part))

    def relations(self, source: str = _ROOT) -> tuple[PartRelation, ...]:
        """What a part is related to inside the package; raises ValueError where one name stands for two."""
        folder, name = posixpath.split(source)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        if listed not in self:
            return ()
        found = elements(self.read_xml(listed), self._budget, "Relationship")
        relations = [_relation(folder, one) for one in found if one.get("TargetMode", "").lower() != "external"]
        if len({one.name for one in relations}) < len(relations):
            raise ValueError(listed)
        return tuple(relations)

    def workbook(self) -> str | None:
        """The part that is the workbook; None: the package holds none."""
        related = {one.part for one in self.relations() if one.kind == "officedocument"}
        if len(related) > 1:
            raise RefusedError("damaged")
        return next((part for part in (*related, *_USUAL_WORKBOOKS) if part in self), None)

    def sheets(self, workbook: str, names: Sequence[str]) -> list[tuple[str, str]]:
        """Of these relations of the workbook those to sheets with cells, and their parts.

        Raises RefusedError ``macro`` for a sheet of macros; KeyError where the workbook has no such relation,
        ValueError where two sheets are one.
        """
        if len(set(names)) < len(names):
            raise ValueError(workbook)
        relations = {one.name: one for one in self.relations(workbook)}
        found = [relations[name] for name in names]
        if any(one.kind in _MACRO_SHEETS for one in found):
            raise RefusedError("macro")
        return [(one.name, one.part) for one in found if one.kind == _WORKSHEET]

    def related(self, source: str, kind: str) -> str | None:
        """The one part of a kind; the usual one beside the source where none is related, None without that too.

        Raises RefusedError ``damaged`` for several.
        """
        parts = {one.part for one in self.relations(source) if one.kind == kind.lower()}
        if len(parts) > 1:
            raise RefusedError("damaged")
        folder, suffix = posixpath.dirname(source), posixpath.splitext(source)[1]
        usual = posixpath.join(folder, f"{kind.lower()}{suffix}")
        return next(iter(parts), usual if usual in self else None)


def workbook_kind(archive: Archive, budget: Budget) -> str | None:
    """``xlsx`` or ``xlsb`` by what the workbook begins with; None: the package holds no workbook.

    Raises RefusedError, KeyError, ValueError or ExpatError for what no spreadsheet program writes.
    """
    package = Package(archive, budget)
    part = package.workbook()
    if part is None:
        return None
    head = package.read(part)[:_HEAD_BYTES]
    if head.startswith(_BEGIN_BOOK):
        return "xlsb"
    return "xlsx" if _WORKBOOK_ROOT.search(head.replace(b"\0", b"")) else None


@lru_cache(maxsize=1 << 10)
def part_name(written: str, folder: str = "") -> str:
    """The name by which a part is known, of one written in the archive or as a relation's target."""
    path = posixpath.join("/", folder, unquote(written).replace("\\", "/"))
    return posixpath.normpath(path).lstrip("/").lower()


def _relation(folder: str, attributes: Attributes) -> PartRelation:
    kind = attributes.get("Type", "").rpartition("/")[2].lower()
    return PartRelation(attributes["Id"], kind, part_name(attributes["Target"], folder))
