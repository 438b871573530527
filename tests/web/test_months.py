"""How a unit stands with its months, by what was published and what has come since."""

from __future__ import annotations

from pathlib import Path

import pytest

from minsheng.core.period import Period
from minsheng.flows.deciding import MonthOfUnits, Said, extend
from minsheng.flows.handing_in import Handed, reception
from minsheng.landing.editions import received_county
from minsheng.trace.missing import missing
from minsheng.web.months import form_path, standing_of
from tests.received import Received, at
from tests.trace.conftest import read_trace


@pytest.mark.slow
def test_a_month_is_told_as_it_was_published_and_a_file_that_came_since_beside_it(tmp_path: Path) -> None:
    received = Received(tmp_path)
    received.take(2, at(3, 9), received.manholes(2, 900, 100))
    home, moment = received.home, at(3, 9, 11)
    county = received_county(home, moment)
    standing = standing_of(home, county, "CGJ", moment)
    (february,) = standing.months
    assert (february.submission_status, february.timing, february.first_received_at) == ("rejected", None, at(3, 9))
    assert february.due_words(moment).startswith("已于 3月7日（星期一）18:00 截止，已逾期")
    assert (standing.current, standing.known_at, standing.since) == (february, at(3, 9), ())
    assert form_path(home, county, "CGJ", february).is_file()
    assert standing_of(home, county, "RSJ", moment).months[0].submission_status == "missing"

    _, mended = received.manholes(2, 220, 220)
    with reception() as window:
        reply = window.receive(Handed(home, "CGJ", "2月.xlsx", mended, moment))
    assert reply.checked.verdict == "accepted"
    (waiting,) = standing_of(home, county, "CGJ", at(3, 9, 12)).since
    assert (waiting.file_name, waiting.received_at) == ("2月.xlsx", moment)
    assert standing_of(home, county, "RSJ", at(3, 9, 12)).since == ()

    received.take(2, at(3, 9, 13))
    standing = standing_of(home, county, "CGJ", at(3, 9, 14))
    assert (standing.months[0].submission_status, standing.months[0].timing) == ("accepted", "late")
    assert (standing.months[0].accepted_at, standing.since) == (moment, ())
    assert standing.months[0].due_words(moment) == "3月7日（星期一）18:00 截止"


@pytest.mark.slow
def test_a_unit_that_was_given_longer_is_told_its_own_hour(tmp_path: Path) -> None:
    received = Received(tmp_path)
    received.take(2, at(3, 4))
    home, moment = received.home, at(3, 8)
    county = received_county(home, moment)
    month = MonthOfUnits(Period(2022, 2), "CGJ")
    extend(home, county.plan("lushan-2022"), month, at(3, 9, 18), Said(at(3, 7), "张三", "汛期"))
    received.take(2, moment)
    told = {unit: standing_of(home, county, unit, moment).months[0] for unit in ("CGJ", "RSJ")}
    assert told["CGJ"].due_words(moment) == "3月9日（星期三）18:00 截止，还有 32 小时"
    assert told["RSJ"].due_words(moment).startswith("已于 3月7日（星期一）18:00 截止，已逾期")
    figure = read_trace(home, "lushan-2022", "2022-02", "M03-01")
    assert "应于 2022-03-09 18:00 前报送" in str(missing(figure))
