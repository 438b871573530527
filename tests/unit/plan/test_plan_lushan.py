"""The committed plan against the plan's own text and the counts everybody quotes."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.core.period import Period
from minsheng.flows.plan_check import check_plan
from minsheng.plan.indicators import Indicator
from minsheng.plan.loader import load_plan
from minsheng.plan.models import Plan

LUSHAN = Path(__file__).parents[3] / "plans" / "lushan-2022"


def indicator(plan: Plan, code: str) -> Indicator:
    return next(indicator for indicator in plan.indicators if indicator.code == code)


def test_counts_quotations_and_unit_lists_agree_with_the_text() -> None:
    summary = check_plan(LUSHAN)
    assert (summary.item_count, summary.indicator_count, summary.unit_count) == (10, 32, 39)
    assert summary.kind_counts == {"flow": 14, "milestone": 3, "coverage": 3, "stock": 4, "trend": 1, "ratio": 7}
    assert summary.comparator_counts == {"ge": 25, "full_coverage": 4, "gt": 2, "gt_last_year": 1}
    assert summary.quotation_count == 84
    assert summary.unknown_registers == ("社区居委会名录", "行政村名录")
    assert {code for code in summary.open_readings if code.startswith("Q")} == {f"Q{n:02d}" for n in range(1, 12)}
    assert summary.lines()[1] == "10 个项目，32 项指标，39 个单位"
    assert "2022-01 截止 2022-02-07 18:00（周一）" in summary.lines()


def test_roles_are_those_of_the_plan(lushan: Plan) -> None:
    assert sum(len(item.supporting_units) for item in lushan.items) == 83
    assert len({code for item in lushan.items for code in item.lead_units}) == 11
    assert sum("CZJ" in item.supporting_units for item in lushan.items) == 9
    assert not any("CGJ" in item.supporting_units for item in lushan.items)
    inferred = {each.code: each.lead_unit for each in lushan.indicators if each.lead_is_inferred}
    assert inferred == {"M03-01": "CGJ", "M03-02": "ZJJ"}


def test_targets_are_exact_and_in_base_units(lushan: Plan) -> None:
    targets = {each.code: each.targets[0].value for each in lushan.indicators}
    assert targets["M01-01"] == 31400
    assert targets["M06-04"] == 79060
    assert targets["M07-04"] == Decimal("0.98")
    assert targets["M10-02"] == Decimal("0.65")
    assert [code for code, value in targets.items() if value is None] == ["M02-04"]


def test_members_are_asked_for_only_where_each_street_counts(lushan: Plan) -> None:
    per_member = {
        each.code: (each.register_code, each.member_target) for each in lushan.indicators if each.is_per_member
    }
    assert per_member == {"M06-01": ("streets", Decimal(1)), "M06-02": ("streets", Decimal(50))}
    assert [member.name for member in lushan.register("streets").members or ()] == [
        "露峰街道",
        "琴台街道",
        "鲁阳街道",
        "汇源街道",
    ]
    assert len(lushan.register("townships").members or ()) == 20


def test_ratios_know_how_far_above_one_they_may_go(lushan: Plan) -> None:
    limits = {
        each.code: (each.max_ratio_warn, each.max_ratio_reject)
        for each in lushan.indicators
        if each.max_ratio_warn or each.max_ratio_reject
    }
    screening = (Decimal(1), Decimal("1.05"))
    assert limits == {
        "M02-02": (None, 1),
        "M04-03": (None, 1),
        "M06-03": (None, 1),
        **dict.fromkeys(("M07-03", "M07-04", "M07-05"), screening),
        "M10-02": (1, None),
        "M10-03": (None, 1),
        "M10-04": (None, 1),
    }
    assert [each.code for each in lushan.indicators if each.ratio_of == "month"] == ["M10-03", "M10-04"]
    fixed = indicator(lushan, "M10-02").fixed_denominator
    assert fixed is not None and fixed.value == 787109


def test_an_unknown_past_is_null_and_not_zero(lushan: Plan) -> None:
    assert all(each.base_value is None for each in lushan.indicators)
    assert indicator(lushan, "M02-04").last_year == ()


def test_the_hash_follows_every_byte_and_every_name(lushan: Plan, lushan_copy: Path) -> None:
    assert load_plan(lushan_copy).sha256 == lushan.sha256
    (lushan_copy / ".DS_Store").write_bytes(b"left by a file manager")
    assert load_plan(lushan_copy).sha256 == lushan.sha256
    with (lushan_copy / "registers" / "villages.yaml").open("a", encoding="utf-8") as file:
        file.write("# 备注\n")
    assert load_plan(lushan_copy).sha256 != lushan.sha256


def test_another_county_and_year_need_no_code(yunxi: Path) -> None:
    plan = load_plan(yunxi)
    assert (plan.county_code, plan.indicators[0].targets[0].value) == ("999999", Decimal("12.00"))
    assert check_plan(yunxi).due_times[0][0] == Period(2024, 1)
    assert [f"{due:%m-%d %H:%M}" for _, due in check_plan(yunxi).due_times[:2]] == ["02-10 12:00", "03-10 12:00"]


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "items/M03.yaml",
            "quote: 全年开工改造 639 户",
            "quote: 全年开工改造 693 户",
            "items/M03.yaml（M03-02 quote）：“全年开工改造 693 户”不在 text.txt 中"
            " → 请照原文抄写，标点也要一致 [quotation_not_in_text]",
        ),
        (
            "items/M02.yaml",
            "  - WJW  # 县卫生健康委\n",
            "  - CZJ\n",
            "items/M02.yaml（supporting_units）：编码与引文中的单位不符（缺：县卫生健康委；多：县财政局）"
            " → 请按引文的次序列出 [units_not_as_quoted]",
        ),
        (
            "items/M09.yaml",
            "comparator_word: 超",
            "comparator_word: 超过",
            "items/M09.yaml（M09-02 comparator_word）：“超过”不在项目的引文中"
            " → 请照抄；略去的字用 … 代替 [words_not_in_quote]",
        ),
    ],
)
def test_what_the_text_does_not_say_is_refused(lushan_copy: Path, name: str, old: str, new: str, message: str) -> None:
    path = lushan_copy / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    load_plan(lushan_copy)  # sound in itself: only the text contradicts it
    with pytest.raises(UserError) as caught:
        check_plan(lushan_copy)
    assert str(caught.value) == f"{lushan_copy}：有 1 处需要改正 [faults_found]\n  {message}"


def test_page_breaks_and_comma_widths_do_not_hide_a_quotation(lushan_copy: Path) -> None:
    text = (lushan_copy / "text.txt").read_text(encoding="utf-8")
    assert "恶性肿瘤" not in text and "恶性肿瘤" in "".join(text.split())
    (lushan_copy / "text.txt").write_text(text.replace("，", ","), encoding="utf-8")
    assert check_plan(lushan_copy).quotation_count == 84


def test_a_folder_can_be_moved_whole(lushan: Plan, tmp_path: Path) -> None:
    moved = shutil.copytree(LUSHAN, tmp_path / "elsewhere")
    assert load_plan(Path(moved)) == lushan
