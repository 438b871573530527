"""How large a number may be, as the plan and an indicator say it."""

from decimal import Decimal
from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.plan.loader import load_plan
from minsheng.plan.models import Plan
from minsheng.plan.sizes import SizeLimit, size_limit
from tests.workbooks import lushan


def limit(plan: Plan, code: str) -> SizeLimit:
    return size_limit(plan, next(one for one in plan.indicators if one.code == code))


@pytest.mark.parametrize(
    ("code", "value", "basis"),
    [
        ("M06-04", 787109, "全县常住人口"),
        ("M03-02", 787109, "全县常住人口"),
        ("M10-02", 787109, "全县常住人口"),
        ("M01-01", 7871090, "全县常住人口的 10 倍"),
        ("M04-03", 600, "行政村数（公开资料 2012 年 527 个、2006 年 558 个）"),
        ("M02-02", None, None),
        ("M06-01", None, None),
        ("M04-01", None, None),
    ],
)
def test_what_there_is_to_be_counted(code: str, value: int | None, basis: str | None) -> None:
    found = limit(lushan(), code)
    assert (found.exists_value, found.exists_basis) == (value, basis)


def test_without_a_population_nobody_knows() -> None:
    found = limit(lushan().model_copy(update={"population": None}), "M06-04")
    assert (found.exists_value, found.exists_basis) == (None, "全县常住人口（县里尚未提供）")


def test_an_indicator_s_own_bounds_come_before_the_plan_s() -> None:
    assert limit(lushan(), "M02-03").most_of_target == 500
    assert limit(lushan(), "M01-01").most_of_target == 10


def test_a_plan_that_says_nothing_has_defaults(yunxi: Path) -> None:
    found = limit(load_plan(yunxi), "M01-01")
    assert found == SizeLimit(Decimal(10), Decimal(2000), Decimal(10), Decimal(100), None, None)


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        (
            "items/M01.yaml",
            "    lead_unit: JTJ\n",
            "    lead_unit: JTJ\n    sizes: {exists: {value: 8, basis: 路网}}\n",
            "（indicators[0].sizes.exists.value）：总数为 8，而目标为 12 → 请改正其中一个",
        ),
        (
            "items/M01.yaml",
            "    lead_unit: JTJ\n",
            "    lead_unit: JTJ\n    sizes: {most_of_target: 0.5}\n",
            "（indicators[0].sizes.most_of_target）：这里写的是“0.5”",
        ),
        (
            "plan.yaml",
            "sends_receipts: true\n",
            "sends_receipts: true\nsizes: {most_of_targets: 20}\n",
            "（sizes.most_of_targets）：没有“most_of_targets”这个键 → 是不是“most_of_target”？",
        ),
        (
            "plan.yaml",
            "sends_receipts: true\n",
            "sends_receipts: true\npopulation: {value: 0, basis: 普查}\n",
            "（population.value）：这里写的是“0”",
        ),
    ],
)
def test_a_bound_that_bounds_nothing_is_named(yunxi: Path, name: str, old: str, new: str, words: str) -> None:
    path = yunxi / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(UserError) as refusal:
        load_plan(yunxi)
    assert words in str(refusal.value)
