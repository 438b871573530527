"""A line that lost or gained a cell is told as such, and none of its numbers is taken for another."""

from typing import Any

import pytest

from tests.workbooks import blank, cell, read

Values = dict[str, Any]
MANHOLES: Values = {"本月数": 163, "累计数": 652}
BIRTHS: Values = {"分子": 955, "分母": 1568}


def told(unit: str, code: str, values: Values, first: int, step: int) -> list[tuple[str, str | None]]:
    """Field and words of what is said to have shifted, after the cells from a column on have been moved."""
    workbook = blank(unit)
    for heading, value in values.items():
        cell(workbook, code, heading).value = value
    sheet, row = workbook["填报"], cell(workbook, code, "指标编码").row
    before: list[Any] = [sheet.cell(row, column).value for column in range(1, sheet.max_column + 1)]
    before = [None if str(value).startswith("=") else value for value in before]  # the rate that the form works out
    kept, rest = before[: first - 1], before[first - 1 :]
    after = [*kept, None, *rest[:-1]] if step > 0 else [*kept, *rest[1:], None]
    for column, value in enumerate(after, start=1):
        sheet.cell(row, column).value = value
    lines = [one for one in read(workbook).cells if one.section == "report" and one.row_no == row]
    moved = [one for one in lines if one.reading == "moved"]
    assert all(one.number_value is None for one in moved)
    return [(one.field, one.text_value) for one in lines if one.reading == "shifted"]


@pytest.mark.parametrize(
    ("unit", "code", "values", "first", "step", "expected"),
    [
        ("CGJ", "M03-01", MANHOLES, 5, -1, [("cumulative", "E 列起整行左移了 1 格")]),
        ("CGJ", "M03-01", MANHOLES, 6, 1, [("month", "F 列起整行右移了 1 格")]),
        ("CGJ", "M03-01", MANHOLES, 7, 1, [("cumulative", "G 列起整行右移了 1 格")]),
        ("CGJ", "M03-01", MANHOLES, 1, 1, [("indicator_code", "A 列起整行右移了 1 格")]),
        ("CGJ", "M03-01", MANHOLES, 1, -1, [("indicator_code", "A 列起整行左移了 1 格")]),
        ("CGJ", "M03-01", MANHOLES, 8, -1, []),
        ("WJW", "M07-03", BIRTHS, 9, -1, [("denominator", "J 列起整行左移了 1 格")]),
        ("WJW", "M07-03", BIRTHS, 11, 1, [("numerator", "K 列起整行右移了 1 格")]),
        ("MZJ", "M06-04", {"累计数": 60000}, 7, 1, [("cumulative", "G 列起整行右移了 1 格")]),
    ],
)
def test_from_where_and_how_far(
    unit: str, code: str, values: Values, first: int, step: int, expected: list[tuple[str, str]]
) -> None:
    assert told(unit, code, values, first, step) == expected


def test_a_forgotten_sum_beside_last_month_s_is_no_shift() -> None:
    assert told("CGJ", "M03-01", {"上月累计": 489, "本月数": 163}, 16, 1) == []


@pytest.mark.parametrize(
    ("month", "cumulative"), [(364, "约300"), ("", "约300"), ("约300", 364), ("", ""), (364, "300余")]
)
def test_no_cell_loses_its_own_fault_to_a_shift(month: int | str, cumulative: int | str) -> None:
    workbook = blank("CGJ")
    for heading, value in {"上月累计": 0, "本月数": month, "累计数": cumulative}.items():
        cell(workbook, "M03-01", heading).value = value
    line = [one for one in read(workbook).cells if one.indicator_code == "M03-01" and one.section == "report"]
    readings = {one.field: one.reading for one in line if one.field in ("month", "cumulative")}
    kept = {field for field, reading in readings.items() if reading not in ("ok", "moved", "shifted")}
    assert {field for field, value in (("month", month), ("cumulative", cumulative)) if "300" in str(value)} <= kept
    assert "moved" not in readings.values() or "shifted" in readings.values()
    assert set(readings.values()) != {"ok"}
