"""What one XML part of a workbook says outside its cells."""

from __future__ import annotations

import re
from xml.parsers import expat

from minsheng.spreadsheet.archive import Archive
from minsheng.spreadsheet.features import Budget, OverBudgetError, heavy
from minsheng.spreadsheet.xml import Attributes, parse, parse_text, parser, remembered_part

# Stands between two texts that do not belong together.
APART = "|"

# Together; what the guard looks through in a second or two.
MOST_LETTERS = 1_000_000
# Copies of the cells of other files and of charts, which nobody reads as cells.
_COPIES = re.compile(r"xl/externalLinks/.*|.+/content\.xml", re.I)
# Cells are looked at elsewhere; how a run of text looks says nothing.
_CELLS = frozenset({"sheetData", "table-cell", "covered-table-cell"})
_LOOKS = frozenset({"rPr"})
_INSIDE_CELLS = frozenset({"annotation", "frame", "custom-shape", "rect", "ellipse", "line", "g"})
# What one text is parted by without ending.
_RUNS = frozenset({"r", "t", "span", "s", "a"})
# Attributes that people write, or their cells are copied into; others hold sizes and serial numbers.
_WRITTEN = frozenset(
    {
        *("prompt", "promptTitle", "error", "errorTitle", "comment", "descr", "title"),
        *("condition", "expression", "name", "displayName", "caption", "formatCode"),
        *("Target", "location", "display", "tooltip", "href", "v", "val", "refreshedBy", "userName"),
        *("alt", "string", "text", "label", "value", "author", "initials", "altText", "altTextSummary", "alias"),
        *("command", "connection", "sourceFile", "sql", "uniqueName", "sourceCaption", "sourceName", "oldName"),
    }
)
# What is the same in most files of a program.
_USUAL = re.compile(r"(?:.*/)?(?:styles|workbook|app)\.xml|.*\.rels", re.I)
# All cells of a sheet in one piece, as spreadsheet programs write them.
_BEGIN_CELLS, _END_CELLS = b"<sheetData>", b"</sheetData>"
_INSIDE = re.compile(rb"<(?:[^\s<>/:]*+:)*+(?:" + "|".join(sorted(_INSIDE_CELLS)).encode() + rb"|sheetData)[\s/>]")
# Comments, characters as they are and instructions, in which what looks like a tag is none; a declaration is neither.
_OTHER_THAN_TAGS = re.compile(rb"<(?:!|\?(?!xml\s))")


def text_of_part(archive: Archive, name: str, budget: Budget) -> str:
    """The texts, ``APART`` from each other; raises as ``parse``, OverBudgetError where nobody should look through."""
    passed_over = _LOOKS if _COPIES.fullmatch(name) else _LOOKS | _CELLS
    xml = archive.kept(name)
    if xml is None:
        part = _Part(passed_over, budget)
        parse(archive, name, part.parser, budget)
        return "".join(part.texts)
    if _USUAL.fullmatch(name):
        return _remembered_text_of(xml, budget, passed_over)
    if _BEGIN_CELLS in xml and "sheetData" in passed_over:
        xml = _without_cells(xml, budget)
    return _text_of(xml, budget, passed_over)


def _text_of(xml: bytes, budget: Budget, passed_over: frozenset[str]) -> str:
    part = _Part(passed_over, budget)
    parse_text(xml, part.parser, budget)
    return "".join(part.texts)


_remembered_text_of = remembered_part(_text_of)


def _without_cells(xml: bytes, budget: Budget) -> bytes:
    """The part of a sheet without the cells, which are most of it, where nothing is looked at inside them.

    Raises ExpatError where it is no XML, OverBudgetError.
    """
    begin, end = xml.index(_BEGIN_CELLS) + len(_BEGIN_CELLS), xml.find(_END_CELLS)
    # Two bytes for each character may look like a tag, too.
    may_mislead = b"\0" in xml or _OTHER_THAN_TAGS.search(xml)
    if end < begin or may_mislead or _INSIDE.search(xml, begin, end) or xml.find(_BEGIN_CELLS, end) >= 0:
        return xml
    parse_text(xml, expat.ParserCreate("utf-8"), heavy())
    budget.spend_bytes(end - begin)
    budget.spend_elements(xml.count(b"<", begin, end) - xml.count(b"</", begin, end))
    return xml[:begin] + xml[end:]


class _Part:
    """One XML part, its texts collected while it is parsed."""

    def __init__(self, passed_over: frozenset[str], budget: Budget) -> None:
        self._passed_over = passed_over
        self.texts: list[str] = []
        self.parser = parser(self._start, budget)
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._take
        self._letters = 0
        self._looked_at = [True]  # by the elements that are open

    def _start(self, name: str, attributes: Attributes) -> None:
        tag = name.rpartition(":")[2]
        is_looked_at = tag in _INSIDE_CELLS or (self._looked_at[-1] and tag not in self._passed_over)
        self._looked_at.append(is_looked_at)
        if not is_looked_at:
            return
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
        if self._letters > MOST_LETTERS:
            raise OverBudgetError
