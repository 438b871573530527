"""What a workbook says outside its cells: comments, text boxes, footers, drop-down lists, names, properties.

Nothing is picked out that may hold text: what is no cell is looked at.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from etl.reader.container import content_kind
from etl.reader.features import Budget, OverBudgetError, RefusedError, heavy, light
from etl.reader.following import UNFOLLOWED
from etl.reader.markup import Attributes, parse, parser
from etl.reader.xls import outside_cells
from etl.reader.xlsb import beside_cells

# Stands between two texts that do not belong together.
APART = "|"

_MOST_LETTERS = 8_000_000
# The texts of cells, and looks that say nothing.
_NO_NOTES = frozenset({"xl/sharedstrings.xml", "xl/styles.xml"})
_PARTS = re.compile(r"(?:xl/(?!theme/)|docProps/).*\.xml|(?:content|styles|meta)\.xml", re.I)
_BINARY_PARTS = re.compile(r"xl/(?:workbook|comments\d*|worksheets/[^/]+)\.bin", re.I)
# Cells are looked at elsewhere; how a run of text looks says nothing.
_PASSED_OVER = frozenset({"sheetData", "table-cell", "covered-table-cell", "rPr"})
_INSIDE_CELLS = frozenset({"annotation", "frame", "custom-shape", "rect", "ellipse", "line", "g"})
# What one text is parted by without ending.
_RUNS = frozenset({"r", "t", "span", "s", "a"})
# Attributes that people write; others hold sizes and serial numbers.
_WRITTEN = frozenset(
    {
        *("prompt", "promptTitle", "error", "errorTitle", "comment", "descr", "title"),
        *("condition", "expression"),
    }
)


def notes(content: bytes) -> list[str]:
    """The texts, ``APART`` from each other, of a file that could be opened.

    Raises RefusedError ``damaged`` or ``too_large`` where nobody can look.
    """
    try:
        return list(_notes(content, content_kind(content)))
    except UNFOLLOWED as error:
        raise RefusedError("damaged") from error


def _notes(content: bytes, kind: str) -> Iterator[str]:
    if kind == "xls":
        yield from map(_spelt, outside_cells(content, heavy()))
    elif kind != "csv":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from _of_xml(archive, heavy())
            if kind == "xlsb":
                yield from _of_records(archive, light())


def _of_xml(archive: zipfile.ZipFile, budget: Budget) -> Iterator[str]:
    for name in archive.namelist():
        if _PARTS.fullmatch(name) and name.lower() not in _NO_NOTES:
            part = _Part(budget)
            parse(archive, name, part.parser, budget)
            yield "".join(part.texts)


def _of_records(archive: zipfile.ZipFile, budget: Budget) -> Iterator[str]:
    for name in archive.namelist():
        if _BINARY_PARTS.fullmatch(name):
            yield from map(_spelt, beside_cells(archive, name, budget))


def _spelt(record: bytes) -> str:
    """All that may be text in a record, whose characters are of one byte or of two and begin anywhere."""
    wide = (record[start:].decode("utf-16-le", errors="replace") for start in (0, 1))
    return APART.join((record.decode("latin-1"), *wide))


class _Part:
    """One XML part, its texts collected while it is parsed."""

    def __init__(self, budget: Budget) -> None:
        self.texts: list[str] = []
        self.parser = parser(self._start, budget)
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._take
        self._letters = 0
        self._looked_at = [True]  # by the elements that are open

    def _start(self, name: str, attributes: Attributes) -> None:
        tag = name.rpartition(":")[2]
        is_looked_at = tag in _INSIDE_CELLS or (self._looked_at[-1] and tag not in _PASSED_OVER)
        self._looked_at.append(is_looked_at)
        self._part(tag)
        for key, value in attributes.items():
            if key.rpartition(":")[2] in _WRITTEN:
                self._take(value + APART)

    def _end(self, name: str) -> None:
        self._part(name.rpartition(":")[2])
        self._looked_at.pop()

    def _part(self, tag: str) -> None:
        if self._looked_at[-1] and tag not in _RUNS:
            self.texts.append(APART)

    def _take(self, text: str) -> None:
        if not self._looked_at[-1]:
            return
        self.texts.append(text)
        self._letters += len(text)
        if self._letters > _MOST_LETTERS:
            raise OverBudgetError
