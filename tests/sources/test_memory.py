"""What a source remembers saves fetching; that nothing lands twice does not depend on it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from minsheng.landing import all_receipts
from minsheng.plan.run import Run
from minsheng.source.folder import FolderSource
from minsheng.stages import pull as stage
from minsheng.stages.pull import pull
from minsheng.warehouse.connection import open_warehouse
from tests.sources.conftest import NOON

# Before the first run.
WRITTEN = (NOON - timedelta(days=1)).timestamp()


@pytest.fixture
def sources(tmp_path: Path) -> tuple[FolderSource, FolderSource]:
    """Two ways of one unit, with other bytes under one name."""
    for number, content in enumerate((b"one", b"two")):
        path = tmp_path / str(number) / "CL" / "1月.csv"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        os.utime(path, (WRITTEN, WRITTEN))
    return FolderSource(tmp_path / "0", "甲"), FolderSource(tmp_path / "1", "乙")


def later(run: Run, hours: int) -> Run:
    return replace(run, run_id=f"run-{hours}", as_of=run.as_of + timedelta(hours=hours))


def test_two_ways_with_other_bytes_under_one_name_do_not_take_turns(
    run: Run, sources: tuple[FolderSource, FolderSource]
) -> None:
    assert pull(run, *sources).counts == {"landed": 2}
    assert [pull(later(run, hours), *sources).counts for hours in (1, 2)] == [{"known": 2}] * 2
    (sources[0].path / "CL" / "1月.csv").write_bytes(b"one, put right")
    assert pull(later(run, 3), *sources).counts == {"landed": 1, "known": 1}


def test_the_same_bytes_by_two_ways_land_once(run: Run, sources: tuple[FolderSource, FolderSource]) -> None:
    (sources[1].path / "CL" / "1月.csv").write_bytes(b"one")
    assert pull(run, *sources).counts == {"landed": 1, "known": 1}
    assert len(all_receipts(run.home)) == 1


def test_who_dies_before_it_is_remembered_lands_nothing_twice(
    run: Run, sources: tuple[FolderSource, FolderSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(stage, "remember", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            pull(run, *sources)
    assert pull(later(run, 1), *sources).counts == {"known": 2}
    assert len(all_receipts(run.home)) == 2


def test_a_memory_that_is_lost_costs_nothing_but_the_reading(
    run: Run, sources: tuple[FolderSource, FolderSource]
) -> None:
    pull(run, sources[0])
    pull(later(run, 1), sources[1])
    with open_warehouse(run.home.warehouse) as connection:
        connection.execute("delete from raw.source_entry")
    assert pull(later(run, 2), *sources).counts == {"known": 2}
