"""The unit's own workbook, sent back with every fault where it stands.

Faulty cells are coloured and commented, and a first sheet lists all findings; nothing else is touched. What an
earlier answer left in the file is taken out first. openpyxl opens the file, which may take any time and memory: all
this happens in a worker process, see ``minsheng.mail.marking``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import PurePosixPath
from typing import get_args

import msgspec
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill, Protection
from openpyxl.worksheet.worksheet import Worksheet

from minsheng.core.codes import Severity
from minsheng.mail.checklist import add_checklist, remove_checklist
from minsheng.mail.marking import Job
from minsheng.mail.message import Attachment
from minsheng.mail.results import with_results
from minsheng.mail.saving import workbook_bytes
from minsheng.mail.sheets import Place, are_markable, drawn, loaded
from minsheng.spreadsheet.encoding import decode
from minsheng.spreadsheet.features import MAX_COLUMNS, MAX_ROWS
from minsheng.spreadsheet.grid import Grid
from minsheng.template.style import lines_needed
from minsheng.validation.finding import Finding, quoted
from minsheng.words.chinese import chinese

_AUTHOR = chinese().thing["data team"]
_RETURNED = "（退回）"
_LONGEST_STEM = 40
# Everything in a comment from here on is ours.
_OURS = f"【{_AUTHOR}】"
_SEVERITIES = get_args(Severity)
_COLOURS: Mapping[Severity, str] = {"reject": "FFFFB3AE", "warn": "FFFFE699"}
_COMMENT_WIDTH, _LINE_HEIGHT = 330, 19  # pixels
_COLUMNS_OF_TEXT = 44  # of half a Chinese character, in a comment so wide

Findings = Sequence[Finding]


def answer(request: bytes) -> bytes:
    """What the worker process is asked, and what it answers, encoded."""
    return msgspec.msgpack.encode(_marked_up(msgspec.msgpack.decode(request, type=Job)))


def _marked_up(job: Job) -> Attachment | None:
    """The file with its findings marked; None: it is out of all measure.

    The same input gives the same bytes. What is no xlsx, or one that openpyxl cannot take, comes back as an xlsx made
    from the values read; so does any without its content.
    """
    grids = decode(job.book).sheets
    if not are_markable(grids):
        return None
    findings = sorted(job.findings, key=lambda finding: _SEVERITIES.index(finding.severity))
    marked = partial(_marked, file_name=quoted(job.file_name), findings=findings, written_on=job.written_on)
    if job.content is not None and (own := loaded(job.content, grids)):
        with suppress(Exception):  # openpyxl cannot save all it can open; the values read are there all the same
            saved = with_results(marked(*own), _by_part(own[0], grids), own[0].epoch)
            return Attachment(_returned_name(job.file_name), saved)
    return Attachment(_returned_name(job.file_name), marked(*drawn(grids, _refused(findings))))


def _marked(
    workbook: Workbook,
    sheets: Mapping[str, Worksheet],
    file_name: str,
    findings: Findings,
    written_on: datetime,
) -> bytes:
    _unmark(workbook, remove_checklist(workbook))
    formerly = {
        (sheet.title, cell.coordinate): _mark(sheet, cell, told) for sheet, cell, told in _faulty(sheets, findings)
    }
    add_checklist(workbook, sheets, file_name, findings, formerly)
    workbook.calculation.fullCalcOnLoad = False  # results are put back; what has none is calculated all the same
    return workbook_bytes(workbook, written_on)


def _refused(findings: Findings) -> frozenset[Place]:
    return frozenset((one.sheet or "", one.cell or "") for one in findings if one.severity == "reject")


def _by_part(workbook: Workbook, grids: tuple[Grid, ...]) -> dict[str, Grid]:
    """The sheets as read, by the part openpyxl saves each in."""
    by_name = {grid.name: grid for grid in grids}
    sheets = enumerate(workbook.worksheets, start=1)
    return {
        f"xl/worksheets/sheet{number}.xml": by_name[sheet.title] for number, sheet in sheets if sheet.title in by_name
    }


def _returned_name(file_name: str) -> str:
    stem = quoted(PurePosixPath(file_name).stem).replace(_RETURNED, "")
    return f"{stem[:_LONGEST_STEM]}{_RETURNED}.xlsx"


def _faulty(sheets: Mapping[str, Worksheet], findings: Findings) -> Iterator[tuple[Worksheet, Cell, Findings]]:
    """The cells to mark, with what is told about each, refusals first; notes ask for nothing."""
    told: dict[tuple[Worksheet, Cell], list[Finding]] = {}
    for severity in _COLOURS:
        for finding in findings:
            sheet = sheets.get(finding.sheet or "")
            if finding.severity == severity and sheet is not None and finding.cell:
                told.setdefault((sheet, _cell(sheet, finding.cell)), []).append(finding)
    for (sheet, cell), about in told.items():
        yield sheet, cell, about


def _cell(sheet: Worksheet, reference: str) -> Cell:
    """The cell; of merged cells the one that has the value."""
    cell = sheet[reference]
    if isinstance(cell, Cell):
        return cell
    merged = next(area for area in sheet.merged_cells.ranges if cell.coordinate in area)
    return sheet.cell(merged.min_row, merged.min_col)  # type: ignore[return-value]


def _mark(sheet: Worksheet, cell: Cell, told: Findings) -> str:
    """Colour and comment a cell, and let the clerk into it where the sheet is locked; gives its former colour."""
    former = _colour(cell)
    cell.fill = PatternFill("solid", fgColor=_COLOURS[told[0].severity])
    if sheet.protection.sheet:
        cell.protection = Protection(locked=False, hidden=cell.protection.hidden)
    _comment(cell, _OURS + "\n".join(_lines(told)))
    return former


def _lines(told: Findings) -> Iterator[str]:
    for finding in told:
        yield f"{chinese().severity[finding.severity]}：{finding.message}"
        yield f"怎样改：{finding.remedy}"


def _comment(cell: Cell, text: str) -> None:
    """Put our words below what the unit itself has noted there."""
    own = cell.comment
    whole = f"{own.text}\n{text}" if own else text
    height = (lines_needed(whole, _COLUMNS_OF_TEXT) + 1) * _LINE_HEIGHT
    cell.comment = Comment(whole, own.author if own else _AUTHOR, height=height, width=_COMMENT_WIDTH)


def _unmark(workbook: Workbook, formerly: Mapping[Place, str]) -> None:
    """Take out the comments and colours of an earlier answer."""
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows(max_row=min(sheet.max_row, MAX_ROWS), max_col=min(sheet.max_column, MAX_COLUMNS)):
            for cell in row:
                if isinstance(cell, Cell) and cell.comment and _OURS in cell.comment.text:
                    _restore(cell, formerly.get((sheet.title, cell.coordinate)))


def _restore(cell: Cell, colour: str | None) -> None:
    assert cell.comment
    own, author = cell.comment.text.partition(_OURS)[0].rstrip(), cell.comment.author
    cell.comment = Comment(own, author) if own else None
    if _colour(cell) in _COLOURS.values():
        cell.fill = PatternFill("solid", fgColor=colour) if colour else PatternFill()


def _colour(cell: Cell) -> str:
    """The colour a cell is filled with; empty for none, and for one that only the theme knows."""
    fill = cell.fill
    return str(fill.fgColor.rgb) if fill.fill_type == "solid" and fill.fgColor.type == "rgb" else ""
