"""The clerk: what she knows, and what she can do to the sheets of a returned workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.worksheet.worksheet import Worksheet

from minsheng.plan.form import Form, Sheet, label_key
from minsheng.validation.finding import Finding
from tests.corpus.case import Values
from tests.corpus.making.book import Book, blank
from tests.workbooks import lushan, unmerged

_CHECKLIST = "退回清单"
_NAMED = re.compile(r"(?P<indicator>.+?)(?:（(?P<member>[^（）]+)）)?(?: · (?P<field>.+))?")


class AskedForFormError(Exception):
    """The remedy cannot be followed in this file; it is left to use the form that was handed out."""


@dataclass(frozen=True)
class Clerk:
    """One returned workbook, and who mends it: ``unit`` and ``period`` are hers, ``true`` what she has to report."""

    workbook: Workbook
    unit: str
    period: str
    true: Values

    @property
    def form(self) -> Form:
        """The form of her month."""
        return self.handed_out.form

    @cached_property
    def handed_out(self) -> Book:
        """Her blank form."""
        return blank(self.unit, self.period)

    def sheet(self, finding: Finding) -> Worksheet:
        """The sheet a finding names."""
        if finding.sheet not in self.workbook.sheetnames:
            raise AskedForFormError(finding)
        return self.workbook[finding.sheet]

    def tables(self) -> Iterator[Worksheet]:
        """Every sheet of hers."""
        return (sheet for sheet in self.workbook.worksheets if sheet.title != _CHECKLIST)

    def key(self, finding: Finding) -> str:
        """``M03-01``, ``contribution M01-01``, ``detail M06-02 410423001``: the line the finding names."""
        named = _NAMED.fullmatch(finding.about or "")
        assert named, finding
        indicators = [one for one in lushan().indicators if one.name == named["indicator"]]
        if not indicators:  # the brackets are part of the indicator's own name
            indicators = [one for one in lushan().indicators if (finding.about or "").startswith(one.name)]
        (indicator,) = indicators
        members = [
            member.code
            for register in lushan().registers
            for member in register.members or ()
            if member.name == named["member"]
        ]
        if members:
            return f"detail {indicator.code} {members[0]}"
        own = f"{indicator.code}"
        return own if any(key.split()[0] == own for key in self.true) else f"contribution {own}"

    def truth(self, key: str) -> dict[str, Decimal]:
        """Her true numbers of a line by field."""
        return {each.split()[-1]: number for each, number in self.true.items() if each.rpartition(" ")[0] == key}


def field_of(clerk: Clerk, finding: Finding) -> str:
    label = (finding.about or "").rpartition(" · ")[2]
    return next(column.code for sheet in clerk.form.sheets for column in sheet.columns if column.heading == label)


def cleared(sheet: Worksheet, place: str) -> Cell:
    """The cell without value, format, merging and conditional colours."""
    for area in [area for area in sheet.merged_cells.ranges if place in area]:
        sheet.unmerge_cells(str(area))
    cell = unmerged(sheet[place])
    cell.value = None
    cell.style = "Normal"
    kept = ConditionalFormattingList()
    for area in sheet.conditional_formatting:
        for rule in () if place in area.sqref else area.rules:
            kept.add(str(area.sqref), rule)
    sheet.conditional_formatting = kept
    return cell


def clear_row(sheet: Worksheet, row: int) -> None:
    for cell in sheet[row]:
        if isinstance(cell, Cell):
            cleared(sheet, cell.coordinate)


def columns(clerk: Clerk, sheet: Worksheet, row: int) -> dict[str, int]:
    """Where each field of the table above (or at) a row stands, by the headings."""
    for head in range(row, 0, -1):
        texts = {label_key(cell.value): cell.column for cell in sheet[head] if isinstance(cell.value, str)}
        found = max((_named(each, texts) for each in clerk.form.sheets), key=len)
        if "indicator_code" in found and len(found) > 3:
            return found
    raise AskedForFormError(sheet.title)


def _named(sheet: Sheet, texts: Mapping[str, int]) -> dict[str, int]:
    """The fields of a sheet of the form that these headings name, each with its column."""
    return {
        column.code: texts[label_key(name)]
        for column in sheet.columns
        for name in (*column.aliases, column.heading)
        if label_key(name) in texts
    }


def lines(clerk: Clerk, sheet: Worksheet) -> Iterator[tuple[int, str]]:
    """Every row with a line of hers, and which."""
    for row in range(1, sheet.max_row + 1):
        if key := line_key(clerk, sheet, row):
            yield row, key


def line_key(clerk: Clerk, sheet: Worksheet, row: int) -> str | None:
    words = [str(cell.value).strip() for cell in sheet[row] if cell.value is not None]
    codes = {indicator.code for indicator in lushan().indicators} & set(words)
    keys = {key.rpartition(" ")[0] for key in clerk.true}
    for code in codes:
        members = [key for key in keys if key.startswith(f"detail {code} ") and key.split()[-1] in words]
        own = [key for key in keys if key in (code, f"contribution {code}")]
        if members or own:
            is_contribution = any(word.startswith("M") and len(word) == 3 for word in words)
            return (members or [key for key in own if is_contribution == key.startswith("contribution")] or own)[0]
    return None


def write_line(clerk: Clerk, sheet: Worksheet, row: int, key: str) -> None:
    """The true numbers of a line, typed in; no progress is ticked where there was none."""
    places = columns(clerk, sheet, row)
    truth = clerk.truth(key)
    for field, number in truth.items():
        if field in places:
            cleared(sheet, sheet.cell(row, places[field]).coordinate).value = number
    if "month" in truth and "zero_report" in places:
        sheet.cell(row, places["zero_report"]).value = "是" if truth["month"] == 0 else None


def copy_line(clerk: Clerk, sheet: Worksheet, row: int, key: str) -> None:
    """The line of the form, with the true numbers."""
    for field, column in columns(clerk, sheet, row).items():
        try:
            printed = clerk.handed_out[f"{key} {field}"].value
        except (LookupError, ValueError):
            continue
        cell = sheet.cell(row, column)
        if not isinstance(cell, MergedCell):
            cell.value = printed
    write_line(clerk, sheet, row, key)
