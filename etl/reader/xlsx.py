"""What calamine does not tell about an xlsx: cells in error, and formulas saved without their value."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from xml.etree import ElementTree

_SUSPECT = re.compile(rb't="e"|<f[ >/]')
_CELL = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_VALUE = re.compile(rb"<v>[^<]|<v xml:space[^>]*>[^<]")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def broken_cells(content: bytes) -> dict[str, dict[str, str]]:
    """Sheet name to cell address to ``error`` or ``no_value``; empty for any other kind of file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _sheet_parts(archive)
            return {name: _scan(archive.read(part)) for name, part in parts.items()}
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ElementTree.ParseError):
        return {}


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    sheets = [element for element in workbook.iter() if element.tag.endswith("}sheet")]
    return {
        sheet.get("name", ""): posixpath.join("/xl", targets[sheet.get(_RELATION)]).removeprefix("/")
        for sheet in sheets
        if sheet.get(_RELATION) in targets
    }


def _scan(part: bytes) -> dict[str, str]:
    if not _SUSPECT.search(part):
        return {}
    found = {}
    for address, attributes, body in _CELL.findall(part):
        if b't="e"' in attributes:
            found[address.decode()] = "error"
        elif b"<f" in body and not _VALUE.search(body):
            found[address.decode()] = "no_value"
    return found
