"""The nation's days off stand once; what a plan takes over of them is part of the plan."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from minsheng.core.contracts import load
from minsheng.core.declarations import CALENDARS
from minsheng.core.errors import UserError
from minsheng.plan.calendar import is_working_day
from minsheng.plan.loader import load_plan, reread_plan
from minsheng.plan.models import Calendar

OWN = """\
source: 全国安排；三月三放假为县里规定
national: [2024, 2025]
covers_from: 2024-01-01
covers_to: 2025-01-31
holidays:
  - {name: 三月三, first_day: 2024-04-11, last_day: 2024-04-11}
"""
SHARED = """\
source: 虚构
covers_from: 2024-01-01
covers_to: 2024-12-31
holidays:
  - {name: 元旦, first_day: 2024-01-01, last_day: 2024-01-02}
working_weekends: [2024-01-06]
"""


@pytest.fixture
def folder(yunxi: Path) -> Path:
    (yunxi / "calendar.yaml").write_text(OWN, encoding="utf-8")
    return yunxi


def works(folder: Path, day: str) -> bool:
    return is_working_day(load_plan(folder).calendar, date.fromisoformat(day))


def told(folder: Path) -> str:
    with pytest.raises(UserError) as error:
        load_plan(folder)
    return str(error.value)


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        ("2024-02-12", False),  # Spring Festival
        ("2024-02-18", True),  # Sunday worked for it
        ("2024-04-11", False),  # the county's own
        ("2025-01-26", True),  # Sunday worked for Spring Festival 2025
        ("2025-01-28", False),
    ],
)
def test_a_plan_has_the_nations_days_and_its_own(folder: Path, day: str, is_worked: bool) -> None:
    assert works(folder, day) is is_worked


@pytest.mark.parametrize("path", sorted(CALENDARS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shared_calendar_is_of_its_year_and_without_a_fault(path: Path) -> None:
    calendar = load(path, Calendar, "plans/README.md")
    assert {calendar.covers_from.year, calendar.covers_to.year} == {int(path.stem)}
    assert path.stem in calendar.source and len(calendar.holidays) >= 6
    assert all(day.isoweekday() > 5 for day in calendar.working_weekends)
    off = {day for each in calendar.holidays for day in (each.first_day, each.last_day)}
    assert not off & set(calendar.working_weekends)


def test_a_calendar_beside_the_plans_comes_before_the_one_that_ships(folder: Path) -> None:
    shared = folder.parent / "calendars" / "2024.yaml"
    shared.parent.mkdir()
    shared.write_text(SHARED, encoding="utf-8")
    assert (works(folder, "2024-01-02"), works(folder, "2024-02-12")) == (False, True)


def test_what_a_plan_takes_over_is_part_of_it(folder: Path) -> None:
    """So an edit of the shared file is another edition, and the edition received keeps the days it had."""
    shared = folder.parent / "calendars" / "2024.yaml"
    shared.parent.mkdir()
    shared.write_text(SHARED, encoding="utf-8")
    before = load_plan(folder)
    assert before.files["calendars/2024.yaml"] == SHARED.encode()
    shared.write_text(SHARED.replace("2024-01-02", "2024-01-03"), encoding="utf-8")
    after = load_plan(folder)
    assert before.sha256 != after.sha256
    third = date(2024, 1, 3)
    again = reread_plan(before.files)
    assert (again.sha256, again.calendar) == (before.sha256, before.calendar)
    assert [is_working_day(plan.calendar, third) for plan in (again, after)] == [True, False]


def test_a_plan_that_takes_over_nothing_is_read_as_before(yunxi: Path) -> None:
    assert not [name for name in load_plan(yunxi).files if name.startswith("calendars/")]


def test_a_fault_of_a_shared_calendar_is_told_with_its_line(folder: Path) -> None:
    shared = folder.parent / "calendars" / "2024.yaml"
    shared.parent.mkdir()
    shared.write_text(SHARED.replace("2024-01-06", "2024-01-08"), encoding="utf-8")
    assert "calendars/2024.yaml 第 6 行（working_weekends[0]）：2024-01-08 不是周六或周日" in told(folder)


def test_a_year_nobody_has_announced(folder: Path) -> None:
    (folder / "calendar.yaml").write_text(OWN.replace("2024, 2025", "2024, 2029"), encoding="utf-8")
    assert "calendars/2029.yaml：没有这个文件" in told(folder)
    (folder / "calendar.yaml").write_text(OWN.replace("2024, 2025", "2024"), encoding="utf-8")
    assert "（national）：日历写到 2025 年，而没有写那一年的节假日 → 请在 national 中加上 2025；" in told(folder)
    new_year = "  - {name: 元旦, first_day: 2025-01-01, last_day: 2025-01-01}\n"
    (folder / "calendar.yaml").write_text(OWN.replace("2024, 2025", "2024") + new_year, encoding="utf-8")
    assert not works(folder, "2025-01-01")
