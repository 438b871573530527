"""An indicator has one history, whoever reports it: after a merger and after a change of lead."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from examples.filling import handed_out
from minsheng.core.period import Period
from minsheng.plan.models import Plan
from minsheng.template.month import month_forms
from minsheng.warehouse.connection import open_warehouse
from minsheng.warehouse.plan_rows import open_rows, write_plan
from tests.county import IN_MAY, LATE, ZONE, County
from tests.workbooks import as_bytes, beside, cell, lushan, manholes, sign

pytestmark = pytest.mark.slow

IN_JULY = datetime(2022, 7, 3, 10, 0, tzinfo=ZONE)


def merged(ends: date) -> Plan:
    """县城管局 goes into a new unit, SZJ, on the day after; it leads M03-01."""
    plan = lushan()
    old = plan.unit("CGJ")
    new = old.model_copy(
        update={
            "code": "SZJ", "name": "县市政局", "full_name": "鲁山县市政管理局", "short_name": "市政局",
            "valid_from": date.fromordinal(ends.toordinal() + 1), "aliases": (),
        }
    )  # fmt: skip
    ended = old.model_copy(update={"valid_to": ends, "successor": "SZJ"})
    units = (*(unit for unit in plan.units if unit != old), ended, new)
    return plan.model_copy(update={"units": units, "sha256": f"merged after {ends}"})


@pytest.fixture
def county(tmp_path: Path) -> County:
    """March to June are open, April 400 is reported by CGJ, which ended with April."""
    county = County(tmp_path)
    county.send(("CGJ", "4月.xlsx", as_bytes(manholes(100, 400, "2022-04"))), at=IN_MAY)
    county.plan = merged(date(2022, 4, 30))
    with open_warehouse(county.home.warehouse) as connection:
        write_plan(connection, county.plan)
        open_rows(connection, county.plan, Period(2022, 6), IN_JULY)
    return county


def form(county: County, unit: str, period: str, month: int, cumulative: int) -> Workbook:
    workbook = handed_out(month_forms(county.plan, period), unit)
    cell(workbook, "M03-01", "本月数").value = month
    cell(workbook, "M03-01", "累计数").value = cumulative
    sign(workbook)
    return workbook


def corrected(workbook: Workbook) -> Workbook:
    cell(workbook, "M03-01", "更正").value = "是"
    cell(workbook, "M03-01", "更正原因").value = "重复计 10 座"
    return workbook


def renamed(workbook: Workbook, period: str) -> Workbook:
    """A form of another month, the month written over, as units do it."""
    beside(workbook, "报送期").value = period
    return workbook


def refused(county: County) -> list[tuple[object, ...]]:
    return county.query("select distinct rule_code from raw.finding where severity = 'reject' order by all")


def test_the_month_already_open_is_owed_by_the_successor(county: County) -> None:
    owed = "select period, unit_code from raw.obligation where indicator_code = 'M03-01' and role = 'lead' order by all"
    assert county.query(owed) == [
        ("2022-03", "CGJ"), ("2022-04", "CGJ"), ("2022-05", "SZJ"), ("2022-06", "SZJ"),
    ]  # fmt: skip


def test_a_merger_taken_back_leaves_what_was_asked_as_it_was(tmp_path: Path) -> None:
    """乡村振兴局, which writes notes to two items, is said to have gone into 农业农村局, and then not to have."""
    plan = lushan()
    gone = plan.unit("XCZXJ").model_copy(update={"valid_to": date(2022, 3, 31), "successor": "NYNCJ"})
    others = tuple(unit for unit in plan.units if unit.code != "XCZXJ")
    merged = plan.model_copy(update={"units": (*others, gone), "sha256": "merged"})
    owed = "select * from raw.obligation order by all"
    with open_warehouse(tmp_path / "warehouse.duckdb") as connection:
        write_plan(connection, plan)
        open_rows(connection, plan, Period(2022, 4), IN_MAY)
        asked = connection.execute(owed).fetchall()
        write_plan(connection, merged)
        followed = connection.execute(owed).fetchall()
        write_plan(connection, plan)
        assert connection.execute(owed).fetchall() == asked != followed


def test_a_successor_goes_on_from_what_was_accepted(county: County) -> None:
    county.send(("SZJ", "5月.xlsx", as_bytes(form(county, "SZJ", "2022-05", 50, 50))))
    assert refused(county) == [("H01",), ("H03",)]
    result = county.send(("SZJ", "5月.xlsx", as_bytes(form(county, "SZJ", "2022-05", 50, 450))), at=LATE)
    assert result.count("accepted") == 1


def test_a_successor_may_correct_what_its_predecessor_reported(county: County) -> None:
    county.send(("SZJ", "5月.xlsx", as_bytes(form(county, "SZJ", "2022-05", 50, 450))))
    own = renamed(corrected(form(county, "SZJ", "2022-05", 90, 390)), "2022年4月")
    assert county.send(("SZJ", "4月更正.xlsx", as_bytes(own)), at=LATE).count("accepted") == 1
    assert county.query("select level_value from facts.accepted where period = '2022-04' and section = 'report'") == [
        (390,)
    ]
    told = county.query("select message from raw.finding where rule_code = 'H26'")
    assert "2022-05 已接收的（本月数 50、累计数 450，县市政局报送）与它对不上" in str(told)


def test_a_successor_may_send_in_the_form_of_its_predecessor(county: County) -> None:
    predecessors = form(county, "CGJ", "2022-03", 300, 300)
    assert county.send(("SZJ", "3月.xlsx", as_bytes(predecessors)), at=LATE).count("accepted") == 1
    spoken = "select unit_code, period from staging.stg_version order by period"
    assert county.query(spoken) == [("CGJ", "2022-03"), ("CGJ", "2022-04")]
    assert county.query("select distinct unit_code from raw.mail") in ([], [("SZJ",)]), "whoever sent it is answered"


def test_nobody_else_may_speak_for_a_unit_that_has_ended(county: County) -> None:
    county.send(("CZJ", "3月.xlsx", as_bytes(form(county, "CGJ", "2022-03", 300, 300))), at=LATE)
    assert refused(county) == [("F12",)]


def test_a_late_month_of_the_predecessor_is_held_against_the_successors(county: County) -> None:
    county.send(("SZJ", "5月.xlsx", as_bytes(form(county, "SZJ", "2022-05", 50, 450))))
    county.send(("CGJ", "4月更正.xlsx", as_bytes(manholes(50, 350, "2022-04"))), at=LATE)
    assert refused(county) == [("H05",), ("H22",)]


def test_what_two_units_report_in_one_delivery_is_judged_one_after_the_other(county: County) -> None:
    late_april = as_bytes(corrected(manholes(110, 410, "2022-04")))
    own = as_bytes(renamed(corrected(form(county, "SZJ", "2022-05", 90, 390)), "2022年4月"))
    county.send(("CGJ", "甲.xlsx", late_april), ("SZJ", "乙.xlsx", own), at=LATE)
    noted = "select message from raw.finding where rule_code = 'H15' and message like '%的累计数%' order by 1"
    assert county.query(noted) == [
        ("“窨井设施维护改造数”的累计数与本月已接收的不同：原为 390，现为 410。",),
        ("“窨井设施维护改造数”的累计数与本月已接收的不同：原为 400，现为 390。",),
    ]
    standing = "select unit_code, level_value from facts.accepted where period = '2022-04' and section = 'report'"
    assert county.query(standing) == [("CGJ", 410)]


def test_a_new_lead_may_correct_what_the_old_one_reported_and_no_stranger(tmp_path: Path) -> None:
    county = County(tmp_path)
    county.send(("CGJ", "4月.xlsx", as_bytes(manholes(100, 400, "2022-04"))), at=IN_MAY)
    county.plan = led_by("ZJJ", "2022-06")
    own = handed_out(month_forms(county.plan, "2022-06"), "ZJJ")
    assert cell(own, "M03-01", "累计数") is not None
    with open_warehouse(county.home.warehouse) as connection:
        write_plan(connection, county.plan)
        found = connection.execute(
            """
            select unit_code, since_period
            from staging.stg_entitlement
            where period = '2022-04' and indicator_code = 'M03-01'
            order by since_period
            """
        ).fetchall()
    assert found == [("CGJ", "2022-04"), ("ZJJ", "2022-06")]


def led_by(unit: str, since: str) -> Plan:
    """M03-01 led by another unit from a month on."""
    plan = lushan()
    change = {"lead_unit": unit, "valid_from": since, "document_no": "鲁办文〔2022〕30号"}
    items = tuple(
        item.model_copy(
            update={
                "indicators": tuple(
                    each.model_validate(each.model_dump() | {"changes": [change]}) if each.code == "M03-01" else each
                    for each in item.indicators
                )
            }
        )
        for item in plan.items
    )
    return plan.model_copy(update={"items": items, "sha256": f"led by {unit}"})
