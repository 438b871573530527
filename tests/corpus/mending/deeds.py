"""What every remedy asks for, by its rule: she mends a returned workbook by what the answer says, and nothing else.

She uses the place, the names and the words that she is shown. A remedy that asks for the form itself is followed by
filling it in afresh.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from minsheng.plan.form import label_key
from minsheng.spreadsheet.numbers import fold
from minsheng.validation.causes import told_once
from minsheng.validation.finding import Finding
from tests.corpus.case import Values
from tests.corpus.making.book import filled
from tests.corpus.mending.clerk import (
    AskedForFormError,
    Clerk,
    clear_row,
    cleared,
    columns,
    copy_line,
    field_of,
    line_key,
    lines,
    write_line,
)
from tests.workbooks import as_bytes, present, unmerged

_NUMBERS = ("month", "cumulative", "numerator", "denominator", "value")
_PLACE = re.compile(r"[A-Z]{1,3}[0-9]+")
_TO_PUT_BACK = re.compile(r"请(?:把分母)?改[回为] ([0-9.]+)")
_RIGHT_NAME = re.compile(r"(?:应为|是)“(.+?)”")
_RIGHT_MEASURE = re.compile(r"请按“(.+?)”填写这一行")
_SHEETS = re.compile(r"（(.+)）")
_MISSING = re.compile("没有填|缺少|公式|格式|移了")
_ROWS = re.compile(r"第 (\d+) 行")


def mended(returned: bytes | None, findings: Sequence[Finding], unit: str, period: str, true: Values) -> bytes:
    """The file handed in the second time; ``returned`` null: nothing came back that could be mended."""
    if returned is not None:
        clerk = Clerk(load_workbook(io.BytesIO(returned)), unit, period, true)
        try:
            _mend(clerk, findings)
        except AskedForFormError:
            return form_filled_in(unit, period)
        return as_bytes(clerk.workbook)
    return form_filled_in(unit, period)


def _mend(clerk: Clerk, findings: Sequence[Finding]) -> None:
    """Follow every remedy that asks for something; raises AskedForFormError where that is a new form."""
    told = told_once(one for one in findings if one.severity == "reject")
    asked = [one for cause in told for one in (cause.finding, *filter(_names_a_deed, cause.follows))]
    for finding in sorted(asked, key=lambda one: _ORDER.index(DEEDS[one.rule])):
        DEEDS[finding.rule](clerk, finding)


def _names_a_deed(finding: Finding) -> bool:
    """Of what follows she sees the message only: that says what to do where a cell is empty or a line is missing."""
    return _MISSING.search(finding.message) is not None


@cache
def form_filled_in(unit: str, period: str) -> bytes:
    """The form of the month, filled in afresh."""
    return filled(unit, period).lean().content()


def _afresh(clerk: Clerk, finding: Finding) -> None:
    raise AskedForFormError(finding)


def _retype_cell(clerk: Clerk, finding: Finding) -> None:
    """Clear the cell of whatever it looks like and type the number in."""
    sheet = clerk.sheet(finding)
    assert finding.cell, finding
    cell = cleared(sheet, finding.cell)
    field = field_of(clerk, finding)
    if field in _NUMBERS:
        cell.value = clerk.truth(clerk.key(finding))[field]
    else:
        cell.value = clerk.handed_out[f"{clerk.key(finding)} {field}"].value


def _retype_line(clerk: Clerk, finding: Finding) -> None:
    """Check the numbers of the line, and what is ticked beside them."""
    assert finding.cell, finding
    sheet = clerk.sheet(finding)
    write_line(clerk, sheet, sheet[finding.cell].row, clerk.key(finding))


def _put_back(clerk: Clerk, finding: Finding) -> None:
    """Put the number back that the remedy names."""
    said = _TO_PUT_BACK.search(finding.remedy)
    assert said and finding.cell, finding
    cleared(clerk.sheet(finding), finding.cell).value = Decimal(said[1])


def _rename(clerk: Clerk, finding: Finding) -> None:
    """Write the name the message says, and check whose numbers these are."""
    said = _RIGHT_NAME.search(finding.message)
    assert said and finding.cell, finding
    clerk.sheet(finding)[finding.cell].value = said[1]
    _retype_line(clerk, finding)


def _put_measure_back(clerk: Clerk, finding: Finding) -> None:
    said = _RIGHT_MEASURE.search(finding.remedy)
    assert said and finding.cell, finding
    clerk.sheet(finding)[finding.cell].value = said[1]
    _retype_line(clerk, finding)


def _choose(clerk: Clerk, finding: Finding) -> None:
    """Choose again: no progress is ticked where there was none, and nothing is corrected."""
    assert finding.cell, finding
    is_zero = field_of(clerk, finding) == "zero_report" and clerk.truth(clerk.key(finding)).get("month") == 0
    clerk.sheet(finding)[finding.cell].value = "是" if is_zero else "否"


def _clear_choice(clerk: Clerk, finding: Finding) -> None:
    """There are numbers: the cell is emptied, and they are typed in."""
    assert finding.cell, finding
    clerk.sheet(finding)[finding.cell].value = None
    _retype_line(clerk, finding)


def _give_reason(clerk: Clerk, finding: Finding) -> None:
    assert finding.cell, finding
    clerk.sheet(finding)[finding.cell].value = "前期统计有误，现予核实更正"


def _report_as_correction(clerk: Clerk, finding: Finding) -> None:
    assert finding.cell, finding
    sheet = clerk.sheet(finding)
    row = sheet[finding.cell].row
    places = columns(clerk, sheet, row)
    sheet.cell(row, places["correction"]).value = "是"
    sheet.cell(row, places["correction_reason"]).value = "前期统计有误，现予核实更正"


def _strike_sentence(clerk: Clerk, finding: Finding) -> None:
    """Delete the words the message quotes, in one cell or in two; the numbers are by the measures of the lines."""
    quoted = re.search(r"写着“(.+?)”，", finding.message)
    assert quoted, finding
    if finding.cell:
        _strike_in_cells(clerk.sheet(finding), finding.cell, quoted[1])
    else:
        _strike_outside(clerk, fold(quoted[1]))
    for table in clerk.tables():
        for row, key in lines(clerk, table):
            write_line(clerk, table, row, key)


def _strike_in_cells(sheet: Worksheet, place: str, quoted: str) -> None:
    for cell in (unmerged(sheet[place]), *sheet[sheet[place].row]):
        text = str(cell.value or "")
        if text and text.strip() in quoted:
            cell.value = None
        elif quoted in text:
            cell.value = text.replace(quoted, "")


def _strike_outside(clerk: Clerk, quoted: str) -> None:
    """Delete the comments, page headers and prompts with the words, and give a sheet called so its name back."""
    for sheet in clerk.tables():
        if quoted in fold(sheet.title):
            sheet.title = clerk.form.sheet("report").name
        header = present(sheet.oddHeader)
        if quoted in fold(str(header.right.text)):
            header.right.text = None
        prompts = sheet.data_validations
        prompts.dataValidation = [one for one in prompts.dataValidation if quoted not in fold(str(one.prompt))]
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and cell.comment and quoted in fold(cell.comment.text):
                    cell.comment = None


def _keep_one_line(clerk: Clerk, finding: Finding) -> None:
    """Keep the first of the lines the message counts up, rightly filled in."""
    sheet = clerk.sheet(finding)
    first, *others = (int(number) for number in _ROWS.findall(finding.message))
    key = line_key(clerk, sheet, first)
    assert key, finding
    for row in others:
        clear_row(sheet, row)
    write_line(clerk, sheet, first, key)


def _remove_line(clerk: Clerk, finding: Finding) -> None:
    sheet = clerk.sheet(finding)
    assert finding.cell, finding
    clear_row(sheet, sheet[finding.cell].row)


def _move_back(clerk: Clerk, finding: Finding) -> None:
    """Type the shifted line in anew, each number under its heading; whose it is the finding says, or the form."""
    sheet = clerk.sheet(finding)
    assert finding.cell, finding
    row = sheet[finding.cell].row
    if finding.about is None:
        raise AskedForFormError(finding)
    key = clerk.key(finding)
    clear_row(sheet, row)
    copy_line(clerk, sheet, row, key)


def _restore_line(clerk: Clerk, finding: Finding) -> None:
    """Put the missing line back below the others, or over the one whose code is wrong, as the form has it."""
    sheet = clerk.sheet(finding)
    rows = [row for row, _ in lines(clerk, sheet)]
    if not rows:
        raise AskedForFormError(finding)
    row = max(rows) + 1
    while any(cell.value not in (None, "") for cell in sheet[row]):
        if str(sheet.cell(row, 1).value or "").startswith(("填报人", "单位")):
            raise AskedForFormError(finding)
        row += 1
    copy_line(clerk, sheet, row, clerk.key(finding))


def _write_code(clerk: Clerk, finding: Finding) -> None:
    """A line without a right code: it is one of the form, known by its name, or none of hers."""
    sheet = clerk.sheet(finding)
    assert finding.cell, finding
    clear_row(sheet, sheet[finding.cell].row)


def _state(label: str, value: Callable[[Clerk], str]) -> Callable[[Clerk, Finding], None]:
    """Write a value beside a label, in the cell the finding names and wherever else a sheet has that label."""

    def state(clerk: Clerk, finding: Finding) -> None:
        key = label_key(clerk.form.label(label))
        if finding.cell and label_key(str(clerk.sheet(finding)[finding.cell].value or "")) != key:
            cleared(clerk.sheet(finding), finding.cell).value = value(clerk)
        for sheet in clerk.tables():
            for row in sheet.iter_rows(max_row=6):
                for cell in row:
                    if isinstance(cell.value, str) and label_key(cell.value) == key:
                        last = max(
                            (a.max_col for a in sheet.merged_cells.ranges if cell.coordinate in a), default=cell.column
                        )
                        beside = sheet.cell(cell.row, last + 1)
                        if isinstance(beside, Cell):
                            cleared(sheet, beside.coordinate).value = value(clerk)

    return state


def _keep_one_sheet(clerk: Clerk, finding: Finding) -> None:
    """Keep the sheet named first, with the right numbers."""
    named = _SHEETS.search(finding.message)
    assert named, finding
    keys = {label_key(name.replace("（隐藏）", "")) for name in named[1].split("、")[1:]}
    for sheet in list(clerk.tables()):
        if label_key(sheet.title) in keys:
            clerk.workbook.remove(sheet)
    for sheet in clerk.tables():
        for row, key in lines(clerk, sheet):
            write_line(clerk, sheet, row, key)


def _keep_one_column(clerk: Clerk, finding: Finding) -> None:
    """Fill in the column of the form and empty the one that is like it; if it is the only one, it is that column."""
    sheet = clerk.sheet(finding)
    named = re.search(r"与“(.+?)”相近", finding.message)
    assert named and finding.cell, finding
    head = sheet[finding.cell]
    if any(label_key(str(cell.value or "")) == label_key(named[1]) for cell in sheet[head.row]):
        for row in range(head.row, sheet.max_row + 1):
            if isinstance(cell := sheet.cell(row, head.column), Cell) and (
                row == head.row or line_key(clerk, sheet, row)
            ):
                cell.value = None
    else:
        head.value = named[1]
    for row, key in lines(clerk, sheet):
        write_line(clerk, sheet, row, key)


def _retype_words(clerk: Clerk, finding: Finding) -> None:
    assert finding.cell, finding
    clerk.sheet(finding)[finding.cell].value = "重新填写"


def _erase(clerk: Clerk, finding: Finding) -> None:
    """Delete what is in the cells the message counts up."""
    sheet = clerk.sheet(finding)
    places = _PLACE.findall(finding.message.partition("。")[0])
    if not places:
        raise AskedForFormError(finding)
    for place in places:
        cleared(sheet, place)
    for table in clerk.tables():
        for row, key in lines(clerk, table):
            write_line(clerk, table, row, key)


def _leave(clerk: Clerk, finding: Finding) -> None:
    """Nothing is wrong with the file of her month: it is handed in when that is over, or opened."""
    if clerk.period not in finding.message:
        raise AskedForFormError(finding)


Deed = Callable[[Clerk, Finding], None]

_RULES: Mapping[Deed, str] = {
    _keep_one_sheet: "F07",
    _keep_one_column: "C03",
    _retype_cell: "C10 C11 C12 C13 C14 C15 C16 C17 C18 C19 C20 C21 C24 C25 C26 C28 C50 C51 C52 C54 H20 H21",
    _retype_line: "H01 H03 H07 H08 H09 H22 H23 H24 H25 H27 R11 R12 R13 R15 R20 R21 R22 R23 R34 R35",
    _put_back: "R06 R27 R33",
    _choose: "C22",
    _clear_choice: "C29 R17 R18",
    _report_as_correction: "H05",
    _give_reason: "R14",
    _retype_words: "C56",
    _keep_one_line: "R05",
    _move_back: "C55",
    _strike_sentence: "C27 C57",
    _put_measure_back: "C23",
    _rename: "R03 R08",
    _write_code: "R01 R02",
    _remove_line: "R04 R07",
    _restore_line: "O01 O02 O03",
    _erase: "P01 P02 P03 P04 P06 P07 P08",
    _state("unit_name", lambda clerk: str(clerk.handed_out["header unit_name"].value)): "F11 F13 F15",
    _state("period", lambda clerk: clerk.period): "F20 F23 F24",
    _leave: "F21 F22",
    _afresh: (
        "C01 C02 C04 F01 F02 F03 F04 F05 F06 F08 F09 F10 F12 F25 "
        "F26 F40 F41 F42 F43 F44 F50 F51 F52 F53 F70 O04 P05 P09"
    ),
}
DEEDS: Mapping[str, Deed] = {rule: deed for deed, rules in _RULES.items() for rule in rules.split()}
_ORDER = [*_RULES]
