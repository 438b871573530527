"""One process for a batch: a file that kills it, hangs it or wants too much takes down itself and nobody else."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from minsheng.core.declarations import ROOT
from minsheng.spreadsheet.limits import Limits
from minsheng.spreadsheet.opening import book_reader
from minsheng.spreadsheet.worker import Lost, Worker, borrowed
from tests.unit.spreadsheet.test_hostile_files import with_cells

PROBE = "tests.unit.spreadsheet.probe"
LIMITS = Limits(memory_bytes=100 << 20, cpu_seconds=1, wall_seconds=60, answer_bytes=1000)
HASTY = replace(LIMITS, wall_seconds=2)
GOOD = with_cells(A1=7)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_one_process_answers_all_of_a_batch() -> None:
    with Worker(PROBE, LIMITS) as worker:
        pids = {worker.ask(b"pid") for _ in range(5)}
    assert len(pids) == 1 and pids != {str(os.getpid()).encode()}
    assert not is_alive(int(pids.pop()))  # type: ignore[arg-type]


def test_an_idle_process_answers_whoever_asks_next() -> None:
    with borrowed(PROBE, LIMITS) as first, borrowed(PROBE, LIMITS) as second:
        pids = {first.ask(b"pid"), second.ask(b"pid")}
    with borrowed(PROBE, LIMITS) as third:
        assert len(pids) == 2 and third.ask(b"pid") in pids


def test_a_process_left_in_the_middle_answers_nobody_else() -> None:
    with pytest.raises(KeyboardInterrupt), borrowed(PROBE, LIMITS) as worker:
        pid = worker.ask(b"pid")
        raise KeyboardInterrupt
    assert isinstance(pid, bytes) and not is_alive(int(pid))
    with borrowed(PROBE, LIMITS) as worker:
        assert worker.ask(b"pid") != pid


def test_a_fork_leaves_its_parents_process_alone() -> None:
    with borrowed(PROBE, LIMITS) as worker:
        pid = worker.ask(b"pid")
    script = f"""
import os
from minsheng.spreadsheet.limits import Limits
from minsheng.spreadsheet.worker import borrowed
limits = {LIMITS!r}
with borrowed({PROBE!r}, limits) as worker:
    mine = worker.ask(b"pid")
if (child := os.fork()) == 0:
    with borrowed({PROBE!r}, limits) as worker:
        os._exit(worker.ask(b"pid") == mine)
_, status = os.waitpid(child, 0)
with borrowed({PROBE!r}, limits) as worker:
    assert worker.ask(b"pid") == mine
print(os.waitstatus_to_exitcode(status), mine.decode())
"""
    path = os.pathsep.join((str(ROOT), str(ROOT / "etl")))
    done = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True
    )
    code, theirs = done.stdout.split() or (done.stderr, "0")
    assert code == "0" and not is_alive(int(theirs))
    with borrowed(PROBE, LIMITS) as worker:
        assert worker.ask(b"pid") == pid


@pytest.mark.parametrize(
    ("request_", "lost"),
    [
        (b"allocate", Lost.TOO_LARGE),
        (b"abort", Lost.TOO_LARGE),
        (b"calculate", Lost.TOO_LARGE),
        (b"talk", Lost.TOO_LARGE),
        (b"crash", Lost.DAMAGED),
        (b"die", Lost.TOO_LARGE),
    ],
)
def test_what_breaks_the_limits_or_the_process_is_lost_and_the_next_is_answered(request_: bytes, lost: Lost) -> None:
    with Worker(PROBE, LIMITS) as worker:
        assert worker.ask(b"echo") == b"echo"
        assert worker.ask(request_) is lost
        assert worker.ask(b"echo") == b"echo"


def test_a_process_that_hangs_is_killed_and_the_next_file_is_read() -> None:
    with Worker(PROBE, HASTY) as worker:
        assert worker.ask(b"hang") is Lost.TOO_LARGE
        assert worker.ask(b"echo") == b"echo"


@pytest.fixture
def hangups() -> Iterator[None]:
    """Have hangups end processes as usual: what is called by ``nohup`` ignores them, and so does all it starts."""
    former = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, former)


@pytest.mark.usefixtures("hangups")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_process_ended_from_outside_in_the_middle_of_a_batch_costs_no_file(number: signal.Signals) -> None:
    with Worker(PROBE, LIMITS) as worker:
        first = worker.ask(b"pid")
        assert isinstance(first, bytes)
        os.kill(int(first), number)
        second = worker.ask(b"pid")
        assert second != first
        assert worker.ask(b"pid") == second


def test_a_batch_of_files_goes_on_after_one_that_kills() -> None:
    far = with_cells(A1=1, XFD1048576=1)
    with book_reader() as read_book:
        assert [read_book(content).reading for content in (GOOD, far, GOOD)] == ["ok", "too_large", "ok"]


def test_memory_left_over_from_one_file_takes_none_from_the_next() -> None:
    with Worker(PROBE, LIMITS) as worker:
        grown = [worker.ask(b"grow") for _ in range(4)]
    assert len(set(grown)) == 4 and Lost.TOO_LARGE not in grown


def test_processor_time_is_counted_for_each_file_anew() -> None:
    with Worker(PROBE, LIMITS) as worker:
        spent = [worker.ask(b"calculate for half a second") for _ in range(6)]
    assert len(set(spent)) == 1


def test_what_libraries_print_is_no_answer() -> None:
    with Worker(PROBE, LIMITS) as worker:
        assert worker.ask(b"chatter") == b"done"
        assert worker.ask(b"echo") == b"echo"


def test_a_fault_of_ours_is_an_exception_and_the_process_goes_on() -> None:
    with Worker(PROBE, LIMITS) as worker:
        pid = worker.ask(b"pid")
        with pytest.raises(RuntimeError, match=r"serving tests.unit.spreadsheet.probe .*\n(.*\n)*ZeroDivisionError"):
            worker.ask(b"stumble")
        assert worker.ask(b"pid") == pid


def test_a_process_that_cannot_begin_is_a_fault_of_ours() -> None:
    with Worker("etl.no_such_module", LIMITS) as worker, pytest.raises(RuntimeError, match="No module named"):
        worker.ask(b"echo")


def test_no_process_outlives_its_parent_even_when_that_is_killed_while_it_works() -> None:
    program = f"""
from minsheng.spreadsheet.limits import Limits
from minsheng.spreadsheet.worker import Worker
worker = Worker({PROBE!r}, Limits(100 << 20, 10, 600, 1000))
print(worker.ask(b"pid").decode(), flush=True)
worker.ask(b"sleep")
"""
    parent = subprocess.Popen((sys.executable, "-c", program), stdout=subprocess.PIPE, text=True, cwd=ROOT)
    with parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
    until = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.01)
    assert not is_alive(pid)


def test_the_reader_starts_without_the_libraries_it_does_not_need() -> None:
    asked = (
        "import sys, minsheng.spreadsheet.reading, minsheng.spreadsheet.serving; print({unwanted} & set(sys.modules))"
    )
    unwanted = {"pydantic", "yaml", "openpyxl", "duckdb", "pandas"}
    done = subprocess.run(
        (sys.executable, "-c", asked.format(unwanted=unwanted)), capture_output=True, check=True, cwd=ROOT, text=True
    )
    assert done.stdout == "set()\n"
