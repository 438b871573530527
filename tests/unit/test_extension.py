"""Longer to report a month, by document: for one unit or all, told, and taken back only by its opposite."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from minsheng.core.errors import UserError
from minsheng.core.period import Period
from minsheng.flows.deciding import MonthOfUnits, Said, end_extension, extend
from minsheng.stages.chase import chase
from minsheng.stages.validate import validate
from minsheng.template.month import month_forms
from minsheng.template.workbook import write_workbook
from minsheng.warehouse.connection import open_warehouse
from minsheng.warehouse.totals import accepted_earlier
from tests.county import CONTACTS, IN_TIME, LATE, ZONE, County
from tests.workbooks import as_bytes, lushan, manholes

MAY = MonthOfUnits(Period(2022, 5), "CGJ")
UNTIL = datetime(2022, 6, 8, 18, tzinfo=ZONE)
# The Friday before was a holiday.
MONDAY = datetime(2022, 6, 6, 10, tzinfo=ZONE)
SAID = Said(IN_TIME, "张三", "汛期", "鲁民实办〔2022〕9号")
REPORT = ("CGJ", "5月.xlsx", as_bytes(manholes()))


@pytest.fixture
def county(tmp_path: Path) -> County:
    return County(tmp_path)


def timing(county: County) -> list[tuple[object, ...]]:
    query = "select unit_code, timing, is_late from staging.stg_submission order by received_at"
    with open_warehouse(county.home.warehouse) as connection:
        return connection.execute(query).fetchall()


def notices(county: County) -> list[tuple[object, ...]]:
    query = """
        select mail.unit_code, letter.opening
        from raw.letter as letter
        inner join raw.mail as mail using (mail_id)
        where letter.kind = 'notice'
    """
    with open_warehouse(county.home.warehouse) as connection:
        return connection.execute(query).fetchall()


def reminded(county: County) -> set[str]:
    with open_warehouse(county.home.warehouse) as connection:
        return {
            unit for (unit,) in connection.execute("select unit_code from raw.mail where kind = 'reminder'").fetchall()
        }


def test_what_comes_in_the_time_given_is_in_time(county: County) -> None:
    extend(county.home, lushan(), MAY, UNTIL, SAID)
    county.send(REPORT, at=LATE)
    assert timing(county) == [("CGJ", "on_time", False)]
    with open_warehouse(county.home.warehouse) as connection:
        assert connection.execute("select rule_code from raw.finding where rule_code = 'F30'").fetchall() == []


def test_another_unit_has_no_longer(county: County) -> None:
    extend(county.home, lushan(), MonthOfUnits(Period(2022, 5), "CL"), UNTIL, SAID)
    county.send(REPORT, at=LATE)
    assert timing(county) == [("CGJ", "late", True)]


def test_every_unit_may_have_longer(county: County) -> None:
    extend(county.home, lushan(), MonthOfUnits(Period(2022, 5)), UNTIL, SAID)
    county.send(REPORT, at=LATE)
    assert timing(county) == [("CGJ", "on_time", False)]


def test_it_is_taken_back_by_its_opposite_only(county: County) -> None:
    assert extend(county.home, lushan(), MAY, UNTIL, SAID) == 1
    assert end_extension(county.home, lushan(), MAY, Said(IN_TIME, "李四", "汛情解除")) == 2
    county.send(REPORT, at=LATE)
    assert timing(county) == [("CGJ", "late", True)]
    with pytest.raises(UserError, match="没有延期，没有可以取消的"):
        end_extension(county.home, lushan(), MAY, Said(IN_TIME, "李四", "再次"))


def test_the_unit_is_told_once_and_left_in_peace_until_then(county: County) -> None:
    extend(county.home, lushan(), MAY, UNTIL, SAID)
    validate(county.run(IN_TIME), CONTACTS)
    for hours in (0, 1):
        chase(county.run(MONDAY + timedelta(hours=hours)), CONTACTS)
    ((unit, opening),) = notices(county)
    assert unit == "CGJ"
    assert "截止时间延长：6月8日（星期三）18:00（鲁民实办〔2022〕9号）" in str(opening)
    chase(county.run(LATE), CONTACTS)
    assert "CGJ" not in reminded(county)
    assert len(reminded(county)) > 30


def test_after_its_own_hour_it_is_reminded_of_that_and_pressed_for_so_many_days_later(county: County) -> None:
    extend(county.home, lushan(), MAY, UNTIL, SAID)
    contacts = CONTACTS.model_copy(update={"superiors": {"CGJ": ("cgj@pds.example",)}})
    for day, pressed in ((9, []), (13, ["superior-CGJ"])):
        chase(county.run(datetime(2022, 6, day, 10, tzinfo=ZONE)), contacts)
        with open_warehouse(county.home.warehouse) as connection:
            written = connection.execute(
                "select letter.kind, unit_code, opening from raw.letter as letter inner join raw.mail using (mail_id)"
            ).fetchall()
        assert [unit for kind, unit, _ in written if kind == "escalation"] == pressed
    reminders = [opening for kind, unit, opening in written if (kind, unit) == ("reminder", "CGJ")]
    assert ["截止时间是6月8日（星期三）18:00，已过截止时间" in str(opening) for opening in reminders] == [True]


def test_a_month_opened_with_a_later_hour_does_not_say_that_a_weekend_has_moved_it(county: County) -> None:
    extend(county.home, lushan(), MonthOfUnits(Period(2022, 5)), UNTIL, SAID)
    chase(county.run(MONDAY), CONTACTS)
    with open_warehouse(county.home.warehouse) as connection:
        written = connection.execute("select opening from raw.letter where kind = 'opening' limit 1").fetchall()
    assert "报送截止时间是6月8日（星期三）18:00。" in str(written) and "休息日" not in str(written)


@pytest.mark.parametrize("until", [datetime(2022, 6, 6, 18, tzinfo=ZONE), datetime(2022, 6, 14, 9, tzinfo=ZONE)])
def test_it_lies_between_the_due_hour_and_the_freeze(county: County, until: datetime) -> None:
    with pytest.raises(UserError, match="不在截止时间 2022-06-06 18:00"):
        extend(county.home, lushan(), MAY, until, SAID)


def test_of_a_frozen_month_nobody_is_made_late_or_in_time_any_more(county: County) -> None:
    extend(county.home, lushan(), MAY, UNTIL, SAID)
    frozen = Said(datetime(2022, 6, 13, 18, 1, tzinfo=ZONE), "李四", "补办")
    said = "已于 2022-06-13 18:00 定稿，是否按时不再改动"
    with pytest.raises(UserError, match=said):
        end_extension(county.home, lushan(), MAY, frozen)
    with pytest.raises(UserError, match=said):
        extend(county.home, lushan(), MonthOfUnits(Period(2022, 5)), UNTIL, frozen)
    county.send(REPORT, at=LATE)
    assert timing(county) == [("CGJ", "on_time", False)]


def test_a_unit_there_is_not_is_named(county: County) -> None:
    with pytest.raises(UserError, match="XXX"):
        extend(county.home, lushan(), MonthOfUnits(Period(2022, 5), "XXX"), UNTIL, SAID)


def test_a_form_made_afterwards_says_the_units_own_hour(county: County, tmp_path: Path) -> None:
    extend(county.home, lushan(), MAY, UNTIL, SAID)
    validate(county.run(IN_TIME), CONTACTS)
    with open_warehouse(county.home.warehouse) as connection:
        month = month_forms(lushan(), "2022-05", accepted_earlier(connection, lushan(), Period(2022, 5)))
    for unit, told in (("CGJ", "2022年6月8日 18:00"), ("CL", "2022年6月6日 18:00")):
        write_workbook(tmp_path / f"{unit}.xlsx", month, unit)
        sheet = load_workbook(tmp_path / f"{unit}.xlsx")["填报"]
        assert any(told in str(value) for row in sheet.iter_rows(values_only=True) for value in row)


def test_the_office_is_told_once_of_each_due_hour(county: County) -> None:
    extend(county.home, lushan(), MAY, UNTIL, SAID)
    contacts = CONTACTS.model_copy(update={"supervision_office": ("dcs@lushan.example",)})
    for day in (9, 10, 13):
        chase(county.run(datetime(2022, 6, day, 10, tzinfo=ZONE)), contacts)
    query = """
        select letter.opening, letter.points like '%县城管局%'
        from raw.letter as letter
        inner join raw.mail as mail using (mail_id)
        where letter.kind = 'escalation' and mail.unit_code = 'supervision-office'
        order by mail.queued_at
    """
    told = [("6月8日" in str(opening), has_it) for opening, has_it in county.query(query)]
    assert told == [(False, False), (True, True)]
