"""What Excel itself asks of the cells that are filled in: numbers that are numbers, choices off a list, and a hint."""

from __future__ import annotations

from collections.abc import Sequence

from minsheng.plan.form import Column, Sheet
from minsheng.plan.reasons import no_data_reasons
from minsheng.template.drawing import Canvas
from minsheng.template.rows import FormLine


def add_validations(canvas: Canvas, sheet: Sheet, lines: Sequence[FormLine], first_row: int) -> None:
    """One validation per column and kind of number, spread over the cells that ask for it."""
    for number, column in enumerate(sheet.columns, start=1):
        for is_whole in (True, False):
            rows = [
                row
                for row, line in enumerate(lines, start=first_row)
                if column.code in line.asked and line.is_whole is is_whole
            ]
            canvas.validate(number, rows, _validation(column, is_whole))


def _validation(column: Column, is_whole: bool) -> dict[str, object]:
    told: dict[str, object] = {
        "error_title": f"{column.heading}填写有误",
        "input_title": column.heading,
        "input_message": column.help,
    }
    if column.type == "number":
        return told | _number_validation(column, is_whole)
    if choices := _choices(column):
        error = f"请从下拉列表中选择：{'、'.join(choices)}。没有就留空。"
        return told | {"validate": "list", "source": choices, "error_message": error}
    return told | {"validate": "any"}


def _choices(column: Column) -> list[str]:
    if column.type == "reason":
        return [reason.label for reason in no_data_reasons().reasons]
    return list(column.choices)


def _number_validation(column: Column, is_whole: bool) -> dict[str, object]:
    """Counts and amounts from 0 on; a month may be negative after a warning, for corrections."""
    noun = "整数" if is_whole else "数字"
    validation: dict[str, object] = {
        "validate": "integer" if is_whole else "decimal",
        "criteria": ">=",
        "value": 0,
        "error_message": f"请填不小于 0 的{noun}，不带单位，不写“约”“余”等字。",
    }
    if column.code != "month":
        return validation
    error = f"本月数应为不小于 0 的{noun}，不带单位。确因更正出现负数的，点“是”继续，并填写更正原因。"
    return validation | {"error_type": "warning", "error_message": error}
