"""How a trace writes figures and moments."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from minsheng.trace import words


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
