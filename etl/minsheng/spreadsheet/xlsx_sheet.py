"""One sheet of an xlsx, followed cell by cell: cells that are not what they seem, and what is hidden."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial

from minsheng.spreadsheet.appearance import Looks, Place
from minsheng.spreadsheet.conditional import Conditions
from minsheng.spreadsheet.features import FAULTS, MAX_COLUMNS, MAX_ROWS, Budget, Features, RefusedError
from minsheng.spreadsheet.formulas import LONGEST_FORMULA, is_from_outside
from minsheng.spreadsheet.references import column_number
from minsheng.spreadsheet.rich_text import is_marked
from minsheng.spreadsheet.xml import Attributes, counted, is_true, parse_text, parser

_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
# What stands inside a filter that hides something.
_CRITERIA = frozenset({"filters", "customFilters", "top10", "dynamicFilter", "colorFilter", "iconFilter"})
# Of these the formula that is stored is not the one of a single cell.
_FOR_SEVERAL = frozenset({"array", "dataTable"})
_NUMBERS = (None, "n")


def follow_sheet(xml: bytes, looks: Looks[str], outside: frozenset[str], budget: Budget) -> Features:
    """The features of one sheet.

    ``outside``: names that stand for something in another file. Raises RefusedError ``too_large`` when more rows or
    columns are in use than any form has (rows and cells that are merely formatted do not count); ValueError, KeyError
    or ExpatError for what no spreadsheet program writes.
    """
    sheet = _Sheet(looks, outside, budget)
    parse_text(xml, sheet.parser, budget)
    sheet.mark_conditional()
    return sheet.features


class _Sheet:
    """One sheet part, followed cell by cell."""

    def __init__(self, looks: Looks[str], outside: frozenset[str], budget: Budget) -> None:
        self.features = Features()
        self.parser = parser(self._start, budget)
        self.parser.EndElementHandler = self._end
        self._budget = budget
        self._looks = looks
        self._outside = outside  # names for something in another file
        self._conditions = Conditions(looks.conditional)
        self._filled: dict[Place, bool] = {}  # whether it is with a number
        self._rows_seen: set[int] = set()
        self._columns_seen: set[int] = set()  # of the row at hand
        self._starts_in_data: dict[str, Callable[[Attributes], None]] = {
            "c": self._enter_cell,
            "row": self._enter_row,
            "f": self._enter_formula,
            "v": partial(self._enter_content, "v"),
            "is": partial(self._enter_content, "is"),
        }
        self._shown: str | None = None
        self._row = self._column = 0  # of the element at hand, from 1
        self._type: str | None = None
        self._formula: str | None = None
        self._is_for_several = self._has_content = False
        self._text_number = ""

    def mark_conditional(self) -> None:
        """Mark the cells that a conditional format may show otherwise; a formula's fault is the graver."""
        for place, how in self._conditions.shown(self._filled, self._budget):
            if self.features.broken.get(place) not in FAULTS:
                self.features.broken[place] = how

    def _start(self, name: str, attributes: Attributes) -> None:
        tag = name.rpartition(":")[2]
        if tag == "sheetData":
            self.parser.StartElementHandler = counted(self._start_in_data, self._budget)
            self.parser.EndElementHandler = self._end_in_data
        elif tag == "col" and _is_hidden(attributes, "width"):
            self.features.hide_columns(int(attributes["min"]) - 1, int(attributes["max"]) - 1)
        elif tag in _CRITERIA:
            self.features.is_filtered = True
        elif tag == "sheetCalcPr":
            self.features.has_stale_results = is_true(attributes.get("fullCalcOnLoad"))
        else:
            self._conditions.start(tag, attributes)

    def _end(self, name: str) -> None:
        self._conditions.end(name.rpartition(":")[2])

    def _start_in_data(self, name: str, attributes: Attributes) -> None:
        tag = name.rpartition(":")[2]
        if enter := self._starts_in_data.get(tag):
            enter(attributes)
        elif self._type == "inlineStr" and is_marked(tag, attributes):
            self._mark("scaled")

    def _end_in_data(self, name: str) -> None:
        if name.rpartition(":")[2] == "sheetData":
            self.parser.StartElementHandler = counted(self._start, self._budget)
            self.parser.EndElementHandler = self._end
            self.parser.CharacterDataHandler = self._conditions.read

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
        self._type, self._formula, self._has_content = attributes.get("t"), None, False
        self._shown = self._how_shown(attributes.get("s", "0"))
        if self._type == "s":
            self._budget.spend_text()

    def _how_shown(self, style: str) -> str | None:
        if style in self._looks.marked_styles:
            return "scaled"
        return (self._looks.numbers if self._type in _NUMBERS else self._looks.texts).get(style)

    def _enter_formula(self, attributes: Attributes) -> None:
        place = self._place()
        self.features.broken[place] = "error" if self._type == "e" else "no_value"
        self._formula, self._is_for_several = "", attributes.get("t") in _FOR_SEVERAL
        self.parser.CharacterDataHandler = self._read_formula

    def _enter_content(self, tag: str, _: Attributes) -> None:
        """Raises ValueError for a second content of a cell."""
        place, broken = self._place(), self.features.broken
        if self._has_content:
            raise ValueError(tag)
        self._has_content = True
        self.parser.CharacterDataHandler = None
        self._filled[place] = self._type in _NUMBERS
        if self._type == "e":
            broken[place] = "error"
        elif self._formula and is_from_outside(self._formula, self._outside):
            broken[place] = "external"
        elif self._type == "str" or (tag == "is" and self._shown):  # the result of a formula may be an empty text
            self._mark(self._shown)
        elif self._type == "s" and tag == "v":
            self._text_number = ""
            self.parser.CharacterDataHandler = self._read_text_number
        elif tag == "v" and (self._shown or place in broken):
            self.parser.CharacterDataHandler = self._read_value
        if self._formula is not None:
            self.features.formulas[place] = "" if self._is_for_several else self._formula

    def _place(self) -> Place:
        """The cell at hand, from 0; raises RefusedError when it is farther out than any form reaches."""
        if self._row > MAX_ROWS or self._column > MAX_COLUMNS:
            raise RefusedError("too_large")
        return self._row - 1, self._column - 1

    def _read_formula(self, text: str) -> None:
        if len(self._formula or "") <= LONGEST_FORMULA:
            self._formula = (self._formula or "") + text

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
    return column_number(match[1])
