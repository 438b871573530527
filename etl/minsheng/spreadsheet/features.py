"""What must be known of a sheet beside its values: cells that are not what they seem, and what is hidden."""

from __future__ import annotations

from dataclasses import dataclass, field

from minsheng.spreadsheet.kinds import Refusal

MAX_ROWS = 2000
MAX_COLUMNS = 200
# How much of a part is read at once.
CHUNK_BYTES = 1 << 18

# Zero-based row and column, to what is wrong with a formula there (``error``, ``no_value``, ``external``: taken from
# another file) or how a number is shown otherwise than stored: ``percent`` a hundred times, ``scaled`` in any other
# way: with 万 or 余 beside it, in thousands, part of it struck out or raised; or ``like:`` and how 1 would be shown.
Broken = dict[tuple[int, int], str]
# What of it is wrong with a formula.
FAULTS = frozenset({"error", "no_value", "external"})

# First and last cell of a range that is merged into one, counted from 0.
Merged = tuple[tuple[int, int], tuple[int, int]]


@dataclass
class Features:
    """One sheet, followed before it is read; rows and columns are counted from 0."""

    broken: Broken = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_filtered: bool = False
    has_dates_from_1904: bool = False
    # Formulas with a result; nothing where the formula stands elsewhere or is of several cells. ``has_stale_results``:
    # the file says itself that they are to be calculated when it is opened.
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    has_stale_results: bool = False
    # Of a text: what parts its values, and whether its last line has no end.
    separator: str = ""
    is_open_ended: bool = False

    def hide_columns(self, first: int, last: int) -> None:
        """Note hidden columns, as far as any form reaches."""
        self.hidden_columns.update(range(first, min(last, MAX_COLUMNS - 1) + 1))


class RefusedError(Exception):
    """A workbook that must not be read; says as what it is to be refused."""

    def __init__(self, reading: Refusal) -> None:
        self.reading: Refusal = reading
        super().__init__(reading)


class OverBudgetError(RefusedError):
    """A workbook that costs more than was allowed for it."""

    def __init__(self) -> None:
        super().__init__("too_large")


@dataclass
class Budget:
    """What a workbook may cost, counted down while it is followed; a part read twice costs twice.

    ``text``: bytes that values may come to when a text stored once is used by many cells.
    """

    read: int
    elements: int
    text: int
    shared_text: int = 0

    def spend_bytes(self, count: int) -> None:
        """Count bytes read; raises OverBudgetError."""
        self.read -= count
        if self.read < 0:
            raise OverBudgetError

    def spend_element(self) -> None:
        """Count one element; raises OverBudgetError."""
        self.elements -= 1
        if self.elements < 0:
            raise OverBudgetError

    def spend_elements(self, count: int) -> None:
        """Count so many; raises OverBudgetError."""
        self.elements -= count
        if self.elements < 0:
            raise OverBudgetError

    def spend_text(self) -> None:
        """Count one use of a shared text, which may be the longest; raises OverBudgetError."""
        self.text -= self.shared_text
        if self.text < 0:
            raise OverBudgetError


def light() -> Budget:
    """Many times what a form costs, and still nothing to a process."""
    return Budget(read=8 << 20, elements=200_000, text=64 << 20)


def heavy() -> Budget:
    """What a process of its own, with limits to its memory and time, may try."""
    return Budget(read=256 << 20, elements=4_000_000, text=1 << 40)


def check_reach(row: int, column: int) -> None:
    """Raises RefusedError when something stands farther out than any form reaches."""
    if row >= MAX_ROWS or column >= MAX_COLUMNS:
        raise RefusedError("too_large")
