"""OpenDocument spreadsheets: values and how they are shown, read in one pass over the one part that holds all sheets.

Space between elements says nothing there, and neither does which prefix a name has; a text is put together of several
elements, and one element may stand for many equal cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from xml.parsers import expat

from minsheng.spreadsheet.appearance import Area
from minsheng.spreadsheet.archive import Archive
from minsheng.spreadsheet.features import MAX_ROWS, Budget, check_reach
from minsheng.spreadsheet.ods.cells import broken, value_of
from minsheng.spreadsheet.ods.formulas import plain_formula
from minsheng.spreadsheet.ods.names import short, shortened
from minsheng.spreadsheet.ods.sheet import OdsSheet, areas_in
from minsheng.spreadsheet.ods.styles import NumberLook, Styles
from minsheng.spreadsheet.xml import Attributes, parse, parse_text, parser, remembered_part

_STYLES, _CONTENT = "styles.xml", "content.xml"
# What stands beside cells; ``minsheng.spreadsheet.notes`` looks there.
_ASIDE = frozenset({"office:annotation", "office:forms", "table:shapes", "table:tracked-changes"})
# Signs that XML has no room for, in place of what a text has elements for: white space that stays.
_SPACE, _TAB, _BREAK = "\x01", "\x02", "\x03"
_KEPT = str.maketrans({_SPACE: " ", _TAB: "\t", _BREAK: "\n"})
_MOST_SPACES = 1000
_WHITE = re.compile(r"[ \t\r\n]+")


def read_ods(archive: Archive, budget: Budget) -> list[OdsSheet]:
    """Every sheet, in order.

    Raises RefusedError: ``too_large``, ``damaged`` for a document type; KeyError, ValueError or ExpatError for what no
    spreadsheet program writes.
    """
    part = archive.kept(_STYLES)
    styles = None if part is None else _styles_in(part, budget)
    document = _Document(budget, styles and styles.copy())
    if styles is None and _STYLES in archive.namelist():
        parse(archive, _STYLES, document.parser(), budget)
    parse(archive, _CONTENT, document.parser(), budget)
    for sheet in document.sheets:
        sheet.finish(budget)
    return document.sheets


@remembered_part
def _styles_in(xml: bytes, budget: Budget) -> Styles | None:
    """The styles of the part that is there for them; None: it holds sheets, too."""
    document = _Document(budget)
    parse_text(xml, document.parser(), budget)
    return None if document.is_in_body else document.styles


@dataclass
class _Cell:
    """The cell at hand. ``paragraphs`` are pieces of text; without any, the cell does not say what it shows."""

    attributes: Attributes
    is_covered: bool  # by a merged one, so that nobody sees what it holds
    paragraphs: list[list[str]] = field(default_factory=list)
    is_marked: bool = False  # a part of it is struck out, raised, or has a reading beside it

    def text(self) -> str | None:
        """What it shows: white space counts as one space, as in a web page, but where an element stands for it."""
        lines = (_WHITE.sub(" ", "".join(pieces)).strip(" ").translate(_KEPT) for pieces in self.paragraphs)
        return "\n".join(lines) if self.paragraphs else None


class _Document:
    """The package, followed element by element."""

    def __init__(self, budget: Budget, styles: Styles | None = None) -> None:
        self.styles = styles or Styles()
        self.is_in_body = False
        self.sheets: list[OdsSheet] = []
        self._budget = budget
        self._is_in_links = False
        self._skipped = 0  # how deep inside of what is not looked at
        self._row = self._rows = self._column = 0
        self._row_style = ""
        self._cell: _Cell | None = None
        self._is_in_text = False
        self._areas: list[Area] = []  # of the conditional format at hand
        self._starts: dict[str, Callable[[Attributes], None]] = {
            "table:dde-links": self._enter_links,
            "table:table": self._enter_table,
            "table:table-source": self._link_table,
            "table:table-column": self._enter_column,
            "table:table-row": self._enter_row,
            "table:table-cell": partial(self._enter_cell, is_covered=False),
            "table:covered-table-cell": partial(self._enter_cell, is_covered=True),
            "table:cell-range-source": self._link_range,
            "text:p": self._enter_paragraph,
            "text:h": self._enter_paragraph,
            "text:span": self._enter_span,
            "text:ruby-text": self._mark,
            "text:s": self._add_spaces,
            "text:tab": partial(self._add, _TAB),
            "text:line-break": partial(self._add, _BREAK),
            "calcext:conditional-format": self._enter_conditional_format,
            "calcext:condition": self._take_condition,
        }

    def parser(self) -> expat.XMLParserType:
        """A parser for the next part."""
        made = parser(self._start, self._budget, by_namespace=True)
        made.EndElementHandler = self._end
        made.CharacterDataHandler = self._take_text
        return made

    def _start(self, full_name: str, attributes: Attributes) -> None:
        name = short(full_name)
        if self._skipped or (self.is_in_body and (name in _ASIDE or name.startswith("drawing:"))):
            self._skipped += 1
        elif not self.is_in_body:
            self.is_in_body = name == "office:body"
            if self.styles.heed(name):
                self.styles.start(name, shortened(attributes))
        elif enter := self._starts.get(name):
            enter(shortened(attributes))

    def _end(self, full_name: str) -> None:
        name = short(full_name)
        if self._skipped:
            self._skipped -= 1
        elif not self.is_in_body:
            self.styles.end(name)
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._leave_cell()
        elif name == "table:table-row":
            self._row += self._rows
        elif name in ("text:p", "text:h"):
            self._is_in_text = False

    def _take_text(self, text: str) -> None:
        if not self.is_in_body:
            self.styles.text(text)
        elif self._is_in_text and self._cell and not self._skipped:
            self._cell.paragraphs[-1].append(text)

    def _enter_links(self, _: Attributes) -> None:
        """What other programs answered last; the tables below are no sheets anybody sees."""
        self._is_in_links = True

    def _enter_table(self, attributes: Attributes) -> None:
        if self._cell:
            raise ValueError("a table within a cell")
        is_hidden = self._is_in_links or self.styles.is_hidden(attributes.get("table:style-name", ""))
        sheet = OdsSheet(attributes.get("table:name", ""), is_hidden=is_hidden, is_from_outside=self._is_in_links)
        self.sheets.append(sheet)
        self._row = self._rows = self._column = 0

    def _link_table(self, _: Attributes) -> None:
        self.sheets[-1].is_from_outside = True

    def _enter_column(self, attributes: Attributes) -> None:
        first, count = self._column, _repeated(attributes, "columns")
        self._column += count
        style = attributes.get("table:default-cell-style-name", "")
        is_hidden = attributes.get("table:visibility", "visible") != "visible"
        self.sheets[-1].add_columns(first, count, style, is_hidden=is_hidden)

    def _enter_row(self, attributes: Attributes) -> None:
        self._rows, self._column = _repeated(attributes, "rows"), 0
        self._row_style = attributes.get("table:default-cell-style-name", "")
        visibility = attributes.get("table:visibility", "visible")
        if visibility != "visible":
            features = self.sheets[-1].features
            features.hidden_rows.update(range(self._row, min(self._row + self._rows, MAX_ROWS)))
            features.is_filtered |= visibility == "filter"

    def _enter_cell(self, attributes: Attributes, *, is_covered: bool) -> None:
        self._cell = _Cell(attributes, is_covered)

    def _leave_cell(self) -> None:
        cell, self._cell = self._cell, None
        if cell is None:
            raise ValueError("a cell ends that has not begun")
        first, count = self._column, _repeated(cell.attributes, "columns")
        self._column += count
        self.sheets[-1].merge(self._row, first, cell.attributes)
        if cell.text() or cell.attributes.keys() & {"office:value-type", "table:formula"}:
            self._place(cell, range(first, first + count))

    def _place(self, cell: _Cell, columns: range) -> None:
        """Put what a cell holds in all the cells that it stands for; raises RefusedError ``too_large``."""
        check_reach(self._row + self._rows - 1, columns[-1])
        text, sheet = cell.text(), self.sheets[-1]
        value, is_marked = value_of(cell.attributes, text), cell.is_marked or cell.is_covered
        if isinstance(value, float) and (formula := cell.attributes.get("table:formula")):
            sheet.features.formulas[self._row, columns[0]] = plain_formula(formula)
        for column in columns:
            told = broken(cell.attributes, text, value, self._look(cell, column), is_marked=is_marked)
            sheet.place(range(self._row, self._row + self._rows), column, value, told, self._budget)

    def _look(self, cell: _Cell, column: int) -> NumberLook:
        own = cell.attributes.get("table:style-name")
        return self.styles.look(own or self._row_style or self.sheets[-1].style_of(column))

    def _link_range(self, attributes: Attributes) -> None:
        down, right = (int(attributes.get(f"table:last-{what}-spanned", 1)) for what in ("row", "column"))
        self.sheets[-1].link((self._row, self._row + down - 1, self._column, self._column + right - 1))

    def _enter_paragraph(self, attributes: Attributes) -> None:
        if self._cell:
            self._cell.paragraphs.append([])
            self._cell.is_marked |= self._is_marked("paragraph", attributes)
            self._is_in_text = True

    def _enter_span(self, attributes: Attributes) -> None:
        if self._cell:
            self._cell.is_marked |= self._is_marked("text", attributes)

    def _is_marked(self, family: str, attributes: Attributes) -> bool:
        style = attributes.get("text:style-name")
        return style is not None and self.styles.look(style, family).is_marked

    def _mark(self, _: Attributes) -> None:
        if self._cell:
            self._cell.is_marked = True

    def _add_spaces(self, attributes: Attributes) -> None:
        self._add(_SPACE * min(int(attributes.get("text:c", 1)), _MOST_SPACES), attributes)

    def _add(self, text: str, _: Attributes) -> None:
        if self._is_in_text and self._cell:
            self._cell.paragraphs[-1].append(text)

    def _enter_conditional_format(self, attributes: Attributes) -> None:
        self._areas = list(areas_in(attributes.get("calcext:target-range-address", "")))

    def _take_condition(self, attributes: Attributes) -> None:
        look = self.styles.look_named(attributes.get("calcext:apply-style-name", ""))
        if not look.is_plain:
            self.sheets[-1].change(self._areas, look)


def _repeated(attributes: Attributes, what: str) -> int:
    count = int(attributes.get(f"table:number-{what}-repeated", 1))
    if count < 1:
        raise ValueError(count)
    return count
