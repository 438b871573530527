"""Working days and due hours at the edges of holidays."""

from __future__ import annotations

from datetime import date

import pytest

from minsheng.core.errors import UserError
from minsheng.core.period import Period
from minsheng.plan.calendar import due_at, freeze_at, is_working_day
from minsheng.plan.models import Plan


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2022-01-03", False),  # Monday after New Year
        ("2022-01-30", True),  # Sunday worked for Spring Festival
        ("2022-01-31", False),  # first day of Spring Festival
        ("2022-02-06", False),  # its last day
        ("2022-02-07", True),
        ("2022-04-02", True),  # Saturday worked for Qingming
        ("2022-04-24", True),  # Sunday worked for Labour Day
        ("2022-05-08", False),  # an ordinary Sunday
        ("2022-09-12", False),  # Monday of Mid-Autumn
        ("2022-09-30", True),
        ("2022-10-07", False),  # last day of National Day
        ("2022-10-08", True),  # Saturday worked for it
        ("2022-10-09", True),  # Sunday worked for it
        ("2022-12-31", False),
        ("2023-01-02", False),  # New Year, in the notice for 2023
        ("2023-01-29", True),  # Sunday worked for Spring Festival 2023
    ],
)
def test_working_days(lushan: Plan, day: str, works: bool) -> None:
    assert is_working_day(lushan.calendar, date.fromisoformat(day)) is works


def test_the_notices_give_249_working_days_for_2022(lushan: Plan) -> None:
    year = (date.fromordinal(day) for day in range(date(2022, 1, 1).toordinal(), date(2023, 1, 1).toordinal()))
    assert sum(is_working_day(lushan.calendar, day) for day in year) == 249


@pytest.mark.parametrize(
    ("period", "due", "freeze"),
    [
        ("2022-01", "2022-02-07T18:00:00+08:00", "2022-02-14T18:00:00+08:00"),  # the 5th is in Spring Festival
        ("2022-03", "2022-04-06T18:00:00+08:00", "2022-04-13T18:00:00+08:00"),  # the 5th is Qingming
        ("2022-04", "2022-05-05T18:00:00+08:00", "2022-05-11T18:00:00+08:00"),  # Saturday the 7th is worked
        ("2022-06", "2022-07-05T18:00:00+08:00", "2022-07-12T18:00:00+08:00"),  # nothing in the way
        ("2022-09", "2022-10-08T18:00:00+08:00", "2022-10-13T18:00:00+08:00"),  # due on a worked Saturday
        ("2022-12", "2023-01-05T18:00:00+08:00", "2023-01-12T18:00:00+08:00"),  # next year
    ],
)
def test_due_and_freeze_hours(lushan: Plan, period: str, due: str, freeze: str) -> None:
    month = Period.parse(period)
    assert (due_at(lushan, month).isoformat(), freeze_at(lushan, month).isoformat()) == (due, freeze)


def test_without_rolling_the_day_is_the_day(lushan: Plan) -> None:
    fixed = lushan.model_copy(update={"due": lushan.due.model_copy(update={"roll": "none"})})
    assert due_at(fixed, Period(2022, 1)).isoformat() == "2022-02-05T18:00:00+08:00"


def test_a_day_nobody_has_read_a_notice_for_is_not_guessed(lushan: Plan) -> None:
    with pytest.raises(UserError) as caught:
        due_at(lushan, Period(2023, 1))
    assert str(caught.value) == (
        "calendar.yaml：2023-02-05 不在日历之内（2022-01-01 至 2023-01-31）"
        " → 请补上那段时间的节假日和调休，再改 covers_from 或 covers_to [day_not_covered]"
    )
