"""What was read from one file."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from minsheng.core.codes import CellReading
from minsheng.spreadsheet.kinds import BookReading

# What kind of name a unit was called by.
NameReading = Literal["ok", "alias", "former_name"]
# What was seen of a heading, a sheet or the whole file, or of what stands beside the lines; ``unkept``: a number that
# may not be kept.
NoteReading = Literal[
    "alike", "different", "factor", "filtered", "from_1904", "garbled", "hidden", "like", "loose", "mismatch",
    "missing", "no_table", "other", "personal_data", "strange", "unkept", "unknown", "unnamed",
]  # fmt: skip
AnyReading = CellReading | NoteReading | NameReading
# What came of looking for the form in a file.
FileReading = Literal["garbled", "no_form", "personal_data", "several_forms", BookReading]


@dataclass(frozen=True)
class ReadCell:
    """One cell of ``raw.cell``: raw text beside the typed value.

    ``section`` is a sheet's code, or ``header``, ``heading``, ``total``, ``note``, ``signature`` for what surrounds its
    lines, ``explanation`` for what stands in the list of an earlier answer, or ``sheet`` and ``file`` for what stands
    in no cell.
    """

    sheet_name: str
    cell_ref: str | None
    row_no: int | None
    section: str
    field: str
    reading: AnyReading
    item_code: str | None = None
    indicator_code: str | None = None
    member_code: str | None = None
    raw_text: str | None = None
    number_value: Decimal | None = None
    text_value: str | None = None


@dataclass(frozen=True)
class ReadForm:
    """One file as read. ``reading`` is ``ok`` or why no form could be found; nothing here is judged."""

    reading: FileReading
    template_version: str | None = None
    form_unit: str | None = None
    form_period: str | None = None
    period: str | None = None
    cells: tuple[ReadCell, ...] = ()

    @property
    def stated_unit(self) -> str | None:
        """The unit the form says it is of, by its code if it has one, else by its name; null: none that is known."""
        told = [cell for cell in self.cells if cell.section == "header" and cell.text_value]
        codes = [cell.text_value for field in ("unit_code", "unit_name") for cell in told if cell.field == field]
        return codes[0] if codes else None
