"""The second way to a figure: exact, with every rule of the lights, and written out as a person would."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from minsheng.trace import words
from minsheng.trace.arithmetic import Ruling, Sum
from minsheng.trace.model import Cell, RegisterMember, Yardstick
from minsheng.trace.values import Values, read_values

D = Decimal
FLOW = Yardstick(
    document_no="文〔2022〕1号",
    plan_sha256="0" * 64,
    kind="flow",
    progress_basis="linear_month",
    polarity="higher_better",
    is_rate=False,
    is_register_known=None,
    register_name=None,
    register_scope=None,
    member_target=None,
    fixed_denominator=None,
    base_value=None,
    reference=D(1200),
    node_count=0,
    due_node_value=None,
    month_no=6,
    is_deadline_reached=False,
    deadline_date=date(2022, 12, 31),
    ahead_pp=D(5),
    green_floor_pp=D(0),
    red_floor_pp=D(-30),
    rate_yellow_pp=D(-5),
    node_yellow_month=9,
    node_red_month=12,
    targets=(),
)
RATE = replace(FLOW, kind="ratio", progress_basis="rate_gap", is_rate=True, reference=D("0.98"))
NODES = replace(FLOW, kind="milestone", progress_basis="node_plan", reference=D(6))
BEDS = replace(NODES, kind="stock", register_scope="per_member", member_target=D(50), reference=D(50))


def total(yardstick: Yardstick, cumulative: str, comparator: str = "ge") -> Sum:
    return Sum(yardstick, comparator, Values(cumulative=D(cumulative)))


def rate(numerator: str, denominator: str) -> Sum:
    return Sum(RATE, "ge", Values(numerator=D(numerator), denominator=D(denominator)))


@pytest.mark.parametrize(
    ("cumulative", "status", "rule"),
    [
        ("1200", "DONE", "目标已达到"),
        ("660", "AHEAD", "差距不低于 +5 个百分点"),
        ("659.999999", "ON_TRACK", "差距不低于 0 个百分点，低于 +5 个百分点"),
        ("600", "ON_TRACK", "差距不低于 0 个百分点，低于 +5 个百分点"),
        ("599.999999", "BEHIND", "差距不低于 -30 个百分点，低于 0 个百分点"),
        ("240", "BEHIND", "差距不低于 -30 个百分点，低于 0 个百分点"),
        ("239.999999", "FAR_BEHIND", "差距低于 -30 个百分点"),
    ],
)
def test_a_threshold_belongs_to_the_better_side_and_nothing_is_rounded(cumulative: str, status: str, rule: str) -> None:
    assert total(FLOW, cumulative).ruling == Ruling(status, rule)


def test_more_than_the_target_is_asked_and_the_target_itself_is_not_enough() -> None:
    assert total(FLOW, "1200", "gt").ruling.status_code == "AHEAD"
    assert total(FLOW, "1201", "gt").ruling.status_code == "DONE"


def test_a_rate_is_judged_on_its_parts_and_done_only_at_its_deadline() -> None:
    assert rate("97.999999", "100").ruling == Ruling("BEHIND", "未达目标，差距不低于 -5 个百分点")
    assert rate("92.999999", "100").ruling == Ruling("FAR_BEHIND", "未达目标，差距低于 -5 个百分点")
    assert rate("98", "100").ruling.status_code == "ON_TRACK"
    at_the_end = Sum(replace(RATE, is_deadline_reached=True), "ge", rate("98", "100").values)
    assert at_the_end.ruling == Ruling("DONE", "目标已达到")


def test_nothing_reported_and_nothing_to_judge_by_are_not_the_same() -> None:
    assert Sum(FLOW, "ge", Values()).ruling.status_code == "NOT_REPORTED"
    assert rate("0", "0").ruling.status_code == "NO_BASIS"
    assert total(replace(FLOW, reference=None), "5", "gt_last_year").ruling.status_code == "NO_BASIS"
    unknown = replace(RATE, kind="coverage", is_register_known=False)
    assert Sum(unknown, "ge", rate("99", "100").values).ruling.status_code == "NO_BASIS"


@pytest.mark.parametrize(
    ("changes", "ruling"),
    [
        ({}, Ruling("IN_PROGRESS", "没有商定节点，9 月以前不判定快慢")),
        ({"month_no": 9}, Ruling("BEHIND", "没有商定节点，9 月起未达目标")),
        ({"month_no": 12}, Ruling("NOT_DONE", "没有商定节点，12 月起未达目标")),
        ({"node_count": 2, "due_node_value": D(3)}, Ruling("BEHIND", "有到期的节点没有完成")),
        ({"node_count": 2, "due_node_value": D(2)}, Ruling("ON_TRACK", "到期的节点都已完成")),
        ({"is_deadline_reached": True}, Ruling("NOT_DONE", "期限已到，目标没有达到")),
    ],
)
def test_a_promise_by_nodes_turns_with_its_nodes_or_with_the_months(changes: dict[str, Any], ruling: Ruling) -> None:
    assert total(replace(NODES, **changes), "2").ruling == ruling


@pytest.mark.parametrize(
    ("reported", "ruling"),
    [
        ("7", Ruling("ON_TRACK", "到期的节点都已完成")),
        ("8", Ruling("ON_TRACK", "到期的节点都已完成")),
        ("8.000001", Ruling("BEHIND", "有到期的节点没有完成")),
    ],
)
def test_a_node_is_reached_from_above_where_less_is_better(reported: str, ruling: Ruling) -> None:
    falling = replace(NODES, polarity="lower_better", reference=D(5), node_count=2, due_node_value=D(8))
    assert total(falling, reported).ruling == ruling
    assert total(replace(falling, due_node_value=None), "20").ruling.status_code == "ON_TRACK"


def test_lower_is_better_turns_every_comparison_round() -> None:
    falling = replace(FLOW, polarity="lower_better", progress_basis="level_vs_target_with_base", base_value=D(2000))
    half_way = total(falling, "1600")
    assert (half_way.completion, half_way.way, half_way.gap_pp) == (Fraction(3, 4), Fraction(1, 2), Fraction(0))
    assert half_way.ruling.status_code == "ON_TRACK"
    assert total(falling, "1200").is_met
    assert not total(falling, "1200", "gt").is_met


def beds(member_code: str, number: str) -> Cell:
    return Cell("s", "detail", "明细", "F6", "value", member_code, "数量", number, D(number), number, "ok")


def test_a_register_counts_every_member_and_one_left_out_as_nothing() -> None:
    members = (RegisterMember("1", "甲街道"), RegisterMember("2", "乙街道"))
    assert not Sum(BEDS, "ge", read_values(BEDS, members, ())).is_reported
    half = read_values(BEDS, members, (beds("1", "52"),))
    assert (half.cumulative, [one.is_target_met for one in half.members]) == (D(0), [True, False])
    both = (beds("1", "52"), beds("2", "46"))
    assert read_values(BEDS, members, both).cumulative == D(46)
    assert read_values(replace(BEDS, register_scope="county_total"), members, both).cumulative == D(98)
    covered = read_values(replace(BEDS, kind="coverage"), members, both)
    assert (covered.numerator, covered.denominator) == (D(1), D(2))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(303, 1016), "303/1016 ≈ 29.8228%"),
        (Fraction(1, 2), "1/2 ＝ 50%"),
        (Fraction(11303, 8000), "11303/8000 ＝ 141.2875%"),
        (Fraction(3), "300%"),
    ],
)
def test_a_ratio_is_shown_as_it_is_and_rounded_only_beside_it(value: Fraction, shown: str) -> None:
    assert words.fraction(value) == shown


def test_a_moment_is_told_by_the_countys_clocks() -> None:
    assert words.moment(datetime(2022, 7, 7, 20, 30, tzinfo=UTC)) == "2022-07-08 04:30"
    assert words.moment(None) == "—"


def test_points_are_rounded_half_away_from_zero_and_keep_their_sign() -> None:
    assert words.points(Fraction(-35104987, 10**7)) == "≈ -3.5105 个百分点"
    assert words.points(Fraction(100005, 10**6)) == "≈ +0.1 个百分点"
    assert words.points(Fraction(5, 4)) == "+1.25 个百分点"
    assert words.points(Fraction(-125, 10**6)) == "≈ -0.0001 个百分点"
    assert words.points(Fraction(-15, 10**5)) == "≈ -0.0002 个百分点"
