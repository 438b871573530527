"""What a workbook says outside its cells: comments, text boxes, footers, drop-down lists, names, links, caches.

Nothing is picked out that may hold text: what is no cell is looked at.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache

from minsheng.core.text import remembered
from minsheng.spreadsheet.archive import Archive
from minsheng.spreadsheet.container import Container
from minsheng.spreadsheet.features import Budget, OverBudgetError, RefusedError, heavy
from minsheng.spreadsheet.inspection import UNFOLLOWED
from minsheng.spreadsheet.package import Package, part_name
from minsheng.spreadsheet.part_texts import APART, MOST_LETTERS, text_of_part
from minsheng.spreadsheet.xls import outside_cells
from minsheng.spreadsheet.xlsb import beside_cells

# A text, and whether people write there about the table itself.
Note = tuple[str, bool]
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
# Where people write about the table itself: comments, prompts, headers and footers, text boxes.
_BESIDE = re.compile(
    r"xl/(?:comments\d*|threadedComments/[^/]+|comments/[^/]+|worksheets/[^/]+|drawings/[^/]+)\.(?:xml|bin)|content\.xml|styles\.xml",
    re.I,
)
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_|\D")


def notes(container: Container, cells: Set[str]) -> list[Note]:
    """The texts, ``APART`` from each other, of a file that could be opened, and whether they are beside the table.

    ``cells``: the texts that stand in its cells, where they are looked at; one that is stored for cells but stands in
    none is among the notes. Raises RefusedError ``damaged`` or ``too_large`` where nobody can look.
    """
    try:
        return list(_bounded(_notes(container, cells)))
    except UNFOLLOWED as error:
        raise RefusedError("damaged") from error


def has_embedded(container: Container) -> bool:
    """Whether a file that could be opened has other files inside, into which nobody looks."""
    if container.kind == "xls":
        return _EMBEDDED_IN_XLS.search(container.content) is not None
    return any(map(_EMBEDDED.fullmatch, container.part_names))


def _notes(container: Container, cells: Set[str]) -> Iterator[Note]:
    if container.kind == "xls":
        for body, is_beside in outside_cells(container.content, heavy()):
            yield _spelt(body), is_beside
    if container.archive is not None:
        yield from _of_xml(container.archive, cells, heavy())
        if container.kind == "xlsb":
            yield from _of_records(container.archive, heavy())


def _bounded(texts: Iterable[Note]) -> Iterator[Note]:
    """The same, as long as they are no more together than anybody should look through."""
    letters = MOST_LETTERS
    for text, is_beside in texts:
        letters -= len(text)
        if letters < 0:
            raise OverBudgetError
        yield text, is_beside


def _of_xml(archive: Archive, cells: Set[str], budget: Budget) -> Iterator[Note]:
    for name, usual in _usual_names(archive, budget):
        if _NO_NOTES.fullmatch(usual):
            continue
        if usual == _SHARED_TEXTS:
            texts, shown = text_of_part(archive, name, budget).split(APART), set(map(_digits, cells))
            yield APART.join(text for text in texts if _digits(text) not in shown), False
        elif _PARTS.fullmatch(usual):
            yield text_of_part(archive, name, budget), _BESIDE.fullmatch(usual) is not None
        elif _LOOSE_PARTS.fullmatch(usual):
            yield _of_loose(archive, name, budget), False


def _usual_names(archive: Archive, budget: Budget) -> Iterator[tuple[str, str]]:
    """Each part, and what Excel would call it: the workbook's folder is xl, and its shared texts have one name."""
    package = Package(archive, budget)
    workbook = package.workbook() or _USUAL_WORKBOOK
    folder, shared = posixpath.dirname(workbook), package.related(workbook, "sharedStrings")
    for name in archive.namelist():
        part = part_name(name)
        is_inside = part.startswith(f"{folder}/") if folder else "/" not in part
        usual = _under_xl(part, folder) if is_inside else part
        yield name, _SHARED_TEXTS if part == shared and part.endswith(".xml") else usual


@lru_cache(maxsize=1 << 10)
def _under_xl(part: str, folder: str) -> str:
    return posixpath.join("xl", posixpath.relpath(part, folder or "."))


def _of_loose(archive: Archive, name: str, budget: Budget) -> str:
    with archive.stream(name) as stream:
        content = stream.read(MOST_LETTERS + 1)
    if len(content) > MOST_LETTERS:
        raise OverBudgetError
    budget.spend_bytes(len(content))
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8"
    return html.unescape(_MARKUP.sub(_written, content.decode(encoding, errors="ignore")))


def _written(tag: re.Match[str]) -> str:
    """What a tag says, in place of it."""
    said = (first or second for first, second in _WRITTEN_LOOSELY.findall(tag[1]))
    return APART.join((APART, *filter(None, said), ""))


@remembered
def _digits(text: str) -> str:
    """By what a stored text is known again in a cell, where its white space and escapes look otherwise."""
    return _ESCAPED.sub("", text)


def _of_records(archive: Archive, budget: Budget) -> Iterator[Note]:
    for name, usual in _usual_names(archive, budget):
        if _BINARY_PARTS.fullmatch(usual):
            is_beside = _BESIDE.fullmatch(usual) is not None
            yield from ((_spelt(body), is_beside) for body in beside_cells(archive, name, budget))


def _spelt(record: bytes) -> str:
    """All that may be text in a record, whose characters are of one byte or of two and begin anywhere."""
    wide = (record[start:].decode("utf-16-le", errors="replace") for start in (0, 1))
    return APART.join((record.decode("latin-1"), *wide))
