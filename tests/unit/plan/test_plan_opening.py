"""What a county begins with in the course of the year: of what it may be the figure, and what forms show of it."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from minsheng.core.declarations import ROOT
from minsheng.core.errors import UserError
from minsheng.plan.loader import load_plan, reread_plan
from minsheng.template.month import begun_with

GOOD = """\
- {indicator: M03-01, period: 2022-09, value: 1400, basis: 县督查局 9 月台账}
- {indicator: M07-03, period: 2022-09, numerator: 80, denominator: 100, basis: 县卫健委台账}
- {indicator: M01-01, unit: ZJJ, period: 2022-09, value: 300, basis: 县住建局台账}
- {indicator: M06-02, member: '001', period: 2022-09, value: 50, basis: 县民政局台账}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "plans" / "lushan-2022", tmp_path / "lushan-2022"))


def test_forms_of_later_months_show_what_had_been_reached(folder: Path) -> None:
    codes = [member.code for member in load_plan(folder).register("streets").members or ()]
    (folder / "opening.yaml").write_text(GOOD.replace("001", codes[0]), encoding="utf-8")
    plan = load_plan(folder)
    begun = begun_with(plan, "2022-10")
    assert dict(begun.totals) == {"M03-01": Decimal(1400)}
    assert dict(begun.shares) == {"M07-03": (Decimal(80), Decimal(100))}
    assert dict(begun.contributions) == {("ZJJ", "M01-01"): Decimal(300)}
    assert begun_with(plan, "2022-09").totals == {}
    assert reread_plan(plan.files).opening == plan.opening


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{indicator: M03-09, period: 2022-09, value: 1, basis: x}", "方案中没有指标“M03-09”"),
        ("{indicator: M03-01, period: 2021-09, value: 1, basis: x}", "2021-09 不在方案年度 2022 之内"),
        ("{indicator: M03-01, period: 2022-09, basis: x}", "这项指标的期初数要写的是 value"),
        ("{indicator: M07-03, period: 2022-09, value: 1, basis: x}", "这项指标的期初数要写的是 numerator、denominator"),
        ("{indicator: M06-02, period: 2022-09, value: 1, basis: x}", "这项指标的期初数要写的是 member、value"),
        ("{indicator: M06-02, member: X, period: 2022-09, value: 1, basis: x}", "指标对照的名录中没有“X”"),
        ("{indicator: M08-01, unit: ZJJ, period: 2022-09, value: 1, basis: x}", "“ZJJ”不报这项指标的配合数"),
        (
            "{indicator: M03-01, period: 2022-09, value: 1}",
            "缺少键“basis” → 请补上（数从哪里来，如 县督查局 9 月台账）",
        ),
    ],
)
def test_a_figure_of_nothing_is_refused_with_its_line(folder: Path, line: str, told: str) -> None:
    (folder / "opening.yaml").write_text(f"# 期初数\n- {line}\n", encoding="utf-8")
    with pytest.raises(UserError) as error:
        load_plan(folder)
    (fault,) = error.value.faults
    assert str(fault).startswith("opening.yaml 第 2 行（[0]") and told in str(fault)


def test_a_figure_said_twice(folder: Path) -> None:
    (folder / "opening.yaml").write_text(GOOD.splitlines()[0] + "\n" + GOOD.splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(UserError, match="“M03-01”的期初数写了两次"):
        load_plan(folder)
