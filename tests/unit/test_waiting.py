"""A warehouse that another process has open: waited for, and if it does not come free, said who holds it."""

import getpass
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest

from minsheng.core.errors import BusyError
from minsheng.warehouse import connection
from minsheng.warehouse.connection import open_to_read, open_warehouse
from minsheng.warehouse.holder import holder, is_held
from tests.holding import holding


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path):
        pass
    return path


@pytest.fixture
def reader(warehouse: Path) -> Iterator[Popen[str]]:
    with holding(warehouse, "read") as process:
        yield process


def let_go_once_waited_for(process: Popen[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process ends when we have begun to wait for it."""
    waiting = threading.Event()

    def pause(_: float) -> None:
        if not waiting.is_set():
            waiting.set()
            process.communicate("\n")

    monkeypatch.setattr("minsheng.warehouse.connection.time.sleep", pause)


def test_a_writer_goes_on_when_a_reader_has_let_go(
    warehouse: Path, reader: Popen[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    let_go_once_waited_for(reader, monkeypatch)
    with caplog.at_level(logging.WARNING), open_warehouse(warehouse) as opened:
        assert opened.execute("select count(*) from raw.mail").fetchone() == (0,)
    (said,) = caplog.messages
    assert said.startswith(f"{warehouse} 正被占用，等待其结束（最多 300 秒）：process {reader.pid}, `")


def test_a_reader_of_ours_waits_for_a_writer(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with holding(warehouse) as writer:
        let_go_once_waited_for(writer, monkeypatch)
        with open_to_read(warehouse) as opened:
            assert opened.execute("select count(*) from raw.mail").fetchone() == (0,)


def test_who_never_lets_go_is_named_with_what_to_do(
    warehouse: Path, reader: Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.2)
    with pytest.raises(BusyError) as raised, open_warehouse(warehouse):
        pytest.fail("opened")
    error = raised.value
    assert error.where == str(warehouse)
    assert error.problem.startswith(f"等了 0 秒仍被占用：process {reader.pid}, `")
    assert "duckdb.connect" in error.problem and error.problem.endswith(f"user {getpass.getuser()}")
    assert error.remedy == ("请结束那个进程后重新运行，什么也没有丢；要查询的请用 published/，见 docs/bi.md")


def test_readers_do_not_wait_for_readers(warehouse: Path, reader: Popen[str]) -> None:
    with open_to_read(warehouse) as opened:
        assert opened.execute("select 1").fetchone() == (1,)
    assert reader.poll() is None


def test_a_disk_that_refuses_is_not_waited_for(tmp_path: Path) -> None:
    """A folder in the file's place is no database, and no process will make it one."""
    (tmp_path / "warehouse.duckdb").mkdir()
    with pytest.raises(BusyError, match="DuckDB 用不了这个文件"), open_warehouse(tmp_path / "warehouse.duckdb"):
        pytest.fail("opened")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Conflicting lock is held in PID 0. See also", "a process of another machine or container"),
        ("Conflicting lock is held by somebody", "a process of another machine or container"),
        ("Conflicting lock is held in /usr/bin/x (PID 999999999).", "process 999999999"),
    ],
)
def test_a_holder_of_whom_little_is_known(words: str, told: str) -> None:
    assert is_held(f'IO Error: Could not set lock on file "w": {words}')
    assert holder(words) == told
