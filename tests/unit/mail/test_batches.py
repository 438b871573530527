"""Which mails go over one connection: few batches, whatever the number of units and mails."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from minsheng.core.home import Home
from minsheng.mail import batches as module
from minsheng.mail.batches import batches
from minsheng.mail.folders import mail_path
from minsheng.mail.waiting import put_off

NOW = datetime(2022, 6, 3, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NAMES = {"U000": "县人社局"}


def outbox(folder: Path, units: int, each: int = 1) -> Home:
    home = Home(folder)
    for unit in range(units):
        for number in range(each):
            path = mail_path(home, "pending", f"U{unit:03}", f"{unit:03}-{number}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"")
    return home


def test_a_county_is_one_batch(tmp_path: Path) -> None:
    (batch,) = batches(outbox(tmp_path, 39), NOW, NAMES)
    assert batch.units == tuple(f"U{unit:03}" for unit in range(39))
    assert batch.label == "U000 县人社局 等 39 个单位"


def test_one_unit_bears_its_name(tmp_path: Path) -> None:
    assert [batch.label for batch in batches(outbox(tmp_path, 1, 3), NOW, NAMES)] == ["U000 县人社局"]


def test_no_mail_is_no_batch(tmp_path: Path) -> None:
    assert batches(Home(tmp_path / "lushan"), NOW, NAMES) == []


def test_every_unit_is_in_one_batch_of_about_a_hundred_mails(tmp_path: Path) -> None:
    made = batches(outbox(tmp_path, 260), NOW, NAMES)
    assert [len(batch.units) for batch in made] == [100, 100, 60]
    assert len({unit for batch in made for unit in batch.units}) == 260


def test_ten_thousand_mails_are_as_many_batches_as_airflow_can_map(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST", 5)
    monkeypatch.setattr(module, "_SIZE", 10)
    made = batches(outbox(tmp_path, 200, 3), NOW, NAMES)
    assert [len(batch.units) for batch in made] == [40] * 5


def test_what_is_put_off_is_in_no_batch_before_it_is_due(tmp_path: Path) -> None:
    home = outbox(tmp_path, 2)
    put_off(mail_path(home, "pending", "U000", "000-0"), "450 greylisted", NOW)
    due = {moment: [batch.units for batch in batches(home, moment, NAMES)] for moment in (NOW, None)}
    assert due == {NOW: [("U001",)], None: [("U000", "U001")]}
    later = batches(home, NOW + timedelta(minutes=10), NAMES)
    assert [batch.units for batch in later] == [("U000", "U001")]
