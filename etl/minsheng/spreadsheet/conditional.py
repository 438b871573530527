"""The conditional formats of an xlsx's sheet, as far as they show a number otherwise than it is, or strike it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from minsheng.spreadsheet.appearance import Look, Place, shown_by
from minsheng.spreadsheet.features import Budget
from minsheng.spreadsheet.references import area_in
from minsheng.spreadsheet.styles import with_element
from minsheng.spreadsheet.xml import Attributes

# What a rule of 2010 and later says of itself: its look stands inside it, its cells behind it.
_AREAS_BEHIND = "sqref"


class Conditions:
    """What stands inside ``conditionalFormatting``, taken in element by element."""

    def __init__(self, looks: Mapping[int, Look]) -> None:
        self._looks = looks  # by their numbers
        self._found: list[tuple[str, Look]] = []
        self._areas = ""
        self._rules: list[Look] = []
        self._is_areas = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """Take in an element."""
        self._is_areas = tag == _AREAS_BEHIND
        if tag == "conditionalFormatting":
            self._areas, self._rules = attributes.get("sqref", ""), []
        elif tag == "cfRule":
            self._rules.append(self._looks.get(int(attributes.get("dxfId", -1)), Look()))
        elif self._rules:
            self._rules[-1] = with_element(self._rules[-1], tag, attributes)

    def read(self, text: str) -> None:
        """Take in a text."""
        if self._is_areas:
            self._areas += text

    def end(self, tag: str) -> None:
        """Leave an element."""
        self._is_areas = False
        if tag == "conditionalFormatting":
            self._found += [(self._areas, look) for look in self._rules if look != Look()]

    def shown(self, filled: Mapping[Place, bool], budget: Budget) -> Iterator[tuple[Place, str]]:
        """The cells that any of them may show otherwise, and how; ``filled`` as in ``shown_by``."""
        for areas, look in self._found:
            yield from shown_by(look, map(area_in, areas.split()), filled, budget)
