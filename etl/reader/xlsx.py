"""What must be known of an xlsx before calamine opens it, and what calamine does not tell.

calamine allocates the rectangle from the first to the last cell in use, and a failed allocation ends the process:
one stray key in the last cell of a sheet is 549 GB. So the sheets are followed here first, at no cost in memory.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from functools import lru_cache, reduce

from etl.reader.features import (
    MAX_COLUMNS,
    MAX_ROWS,
    Budget,
    Features,
    RefusedError,
)
from etl.reader.formats import BUILT_IN, shown_as
from etl.reader.formulas import LONGEST_FORMULA, is_from_outside, names_from_outside
from etl.reader.looks import Looks
from etl.reader.markup import Attributes, elements, is_true, parse, parser
from etl.reader.runs import holders_of_marked_runs, is_marked

_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_WORKBOOK = "xl/workbook.xml"
_SHARED_STRINGS = "xl/sharedStrings.xml"
_STYLES = "xl/styles.xml"
# What stands inside a filter that hides something.
_CRITERIA = frozenset({"filters", "customFilters", "top10", "dynamicFilter", "colorFilter", "iconFilter"})


def follow_xlsx(archive: zipfile.ZipFile, budget: Budget) -> list[Features]:
    """The features of every sheet, in order.

    Raises RefusedError: ``too_large`` when more rows or columns are in use than any form has (rows and cells that
    are merely formatted do not count), ``damaged`` for a document type. Raises KeyError, ValueError or ExpatError
    for what no spreadsheet program writes.
    """
    budget.shared_text = sum(one.file_size for one in archive.infolist() if one.filename == _SHARED_STRINGS)
    looks = _looks(archive, budget)
    outside = names_from_outside(archive, _WORKBOOK, budget)
    return [_follow(archive, part, looks, outside, budget) for part in sheet_parts(archive, _WORKBOOK, budget)]


def sheet_parts(archive: zipfile.ZipFile, workbook: str, budget: Budget) -> list[str]:
    """The sheets' parts in order."""
    targets = relation_targets(archive, workbook, budget)
    return [targets[_relation_id(sheet)] for sheet in elements(archive, workbook, "sheet", budget)]


def relation_targets(archive: zipfile.ZipFile, workbook: str, budget: Budget) -> dict[str, str]:
    """Relation to part; a target is relative to ``xl`` or, as openpyxl writes it, absolute."""
    relations = elements(archive, f"xl/_rels/{posixpath.basename(workbook)}.rels", "Relationship", budget)
    return {relation["Id"]: posixpath.join("/xl", relation["Target"])[1:] for relation in relations}


def _looks(archive: zipfile.ZipFile, budget: Budget) -> Looks[str]:
    marked_texts = holders_of_marked_runs(archive, _SHARED_STRINGS, "si", budget)
    if _STYLES not in archive.namelist():
        return Looks({}, frozenset(), marked_texts)
    styles = dict(enumerate(elements(archive, _STYLES, "xf", budget, within="cellXfs")))
    shown, fonts = _shown(archive, budget), holders_of_marked_runs(archive, _STYLES, "font", budget)
    return Looks(
        {str(number): how for number, style in styles.items() if (how := shown.get(style.get("numFmtId", "")))},
        frozenset(str(number) for number, style in styles.items() if style.get("fontId") in fonts),
        marked_texts,
    )


def _shown(archive: zipfile.ZipFile, budget: Budget) -> dict[str, str]:
    """The number formats, by their numbers, that show a number otherwise than it is, and how."""
    shown = {str(number): how for number, how in BUILT_IN.items()}
    for one in elements(archive, _STYLES, "numFmt", budget):
        shown[one["numFmtId"]] = shown_as(one["formatCode"]) or ""
    return shown


def _relation_id(sheet: Attributes) -> str:
    return next((value for key, value in sheet.items() if key.endswith(":id")), "")


def _follow(
    archive: zipfile.ZipFile, part: str, looks: Looks[str], outside: frozenset[str], budget: Budget
) -> Features:
    sheet = _Sheet(looks, outside, budget)
    parse(archive, part, sheet.parser, budget)
    return sheet.features


class _Sheet:
    """One sheet part, followed cell by cell."""

    def __init__(self, looks: Looks[str], outside: frozenset[str], budget: Budget) -> None:
        self.features = Features()
        self.parser = parser(self._start, budget)
        self._budget = budget
        self._looks = looks
        self._outside = outside  # names for something in another file
        self._rows_seen: set[int] = set()
        self._columns_seen: set[int] = set()  # of the row at hand
        self._shown: str | None = None
        self._row = self._column = 0  # of the element at hand, from 1
        self._type: str | None = None
        self._formula = self._text_number = ""

    def _start(self, name: str, attributes: Attributes) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._enter_cell(attributes)
        elif tag == "row":
            self._enter_row(attributes)
        elif tag in ("f", "v", "is"):
            self._enter_content(tag)
        elif tag == "col" and _is_hidden(attributes, "width"):
            self.features.hide_columns(int(attributes["min"]) - 1, int(attributes["max"]) - 1)
        elif self._type == "inlineStr" and is_marked(tag, attributes):
            self._mark("scaled")
        elif tag in _CRITERIA:
            self.features.is_filtered = True

    def _enter_row(self, attributes: Attributes) -> None:
        self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        if self._row > MAX_ROWS:
            return
        _see_once(self._row, self._rows_seen)
        self._columns_seen.clear()
        if _is_hidden(attributes, "ht"):
            self.features.hidden_rows.add(self._row - 1)

    def _enter_cell(self, attributes: Attributes) -> None:
        """A cell without an address is the next one of its row; below the last row of any form the place is idle."""
        if self._row > MAX_ROWS:
            return
        address = attributes.get("r")
        self._column = self._column + 1 if address is None else _column_in(address, self._row)
        _see_once(self._column, self._columns_seen)
        self._type, self._formula = attributes.get("t"), ""
        self._shown = self._how_shown(attributes.get("s", "0"))
        if self._type == "s":
            self._budget.spend_text()

    def _how_shown(self, style: str) -> str | None:
        if style in self._looks.marked_styles:
            return "scaled"
        return self._looks.numbers.get(style) if self._type in (None, "n") else None

    def _enter_content(self, tag: str) -> None:
        if self._row > MAX_ROWS or self._column > MAX_COLUMNS:
            raise RefusedError("too_large")
        place, broken = (self._row - 1, self._column - 1), self.features.broken
        self.parser.CharacterDataHandler = None
        if self._type == "e":
            broken[place] = "error"
        elif tag == "f":
            broken[place] = "no_value"
            self._formula = ""
            self.parser.CharacterDataHandler = self._read_formula
        elif self._formula and is_from_outside(self._formula, self._outside):
            broken[place] = "external"
        elif self._type == "str" or (tag == "is" and self._shown):  # the result of a formula may be an empty text
            self._mark(self._shown)
        elif self._type == "s" and tag == "v":
            self._text_number = ""
            self.parser.CharacterDataHandler = self._read_text_number
        elif tag == "v" and (self._shown or place in broken):
            self.parser.CharacterDataHandler = self._read_value

    def _read_formula(self, text: str) -> None:
        if len(self._formula) <= LONGEST_FORMULA:
            self._formula += text

    def _read_value(self, text: str) -> None:
        if not text.strip():
            return
        self._mark(self._shown)

    def _read_text_number(self, text: str) -> None:
        """The number of a shared text, which may come in two halves."""
        self._text_number += text.strip()
        self._mark("scaled" if self._text_number in self._looks.marked_texts else self._shown)

    def _mark(self, broken: str | None) -> None:
        place = (self._row - 1, self._column - 1)
        self.features.broken.pop(place, None)
        if broken:
            self.features.broken[place] = broken


def _is_hidden(attributes: Attributes, size: str) -> bool:
    """Whether a row or column is hidden, or has no height or width."""
    return is_true(attributes.get("hidden")) or float(attributes.get(size, 1)) == 0


def _see_once(number: int, seen: set[int]) -> None:
    """Raises ValueError for a row or cell that is stored twice: nobody knows which of the two is shown."""
    if number in seen:
        raise ValueError(number)
    seen.add(number)


@lru_cache(maxsize=1 << 14)  # the addresses of a form are those of the next
def _column_in(address: str, row: int) -> int:
    """The column, from 1, of an address that must lie in the row."""
    match = _ADDRESS.fullmatch(address)
    if match is None or int(match[2]) != row:
        raise ValueError(address)
    return reduce(lambda number, letter: number * 26 + ord(letter) - ord("A") + 1, match[1].upper(), 0)
