"""退回清单, the first sheet of a workbook sent back: every cause on a line, with a link to its cell.

Hidden columns keep the colours the marked cells had before, so that the next answer can give them back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from minsheng.mail.cells import put, put_across
from minsheng.mail.faults import follow_on, place
from minsheng.mail.sheets import Place, fit_to_width, put_text
from minsheng.parsing.explanations import WHY
from minsheng.spreadsheet.features import MAX_ROWS
from minsheng.template.style import LINE_HEIGHT, Style, lines_needed
from minsheng.validation.causes import ToldOnce, told_once
from minsheng.validation.finding import Finding
from minsheng.words.chinese import chinese

NAME = chinese().thing["checklist"]
_HEADING_ROW, _FIRST_ROW = 3, 4
_COLUMNS = (("序号", 6), ("程度", 8), ("位置", 36), ("表内内容", 14), ("问题", 46), ("怎样改", 40), (WHY, 30))
# Sheet, cell, and the colour it had: not for people.
_HIDDEN = range(len(_COLUMNS) + 1, len(_COLUMNS) + 4)
_HINT = (
    "点“位置”可跳到该单元格。请在原表中改正全部“{severity[reject]}”的问题，核对“{severity[warn]}”的事项，数属实的在黄色的“说明”格写明为什么，保存后重新报送整份文件；"
    "本页、底色和批注不必删除。"
)

_TITLE = Style("退回清单标题", size=14, bold=True, color="B3261E", border=None)
_SMALL = Style("退回清单说明", color="595959", border=None)
_HEAD = Style("退回清单列名", bold=True, color="FFFFFF", fill="7F7F7F", horizontal="center")
_TEXT = Style("退回清单内容")
_NUMBER = Style("退回清单序号", horizontal="center")
_LINK = Style("退回清单位置", color="0563C1")
_TO_EXPLAIN = Style("退回清单填写说明", fill="FFF8D6", is_locked=False)
_NOTHING_TO_EXPLAIN = Style("退回清单不填", fill="E7E6E6")
_LEVEL_STYLES = {
    "reject": Style("退回清单程度一", bold=True, color="B3261E", fill="FFB3AE", horizontal="center"),
    "warn": Style("退回清单程度二", bold=True, color="7F6000", fill="FFE699", horizontal="center"),
    "note": Style("退回清单程度三", color="595959", horizontal="center"),
}


def add_checklist(
    workbook: Workbook,
    sheets: Mapping[str, Worksheet],
    file_name: str,
    findings: Sequence[Finding],
    formerly: Mapping[Place, str],
) -> None:
    """Put the list in front and open the workbook there; ``formerly``: the colours that marking has covered."""
    sheet: Worksheet = workbook.create_sheet(NAME, 0)
    _draw_head(sheet, file_name)
    for row, told in enumerate(told_once(findings), start=_FIRST_ROW):
        _draw_line(sheet, row, told, sheets)
    for row, ((title, reference), colour) in enumerate(formerly.items(), start=_FIRST_ROW):
        for column, text in zip(_HIDDEN, (title, reference, colour), strict=True):
            put_text(sheet, row, column, text)
    _set_up(sheet)
    for other in workbook.worksheets:  # sheets selected together are also typed into together
        other.sheet_view.tabSelected = other is sheet
    workbook.active = sheet


def remove_checklist(workbook: Workbook) -> dict[Place, str]:
    """Take out the list of an earlier answer; gives the colours its marks have covered."""
    if NAME not in workbook.sheetnames:
        return {}
    sheet = workbook[NAME]
    rows = sheet.iter_rows(_FIRST_ROW, min(sheet.max_row, MAX_ROWS), _HIDDEN.start, _HIDDEN.stop - 1, values_only=True)
    formerly = {(str(title), str(reference)): str(colour) for title, reference, colour in rows if colour}
    workbook.remove(sheet)
    return formerly


def _draw_head(sheet: Worksheet, file_name: str) -> None:
    for row, text, style in (
        (1, f"{NAME}：{file_name}", _TITLE),
        (2, _HINT.format(severity=chinese().severity), _SMALL),
    ):
        put_across(sheet, row, 1, len(_COLUMNS), None, style)
        put_text(sheet, row, 1, text)
        sheet.row_dimensions[row].height = 30
    for column, (heading, width) in enumerate(_COLUMNS, start=1):
        put(sheet, _HEADING_ROW, column, heading, _HEAD)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[_HEADING_ROW].height = 22
    for column in _HIDDEN:
        sheet.column_dimensions[get_column_letter(column)].hidden = True


def _draw_line(sheet: Worksheet, row: int, told: ToldOnce, sheets: Mapping[str, Worksheet]) -> None:
    finding = told.finding
    put(sheet, row, 1, row - _HEADING_ROW, _NUMBER)
    problem = "\n".join((finding.message, *follow_on(told)))
    texts = (chinese().severity[finding.severity], place(finding), finding.found or "", problem, finding.remedy)
    styles = (_LEVEL_STYLES[finding.severity], _LINK, _TEXT, _TEXT, _TEXT)
    for column, (text, style) in enumerate(zip(texts, styles, strict=True), start=2):
        put(sheet, row, column, None, style)
        put_text(sheet, row, column, text)
    last = len(_COLUMNS)
    put(sheet, row, last, None, _TO_EXPLAIN if finding.asks_why else _NOTHING_TO_EXPLAIN)
    put_text(sheet, row, last, finding.explanation or "")
    if finding.sheet and finding.sheet in sheets:
        target = sheets[finding.sheet].title.replace("'", "''")
        sheet.cell(row, 3).hyperlink = Hyperlink(ref="", location=f"'{target}'!{finding.cell or 'A1'}")
    lines = (lines_needed(text, width) for text, (_, width) in zip(texts, _COLUMNS[1:], strict=False) if text)
    sheet.row_dimensions[row].height = LINE_HEIGHT * max(lines) + 6


def _set_up(sheet: Worksheet) -> None:
    """Headings that stay in sight, and paper as wide as the list."""
    sheet.freeze_panes = f"A{_FIRST_ROW}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = "B3261E"
    sheet.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW}"
    fit_to_width(sheet)
