"""What DuckDB may take of the memory: more goes to disk, and what does not fit even there is told as what it is."""

from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.warehouse import connection
from minsheng.warehouse.connection import open_warehouse

_LARGE = "create table t as select range as number, repeat('x', 100) as text from range(500000)"
_TOO_LARGE = "select list(text) from (select repeat('x', 1000) as text from range(500000))"


def test_a_database_in_memory_goes_on_from_disk_wherever_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/proc")  # where nobody can write
    monkeypatch.setitem(connection._CONFIG, "memory_limit", "40MB")
    with open_warehouse(None) as database:
        database.execute(_LARGE)
        (spilt,) = database.execute("select count(*) from duckdb_temporary_files()").fetchall()
        assert spilt[0] > 0
        assert database.execute("select count(*) from t").fetchone() == (500_000,)


def test_what_takes_too_much_is_told_without_blaming_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(connection._CONFIG, "memory_limit", "30MB")
    with (
        pytest.raises(UserError, match="内存超过了给 DuckDB 的 30MB"),
        open_warehouse(tmp_path / "a.duckdb") as database,
    ):
        database.execute(_TOO_LARGE).fetchall()
