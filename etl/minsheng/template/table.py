"""One table sheet: title, header block, headings, rows, signature line; locked but for what is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from minsheng.plan.form import Column, Form, Labelled, Sheet
from minsheng.template import style
from minsheng.template.drawing import Canvas, column_letter
from minsheng.template.month import Task
from minsheng.template.rows import FormLine
from minsheng.template.style import LINE_HEIGHT, Style
from minsheng.template.validations import add_validations

HEADING_ROW = 5
FIRST_ROW = HEADING_ROW + 1

_LABEL_WIDTH, _VALUE_WIDTH = 10.0, 22.0  # characters, of the size in which labels are usually written
_MIN_LINES = {"report": 3, "contribution": 2, "detail": 2}  # room for words; the wider the columns, the less
_SHORT_WIDTH = 11  # up to here a given text is a code or a unit and stands in the middle
_HINT = (
    "只填黄色格：数字不带单位，没有进展填 0 并在“零报送”选“是”，没有数可报的在“无数据原因”选原因，不要留空。"
    "灰色格不用填，白色格请勿改动。详见“说明”表。"
)
_DETAIL_HINT = "只填黄色格：到月末实有的数量，不带单位，没有的填 0，不要留空。白色格请勿改动。详见“说明”表。"
_ELSEWHERE_HINT = "数字格全灰的指标，请到“明细”表逐行填写。"
_SENDING = "填好后于 {due} 前报送：{how}"


_INPUTS = {
    "number": style.INPUT_NUMBER,
    "choice": style.INPUT_CHOICE,
    "reason": style.INPUT_CHOICE,
    "text": style.INPUT,
}


@dataclass(frozen=True)
class Slot:
    """Where a label and its value stand in a row: first and last column of each."""

    label: tuple[int, int]
    value: tuple[int, int]


def draw_table(canvas: Canvas, task: Task, sheet: Sheet, lines: Sequence[FormLine], *, is_signed: bool) -> None:
    """Fill an empty worksheet with one table of the form."""
    width = _width(sheet)
    _draw_head(canvas, task, sheet)
    _draw_fields(canvas, 2, sheet, task.form.header, header_values(task), style.VALUE)
    _draw_headings(canvas, sheet)
    for row, line in enumerate(lines, start=FIRST_ROW):
        _draw_line(canvas, row, sheet, line)
    add_validations(canvas, sheet, lines, FIRST_ROW)
    if sheet.code != "detail":
        _add_hints(canvas, sheet, lines)
    if is_signed:
        row = FIRST_ROW + len(lines) + 1
        row = _draw_fields(canvas, row, sheet, task.form.signature, {}, style.SIGNATURE)
        sending = _SENDING.format(due=due_in_words(task), how=task.month.how_to_send)
        _draw_across(canvas, row + 1, len(sheet.columns), width, sending, style.SENDING)


def due_in_words(task: Task) -> str:
    """By when the workbook must be back: ``2022年6月6日 18:00``."""
    due = task.month.due_of(task.unit.code)
    return f"{due.year}年{due.month}月{due.day}日 {due:%H:%M}"


def header_values(task: Task) -> dict[str, str]:
    """The header block: who reports, for when, on which form, by when."""
    return {
        "unit_name": task.unit_name,
        "unit_code": task.unit.code,
        "period": str(task.period),
        "template_version": task.form.template_version,
        "due_at": f"{task.month.due_of(task.unit.code):%Y-%m-%d %H:%M}",
    }


def header_cell(form: Form, sheet: Sheet, code: str) -> str:
    """The absolute reference of a header value, for defined names."""
    slots = _slots(sheet)
    position = [field.code for field in form.header].index(code)
    column = column_letter(slots[position % len(slots)].value[0])
    return f"'{sheet.name}'!${column}${2 + position // len(slots)}"


def _hint(task: Task, sheet: Sheet) -> str:
    if sheet.code == "detail":
        return _DETAIL_HINT
    has_details = sheet.code == "report" and any(indicator.is_per_member for indicator in task.led)
    return _HINT + (_ELSEWHERE_HINT if has_details else "")


def _width(sheet: Sheet) -> int:
    return sum(column.width for column in sheet.columns)


def _draw_head(canvas: Canvas, task: Task, sheet: Sheet) -> None:
    plan = task.month.plan
    title = f"{plan.county_name}{plan.year}年重点民生实事{task.period.month}月份{canvas.sheet.name}表"
    canvas.put_across(1, 1, len(sheet.columns), title, style.TITLE)
    canvas.set_height(1, 34)
    _draw_across(canvas, HEADING_ROW - 1, len(sheet.columns), _width(sheet), _hint(task, sheet), style.HINT)


def _draw_across(canvas: Canvas, row: int, last: int, width: int, text: str, text_style: Style) -> None:
    """A text over the whole sheet, legible in print."""
    look = style.legible(text_style, width)
    canvas.put_across(row, 1, last, text, look)
    canvas.set_height(row, style.row_height(text, width, look))


def _draw_fields(
    canvas: Canvas,
    first_row: int,
    sheet: Sheet,
    fields: Sequence[Labelled],
    values: Mapping[str, str],
    value_style: Style,
) -> int:
    """Labels with a place beside each, three in a row, legible in print; returns the row below."""
    slots, width = _slots(sheet), _width(sheet)
    label_look, value_look = style.legible(style.LABEL, width), style.legible(value_style, width)
    for position, field in enumerate(fields):
        row, slot = first_row + position // len(slots), slots[position % len(slots)]
        canvas.put_across(row, *slot.label, f"{field.label}：", label_look)
        canvas.put_across(row, *slot.value, values.get(field.code), value_look)
        canvas.set_height(row, style.row_height("", width, value_look) + 6)
    return first_row + -(-len(fields) // len(slots))


def _slots(sheet: Sheet) -> list[Slot]:
    """Three label-and-value places side by side, each spanning columns until wide enough."""
    widths = [column.width for column in sheet.columns]
    scale = style.legible(style.LABEL, sum(widths)).size / style.LABEL.size
    slots: list[Slot] = []
    column = 1
    while len(slots) < 3:
        label = _span(widths, column, _LABEL_WIDTH * scale)
        value = _span(widths, label[1] + 1, _VALUE_WIDTH * scale)
        slots.append(Slot(label, value))
        column = value[1] + 1
    return slots


def _span(widths: Sequence[int], first: int, needed: float) -> tuple[int, int]:
    last = first
    while sum(widths[first - 1 : last]) < needed and last < len(widths):
        last += 1
    return first, last


def _draw_headings(canvas: Canvas, sheet: Sheet) -> None:
    for number, column in enumerate(sheet.columns, start=1):
        canvas.put(HEADING_ROW, number, column.heading, style.HEADING)
    canvas.set_widths(column.width for column in sheet.columns)
    canvas.set_height(HEADING_ROW, 34)


def _draw_line(canvas: Canvas, row: int, sheet: Sheet, line: FormLine) -> None:
    lines = _MIN_LINES[sheet.code]
    for number, column in enumerate(sheet.columns, start=1):
        value = line.values.get(column.code)
        if column.is_calculated and line.is_ratio:
            canvas.put_formula(row, number, _rate(row, _places(sheet)), style.GIVEN_NUMBER, "0.0%")
            continue
        number_format = line.target_format if column.code == "target" else line.number_format
        canvas.put(row, number, value, _cell_style(column, line), number_format if column.type == "number" else "@")
        lines = max(lines, style.lines_needed(str(value or ""), column.width))
    canvas.set_height(row, lines * LINE_HEIGHT + 6)


def _rate(row: int, places: Mapping[str, int]) -> str:
    """What a numerator and a denominator come to; nothing while one is missing."""
    numerator, denominator = (f"{column_letter(places[code])}{row}" for code in ("numerator", "denominator"))
    are_numbers = f"AND(ISNUMBER({numerator}),ISNUMBER({denominator}))"
    return f'IF({are_numbers},IF({denominator}>0,{numerator}/{denominator},""),"")'


def _places(sheet: Sheet) -> dict[str, int]:
    """Where each column stands, counted from 1."""
    return {column.code: number for number, column in enumerate(sheet.columns, start=1)}


def _cell_style(column: Column, line: FormLine) -> Style:
    if column.code in line.asked:
        return _INPUTS[column.type]
    if line.values.get(column.code) is None:
        return style.NOT_ASKED
    if column.type == "number":
        return style.GIVEN_NUMBER
    return style.GIVEN_SHORT if column.width <= _SHORT_WIDTH else style.GIVEN


def _add_hints(canvas: Canvas, sheet: Sheet, lines: Sequence[FormLine]) -> None:
    """Colour what will be sent back: a cumulative that does not add up, a zero without its mark."""
    places = _places(sheet)
    for row, line in enumerate(lines, start=FIRST_ROW):
        cell = {code: f"${column_letter(place)}{row}" for code, place in places.items()}
        has_last = "last_cumulative" in places and line.values.get("last_cumulative") is not None
        if has_last and "month" in line.asked:
            canvas.colour_if(row, places["month"], places["cumulative"], _does_not_add_up(cell))
        if "month" in line.asked:
            is_unmarked_zero = f'AND(ISNUMBER({cell["month"]}),{cell["month"]}=0,{cell["zero_report"]}<>"是")'
            canvas.colour_if(row, places["zero_report"], places["zero_report"], is_unmarked_zero)


def _does_not_add_up(cell: dict[str, str]) -> str:
    month, cumulative, last = cell["month"], cell["cumulative"], cell["last_cumulative"]
    return (
        f"AND(ISNUMBER({month}),ISNUMBER({cumulative}),ROUND({cumulative}-{month}-{last},6)<>0,"
        f'{cell["correction"]}<>"是")'
    )
