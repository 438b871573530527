"""Figures other places have published, recomputed: ``docs/spec/bulletins.md`` agrees to the printed digit."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest

from minsheng.warehouse.connection import Connection, rows_of
from tests.spec.pages import KINDS, NOTHING, Row, number, tables, values
from tests.spec.world import Promise, Sent, Target, World, make

RATES = [row for table in tables("bulletins") if table.head == "地方" for row in table.rows]
GAPS = [row for table in tables("bulletins") if table.head == "出处" for row in table.rows]
SHARES = [row for table in tables("bulletins") if table.head == "公布" for row in table.rows]
_BASES = {"flow": "linear_month", "stock": "level_vs_target", "ratio": "rate_gap"}
# done, ahead and behind in June of a target of 100
_VALUES = (Decimal(100), Decimal(60), Decimal(40))


def _promise(code: str, word: str, target: str) -> Promise:
    kind = KINDS[word]
    versions = (Target(number(target)),)
    return Promise(code, kind, progress_basis=_BASES[kind], is_percent=kind == "ratio", targets=versions)


def _published(connection: Connection, figures: list[tuple[Promise, int, str]]) -> list[dict[str, object]]:
    """The published row of each figure, in order."""
    sent = tuple(Sent(promise.code, month, values(text)) for promise, month, text in figures)
    make(connection, [World("p", tuple(promise for promise, *_ in figures), sent)])
    query = "select * from published.pub_indicator_completion_v1 where revision_no is not null"
    found = {row["indicator_code"]: row for row in rows_of(connection, query)}
    return [found[promise.code] for promise, *_ in figures]


def test_rates_agree_to_the_printed_digit(connection: Connection) -> None:
    figures = [(_promise(f"B{n:02}", row["类型"], row["目标"]), 12, row["公布数"]) for n, row in enumerate(RATES)]
    for row, found in zip(RATES, _published(connection, figures), strict=True):
        rate = found["actual_value" if row["类型"] == "比率" else "completion_ratio"]
        assert _AGREES[row["舍入"]](_percent(rate), row), row


def _percent(rate: object) -> Decimal:
    """As many digits as a double is good for."""
    assert isinstance(rate, float)
    return Decimal(str(rate)) * 100


def _is_rounded(rate: Decimal, row: Row) -> bool:
    printed = Decimal(row["公布率"])
    return rate.quantize(printed, ROUND_HALF_UP) == printed


def _is_cut(rate: Decimal, row: Row) -> bool:
    printed = Decimal(row["公布率"])
    return rate.quantize(printed, ROUND_DOWN) == printed != rate.quantize(printed, ROUND_HALF_UP)


def _is_within(rate: Decimal, row: Row) -> bool:
    """The figure was itself rounded to two decimals: the true rate lies half a step around, and so does the printed."""
    printed, half_step = Decimal(row["公布率"]), Decimal("0.005") / Decimal(row["目标"]) * 100
    half_digit = Decimal(1).scaleb(int(printed.as_tuple().exponent)) / 2
    return rate - half_step < printed + half_digit and printed - half_digit <= rate + half_step


_AGREES: dict[str, Callable[[Decimal, Row], bool]] = {"四舍五入": _is_rounded, "截去": _is_cut, "万数": _is_within}


def test_gaps_agree_to_the_printed_digit(connection: Connection) -> None:
    figures = [
        (_promise(f"G{n}", row["约定类型"], row["年度目标"]), int(row["月份"]), row["累计"])
        for n, row in enumerate(GAPS)
    ]
    for row, found in zip(GAPS, _published(connection, figures), strict=True):
        assert found["status_label"] == row["状态"]
        if row["公布差距"] != NOTHING:
            printed = Decimal(row["公布差距"])
            assert Decimal(str(found["gap_pp"])).quantize(printed, ROUND_HALF_UP) == printed


@pytest.mark.parametrize("row", SHARES, ids=lambda row: f"{row['公布']} {row['各状态项数']}")
def test_shares_add_up_to_a_hundred(connection: Connection, row: Row) -> None:
    counts = [int(count) for count in row["各状态项数"].split("、")]
    reported = [value for count, value in zip(counts, _VALUES, strict=False) for _ in range(count)]
    promises = tuple(Promise(f"S{n:02}") for n in range(len(reported)))
    sent = tuple(Sent(f"S{n:02}", 6, {"cumulative": value}) for n, value in enumerate(reported))
    make(connection, [World("p", promises, sent, months=(6,))])
    query = "select * from published.pub_status_share_v1 where item_code = 'ALL' order by status_no"
    found = rows_of(connection, query)
    assert sum(Decimal(str(share["share_ratio"])) for share in found) == 1
    drawn = [Decimal(text) for text in row["占比（%）"].split("、")]
    assert [share["share_ratio"] * 100 for share in found if share["indicator_count"]] == drawn
