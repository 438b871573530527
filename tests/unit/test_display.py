from decimal import Decimal

import pytest

from minsheng.words.display import comparator, measured, month_name, percent, points, quantity, target


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [(None, "—"), (0, "0.0%"), (0.5996, "60.0%"), (Decimal("0.54125"), "54.1%"), (0.0005, "0.1%"), (34.59, "3459.0%")],
)
def test_rates_are_shown_half_up_with_one_decimal(ratio: float | Decimal | None, shown: str) -> None:
    assert percent(ratio) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "—"), (31400, "31,400"), (Decimal("11.250000"), "11.25"), (Decimal("0.000000"), "0"), (1e3, "1,000")],
)
def test_quantities_lose_no_digit(value: float | Decimal | None, shown: str) -> None:
    assert quantity(value) == shown


def test_a_missing_figure_is_never_a_zero() -> None:
    assert {percent(None), points(None), quantity(None), measured(None, "%")} == {"—"}


def test_points_carry_their_sign() -> None:
    assert [points(value) for value in (4.13, 0, -30.05)] == ["+4.1", "+0.0", "-30.1"]


def test_a_rate_is_measured_in_percent_and_a_count_is_not() -> None:
    assert (measured(0.6, "%"), measured(5, "种"), month_name("2022-05")) == ("60.0%", "5", "2022年5月")


@pytest.mark.parametrize(
    ("code", "polarity", "value", "word", "promised"),
    [
        ("ge", "higher_better", 200, "不少于", "200"),
        ("gt", "higher_better", 60, "超过", "超 60"),
        ("ge", "lower_better", 100, "不多于", "≤ 100"),
        ("gt", "lower_better", 4, "低于", "低于 4"),
        ("gt_last_year", "higher_better", None, "高于上年同期", "—"),
        ("gt_last_year", "lower_better", None, "低于上年同期", "—"),
    ],
)
def test_what_has_to_fall_is_held_against_its_target_downwards(
    code: str, polarity: str, value: int | None, word: str, promised: str
) -> None:
    row = {"comparator": code, "polarity": polarity, "target_value": value, "unit_of_measure": "处"}
    assert (comparator(row), target(row)) == (word, promised)
