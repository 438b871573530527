"""Where a county stood when it began, as the plan said when a figure was judged by it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from minsheng.trace.model import OpeningFigure
from tests.received import Received, at, verdicts
from tests.trace.conftest import read_trace

pytestmark = pytest.mark.slow

OPENING = "- {indicator: M03-01, period: 2022-01, value: 800, basis: 县督查局 1 月台账}\n"


def test_what_was_said_then_is_told_and_not_what_is_said_now(tmp_path: Path) -> None:
    county = Received(tmp_path)
    county.add("opening.yaml", OPENING)
    assert verdicts(county.take(2, at(3, 3), county.manholes(2, 30, 830))) == {"accepted": 1}
    county.edit("opening.yaml", "800", "790")
    assert verdicts(county.take(3, at(4, 3), county.manholes(3, 30, 860))) == {"accepted": 1}
    began = read_trace(county.home, "lushan-2022", "2022-02", "M03-01").opening
    assert began == OpeningFigure("2022-01", Decimal(800), "县督查局 1 月台账")
    assert read_trace(county.home, "lushan-2022", "2022-03", "M03-01").opening is None  # February was accepted
