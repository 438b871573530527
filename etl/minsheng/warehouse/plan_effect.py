"""What another edition of a plan would change in months that were published: the marts made by one and by the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from minsheng.core.home import Home
from minsheng.plan.models import Plan
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, Row, open_warehouse, rows_of
from minsheng.warehouse.copying import copy_raw
from minsheng.warehouse.plan_rows import write_plan
from minsheng.warehouse.rebuild import rebuild
from minsheng.words import display

# What is said of an indicator in a month, and how it is written; a change of names and notes is none of it.
_JUDGED = """
    select
        month.period, month.indicator_code, month.indicator_name, month.unit_of_measure, month.lead_unit_code,
        month.target_value, month.numerator, month.denominator, completion.actual_value, completion.completion_ratio,
        completion.gap_pp, completion.status_code, completion.status_label, outlook.reason_label, outlook.forecast_value
    from marts.indicator_month as month
    inner join marts.indicator_completion as completion using (plan_id, period, indicator_code)
    inner join marts.indicator_outlook as outlook using (plan_id, period, indicator_code)
    inner join raw.period as opened using (plan_id, period)
    inner join raw.as_of as built using (plan_id)
    where month.plan_id = ? and opened.opened_at <= built.as_of
    order by month.period, month.indicator_code
"""
_COLUMNS = (
    "lead_unit_code", "target_value", "numerator", "denominator", "actual_value", "completion_ratio", "gap_pp",
    "status_label", "reason_label", "forecast_value",
)  # fmt: skip

Judged = Mapping[tuple[str, str], Row]


@dataclass(frozen=True)
class Effect:
    """One thing said of an indicator in a published month, by one edition and by another; null: nothing was said."""

    period: str
    indicator_code: str
    column_name: str
    value_before: str | None
    value_after: str | None

    @property
    def label(self) -> str:
        """What the column is called."""
        return sqlfiles.dictionary()[self.column_name].label


def effects(home: Home, before: Plan, *others: Plan) -> list[list[Effect]]:
    """What each of the ``others`` would say otherwise than ``before`` of the months published in a home."""
    with open_warehouse(None) as connection:
        copy_raw(home.warehouse, connection)
        held = _judged(connection, before)
        return [list(_differences(held, _judged(connection, other))) for other in others]


def _judged(connection: Connection, plan: Plan) -> Judged:
    write_plan(connection, plan)
    rebuild(connection, "star")
    rebuild(connection, "marts")
    return {(row["period"], row["indicator_code"]): row for row in rows_of(connection, _JUDGED, [plan.plan_id])}


def _differences(before: Judged, after: Judged) -> Iterator[Effect]:
    for key in sorted(before.keys() | after.keys()):
        held, made = before.get(key), after.get(key)
        if held is None or made is None:
            yield Effect(*key, "indicator_name", _said(held, "indicator_name"), _said(made, "indicator_name"))
            continue
        for column in _COLUMNS:
            if held[column] != made[column]:
                yield _effect(key, column, held, made)


def _effect(key: tuple[str, str], column: str, held: Row, made: Row) -> Effect:
    before, after = _said(held, column), _said(made, column)
    if before == after:  # told apart by what is not shown
        before, after = str(held[column]), str(made[column])
    return Effect(*key, column, before, after)


def _said(row: Row | None, column: str) -> str | None:
    value: Any = row[column] if row else None
    if row is None or value is None:
        return None
    if isinstance(value, str):
        return value
    if column in ("target_value", "actual_value"):
        return display.measured(value, row["unit_of_measure"])
    written = {"completion_ratio": display.percent, "gap_pp": display.points, "forecast_value": display.rounded}
    return written.get(column, display.quantity)(value)
