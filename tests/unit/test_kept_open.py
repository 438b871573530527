"""A warehouse kept open: quick to open again, ours alone meanwhile, and everybody's after."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from minsheng.core.errors import BusyError, UserError
from minsheng.core.home import Installation
from minsheng.warehouse.connection import kept_open, open_to_read, open_warehouse, transaction
from tests.holding import holding

AS_OF = "insert into raw.as_of (plan_id) values (?)"
PLANS = "select plan_id from raw.as_of order by plan_id"


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """One that has been begun."""
    path = Installation(tmp_path).home("lushan").warehouse
    with open_warehouse(path):
        pass
    return path


def test_what_one_opening_wrote_the_next_reads(warehouse: Path) -> None:
    with kept_open(warehouse):
        with open_warehouse(warehouse) as connection, transaction(connection):
            connection.execute(AS_OF, ["lushan-2022"])
        with open_to_read(warehouse) as connection:
            assert connection.execute(PLANS).fetchall() == [("lushan-2022",)]
    with open_warehouse(warehouse) as connection:
        assert connection.execute(PLANS).fetchall() == [("lushan-2022",)]


def test_a_reader_sees_one_state(warehouse: Path) -> None:
    with kept_open(warehouse), open_to_read(warehouse) as reader:
        assert reader.execute(PLANS).fetchall() == []
        with open_warehouse(warehouse) as writer:
            writer.execute(AS_OF, ["lushan-2022"])
        assert reader.execute(PLANS).fetchall() == []


def test_a_reader_writes_nothing(warehouse: Path) -> None:
    with kept_open(warehouse), pytest.raises(UserError, match="read-only mode"), open_to_read(warehouse) as reader:
        reader.execute(AS_OF, ["lushan-2022"])


def test_what_is_not_committed_is_gone_and_temporary_tables_are_one_openings_own(warehouse: Path) -> None:
    with kept_open(warehouse):
        with pytest.raises(ZeroDivisionError), open_warehouse(warehouse) as connection, transaction(connection):
            connection.execute("create temporary table mine as select 1")
            connection.execute(AS_OF, ["lushan-2022"])
            raise ZeroDivisionError
        with open_warehouse(warehouse) as connection:
            assert connection.execute(PLANS).fetchall() == []
            with pytest.raises(duckdb.CatalogException):
                connection.execute("select * from mine")


def test_times_are_the_countys_in_every_opening(warehouse: Path) -> None:
    with kept_open(warehouse), open_warehouse(warehouse) as connection:
        assert connection.execute("select current_setting('TimeZone')").fetchall() == [("Asia/Shanghai",)]


def test_it_is_ours_alone_until_the_outermost_block_ends(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("minsheng.warehouse.connection.PATIENCE", 0)
    with kept_open(warehouse):
        with kept_open(warehouse), open_warehouse(warehouse):
            pass
        with pytest.raises(AssertionError), holding(warehouse):
            pytest.fail("opened by another")
    with holding(warehouse), pytest.raises(BusyError), kept_open(warehouse):
        pass
