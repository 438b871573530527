"""What a workbook says outside its cells: comments, text boxes, footers, drop-down lists, names, links, caches.

Nothing is picked out that may hold text: what is no cell is looked at.
"""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator

from minsheng.spreadsheet.container import Container
from minsheng.spreadsheet.features import Budget, OverBudgetError, RefusedError, heavy
from minsheng.spreadsheet.inspection import UNFOLLOWED
from minsheng.spreadsheet.package import Package, part_name
from minsheng.spreadsheet.xls import outside_cells
from minsheng.spreadsheet.xlsb import beside_cells
from minsheng.spreadsheet.xml import Attributes, parse, parser

# A text, and whether people write there about the table itself.
Note = tuple[str, bool]
# Stands between two texts that do not belong together.
APART = "|"

# Together; what the guard looks through in a second or two.
_MOST_LETTERS = 1_000_000
# Looks and the order of calculation say nothing.
_NO_NOTES = re.compile(r"xl/(?:theme/.*|calcChain\.xml)", re.I)
_PARTS = re.compile(r"(?:xl|docProps)/.*\.xml|(?:.+/)?(?:content|styles|meta)\.xml|.*\.rels", re.I)
_BINARY_PARTS = re.compile(r"xl/(?:workbook|comments\d*|worksheets/[^/]+)\.bin", re.I)
# Not always good XML.
_LOOSE_PARTS = re.compile(r".*\.(?:xml|vml|svg|x?html?|mht|txt|csv|json|rtf)", re.I)
_SHARED_TEXTS = "xl/sharedstrings.xml"
_USUAL_WORKBOOK = "xl/workbook.xml"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MARKUP = re.compile(r"<([^<>]*+)>")
# What people write into a tag that is not read as XML: the words for a picture, of a text drawn in curves.
_WRITTEN_LOOSELY = re.compile(
    r"(?<![\w\-])(?:\w++:)?(?:alt|title|string|text|label|value|content|descr|href|aria-label)\s*=\s*(?:\"([^\"]*+)\"|'([^']*+)')",
    re.I,
)
# Another file inside this one: a part of a package, a stream of its own, or in an xls a storage of a name Excel gives.
_EMBEDDED = re.compile(r"xl/(?:embeddings|model)/.+|Object \d+", re.I)
_EMBEDDED_IN_XLS = re.compile(rb"M\0B\0D\0(?:[0-9A-F]\0){8}", re.I)
# Copies of the cells of other files and of charts, which nobody reads as cells.
_COPIES = re.compile(r"xl/externalLinks/.*|.+/content\.xml", re.I)
# Where people write about the table itself: comments, prompts, headers and footers, text boxes.
_BESIDE = re.compile(
    r"xl/(?:comments\d*|threadedComments/[^/]+|comments/[^/]+|worksheets/[^/]+|drawings/[^/]+)\.(?:xml|bin)|content\.xml|styles\.xml",
    re.I,
)
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
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_|\D")


def notes(container: Container, cells: Iterable[str]) -> list[Note]:
    """The texts, ``APART`` from each other, of a file that could be opened, and whether they are beside the table.

    ``cells``: the texts that stand in its cells, where they are looked at; one that is stored for cells but stands in
    none is among the notes. Raises RefusedError ``damaged`` or ``too_large`` where nobody can look.
    """
    try:
        return list(_bounded(_notes(container, frozenset(map(_digits, cells)))))
    except UNFOLLOWED as error:
        raise RefusedError("damaged") from error


def has_embedded(container: Container) -> bool:
    """Whether a file that could be opened has other files inside, into which nobody looks."""
    if container.kind == "xls":
        return _EMBEDDED_IN_XLS.search(container.content) is not None
    return any(map(_EMBEDDED.fullmatch, container.part_names))


def _notes(container: Container, shown: frozenset[str]) -> Iterator[Note]:
    if container.kind == "xls":
        for body, is_beside in outside_cells(container.content, heavy()):
            yield _spelt(body), is_beside
    if container.archive is not None:
        yield from _of_xml(container.archive, shown, heavy())
        if container.kind == "xlsb":
            yield from _of_records(container.archive, heavy())


def _bounded(texts: Iterable[Note]) -> Iterator[Note]:
    """The same, as long as they are no more together than anybody should look through."""
    letters = _MOST_LETTERS
    for text, is_beside in texts:
        letters -= len(text)
        if letters < 0:
            raise OverBudgetError
        yield text, is_beside


def _of_xml(archive: zipfile.ZipFile, shown: frozenset[str], budget: Budget) -> Iterator[Note]:
    for name, usual in _usual_names(archive, budget):
        if _NO_NOTES.fullmatch(usual):
            continue
        if usual == _SHARED_TEXTS:
            texts = _of_part(archive, name, budget).split(APART)
            yield APART.join(text for text in texts if _digits(text) not in shown), False
        elif _PARTS.fullmatch(usual):
            yield _of_part(archive, name, budget), _BESIDE.fullmatch(usual) is not None
        elif _LOOSE_PARTS.fullmatch(usual):
            yield _of_loose(archive, name, budget), False


def _usual_names(archive: zipfile.ZipFile, budget: Budget) -> Iterator[tuple[str, str]]:
    """Each part, and what Excel would call it: the workbook's folder is xl, and its shared texts have one name."""
    package = Package(archive, budget)
    workbook = package.workbook() or _USUAL_WORKBOOK
    folder, shared = posixpath.dirname(workbook), package.related(workbook, "sharedStrings")
    for name in archive.namelist():
        part = part_name(name)
        is_inside = part.startswith(f"{folder}/") if folder else "/" not in part
        usual = posixpath.join("xl", posixpath.relpath(part, folder or ".")) if is_inside else part
        yield name, _SHARED_TEXTS if part == shared and part.endswith(".xml") else usual


def _of_part(archive: zipfile.ZipFile, name: str, budget: Budget) -> str:
    part = _Part(_LOOKS if _COPIES.fullmatch(name) else _LOOKS | _CELLS, budget)
    parse(archive, name, part.parser, budget)
    return "".join(part.texts)


def _of_loose(archive: zipfile.ZipFile, name: str, budget: Budget) -> str:
    with archive.open(name) as stream:
        content = stream.read(_MOST_LETTERS + 1)
    if len(content) > _MOST_LETTERS:
        raise OverBudgetError
    budget.spend_bytes(len(content))
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8"
    return html.unescape(_MARKUP.sub(_written, content.decode(encoding, errors="ignore")))


def _written(tag: re.Match[str]) -> str:
    """What a tag says, in place of it."""
    said = (first or second for first, second in _WRITTEN_LOOSELY.findall(tag[1]))
    return APART.join((APART, *filter(None, said), ""))


def _digits(text: str) -> str:
    """By what a stored text is known again in a cell, where its white space and escapes look otherwise."""
    return _ESCAPED.sub("", text)


def _of_records(archive: zipfile.ZipFile, budget: Budget) -> Iterator[Note]:
    for name, usual in _usual_names(archive, budget):
        if _BINARY_PARTS.fullmatch(usual):
            is_beside = _BESIDE.fullmatch(usual) is not None
            yield from ((_spelt(body), is_beside) for body in beside_cells(archive, name, budget))


def _spelt(record: bytes) -> str:
    """All that may be text in a record, whose characters are of one byte or of two and begin anywhere."""
    wide = (record[start:].decode("utf-16-le", errors="replace") for start in (0, 1))
    return APART.join((record.decode("latin-1"), *wide))


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
