"""A lead unit is renamed in July and merged away in August: names of the time, one history, nothing owed by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest

from minsheng.core.declarations import ROOT
from minsheng.core.period import Period
from minsheng.plan.loader import load_plan
from minsheng.plan.models import Plan
from minsheng.plan.units import LaterName
from minsheng.warehouse.connection import Connection, append, open_warehouse, rows_of
from minsheng.warehouse.plan_rows import open_rows, write_plan
from minsheng.warehouse.rebuild import rebuild
from minsheng.warehouse.totals import accepted_earlier

_MONTHS = (6, 7, 8, 9)
_NAMES = ("县政务服务和大数据服务中心", "县政务服务中心（新）", "县政务服务中心（新）", "县数据局")
_UNITS = ("ZWDSJ", "ZWDSJ", "ZWDSJ", "SJ")


@pytest.fixture(scope="module")
def built() -> Iterator[Connection]:
    """Four months of M10-01, each reported by the unit that owed it."""
    plan = _reorganised(load_plan(ROOT / "plans" / "lushan-2022"))
    with open_warehouse(None) as connection:
        write_plan(connection, plan)
        for month, unit in zip(_MONTHS, _UNITS, strict=True):
            opened = datetime.fromisoformat(f"2022-{month:02}-28T09:00:00+08:00")
            open_rows(connection, plan, Period(2022, month), opened)
            _accept(connection, plan, unit, month)
        for schema in ("star", "marts", "published"):
            rebuild(connection, schema)
        yield connection


def _reorganised(plan: Plan) -> Plan:
    centre = plan.unit("ZWDSJ")
    name = LaterName(name=_NAMES[1], full_name=_NAMES[1], valid_from=date(2022, 7, 1))
    merged = {"later_names": (name,), "valid_to": date(2022, 8, 31), "successor": "SJ"}
    bureau = centre.model_copy(
        update={"code": "SJ", "name": _NAMES[3], "full_name": _NAMES[3], "valid_from": date(2022, 9, 1), "aliases": ()}
    )
    units = (*(unit for unit in plan.units if unit != centre), centre.model_copy(update=merged), bureau)
    return plan.model_copy(update={"units": units})


def _accept(connection: Connection, plan: Plan, unit: str, month: int) -> None:
    at = datetime.fromisoformat(f"2022-{month + 1:02}-02T09:00:00+08:00")
    name = f"{unit}-{month}"
    file = {"submission_id": name, "plan_id": plan.plan_id, "unit_code": unit, "file_name": name}
    append(connection, "raw.submission", [file | {"period": f"2022-{month:02}", "received_at": at}])
    append(connection, "raw.verdict", [{"submission_id": name, "verdict": "accepted", "accepted_at": at}])
    cell = {"submission_id": name, "row_no": 7, "section": "report", "indicator_code": "M10-01"}
    append(connection, "raw.cell", [cell | {"field": "cumulative", "number_value": Decimal(month * 10)}])


def test_each_month_shows_the_unit_and_the_name_of_its_time(built: Connection) -> None:
    found = rows_of(built, "from published.pub_indicator_completion_v1 where item_code = 'M10' order by period")
    led = {(str(row["period"]), str(row["lead_unit_code"]), str(row["lead_unit_name"])) for row in found}
    assert led == {(f"2022-{month:02}", unit, name) for month, unit, name in zip(_MONTHS, _UNITS, _NAMES, strict=True)}


def test_the_history_goes_on_across_the_merger(built: Connection) -> None:
    """What the old unit reported last is what the new unit's first workbook shows."""
    found = rows_of(
        built, "select * from published.pub_indicator_history_v1 where indicator_code = 'M10-01' order by period"
    )
    assert [row["actual_value"] for row in found] == [60, 70, 80, 90]
    plan = load_plan(ROOT / "plans" / "lushan-2022")
    assert accepted_earlier(built, plan, Period(2022, 9)).totals == {"M10-01": 80}


def test_from_then_on_the_new_unit_stands_in_the_lists(built: Connection) -> None:
    query = "select period, unit_code from published.pub_submission_status_v1 where unit_code in ('ZWDSJ', 'SJ')"
    found = {(str(row["period"]), str(row["unit_code"])) for row in rows_of(built, query)}
    assert found == {(f"2022-{month:02}", unit) for month, unit in zip(_MONTHS, _UNITS, strict=True)}
    query = "select unit_name, valid_from, valid_to from star.dim_unit where unit_code = 'ZWDSJ' order by valid_from"
    assert [tuple(row.values()) for row in rows_of(built, query)] == [
        (_NAMES[0], date(2019, 1, 1), date(2022, 6, 30)),
        (_NAMES[1], date(2022, 7, 1), date(2022, 8, 31)),
    ]
