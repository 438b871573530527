"""What must be known of an xlsx before calamine opens it, and what calamine does not tell.

calamine allocates the rectangle from the first to the last cell in use, and a failed allocation ends the process:
one stray key in the last cell of a sheet is 549 GB. So the sheets are followed here first, at no cost in memory.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from functools import lru_cache, reduce
from xml.parsers import expat

from etl.reader.container import CHUNK_BYTES

MAX_ROWS = 2000
MAX_COLUMNS = 200

# Zero-based row and column, to ``error``, ``no_value`` or ``percent``: a number shown as a hundred times itself.
Broken = dict[tuple[int, int], str]

# The formats 0% and 0.00%, which are built in; any other says so by its code.
_PERCENT_FORMATS = frozenset({"9", "10"})
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
# Whatever makes it impossible to follow the sheets: another kind of file, or one that no spreadsheet program writes.
_UNFOLLOWED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, expat.ExpatError)


class RefusedError(Exception):
    """A workbook that must not be read; says as what it is to be refused."""

    def __init__(self, reading: str) -> None:
        self.reading = reading
        super().__init__(reading)


def follow_sheets(content: bytes) -> dict[str, Broken] | None:
    """Sheet name to its cells that are not what they seem, see ``Broken``; None: not an xlsx that can be followed.

    Raises RefusedError: ``too_large`` when more rows or columns are in use than any form has (rows and cells that
    are merely formatted do not count), ``damaged`` for a document type, through which XML declares entities.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            percents = _percent_styles(archive)
            return {name: _follow(archive, part, percents) for name, part in _sheet_parts(archive).items()}
    except _UNFOLLOWED:
        return None


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name to part; a target is relative to ``xl`` or, as openpyxl writes it, absolute."""
    relations = _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    targets = {relation["Id"]: posixpath.join("/xl", relation["Target"])[1:] for relation in relations}
    sheets = _elements(archive, "xl/workbook.xml", "sheet")
    return {sheet["name"]: targets[_relation_id(sheet)] for sheet in sheets}


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """The styles, by the number cells give, that show a number as a percentage."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    formats = _elements(archive, "xl/styles.xml", "numFmt")
    percents = _PERCENT_FORMATS | {one["numFmtId"] for one in formats if "%" in one["formatCode"]}
    styles = _elements(archive, "xl/styles.xml", "xf", within="cellXfs")
    return frozenset(str(number) for number, style in enumerate(styles) if style.get("numFmtId") in percents)


def _relation_id(sheet: dict[str, str]) -> str:
    return next((value for key, value in sheet.items() if key.endswith(":id")), "")


def _elements(archive: zipfile.ZipFile, part: str, tag: str, within: str = "") -> list[dict[str, str]]:
    """The attributes of every element of a name, whatever its prefix; those before ``within`` begins do not count."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == within:
            found.clear()
        elif local == tag:
            found.append(attributes)

    _parse(archive, part, _parser(start))
    return found


def _follow(archive: zipfile.ZipFile, part: str, percents: frozenset[str]) -> Broken:
    sheet = _Sheet(percents)
    _parse(archive, part, sheet.parser)
    return sheet.broken


def _parser(start: Callable[[str, dict[str, str]], None]) -> expat.XMLParserType:
    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = start
    return parser


def _refuse_document_type(*_: object) -> None:
    raise RefusedError("damaged")


def _parse(archive: zipfile.ZipFile, part: str, parser: expat.XMLParserType) -> None:
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            parser.Parse(chunk)
    parser.Parse(b"", True)


class _Sheet:
    """One sheet part, followed cell by cell; keeps the cells in error, formulas without value, and percentages."""

    def __init__(self, percents: frozenset[str]) -> None:
        self.broken: Broken = {}
        self._percents = percents
        self._is_percent = False
        self.parser = _parser(self._start)
        self._row = self._column = 0  # of the element at hand, from 1
        self._type: str | None = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._enter_cell(attributes)
        elif tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif tag in ("f", "v", "is"):
            self._enter_content(tag)

    def _enter_cell(self, attributes: dict[str, str]) -> None:
        """A cell without an address is the next one of its row; below the last row of any form the place is idle."""
        if self._row > MAX_ROWS:
            return
        address = attributes.get("r")
        self._column = self._column + 1 if address is None else _column_in(address, self._row)
        self._type = attributes.get("t")
        self._is_percent = self._type in (None, "n") and attributes.get("s") in self._percents

    def _enter_content(self, tag: str) -> None:
        if self._row > MAX_ROWS or self._column > MAX_COLUMNS:
            raise RefusedError("too_large")
        place = (self._row - 1, self._column - 1)
        self.parser.CharacterDataHandler = None
        if self._type == "e":
            self.broken[place] = "error"
        elif tag == "f":
            self.broken[place] = "no_value"
        elif self._type == "str":  # the result of a formula may be an empty text
            self.broken.pop(place, None)
        elif tag == "v" and (self._is_percent or place in self.broken):
            self.parser.CharacterDataHandler = self._read_value

    def _read_value(self, text: str) -> None:
        if not text.strip():
            return
        place = (self._row - 1, self._column - 1)
        self.broken.pop(place, None)
        if self._is_percent:
            self.broken[place] = "percent"


@lru_cache(maxsize=1 << 14)  # the addresses of a form are those of the next
def _column_in(address: str, row: int) -> int:
    """The column, from 1, of an address that must lie in the row."""
    match = _ADDRESS.fullmatch(address)
    if match is None or int(match[2]) != row:
        raise ValueError(address)
    return reduce(lambda number, letter: number * 26 + ord(letter) - ord("A") + 1, match[1].upper(), 0)
