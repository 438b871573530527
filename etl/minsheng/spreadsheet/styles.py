"""How the cells of an xlsx look: its part of styles, of which a cell follows only what its own style names."""

from __future__ import annotations

from minsheng.spreadsheet.appearance import Look, Looks
from minsheng.spreadsheet.features import Budget
from minsheng.spreadsheet.formats import BUILT_IN, shown_as, text_shown_as
from minsheng.spreadsheet.rich_text import is_marked
from minsheng.spreadsheet.xml import Attributes, is_true, parse_text, parser, remembered_part

# The lists that stand directly below the root; the same names stand elsewhere for other things.
_LISTS = frozenset({"numFmts", "fonts", "cellStyleXfs", "cellXfs", "dxfs"})
_DEPTH_OF_LISTS = 2


@remembered_part
def read_styles(xml: bytes, budget: Budget, marked_texts: frozenset[str]) -> Looks[str]:
    """The styles by the numbers that cells give; raises as ``parse_text``."""
    return _Styles(xml, budget).looks(marked_texts)


class _Styles:
    """The part, followed element by element."""

    def __init__(self, xml: bytes, budget: Budget) -> None:
        self._depth = 0
        self._list = ""
        self._shown = {str(number): how for number, how in BUILT_IN.items()}
        self._texts_shown: dict[str, str] = {}
        self._fonts: list[bool] = []  # whether each strikes out, raises or lowers
        self._styles: dict[str, list[Attributes]] = {"cellStyleXfs": [], "cellXfs": []}
        self._conditional: list[Look] = []
        made = parser(self._start, budget)
        made.EndElementHandler = self._end
        parse_text(xml, made, budget)

    def looks(self, marked_texts: frozenset[str]) -> Looks[str]:
        styles = {str(number): self._completed(one) for number, one in enumerate(self._styles["cellXfs"])}
        marked_fonts = {str(number) for number, marked in enumerate(self._fonts) if marked}
        formats = {number: one.get("numFmtId", "0") for number, one in styles.items()}
        return Looks(
            {number: how for number, one in formats.items() if (how := self._shown.get(one))},
            frozenset(number for number, one in styles.items() if one.get("fontId", "0") in marked_fonts),
            marked_texts,
            {number: look for number, look in enumerate(self._conditional) if look != Look()},
            texts={number: self._texts_shown[one] for number, one in formats.items() if one in self._texts_shown},
        )

    def _completed(self, style: Attributes) -> Attributes:
        """What a style leaves unsaid is said by the named style it belongs to."""
        named, number = self._styles["cellStyleXfs"], style.get("xfId", "")
        parent = named[int(number)] if number.isdecimal() and int(number) < len(named) else {}
        return {**parent, **style}

    def _start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        tag = name.rpartition(":")[2]
        if self._depth == _DEPTH_OF_LISTS:
            self._list = tag
        elif self._list in _LISTS:
            self._take(tag, attributes)

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _take(self, tag: str, attributes: Attributes) -> None:
        if self._list == "numFmts" and tag == "numFmt":
            self._take_format(attributes["numFmtId"], attributes["formatCode"])
        elif self._list == "fonts":
            self._take_font(tag, attributes)
        elif self._list in self._styles and tag == "xf":
            self._styles[self._list].append(attributes)
        elif self._list == "dxfs":
            self._take_conditional(tag, attributes)

    def _take_format(self, number: str, code: str) -> None:
        self._shown[number] = shown_as(code) or ""
        if shown := text_shown_as(code):
            self._texts_shown[number] = shown

    def _take_font(self, tag: str, attributes: Attributes) -> None:
        if tag == "font":
            self._fonts.append(False)
        elif is_marked(tag, attributes):
            self._fonts[-1] = True

    def _take_conditional(self, tag: str, attributes: Attributes) -> None:
        if tag == "dxf":
            self._conditional.append(Look())
        else:
            self._conditional[-1] = with_element(self._conditional[-1], tag, attributes)


def with_element(look: Look, tag: str, attributes: Attributes) -> Look:
    """What a conditional format does to a cell, one more of its elements taken in."""
    if tag == "numFmt":
        return Look(shown_as(attributes.get("formatCode", "")), look.is_marked)
    if tag in ("dataBar", "iconSet") and not is_true(attributes.get("showValue", "1")):
        return Look("scaled", look.is_marked)  # nobody sees the number
    return Look(look.number, look.is_marked or is_marked(tag, attributes))
