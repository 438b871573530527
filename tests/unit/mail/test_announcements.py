"""The opening letter says which rules begin: in their first month, and in the one before."""

from __future__ import annotations

import pytest

from minsheng.core.period import Period
from minsheng.mail.opening import announcements

BEGIN = [("", "自方案起有效"), ("2022-01", "全年有效"), ("2022-06", "完成三成以上的，要在备注中说明")]


@pytest.mark.parametrize(
    ("period", "told"),
    [
        ("2022-04", []),
        ("2022-05", ["自2022年6月报表起，完成三成以上的，要在备注中说明"]),
        ("2022-06", ["自2022年6月报表起，完成三成以上的，要在备注中说明"]),
        ("2022-07", []),
        ("2022-01", []),
    ],
)
def test_a_rule_is_announced_before_it_binds(period: str, told: list[str]) -> None:
    assert announcements(BEGIN, Period.parse(period)) == told
