"""Units that are renamed or merged in the middle of a plan year."""

from __future__ import annotations

from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.core.period import Period
from minsheng.plan.loader import load_plan
from minsheng.plan.models import Plan
from minsheng.plan.obligations import Obligation, obligations
from minsheng.plan.units import Unit

UNITS = """\
- code: JTJ
  name: 县交通局
  short_name: 交通局
  full_name: 云溪县交通运输局
  full_name_is_presumed: false
  type: county_bureau
  valid_from: 2020-01-01
  valid_to: 2024-05-10
  successor: JSJ
- code: JSJ
  name: 县建设交通局
  short_name: 建交局
  full_name: 云溪县建设和交通局
  full_name_is_presumed: false
  type: county_bureau
  valid_from: 2024-05-11
  later_names:
    - {name: 县建交局, full_name: 云溪县建设交通局, valid_from: 2024-09-01}
- code: CZJ
  name: 县财政局
  short_name: 财政局
  full_name: 云溪县财政局
  full_name_is_presumed: false
  type: county_bureau
  valid_from: 2020-01-01
"""


@pytest.fixture
def merged(yunxi: Path) -> Path:
    (yunxi / "units.yaml").write_text(UNITS, encoding="utf-8")
    return yunxi


def test_the_successor_owes_from_the_month_in_which_it_takes_over(merged: Path) -> None:
    plan = load_plan(merged)
    note = Obligation("CZJ", "note", "M01", None, is_required=False)
    for month, unit in ((4, "JTJ"), (5, "JSJ"), (6, "JSJ"), (12, "JSJ")):
        lead = Obligation(unit, "lead", "M01", "M01-01", is_required=True)
        assert obligations(plan, Period(2024, month)) == (lead, note)


def test_a_new_name_holds_from_its_day_on(merged: Path) -> None:
    unit = load_plan(merged).unit("JSJ")
    days = (Period(2024, 5).first_day, Period(2024, 8).last_day, Period(2024, 9).first_day)
    assert [unit.name_on(day) for day in days] == ["县建设交通局", "县建设交通局", "县建交局"]


def test_who_takes_over_from_two_owes_each_thing_once(lushan: Plan) -> None:
    """XCZXJ supports M01 and M08: NYNCJ supports M01 itself, and RSJ leads it."""
    before = obligations(lushan, Period(2022, 8))
    for heir, contributions in (("NYNCJ", 3), ("RSJ", 0)):
        owed = obligations(_merged(lushan, "XCZXJ", heir), Period(2022, 8))
        of_heir = [each for each in owed if each.unit_code == heir]
        assert len(owed) == len(set(owed)) == len(before) - 3
        assert [each.role for each in of_heir].count("contribution") == contributions
        assert Obligation(heir, "note", "M08", None, is_required=False) in of_heir


def _merged(plan: Plan, code: str, heir: str) -> Plan:
    def edited(unit: Unit) -> Unit:
        end = Period(2022, 7).first_day
        return unit.model_copy(update={"valid_to": end, "successor": heir}) if unit.code == code else unit

    return plan.model_copy(update={"units": tuple(map(edited, plan.units))})


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "successor: JSJ",
            "successor: JSY",
            "units.yaml 第 9 行（[0].successor）：方案中没有单位“JSY” → 是不是“JSJ”？",
        ),
        (
            "valid_from: 2024-05-11",
            "valid_from: 2024-05-12",
            "units.yaml 第 9 行（[0].successor）：JSJ 不是在 JTJ 的 valid_to 次日接续"
            " → 请核对两者的 valid_from 和 valid_to",
        ),
        (
            "valid_from: 2024-05-11",
            "valid_from: 2024-05-11\n  valid_to: 2024-08-01\n  successor: JTJ",
            "units.yaml 第 18 行（[1].successor）：JTJ 不是在 JSJ 的 valid_to 次日接续"
            " → 请核对两者的 valid_from 和 valid_to",
        ),
    ],
    ids=["unknown", "gap", "circle"],
)
def test_a_succession_that_does_not_hold_is_refused(merged: Path, old: str, new: str, fault: str) -> None:
    (merged / "units.yaml").write_text(UNITS.replace(old, new), encoding="utf-8")
    with pytest.raises(UserError) as refused:
        load_plan(merged)
    assert fault in str(refused.value)
