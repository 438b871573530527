"""The office's tables as one empty workbook: what each column is for is told where it is filled in."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from minsheng.drafting.tables import OfficeTable, TableColumn, office_tables
from minsheng.words.chinese import chinese

_LINES = 200
_WIDE = frozenset({"item", "item_quote", "name", "definition", "numerator", "denominator", "address", "aliases"})
# No clock: the same bytes whenever it is made.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook knows no zone


def blank_workbook() -> bytes:
    """An .xlsx with a sheet a table: headings, choices off a list, and a hint at every column."""
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": "方案的表", "author": "minsheng", "created": _CREATED})
        heading = {"bold": True, "font_color": "#FFFFFF", "border": 1}
        colours = {True: "#1F6E7D", False: "#8C8C8C"}
        formats = {needed: workbook.add_format(heading | {"bg_color": colour}) for needed, colour in colours.items()}
        for table in office_tables().values():
            _draw(workbook.add_worksheet(table.sheet), table, formats)
    return stream.getvalue()


def _draw(sheet: Worksheet, table: OfficeTable, formats: Mapping[bool, object]) -> None:
    sheet.freeze_panes(1, 1)
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, 28 if column.code in _WIDE else 14)
        sheet.write_string(0, number, column.heading, formats[column.is_required])
        sheet.data_validation(1, number, _LINES, number, _validation(column))


def _validation(column: TableColumn) -> dict[str, object]:
    hint: dict[str, object] = {
        "input_title": column.heading,
        "input_message": ("必填：" if column.is_required else "") + column.help,
    }
    if choices := _choices(column.code):
        told = {"error_title": f"{column.heading}填写有误", "error_message": "请从下拉列表中选择，没有就留空。"}
        return hint | told | {"validate": "list", "source": choices}
    return hint | {"validate": "any"}


def _choices(code: str) -> list[str]:
    words: dict[str, Mapping[Any, str]] = {"kind": chinese().kind, "comparator": chinese().comparator}
    words["type"] = {known: word for known, word in chinese().unit_type.items() if known != "unknown"}
    return ["是"] if code == "contributions" else list(words.get(code, {}).values())
