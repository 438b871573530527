"""What a trace asks of the warehouse is what the marts were made from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from minsheng.trace import queries
from minsheng.warehouse.connection import open_warehouse
from tests.spec.world import Promise, Target, World, make

RISING = Promise(
    "UP",
    progress_basis="node_plan",
    targets=(Target(Decimal(6)),),
    nodes=((date(2022, 5, 15), Decimal(2)), (date(2022, 6, 30), Decimal(4)), (date(2022, 12, 31), Decimal(6))),
)
FALLING = replace(
    RISING,
    code="DOWN",
    polarity="lower_better",
    targets=(Target(Decimal(1)),),
    nodes=((date(2022, 5, 15), Decimal(8)), (date(2022, 6, 30), Decimal(5)), (date(2022, 12, 31), Decimal(1))),
)
DUE = {
    ("UP", "2022-04"): None,
    ("UP", "2022-05"): Decimal(2),
    ("UP", "2022-06"): Decimal(4),
    ("DOWN", "2022-04"): None,
    ("DOWN", "2022-05"): Decimal(8),
    ("DOWN", "2022-06"): Decimal(5),
}


def test_the_node_that_is_due_is_the_most_demanding_one_as_in_the_marts() -> None:
    with open_warehouse(None) as connection:
        make(connection, [World("p", (RISING, FALLING), (), months=(4, 5, 6))])
        judged_by = "select indicator_code, period, due_node_value from marts.indicator_month"
        marts = {(code, period): due for code, period, due in connection.execute(judged_by).fetchall()}
        keys = [{"plan_id": "p", "indicator_code": code, "period": period} for code, period in DUE]
        found = [queries.rows(connection, queries.YARDSTICK, key) for key in keys]
    assert marts == DUE
    assert [[(row["node_count"], row["due_node_value"]) for row in rows] for rows in found] == [
        [(3, due)] for due in DUE.values()
    ]
