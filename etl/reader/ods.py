"""What calamine does not tell of an OpenDocument spreadsheet: percentages, errors, what is hidden or filtered."""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress

from etl.reader.features import MAX_ROWS, Budget, Features, check_reach
from etl.reader.formats import LIKE, changes_number
from etl.reader.formulas import is_from_outside
from etl.reader.markup import Attributes, parse, parser

_ERROR = re.compile(r"#[A-Z/0!?]+|Err:\d+")
# The only number in what a cell shows; 1.2E+04 and 1/2 are none.
_SHOWN = re.compile(r"(?P<before>[^0-9]*)(?P<digits>[0-9]+(?:,[0-9]{3})*(?:\.(?P<places>[0-9]+))?)(?P<after>[^0-9]*)")
# A number in Chinese characters, as Excel too shows one by its format; 万 alone is none.
_IN_WORDS = re.compile("[〇零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟]{2,}|[〇零一二三四五六七八九十]")
_COVERED = "table:covered-table-cell"  # by a merged one, so that nobody sees what it holds
_CELLS = ("table:table-cell", _COVERED)


def follow_ods(archive: zipfile.ZipFile, budget: Budget) -> list[Features]:
    """The features of every sheet, in order; raises as ``follow_xlsx``."""
    document = _Document(budget)
    parse(archive, "content.xml", document.parser, budget)
    return document.sheets


class _Document:
    """The one part that holds all sheets, followed cell by cell; an element may stand for many equal ones."""

    def __init__(self, budget: Budget) -> None:
        self.sheets: list[Features] = []
        self.parser = parser(self._start, budget)
        self.parser.EndElementHandler = self._end
        self._budget = budget
        self._row = self._column = self._rows = 0
        self._cell: Attributes = {}
        self._style = ""
        self._marked: set[str] = set()  # styles that strike out, raise or lower
        self._has_marked = False  # of the cell at hand
        self._text: list[str] | None = None  # None: not inside a cell's own paragraphs

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "table:table":
            self.sheets.append(Features())
            self._row = self._rows = self._column = 0
        elif name == "table:table-column":
            self._enter_column(attributes)
        elif name == "table:table-row":
            self._enter_row(attributes)
        elif name in _CELLS:
            self._cell, self._text = attributes, []
            self._has_marked = attributes.get("table:style-name") in self._marked
        elif name == "text:ruby-text":  # which calamine reads as part of the text
            self._has_marked = True
        elif name == "text:span":
            self._has_marked |= attributes.get("text:style-name") in self._marked
        elif name.startswith("style:"):
            self._enter_style(name, attributes)
        elif name == "text:p" and self._text is not None:
            self._text.append("")
            self.parser.CharacterDataHandler = self._text.append
        elif name == "office:annotation":
            self._text = None

    def _end(self, name: str) -> None:
        if name == "text:p":
            self.parser.CharacterDataHandler = None
        elif name in _CELLS:
            self._leave_cell(is_covered=name == _COVERED)
        elif name == "table:table-row":
            self._row += self._rows

    def _enter_style(self, name: str, attributes: Attributes) -> None:
        if name == "style:style":
            self._style = attributes.get("style:name", "")
        elif name == "style:text-properties" and _is_marked(attributes):
            self._marked.add(self._style)

    def _enter_column(self, attributes: Attributes) -> None:
        first, count = self._column, _repeated(attributes, "columns")
        self._column += count
        if attributes.get("table:visibility", "visible") != "visible":
            self.sheets[-1].hide_columns(first, first + count - 1)

    def _enter_row(self, attributes: Attributes) -> None:
        self._rows, self._column = _repeated(attributes, "rows"), 0
        visibility = attributes.get("table:visibility", "visible")
        if visibility != "visible":
            last = min(self._row + self._rows, MAX_ROWS)
            self.sheets[-1].hidden_rows.update(range(self._row, last))
            self.sheets[-1].is_filtered |= visibility == "filter"

    def _leave_cell(self, *, is_covered: bool) -> None:
        first, count = self._column, _repeated(self._cell, "columns")
        self._column += count
        text = "".join(self._text) if self._text else None
        broken = _broken(self._cell, text) or ("scaled" if text and (self._has_marked or is_covered) else None)
        if text or broken or "office:value-type" in self._cell:
            check_reach(self._row + self._rows - 1, self._column - 1)
        if broken:
            self._mark(first, count, broken)

    def _mark(self, first: int, count: int, broken: str) -> None:
        for row in range(self._row, self._row + self._rows):
            for column in range(first, first + count):
                self._budget.spend_element()
                self.sheets[-1].broken[row, column] = broken


def _is_marked(attributes: Attributes) -> bool:
    line = attributes.get("style:text-line-through-style") or attributes.get("style:text-line-through-type", "none")
    return line != "none" or attributes.get("style:text-position", "0%").split()[0] not in ("0%", "baseline")


def _broken(cell: Attributes, text: str | None) -> str | None:
    """``text`` is what the cell shows; None when it has no paragraph, not even an empty one."""
    kind = cell.get("office:value-type")
    if "table:formula" in cell and (fault := _fault(cell, text)):
        return fault
    if kind == "percentage":
        return "percent"
    if kind not in ("float", "currency"):
        return None
    if "%" in (text or ""):
        return "percent"
    return None if text is None else _as_shown(text, float(cell["office:value"]))


def _as_shown(text: str, value: float) -> str | None:
    """Whether nothing is shown or another number than is stored, and not only by rounding: 13 for 12610.

    What stands beside the number is for its reader to judge, see ``etl.reader.formats.LIKE``.
    """
    shown = _SHOWN.fullmatch(text)
    if shown is None:
        return None if _IN_WORDS.fullmatch(text) or _is_written_as(text, value) else "scaled"
    beside = shown["before"] + shown["after"]
    has_another_sign = value > 0 and "-" in beside
    unit = 10.0 ** -len(shown["places"] or "")
    difference = abs(abs(value) - float(shown["digits"].replace(",", "")))
    if has_another_sign or changes_number(beside) or difference > 0.51 * unit:
        return "scaled"
    return f"{LIKE}{shown['before']}1{shown['after']}" if value > 0 and beside.strip() else None


def _is_written_as(text: str, value: float) -> bool:
    """Whether the text is about that number as a power of ten, as fraction or with thousands apart: 1.2E+04, 1 1/2."""
    for parts in (text.split(), ["".join(text.split())]):
        with suppress(ValueError, ZeroDivisionError):
            if abs(sum(map(_quotient, parts)) - value) <= abs(value) / 10:
                return True
    return False


def _quotient(text: str) -> float:
    above, _, below = text.partition("/")
    return float(above) / float(below or 1)


def _fault(cell: Attributes, text: str | None) -> str | None:
    """What is wrong with the result of a formula."""
    if cell.get("calcext:value-type") == "error" or _ERROR.fullmatch(text or ""):
        return "error"
    if "office:value-type" not in cell and text is None:
        return "no_value"
    return "external" if is_from_outside(cell["table:formula"]) else None


def _repeated(attributes: Attributes, what: str) -> int:
    count = int(attributes.get(f"table:number-{what}-repeated", 1))
    if count < 1:
        raise ValueError(count)
    return count
