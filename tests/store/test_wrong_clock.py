"""A system clock that was wrong once: nothing goes on by it, and the runbook's way back, followed to the letter."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import replace
from datetime import datetime

import pytest

from minsheng.core.clock import require_steady
from minsheng.core.declarations import ROOT
from minsheng.core.errors import UserError
from minsheng.core.home import last_written
from minsheng.core.period import Period
from minsheng.flows.pipeline import run_stages
from minsheng.flows.recovery import recover
from minsheng.stages.build import build
from minsheng.stages.pull import pull
from minsheng.warehouse.connection import open_warehouse
from tests.store.conftest import SECOND, Town

pytestmark = pytest.mark.slow

AHEAD, BACK = SECOND.replace(year=2099), SECOND.replace(day=9, hour=10)


def as_of(town: Town) -> datetime:
    """The marts' clock."""
    with open_warehouse(town.home.warehouse) as connection:
        ((moment,),) = connection.execute("select as_of from raw.as_of").fetchall()
    assert isinstance(moment, datetime)
    return moment


def test_a_home_written_in_2099_is_brought_back(town: Town) -> None:
    shutil.copytree(ROOT / "examples" / "lushan-2022" / "2022-03-07T1730" / "CL", town.inbox / "CL")
    list(run_stages(replace(town.run, as_of=AHEAD, run_id="ahead"), Period(2022, 2), town.inbox, town.contacts))
    receipts = town.home.landing / "lushan-2022" / "receipts"
    for path in (receipts, town.home.warehouse):
        os.utime(path, (AHEAD.timestamp(), AHEAD.timestamp()))
    assert as_of(town) == AHEAD

    now = replace(town.run, as_of=BACK, run_id="back")
    with pytest.raises(UserError, match="时钟回拨了"):
        require_steady(BACK, last_written(town.home))
    with pytest.raises(UserError, match="太早：文件的收到时间是 2099-03-07 17:30"):
        pull(now, town.inbox)
    with pytest.raises(UserError, match="太早：统计结果已经算到 2099-03-07 17:30"):
        build(now)

    for receipt in receipts.glob("*.json"):  # sed --in-place 's/"received_at": "2099-[^"]*"/"received_at": "…"/'
        text = receipt.read_text(encoding="utf-8")
        receipt.write_text(re.sub(r'"received_at": "2099-[^"]*"', f'"received_at": "{BACK.isoformat()}"', text))
    shutil.move(town.home.warehouse, town.inbox.parent / "warehouse-of-2099.duckdb")
    list(recover(now))
    for folder in (receipts, town.home.landing / "lushan-2022" / "openings"):
        os.utime(folder, (BACK.timestamp(), BACK.timestamp()))
    os.utime(town.home.warehouse, (BACK.timestamp(), BACK.timestamp()))

    assert as_of(town) == BACK
    require_steady(BACK, last_written(town.home))
    assert pull(replace(now, run_id="next"), town.inbox).counts == {"known": 4}
