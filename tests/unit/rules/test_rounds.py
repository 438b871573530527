"""How many files are judged at once: all that can be, because a batch costs more than what is in it."""

from datetime import datetime

import pytest

from etl.judging.rounds import next_round
from etl.period import Period
from etl.stages.validate import validate
from etl.warehouse.connection import open_warehouse
from etl.warehouse.plan_rows import open_rows
from tests.county import CONTACTS, IN_TIME, LATE, ZONE, County
from tests.workbooks import as_bytes, blank, lushan, manholes

pytestmark = pytest.mark.slow


def test_a_delivery_of_all_units_is_one_round_and_one_mail_each(county: County) -> None:
    units = [unit.code for unit in lushan().units]
    forms = {code: as_bytes(blank(code)) for code in ("CGJ", "RSJ", "CL")}
    files = [(code, "报表.xlsx", forms.get(code, forms["CGJ"])) for code in units]
    county.send(*files, judge=False)
    with open_warehouse(county.home.warehouse) as connection:
        assert len(next_round(connection, lushan().plan_id)) == len(units) == 39
    validate(county.run(), CONTACTS)
    assert county.query("select count(*), count(distinct mail_id) from raw.verdict") == [(39, 39)]
    assert len(list(county.home.outbox.rglob("*.eml"))) == 39


def test_a_second_file_of_a_unit_and_a_later_delivery_wait_for_their_own_round(county: County) -> None:
    county.send(("CGJ", "甲.xlsx", as_bytes(manholes())), ("CGJ", "乙.xlsx", as_bytes(manholes(110))), judge=False)
    county.send(("RSJ", "报表.xlsx", as_bytes(blank("RSJ"))), at=LATE, judge=False)
    with open_warehouse(county.home.warehouse) as connection:
        first = next_round(connection, lushan().plan_id)
    assert [(receipt.unit_code, receipt.received_at) for receipt, _ in first] == [("CGJ", IN_TIME)]


def turns(county: County) -> list[str]:
    """All files in the order they are judged in, as if none but duplicates came."""
    names = []
    with open_warehouse(county.home.warehouse) as connection:
        while pending := next_round(connection, lushan().plan_id):
            for receipt, _ in pending:
                names.append(receipt.file_name)
                connection.execute("insert into raw.verdict (submission_id) values (?)", [receipt.submission_id])
    return names


def test_a_file_that_came_before_its_month_was_opened_has_its_turn_then(county: County) -> None:
    opened, after = (datetime(2022, 7, day, 9, 0, tzinfo=ZONE) for day in (1, 2))
    with open_warehouse(county.home.warehouse) as connection:
        for number in (6, 7):
            open_rows(connection, county.plan, Period(2022, number), opened)
    for name, month, at in (
        ("early.xlsx", "2022-06", IN_TIME),
        ("of a month to come.xlsx", "2022-07", IN_TIME),
        ("late.xlsx", "2022-05", LATE),
        ("at the opening.xlsx", "2022-06", opened),
        ("after.xlsx", "2022-06", after),
    ):
        county.send(("CGJ", name, as_bytes(manholes(120, 520, month))), at=at, judge=False)
    assert turns(county) == ["of a month to come.xlsx", "late.xlsx", "early.xlsx", "at the opening.xlsx", "after.xlsx"]
