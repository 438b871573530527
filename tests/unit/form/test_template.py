"""The workbook handed out, opened again: by the reader's library, and by openpyxl for what only Excel sees."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from examples.filling import handed_out
from minsheng.core.errors import UserError
from minsheng.plan.models import Plan
from minsheng.template.month import Earlier, month_forms
from minsheng.template.rows import target_shown
from minsheng.template.workbook import write_workbook
from tests.workbooks import present, unmerged

LEADS = ("RSJ", "YBJ", "CGJ", "ZJJ", "JTYSJ", "JYTYJ", "MZJ", "WJW", "CL", "TXW", "ZWDSJ")
WORDS = {"更正", "更正原因", "说明", "形象进度", "存在问题", "佐证材料编号", "备注"}
NUMBERS = {
    "flow": {"本月数", "累计数", "零报送", "无数据原因"},
    "milestone": {"本月数", "累计数", "零报送", "无数据原因"},
    "trend": {"本月数", "累计数", "零报送", "无数据原因"},
    "stock": {"累计数", "零报送", "无数据原因"},
    "ratio": {"分子", "分母", "零报送", "无数据原因"},
    "coverage": {"分子", "分母", "零报送", "无数据原因"},
}
HEADING_ROW = 5


@pytest.fixture
def written(tmp_path: Path, plan: Plan) -> Any:
    def write(unit_code: str, period: str = "2022-05", earlier: Earlier | None = None) -> Path:
        path = tmp_path / f"{unit_code}.xlsx"
        write_workbook(path, month_forms(plan, period, earlier), unit_code)
        return path

    return write


@pytest.mark.parametrize(
    ("unit_code", "sheets"),
    [
        ("CGJ", ["填报", "说明"]),
        ("MZJ", ["填报", "配合事项", "明细", "说明"]),
        ("CMCC", ["配合事项", "说明"]),
        ("ZFW", ["配合事项", "说明"]),
    ],
)
def test_a_unit_gets_the_sheets_it_has_rows_for(written: Any, unit_code: str, sheets: list[str]) -> None:
    assert CalamineWorkbook.from_path(str(written(unit_code))).sheet_names == sheets


@pytest.mark.parametrize("unit_code", ["RSJ", "CMCC"])
def test_the_first_sheet_says_whose_it_is(written: Any, plan: Plan, unit_code: str) -> None:
    top = _rows(written(unit_code), 0)[: HEADING_ROW - 2]
    said = [value for row in top for value in row if value]
    assert said[0].startswith("鲁山县2022年重点民生实事5月份")
    pairs = dict(zip(said[1::2], said[2::2], strict=True))
    assert pairs == {
        "填报单位：": plan.unit(unit_code).name,
        "单位编码：": unit_code,
        "报送期：": "2022-05",
        "模板版本：": "2022B",
        "截止时间：": "2022-06-06 18:00",
    }


@pytest.mark.parametrize("unit_code", ["RSJ", "CMCC", "MZJ"])
def test_named_cells_carry_unit_period_and_version(written: Any, unit_code: str) -> None:
    workbook = load_workbook(written(unit_code))
    carried = {name: _named(workbook, name) for name in workbook.defined_names}
    assert carried == {"unit_code": unit_code, "period": "2022-05", "template_version": "2022B"}


def test_one_row_per_indicator_owed_with_target_and_last_total(written: Any) -> None:
    rows = _table(written("MZJ", earlier=Earlier({"M06-04": Decimal(57930)})), "填报")
    shown = [(row["指标编码"], row["计量单位"], row["年度目标"], row["上月累计"]) for row in rows[:4]]
    assert shown == [
        ("M06-01", "%", "每个街道有 1 处", ""),
        ("M06-02", "张", "不少于 50 张", ""),
        ("M06-03", "%", 1.0, ""),
        ("M06-04", "人", 79060.0, 57930.0),
    ]


def test_a_count_starts_from_nothing_in_january_only(written: Any) -> None:
    totals = {
        period: [row["上月累计"] for row in _table(written("YBJ", period), "填报")[:4]]
        for period in ("2022-01", "2022-02")
    }
    assert totals == {"2022-01": [0.0, "", "", 0.0], "2022-02": ["", "", "", ""]}
    assert [row["上月累计"] for row in _table(written("CMCC", "2022-01"), "配合事项")[:1]] == [0.0]


def test_contributions_show_what_the_unit_itself_came_to(written: Any) -> None:
    earlier = Earlier(
        {"M03-01": Decimal(400)}, contributions={("CZJ", "M03-01"): Decimal(12), ("GAJ", "M03-01"): Decimal(9)}
    )
    rows = _table(written("CZJ", earlier=earlier), "配合事项")
    assert {row["指标编码"]: row["上月累计"] for row in rows if row["指标编码"] == "M03-01"} == {"M03-01": 12}


def test_ratios_show_what_is_counted_and_what_it_was_last(written: Any) -> None:
    earlier = Earlier(shares={"M07-03": (Decimal(1203), Decimal(1830))})
    row = next(row for row in _table(written("WJW", earlier=earlier), "填报") if row["指标编码"] == "M07-03")
    assert row["分子、分母的口径"] == "分子：1 月以来接受孕早中期产前筛查的孕妇累计数\n分母：1 月以来全县活产累计数"
    assert (row["上月分子"], row["上月分母"], row["比率（自动计算）"]) == (1203, 1830, "")


def test_a_ratio_comes_out_as_it_is_typed(written: Any) -> None:
    workbook = load_workbook(written("WJW"))
    sheet = workbook["填报"]
    at = {str(unmerged(cell).value): unmerged(cell).column_letter for cell in sheet[HEADING_ROW]}
    rate = sheet[f"{at['比率（自动计算）']}8"]
    numerator, denominator = f"{at['分子']}8", f"{at['分母']}8"
    assert rate.value == (
        f'=IF(AND(ISNUMBER({numerator}),ISNUMBER({denominator})),IF({denominator}>0,{numerator}/{denominator},""),"")'
    )
    assert (rate.number_format, rate.protection.locked) == ("0.0%", True)


def test_a_form_without_ratios_is_spared_their_columns(written: Any) -> None:
    headings = set(_table(written("CGJ"), "填报")[0])
    assert not {"分子、分母的口径", "上月分子", "上月分母", "比率（自动计算）"} & headings
    assert {"分子", "分母", "无数据原因", "说明"} <= headings


def test_reasons_are_chosen_off_the_list(written: Any) -> None:
    sheet = load_workbook(written("CGJ"))["填报"]
    at = next(unmerged(cell).column_letter for cell in sheet[HEADING_ROW] if cell.value == "无数据原因")
    assert _validations(sheet)[f"{at}6"].formula1 == '"零报送,未到节点,数据未发布,经批准暂停,尚未统计"'


def test_the_signed_sheet_says_where_it_goes_and_until_when(plan: Plan, tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx", month_forms(plan, "2022-05", how_to_send="交到督查室。"), "CGJ")
    said = [value for row in _rows(tmp_path / "a.xlsx", 0) for value in row if value]
    assert said[-1] == "填好后于 2022年6月6日 18:00 前报送：交到督查室。"


@pytest.mark.parametrize("unit_code", LEADS)
def test_exactly_the_cells_asked_for_can_be_filled_in(plan: Plan, unit_code: str) -> None:
    sheet = cast(Worksheet, handed_out(month_forms(plan, "2022-05"), unit_code)["填报"])
    indicators = {indicator.code: indicator for indicator in plan.indicators if indicator.lead_unit == unit_code}
    open_cells = {code: _open_headings(sheet, row) for row, code in _codes(sheet)}
    expected = {
        code: WORDS | (set() if indicator.is_per_member else NUMBERS[indicator.kind])
        for code, indicator in indicators.items()
    }
    if unit_code == "ZWDSJ":
        expected["M10-02"] -= {"分母"}  # frozen for the year: written and locked
    assert open_cells == expected


def test_the_frozen_denominator_is_already_there(written: Any) -> None:
    row = next(row for row in _table(written("ZWDSJ"), "填报") if row["指标编码"] == "M10-02")
    assert row["分母"] == 787109


def test_supporting_units_fill_in_contributions_and_notes(plan: Plan) -> None:
    sheet = cast(Worksheet, handed_out(month_forms(plan, "2022-05"), "CZJ")["配合事项"])
    filled = {(sheet.cell(row, 1).value, sheet.cell(row, 3).value): _open_headings(sheet, row) for row in range(6, 17)}
    notes = {"工作进展", "存在问题", "备注"}
    numbers = {"本月数", "累计数", "零报送", "无数据原因", "更正", "更正原因", "说明"} | notes
    counted = {("M01", "M01-01"), ("M01", "M01-02"), ("M01", "M01-03"), ("M03", "M03-01")}
    assert {key for key, cells in filled.items() if cells == numbers} == counted
    assert {key for key, cells in filled.items() if cells == notes} == {(f"M{n:02d}", None) for n in range(4, 11)}


def test_detail_lists_every_street_for_each_indicator_told_by_street(written: Any) -> None:
    rows = _table(written("MZJ"), "明细")
    streets = ["露峰街道", "琴台街道", "鲁阳街道", "汇源街道"]
    assert [(row["指标编码"], row["名称"]) for row in rows] == [
        (code, street) for code in ("M06-01", "M06-02") for street in streets
    ]
    assert [row["名录编码"] for row in rows[:4]] == ["410423001", "410423002", "410423003", "410423004"]


def test_every_sheet_is_locked_without_a_password_and_prints_on_a4(written: Any) -> None:
    for sheet in load_workbook(written("MZJ")).worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        page = sheet.page_setup
        assert (page.paperSize, page.orientation, page.fitToWidth or 1, page.fitToHeight) == (9, "landscape", 1, 0)
        assert present(sheet.sheet_properties.pageSetUpPr).fitToPage
        header, footer = present(sheet.oddHeader), present(sheet.oddFooter)
        assert (header.left.text, header.right.text) == ("县民政局", "报送期 2022-05")
        assert footer.right.text == "第 &P 页，共 &N 页"


def test_headings_stay_in_sight_and_on_every_page(written: Any) -> None:
    sheet = load_workbook(written("RSJ"))["填报"]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("C6", "$5:$5")


def test_cells_refuse_what_would_be_sent_back(written: Any) -> None:
    checks = _validations(load_workbook(written("JTYSJ"))["填报"])
    month, cumulative = checks["F7"], checks["G6"]
    assert (month.type, month.operator, month.formula1) == ("whole", "greaterThanOrEqual", "0")
    assert month.errorStyle == "warning"
    assert month.error == "本月数应为不小于 0 的整数，不带单位。确因更正出现负数的，点“是”继续，并填写更正原因。"
    assert (cumulative.type, cumulative.errorStyle) == ("decimal", None)
    assert cumulative.error == "请填不小于 0 的数字，不带单位，不写“约”“余”等字。"
    assert '"是,否"' in {check.formula1 for check in checks.values()}


def test_the_same_input_gives_the_same_bytes_and_no_clock(written: Any) -> None:
    first = written("MZJ").read_bytes()
    path = written("MZJ")
    assert path.read_bytes() == first
    with ZipFile(path) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2022-05-01T00:00:00Z</dcterms:modified>" in archive.read("docProps/core.xml")


def test_the_guide_tells_how_when_and_what_each_indicator_means(written: Any, plan: Plan) -> None:
    text = "\n".join(str(value) for row in _rows(written("MZJ"), 3) for value in row if value)
    assert "6. 本月确实没有进展的：数字填 0，“零报送”选“是”。空着不等于零，空着会被退回。" in text
    assert "于 2022年6月6日 18:00 前报送：直接回复下发这张表的来信并附上报表" in text
    assert "2. 以前某个月当时就报错了：要改的是那个月的表，不是本月的表。" in text
    assert "2. 未到节点：按工作安排，这项工作还没有到出数的节点（数字空着）。" in text
    definitions = [indicator.definition for indicator in plan.indicators if indicator.lead_unit == "MZJ"]
    assert len(definitions) == 4
    assert all(definition in text for definition in definitions)


def test_the_target_shown_is_the_one_in_force(plan: Plan) -> None:
    shown = {indicator.code: target_shown(indicator, "2022-05") for indicator in plan.indicators}
    assert shown["M01-01"] == Decimal(31400)
    assert shown["M07-04"] == Decimal("0.98")
    assert shown["M02-04"] == "提升"


def test_a_unit_that_owes_nothing_gets_no_workbook(tmp_path: Path, plan: Plan) -> None:
    gone = {"valid_to": date(2022, 3, 31)}
    units = (unit.model_copy(update=gone) if unit.code == "CMCC" else unit for unit in plan.units)
    without = plan.model_copy(update={"units": tuple(units)})
    with pytest.raises(UserError, match="CMCC：2022-05 没有要报的内容 → 这个单位当月在方案中没有职责"):
        write_workbook(tmp_path / "CMCC.xlsx", month_forms(without, "2022-05"), "CMCC")


def _rows(path: Path, sheet: int) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(sheet).to_python()


def _table(path: Path, sheet: str) -> list[dict[str, Any]]:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()
    return [dict(zip(map(str, rows[HEADING_ROW - 1]), row, strict=True)) for row in rows[HEADING_ROW:]]


def _codes(sheet: Worksheet) -> list[tuple[int, str]]:
    cells = [(row, sheet.cell(row, 1).value) for row in range(HEADING_ROW + 1, sheet.max_row + 1)]
    return [(row, value) for row, value in cells if isinstance(value, str) and value.startswith("M")]


def _open_headings(sheet: Worksheet, row: int) -> set[str]:
    columns = range(1, sheet.max_column + 1)
    return {str(sheet.cell(HEADING_ROW, n).value) for n in columns if not sheet.cell(row, n).protection.locked}


def _named(workbook: Workbook, name: str) -> object:
    title, cell = next(iter(workbook.defined_names[name].destinations))
    return workbook[title][cell.replace("$", "")].value


def _validations(sheet: Worksheet) -> dict[str, Any]:
    return {
        cell.coordinate: validation
        for validation in sheet.data_validations.dataValidation
        for area in validation.sqref.ranges
        for row in sheet[area.coord if ":" in area.coord else f"{area.coord}:{area.coord}"]
        for cell in row
    }
