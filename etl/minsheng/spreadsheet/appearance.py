"""How the cells of a workbook look, as far as it makes another number of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from minsheng.spreadsheet.features import Budget

_Number = TypeVar("_Number")

# Row and column, from 0.
Place = tuple[int, int]
# First and last row, first and last column, from 0.
Area = tuple[int, int, int, int]


@dataclass(frozen=True)
class Look:
    """What a conditional format does to a cell: how a number is shown in it, and whether its text is struck out."""

    number: str | None = None
    is_marked: bool = False


@dataclass(frozen=True)
class Looks(Generic[_Number]):
    """How cells look, by the numbers they give.

    ``numbers`` and ``texts``: the styles that show a number or a text otherwise than it is, and how. ``marked_styles``,
    ``marked_texts`` and ``marked_fonts``: the styles, shared texts and, where runs name them, fonts of which something
    is struck out, raised or lowered. ``conditional``: the looks that conditional formats give, by their place in the
    list.
    """

    numbers: Mapping[_Number, str]
    marked_styles: frozenset[_Number]
    marked_texts: frozenset[_Number]
    conditional: Mapping[int, Look] = field(default_factory=dict)
    marked_fonts: frozenset[_Number] = frozenset()
    texts: Mapping[_Number, str] = field(default_factory=dict)


def shown_by(
    look: Look, areas: Iterable[Area], filled: Mapping[Place, bool], budget: Budget
) -> Iterator[tuple[Place, str]]:
    """The filled cells in these areas, and how a conditional format shows them where it applies.

    ``filled``: whether the cell holds a number. Whether the condition is met only a spreadsheet program can say.
    """
    for top, bottom, left, right in areas:
        for (row, column), is_number in filled.items():
            budget.spend_element()
            how = "scaled" if look.is_marked else look.number if is_number else None
            if how and top <= row <= bottom and left <= column <= right:
                yield (row, column), how
