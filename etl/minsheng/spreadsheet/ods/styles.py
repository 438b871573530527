"""How the cells of an OpenDocument file are shown: styles with all they inherit, number formats, conditions.

A style says what it changes and names its parent; one that stands in ``content.xml`` may inherit from one of
``styles.xml``. What nothing says, the default style of the family does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from minsheng.spreadsheet.formats import shown_as
from minsheng.spreadsheet.xml import Attributes

# The parts of a date or time, in whatever order.
_MOMENTS = frozenset(
    f"number:{part}"
    for part in (
        *("day", "month", "year", "era", "day-of-week", "week-of-year", "quarter"),
        *("hours", "minutes", "seconds", "am-pm"),
    )
)
_WORDS = frozenset({"number:text", "number:embedded-text", "number:currency-symbol", "number:fill-character"})
_STYLES = frozenset({"style:style", "style:default-style"})
_PROPERTIES = frozenset({"style:text-properties", "style:table-properties"})
_HEEDED = _STYLES | _PROPERTIES | {"style:map"}
_MOMENT = "yyyy"
_BOOLEAN = '"TRUE"'  # which shows no number at all
_CONDITION = re.compile(r"value\(\)\s*(.*)", re.S)
_LONGEST_CHAIN = 50  # of parents; none that people make is longer than five


@dataclass(frozen=True)
class NumberLook:
    """How a cell shows its number: ``shown`` as ``minsheng.spreadsheet.features.Broken`` says it.

    ``is_marked``: struck out, raised or lowered. ``may_change``: a condition on the cell may show it otherwise.
    """

    shown: str | None = None
    is_marked: bool = False
    may_change: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it shows every number as it is."""
        return self == NumberLook()


@dataclass
class _Style:
    """One style, as far as it speaks; None: it leaves that to its parent."""

    parent: str | None
    number_format: str | None
    is_struck: bool | None = None
    is_raised: bool | None = None
    is_hidden: bool | None = None
    conditional: list[str] = field(default_factory=list)  # styles that take its place under a condition


@dataclass
class _Format:
    """One number format as Excel would write it: its own code, and those for numbers under a condition."""

    code: list[str] = field(default_factory=list)
    conditional: list[tuple[str, str]] = field(default_factory=list)  # condition, and the format to be used then


class Styles:
    """All styles of a file, taken in element by element, the parts of the package one after the other."""

    def __init__(self) -> None:
        self._styles: dict[tuple[str, str], _Style] = {}
        self._defaults: dict[str, _Style] = {}
        self._formats: dict[str, _Format] = {}
        self._names: dict[str, str] = {}  # as people see them, to what the file calls them
        self._style: _Style | None = None  # of which the elements at hand speak
        self._format: _Format | None = None
        self._is_literal = False
        self._looks: dict[tuple[str, str], NumberLook] = {}

    def copy(self) -> Styles:
        """The same, to be gone on with."""
        made = Styles()
        made._styles, made._defaults = self._styles.copy(), self._defaults.copy()
        made._formats, made._names = self._formats.copy(), self._names.copy()
        return made

    def heed(self, name: str) -> bool:
        """Whether an element that begins says anything about how numbers are shown."""
        return self._format is not None or name in _HEEDED or name.startswith("number:")

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        if name in _STYLES:
            self._begin_style(name, attributes)
        elif name.startswith("number:") and name.endswith("-style"):
            self._format = self._formats[attributes.get("style:name", "")] = _Format()
        elif name == "style:map":
            self._take_condition(attributes)
        elif name in _PROPERTIES and self._style:
            _take_properties(self._style, attributes)
        elif self._format:
            self._format.code.append(_code_of(name, attributes))
            self._is_literal = name in _WORDS

    def end(self, name: str) -> None:
        """An element ends."""
        if name in _STYLES:
            self._style = None
        elif self._format and name.startswith("number:") and name.endswith("-style"):
            self._end_format(name)
        elif self._is_literal and name in _WORDS:
            self._is_literal = False

    def text(self, text: str) -> None:
        """Text stands in the element at hand."""
        if self._is_literal and self._format:
            self._format.code.append("".join(f"\\{char}" for char in text))

    def look(self, name: str, family: str = "table-cell") -> NumberLook:
        """How what has this style is shown."""
        if (family, name) not in self._looks:
            self._looks[family, name] = NumberLook()  # of a style that is, in the end, its own condition
            self._looks[family, name] = self._look(family, name)
        return self._looks[family, name]

    def look_named(self, display_name: str) -> NumberLook:
        """As ``look``, of the style of a cell that people know by this name."""
        return self.look(self._names.get(display_name, display_name))

    def is_hidden(self, name: str) -> bool:
        """Whether a sheet of this style is hidden."""
        return _said([one.is_hidden for one in self._chain("table", name)])

    def _begin_style(self, name: str, attributes: Attributes) -> None:
        family, own = attributes.get("style:family", ""), attributes.get("style:name", "")
        style = _Style(attributes.get("style:parent-style-name"), attributes.get("style:data-style-name"))
        self._style = style
        if name == "style:default-style":
            self._defaults[family] = style
            return
        self._styles[family, own] = style
        if family == "table-cell":
            self._names[attributes.get("style:display-name", own)] = own

    def _take_condition(self, attributes: Attributes) -> None:
        applied = attributes.get("style:apply-style-name", "")
        if self._format:
            condition = _CONDITION.fullmatch(attributes.get("style:condition", ""))
            self._format.conditional.append((condition[1] if condition else "", applied))
        elif self._style:
            self._style.conditional.append(applied)

    def _end_format(self, name: str) -> None:
        if self._format and name == "number:percentage-style":
            self._format.code.append("%")
        self._format = None

    def _look(self, family: str, name: str) -> NumberLook:
        chain = list(self._chain(family, name))
        named = next((one.number_format for one in chain if one.number_format), None)
        return NumberLook(
            _shown_as(self._code(named)) if named else None,
            _said([one.is_struck for one in chain]) or _said([one.is_raised for one in chain]),
            not all(self.look(one, family).is_plain for style in chain for one in style.conditional),
        )

    def _chain(self, family: str, name: str) -> Iterator[_Style]:
        """A style, its parents, and last what holds for all of its family."""
        style = self._styles.get((family, name))
        for _ in range(_LONGEST_CHAIN):
            if style is None:
                break
            yield style
            style = self._styles.get((family, style.parent or ""))
        if family in self._defaults:
            yield self._defaults[family]

    def _code(self, name: str) -> str:
        """A number format in one line: what holds under a condition, then what else."""
        one = self._formats.get(name, _Format())
        applied = ((condition, self._formats[other]) for condition, other in one.conditional if other in self._formats)
        sections = [f"[{condition}]{''.join(other.code)}" for condition, other in applied]
        return ";".join([*sections, "".join(one.code)])


def _said(answers: list[bool | None]) -> bool:
    """The first answer that is one, coming from the style itself or the nearest of its parents."""
    return next((answer for answer in answers if answer is not None), False)


def _shown_as(code: str) -> str | None:
    """As ``shown_as``; a date is another number than the one it is stored as."""
    return "scaled" if _MOMENT in code else shown_as(code)


def _take_properties(style: _Style, attributes: Attributes) -> None:
    if "table:display" in attributes:
        style.is_hidden = attributes["table:display"] == "false"
    line = attributes.get("style:text-line-through-style") or attributes.get("style:text-line-through-type")
    if line is not None:
        style.is_struck = line != "none"
    if position := attributes.get("style:text-position", "").split():
        style.is_raised = position[0] not in ("0%", "baseline")


def _code_of(name: str, attributes: Attributes) -> str:
    """What stands in Excel's format code for a part of a number format."""
    if name in _MOMENTS:
        return _MOMENT
    if name == "number:number":
        return _digits(attributes)
    if name == "number:fraction":
        return "# ?/?"
    return {"number:scientific-number": "0E+0", "number:boolean": _BOOLEAN, "number:text-content": "@"}.get(name, "")


def _digits(attributes: Attributes) -> str:
    """Digits, and a comma behind them for every thousand that the number is divided by."""
    places = attributes.get("number:decimal-places", "0")
    factor = float(attributes.get("number:display-factor", "1"))
    commas = "" if factor == 1 else ","
    return f"0{'.0' if places != '0' else ''}{commas}"
