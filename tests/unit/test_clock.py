"""Clocks that jump: told before anything bears a wrong moment, and no way to do so unawares."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from minsheng.core.clock import require_near, require_steady
from minsheng.core.errors import UserError
from minsheng.core.home import Home, last_written

NOW = datetime(2022, 6, 3, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("written", [None, NOW, NOW + timedelta(minutes=59), NOW - timedelta(days=399)])
def test_a_clock_that_goes_on_is_trusted(written: datetime | None) -> None:
    require_steady(NOW, written)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (NOW + timedelta(hours=2), "数据目录上次写入是 2022-06-03 12:00：时钟回拨了"),
        (NOW - timedelta(days=401), "数据目录上次写入是 2021-04-28 10:00：时钟跳到了很久以后"),
    ],
)
def test_a_clock_that_has_jumped_is_refused_with_the_way_on(written: datetime, words: str) -> None:
    with pytest.raises(UserError, match="系统时钟：按它现在是 2022-06-03 10:00") as raised:
        require_steady(NOW, written)
    assert words in str(raised.value)
    assert raised.value.remedy.endswith("若时钟无误，请指明本次运行的时刻")


def test_a_home_was_last_written_when_anything_was_received_or_recorded(tmp_path: Path) -> None:
    home = Home(tmp_path / "lushan")
    assert last_written(home) is None
    for name, day in (("landing/p/receipts", 1), ("landing/q/openings", 3), ("warehouse.duckdb", 2)):
        path = home.root / name
        path.mkdir(parents=True)
        moment = NOW.replace(day=day).timestamp()
        os.utime(path, (moment, moment))
    assert last_written(home) == NOW


def test_a_moment_far_before_what_has_happened_is_refused() -> None:
    require_near("as_of", NOW, NOW + timedelta(days=399), "统计结果已经算到")
    with pytest.raises(UserError, match="as_of：2022-06-03 10:00 太早：统计结果已经算到 2099-06-03 10:00"):
        require_near("as_of", NOW, NOW.replace(year=2099), "统计结果已经算到")
