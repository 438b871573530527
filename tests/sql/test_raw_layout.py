"""A warehouse of an earlier version goes on working: it gains columns, and refuses what it cannot take over."""

from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.warehouse.connection import open_warehouse


def test_a_column_declared_since_is_added_and_the_rows_stay(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path) as connection:
        connection.execute(
            "insert into raw.as_of (plan_id, as_of) values ('lushan-2022', timestamptz '2022-06-06 17:30:00+08')"
        )
        connection.execute("drop view staging.stg_submission")
        connection.execute("drop view facts.file")
        connection.execute("alter table raw.verdict drop column rules_version")
    with open_warehouse(path) as connection:
        assert connection.execute("select rules_version from raw.verdict").fetchall() == []
        assert connection.execute("select plan_id from raw.as_of").fetchall() == [("lushan-2022",)]


def test_a_column_of_another_type_is_named_and_nothing_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path) as connection:
        connection.execute("alter table raw.outcome alter item_count type varchar")
    words = r"raw\.outcome\.item_count：这里的类型是 VARCHAR，本版本要的是 BIGINT → 请由原件区重建"
    with pytest.raises(UserError, match=words), open_warehouse(path):
        pass
