"""A plan that changes in the course of the year: what was said before stays said, and comes back by recovering."""

from __future__ import annotations

from pathlib import Path

import pytest

from minsheng.landing.editions import editions
from minsheng.verify.home import verify_home
from tests.received import Received, at, verdicts

pytestmark = pytest.mark.slow


@pytest.fixture
def county(tmp_path: Path) -> Received:
    return Received(tmp_path)


def test_an_edition_is_landed_once_and_again_when_it_has_changed(county: Received) -> None:
    county.take(1, at(2, 3))
    county.take(1, at(2, 4))
    assert [edition.received_at for edition in editions(county.home, "lushan-2022")] == [at(2, 3)]
    county.edit("units.yaml", "县城市管理局", "县城市管理局")
    county.add("units.yaml", "# 校对过\n")
    county.take(1, at(2, 5))
    assert [edition.received_at for edition in editions(county.home, "lushan-2022")] == [at(2, 3), at(2, 5)]
    assert verify_home(county.home) == []


def test_accepted_figures_come_back_after_a_change_of_lead(county: Received) -> None:
    """A figure of the former lead is judged by the plan of its day, however long ago that was."""
    assert verdicts(county.take(1, at(2, 3), county.manholes(1, 100, 100))) == {"accepted": 1}
    assert verdicts(county.take(2, at(3, 3), county.manholes(2, 100, 200))) == {"accepted": 1}
    county.edit("items/M03.yaml", "lead_unit: CGJ", "lead_unit: ZJJ")
    assert verdicts(county.take(3, at(4, 3))) == {}
    assert county.recovered() == county.content
