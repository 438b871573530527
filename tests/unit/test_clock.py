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
        (NOW + timedelta(hours=2), "the home was last written at 2022-06-03 12:00: it has gone back"),
        (NOW - timedelta(days=401), "the home was last written at 2021-04-28 10:00: it has jumped ahead"),
    ],
)
def test_a_clock_that_has_jumped_is_refused_with_the_way_on(written: datetime, words: str) -> None:
    with pytest.raises(UserError, match="system clock: it is 2022-06-03 10:00 by it") as raised:
        require_steady(NOW, written)
    assert words in str(raised.value)
    assert str(raised.value).endswith("if it is right, give the moment of the run")


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
    require_near("as_of", NOW, NOW + timedelta(days=399), "the marts speak of")
    with pytest.raises(UserError, match="as_of: 2022-06-03 10:00 lies far back: the marts speak of 2099-06-03 10:00"):
        require_near("as_of", NOW, NOW.replace(year=2099), "the marts speak of")
