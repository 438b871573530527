"""The first sheet of the workbook: the latest month that is due in a table and two charts, to print on one page."""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter import Workbook

from minsheng.core.codes import Light
from minsheng.template.style import FONT_NAME
from minsheng.warehouse.connection import Connection, rows_of
from minsheng.words.chinese import chinese

NAME = "概览"
_A4 = 9  # as Excel numbers paper
_HEADINGS = ("项目", "亮灯", "得分", "指标数", "已完成", "达序时或推进中", "滞后", "未报送或无法判定")
# The first is the sum of the others.
_COUNTS = ("indicator_count", "done_count", "on_track_count", "behind_count", "unknown_count")
_WIDTHS = (34, 8, 9, 9, 9, 16, 9, 18)
# The fill of each light in every sheet, pale enough for dark letters.
FILLS: Mapping[Light, str] = {
    "blue": "BDD7EE",
    "green": "C6E0B4",
    "yellow": "FFE699",
    "red": "F4B0A8",
    "grey": "D9D9D9",
}
_FIRST_ROW = 2
_ITEMS = """
    select
        plan_id, period, item_name, light, score, indicator_count, done_count + closed_count as done_count,
        ahead_count + on_track_count + in_progress_count as on_track_count,
        behind_count + far_behind_count + not_done_count as behind_count,
        not_reported_count + no_basis_count as unknown_count
    from pub_item_completion_v1
    where is_latest_due
    order by plan_id, item_no
"""
_MONTHS = """
    select period, light, count(*) as indicator_count
    from pub_indicator_completion_v1
    group by period, light
    order by period
"""


def draw_summary(workbook: Workbook, connection: Connection) -> None:
    """Add the sheet; before any month is due it holds no row."""
    sheet = workbook.add_worksheet(NAME)
    plain = {"font_name": FONT_NAME, "font_size": 10, "valign": "vcenter"}
    title = workbook.add_format(plain | {"bold": True, "font_size": 14})
    heading = workbook.add_format(plain | {"bold": True, "bg_color": "#1F6E7D", "font_color": "#FFFFFF"})
    text, share = workbook.add_format(plain), workbook.add_format(plain | {"num_format": "0.0%"})
    items = rows_of(connection, _ITEMS)
    sheet.write_string(0, 0, f"各项目完成情况（{items[0]['period'] if items else '还没有到期的月份'}）", title)
    for number, (name, width) in enumerate(zip(_HEADINGS, _WIDTHS, strict=True)):
        sheet.set_column(number, number, width)
        sheet.write_string(_FIRST_ROW - 1, number, name, heading)
    for number, item in enumerate(items, start=_FIRST_ROW):
        word = chinese().light[item["light"]]
        sheet.write_string(number, 0, item["item_name"], text)
        sheet.write_string(number, 1, word, workbook.add_format(plain | {"bg_color": f"#{FILLS[item['light']]}"}))
        if item["score"] is not None:
            sheet.write_number(number, 2, item["score"], share)
        for column, name in enumerate(_COUNTS, start=3):
            sheet.write_number(number, column, item[name], text)
    below = _FIRST_ROW + len(items) + 1
    if items:
        _draw_scores(workbook, below, len(items))
    _draw_lights(workbook, connection, below)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 1)


def _draw_scores(workbook: Workbook, below: int, item_count: int) -> None:
    chart = workbook.add_chart({"type": "bar"})
    last = _FIRST_ROW + item_count - 1
    series = {"name": "得分", "fill": {"color": "#1F6E7D"}}
    places = {"categories": [NAME, _FIRST_ROW, 0, last, 0], "values": [NAME, _FIRST_ROW, 2, last, 2]}
    chart.add_series(series | places)
    chart.set_title({"name": "各项目得分"})
    chart.set_legend({"none": True})
    chart.set_x_axis({"num_format": "0%", "min": 0, "max": 1})
    chart.set_y_axis({"reverse": True})
    workbook.get_worksheet_by_name(NAME).insert_chart(below, 0, chart, {"y_scale": 1.2})


def _draw_lights(workbook: Workbook, connection: Connection, below: int) -> None:
    """The lights of each month, from a small table below."""
    sheet = workbook.get_worksheet_by_name(NAME)
    counted = {(row["period"], row["light"]): row["indicator_count"] for row in rows_of(connection, _MONTHS)}
    months = sorted({period for period, _ in counted})
    if not months:
        return
    first = below + 20
    chart = workbook.add_chart({"type": "column", "subtype": "stacked"})
    sheet.write_row(first, 0, ["报送期", *(chinese().light[light] for light in FILLS)])
    for number, period in enumerate(months, start=first + 1):
        sheet.write_row(number, 0, [period, *(counted.get((period, light), 0) for light in FILLS)])
    for column, light in enumerate(FILLS, start=1):
        last = first + len(months)
        places = {"categories": [NAME, first + 1, 0, last, 0], "values": [NAME, first + 1, column, last, column]}
        word = chinese().light[light]
        chart.add_series(places | {"name": word, "fill": {"color": f"#{FILLS[light]}"}, "gap": 60})
    chart.set_title({"name": "各月亮灯"})
    sheet.insert_chart(below, 5, chart, {"y_scale": 1.2})
