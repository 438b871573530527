"""How the cells of a workbook look, as far as it makes another number of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

_Number = TypeVar("_Number")


@dataclass(frozen=True)
class Looks(Generic[_Number]):
    """How cells look, by the numbers they give.

    ``numbers``: the styles that show a number otherwise than it is, and how. ``marked_styles`` and ``marked_texts``:
    the styles and shared texts of which something is struck out, raised or lowered.
    """

    numbers: Mapping[_Number, str]
    marked_styles: frozenset[_Number]
    marked_texts: frozenset[_Number]
