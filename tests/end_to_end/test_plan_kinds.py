"""Each kind of fact that judges: refused where it would rewrite a published month, taken where it begins, dated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.plan.loader import load_plan
from minsheng.warehouse.examination import Examined, examine
from tests.received import Received, at, verdicts

pytestmark = pytest.mark.slow

# March is not frozen yet, January and February are.
NOW = at(4, 4)
Edit = Callable[[Received], None]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Received:
    """January to March of three units: a flow, a rate with a fixed denominator, a register, a level with a base."""
    county = Received(tmp_path_factory.mktemp("kinds"))
    for month in (1, 2, 3):
        levels = {("M10-01", "累计数"): 100 + month}
        rates = {("M10-02", "分子"): 500_000, ("M10-02", "分母"): 787_109}
        for code in ("M10-03", "M10-04"):
            rates |= {(code, "分子"): 90, (code, "分母"): 100}
        care = {("M06-03", "分子"): 20, ("M06-03", "分母"): 32, ("M06-04", "累计数"): 60_000}
        sent = (
            county.manholes(month, 30, 30 * month),
            county.report("ZWDSJ", month, levels | rates),
            county.report("MZJ", month, care),
        )
        assert verdicts(county.take(month, at(month + 1, 3), *sent)) == {"accepted": 3}
    return county


@pytest.fixture
def county(published: Received, tmp_path: Path) -> Received:
    """The same home, and a copy of the plan to edit."""
    return published.with_plan_in(tmp_path)


def replaced(file: str, old: str, new: str) -> Edit:
    return lambda county: county.edit(file, old, new)


def changed(file: str, code: str, month: str, *lines: str) -> Edit:
    """An indicator's changes, put before its lead unit."""

    def edit(county: Received) -> None:
        said = "".join(f"        {line}\n" for line in lines)
        head = f"    changes:\n      - valid_from: {month}\n        document_no: 鲁办文〔2022〕40号\n{said}"
        text = (county.plan / file).read_text(encoding="utf-8")
        start = text.index(f"  - code: {code}\n")
        lead = text.index("    lead_unit:", start)
        (county.plan / file).write_text(text[:lead] + head + text[lead:], encoding="utf-8")

    return edit


def dated_threshold(month: str) -> Edit:
    pp = "ahead_pp: 5, green_floor_pp: 0, red_floor_pp: -5, rate_yellow_pp: -5"
    said = f"{pp}, node_yellow_month: 9, node_red_month: 12"
    text = f"\nchanges:\n  - valid_from: {month}\n    document_no: 鲁办文〔2022〕40号\n    thresholds: {{{said}}}\n"
    return lambda county: county.add("plan.yaml", text)


def new_street(*lines: str) -> Edit:
    said = "".join(f"    {line}\n" for line in lines)
    return lambda county: county.add("registers/streets.yaml", f"  - code: '410423005'\n    name: 新城街道\n{said}")


def doubled_target(county: Received) -> None:
    county.edit(
        "items/M03.yaml", "- value: 2032\n        as_written: '2032 个'", "- value: 4064\n        as_written: 4064 个"
    )


REFUSED = {
    "a threshold": (replaced("plan.yaml", "red_floor_pp: -30", "red_floor_pp: -5"), "状态由 滞后 变为 严重滞后"),
    "a threshold from a frozen month": (dated_threshold("2022-02"), "2022-02 M03-01"),
    "a target": (doubled_target, "年度目标由 2,032 变为 4,064"),
    "a register": (new_street(), "2022-01 M06-01"),
    "a register from a frozen month": (
        new_street("valid_from: 2022-02", "document_no: 鲁办文〔2022〕40号"),
        "2022-02 M06-01",
    ),
    "a base": (replaced("items/M06.yaml", "base_value: null", "base_value: 50000"), "2022-01 M06-04"),
    "a fixed denominator": (
        replaced("items/M10.yaml", "value: 787109", "value: 780000"),
        "分母由 787,109 变为 780,000",
    ),
    "a lead": (replaced("items/M03.yaml", "lead_unit: CGJ", "lead_unit: ZJJ"), "由 CGJ 变为 ZJJ"),
}
TAKEN = {
    "a note": replaced("units.yaml", "note: ", "note: 校对 "),
    "a threshold from March on": dated_threshold("2022-03"),
    "a threshold from June on": dated_threshold("2022-06"),
    "a fixed denominator from March on": changed(
        "items/M10.yaml", "M10-02", "2022-03", "fixed_denominator: {value: 780000, basis: 全县常住人口}"
    ),
    "a street from March on": new_street("valid_from: 2022-03", "document_no: 鲁办文〔2022〕40号"),
    "a base from March on": changed("items/M06.yaml", "M06-04", "2022-03", "base_value: 50000"),
    "last year's values of months to come": replaced(
        "items/M02.yaml", "last_year: []", "last_year: [{month: 6, value: 100}]"
    ),
    "a lead from June on": changed("items/M03.yaml", "M03-01", "2022-06", "lead_unit: ZJJ"),
    "a lead from March on": changed("items/M03.yaml", "M03-01", "2022-03", "lead_unit: ZJJ"),
}


def held(county: Received) -> Examined:
    return examine(county.home, load_plan(county.plan), NOW)


@pytest.mark.parametrize(("edit", "told"), REFUSED.values(), ids=REFUSED)
def test_the_past_is_not_rewritten(county: Received, edit: Edit, told: str) -> None:
    edit(county)
    with pytest.raises(UserError) as refused:
        held(county)
    assert refused.value.code == "past_rewritten" and told in str(refused.value)


@pytest.mark.parametrize("edit", TAKEN.values(), ids=TAKEN)
def test_what_begins_and_what_only_names_is_taken(county: Received, edit: Edit) -> None:
    edit(county)
    examined = held(county)
    assert examined.last is not None and not examined.corrections
    assert {effect.period for effect in examined.begun} <= {"2022-03"}
