"""How the workbook looks: few colours, each with one meaning; in no library's terms."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

FONT_NAME = "微软雅黑"
LINE_HEIGHT = 16.0  # points, for the text of the tables
LINE_COLOUR = "BFBFBF"
_USUAL_SIZE = 10.0
_LEAST_ON_PAPER, _LARGEST = 9, 15  # points
_PAPER = 148  # characters of the usual size across A4 landscape

Border = Literal["box", "underline"]


@dataclass(frozen=True)
class Style:
    """Everything about a cell but its value and its number format; ``name`` is what Excel's style list may show."""

    name: str
    size: float = 10
    bold: bool = False
    color: str = "262626"
    fill: str | None = None
    horizontal: Literal["left", "center", "right"] = "left"
    border: Border | None = "box"
    is_locked: bool = True

    @property
    def indent(self) -> int:
        """How far a text stands off the line on its left."""
        return 1 if self.border and self.horizontal == "left" else 0


TITLE = Style("标题", size=16, bold=True, color="1F4E5F", horizontal="center", border=None)
LABEL = Style("标签", bold=True, color="595959", horizontal="right", border=None)
VALUE = Style("表头内容", bold=True, border="underline")
SIGNATURE = Style("签字", fill="FFF8D6", border="underline", is_locked=False)
HINT = Style("提示", size=9, color="7F6000", border=None)
HEADING = Style("列名", bold=True, color="FFFFFF", fill="1F6E7D", horizontal="center")
GIVEN = Style("已印")
GIVEN_SHORT = Style("已印居中", horizontal="center")
GIVEN_NUMBER = Style("已印数字", horizontal="right")
SENDING = Style("报送", bold=True, color="1F4E5F", border=None)
INPUT = Style("填写", fill="FFF8D6", is_locked=False)
INPUT_NUMBER = Style("填写数字", fill="FFF8D6", horizontal="right", is_locked=False)
INPUT_CHOICE = Style("填写选项", fill="FFF8D6", horizontal="center", is_locked=False)
NOT_ASKED = Style("不填", color="A6A6A6", fill="E7E6E6", horizontal="center")
SECTION = Style("小标题", size=11, bold=True, color="1F6E7D", border=None)
PROSE = Style("说明", border=None)

ALERT_COLOUR = "F8CBAD"


@lru_cache
def legible(style: Style, width: float) -> Style:
    """The style in letters of which nine points are left on A4 paper, as wide as a sheet of so many characters."""
    return replace(style, size=max(style.size, min(round(_LEAST_ON_PAPER * width / _PAPER), _LARGEST)))


def row_height(text: str, width: float, style: Style) -> float:
    """How high a row must be, in points, for a text across so many characters."""
    scale = style.size / _USUAL_SIZE
    return lines_needed(text, int(width / scale)) * LINE_HEIGHT * scale + 4


@lru_cache(1024)  # most of a form's texts are the same for all units
def lines_needed(text: str, width: int) -> int:
    """How many lines a text takes in a column ``width`` characters wide; a Chinese character counts two."""
    return sum(max(1, -(-_display_width(line) // max(1, width - 2))) for line in text.splitlines()) or 1


def _display_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
