"""``make bench SCALE=province``, of two counties: killed in the second, it goes on there and leaves the first alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.province import Province
from minsheng.core.declarations import ROOT
from minsheng.publication.revisions import require_current
from minsheng.warehouse.connection import open_to_read

pytestmark = pytest.mark.slow

SIZE = 2
FILES = 39
MOST_SECONDS = 600


def start(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench", "--scale", "province", "--counties", f"{SIZE}", "--folder", f"{folder}"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "150"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def test_a_county_that_is_done_stays_done_and_one_cut_short_is_finished(tmp_path: Path) -> None:
    province = Province(tmp_path, SIZE)
    first, second = (province.installation.home(county.name) for county in province.counties)
    with start(tmp_path) as killed:
        begun = time.monotonic()
        while not any(second.landing.glob("*/receipts/*")):  # the first is done, and files of the second have landed
            assert killed.poll() is None and time.monotonic() - begun < MOST_SECONDS
            time.sleep(0.05)
        killed.send_signal(signal.SIGKILL)
    (done,) = province.done()
    assert done.county == first.county
    written = first.warehouse.stat().st_mtime_ns

    with start(tmp_path) as again:
        said, _ = again.communicate(timeout=MOST_SECONDS)
    assert again.returncode == 0
    assert first.warehouse.stat().st_mtime_ns == written
    assert [one.files for one in province.done()] == [FILES] * SIZE
    assert all(0 < one.rejected < one.accepted for one in province.done())
    assert "2/2" in said

    manifest = json.loads((province.installation.current / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["counties"] == {home.county: require_current(home).name for home in (first, second)}
    with open_to_read(province.installation.current / "marts.duckdb") as connection:
        query = "select target_value from pub_indicator_completion_v1 where indicator_code = 'M03-01' order by plan_id"
        assert [int(target) for (target,) in connection.execute(query).fetchall()] == [2042, 2052]
