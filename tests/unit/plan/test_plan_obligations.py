"""Who owes what."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from minsheng.core.period import Period
from minsheng.plan.loader import load_plan
from minsheng.plan.models import Plan
from minsheng.plan.obligations import Obligation, obligations


def test_every_role_of_the_plan_is_one_obligation_or_one_per_indicator(lushan: Plan) -> None:
    owed = obligations(lushan, Period(2022, 5))
    # 32 indicators; 25 supporters x 3 in M01 and 17 x 1 in M03; the other 41 supporting roles
    assert Counter(each.role for each in owed) == {"lead": 32, "contribution": 25 * 3 + 17, "note": 41}
    assert all(each.is_required == (each.role != "note") for each in owed)
    assert all((each.indicator_code is None) == (each.role == "note") for each in owed)
    assert len({each.unit_code for each in owed}) == 39
    assert len(set(owed)) == len(owed)


def test_a_unit_sees_all_its_parts_in_the_plans_order(lushan: Plan) -> None:
    owed = [each for each in obligations(lushan, Period(2022, 1)) if each.unit_code == "ZJJ"]
    assert owed == [
        Obligation("ZJJ", "contribution", "M01", "M01-01", is_required=True),
        Obligation("ZJJ", "contribution", "M01", "M01-02", is_required=True),
        Obligation("ZJJ", "contribution", "M01", "M01-03", is_required=True),
        Obligation("ZJJ", "lead", "M03", "M03-02", is_required=True),
        Obligation("ZJJ", "note", "M05", None, is_required=False),
        Obligation("ZJJ", "note", "M06", None, is_required=False),
    ]


def test_a_unit_owes_to_the_month_in_which_it_ceases(yunxi: Path) -> None:
    plan = load_plan(yunxi)
    lead = Obligation("JTJ", "lead", "M01", "M01-01", is_required=True)
    note = Obligation("CZJ", "note", "M01", None, is_required=False)
    assert obligations(plan, Period(2024, 5)) == (lead, note)
    assert obligations(plan, Period(2024, 6)) == (lead,)
    assert obligations(plan, Period(2019, 12)) == ()
