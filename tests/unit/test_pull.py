"""Landing: what was received is kept once, whole, and under the name of its content."""

import errno
import json
import os
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import process_time
from typing import BinaryIO, NoReturn
from zoneinfo import ZoneInfo

import pytest

from minsheng.core.declarations import ROOT
from minsheng.core.errors import BusyError, UserError
from minsheng.core.home import Home
from minsheng.landing import Withheld, content_path, receipts
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.source import content, folder, share
from minsheng.spreadsheet.container import MAX_BYTES
from minsheng.stages.pull import is_known, pull

MORNING = datetime(2022, 2, 7, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NOON = MORNING.replace(hour=12)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(Home(tmp_path / "home"), as_county([load_plan(ROOT / "plans" / "lushan-2022")]), MORNING, "test")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    (folder / "RSJ" / "2022").mkdir(parents=True)
    (folder / "RSJ" / "2022" / "一月.xlsx").write_bytes(b"january")
    (folder / "CL").mkdir()
    (folder / "CL" / "表.xlsx").write_bytes(b"cl")
    return folder


def test_every_file_of_a_unit_folder_lands_with_its_sender_name_and_time(run: Run, inbox: Path) -> None:
    result = pull(run, inbox)
    assert [(outcome.input, outcome.result) for outcome in result.outcomes] == [
        ("CL/表.xlsx", "landed"),
        ("RSJ/2022/一月.xlsx", "landed"),
    ]
    landed = receipts(run.home, run.county.plans[0].plan_id)
    assert [(receipt.unit_code, receipt.file_name, receipt.received_at) for receipt in landed] == [
        ("CL", "表.xlsx", MORNING),
        ("RSJ", "2022/一月.xlsx", MORNING),
    ]
    assert content_path(run.home, run.county.plans[0].plan_id, landed[1].sha256).read_bytes() == b"january"


def test_a_second_pull_changes_nothing_and_keeps_the_first_time(run: Run, inbox: Path) -> None:
    pull(run, inbox)
    again = pull(replace(run, as_of=NOON), inbox)
    assert {outcome.result for outcome in again.outcomes} == {"known"}
    assert {receipt.received_at for receipt in receipts(run.home, run.county.plans[0].plan_id)} == {MORNING}


def test_other_bytes_under_the_same_name_are_another_submission(run: Run, inbox: Path) -> None:
    pull(run, inbox)
    assert is_known(run.home, inbox, NOON)
    (inbox / "CL" / "表.xlsx").write_bytes(b"second thoughts")
    assert not is_known(run.home, inbox, NOON)
    assert pull(replace(run, as_of=NOON), inbox).count("landed") == 1
    assert len(receipts(run.home, run.county.plans[0].plan_id)) == 3


def test_the_first_bytes_again_under_the_same_name_are_sent_anew(run: Run, inbox: Path) -> None:
    file = inbox / "CL" / "表.xlsx"
    for hour, data in ((9, b"cl"), (10, b"second thoughts"), (11, b"cl")):
        file.write_bytes(data)
        assert pull(replace(run, as_of=MORNING.replace(hour=hour)), inbox).outcomes[0].result == "landed"
        assert pull(replace(run, as_of=MORNING.replace(hour=hour)), inbox).outcomes[0].result == "known"
    assert len({receipt.submission_id for receipt in receipts(run.home, run.county.plans[0].plan_id)}) == 4
    file.write_bytes(b"second thoughts")
    assert pull(replace(run, as_of=MORNING.replace(hour=10)), inbox).outcomes[0].result == "known", "a run done again"


def test_what_programs_leave_behind_is_not_a_report(run: Run, inbox: Path) -> None:
    for name in ("~$表.xlsx", ".~lock.表.xlsx#", "Thumbs.db", "._表.xlsx"):
        (inbox / "CL" / name).write_bytes(b"debris")
    (inbox / "lost+found").mkdir()
    ignored = [one.input for one in pull(run, inbox).outcomes if one.result == "ignored"]
    assert ignored == ["lost+found", "CL/._表.xlsx", "CL/.~lock.表.xlsx#", "CL/Thumbs.db", "CL/~$表.xlsx"]
    assert len(receipts(run.home, run.county.plans[0].plan_id)) == 2


def test_a_file_without_a_sender_is_reported_and_left_where_it_is(run: Run, inbox: Path) -> None:
    (inbox / "谁的.xlsx").write_bytes(b"?")
    outcome = pull(run, inbox).outcomes[0]
    assert (outcome.input, outcome.result) == ("谁的.xlsx", "misplaced")
    assert (inbox / "谁的.xlsx").exists()


def test_an_empty_inbox_is_nothing_to_do_and_a_missing_one_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert pull(run, tmp_path / "empty").counts == {}
    with pytest.raises(UserError, match="没有收件目录 → 请新建"):
        pull(run, tmp_path / "nowhere")


def test_bytes_without_a_receipt_were_never_received(run: Run, inbox: Path) -> None:
    pull(run, inbox)
    for path in (run.home.landing / run.county.plans[0].plan_id / "receipts").glob("*.json"):
        path.unlink()
    assert pull(run, inbox).count("landed") == 2


def test_a_file_that_grows_while_it_is_read_waits_for_the_next_run(
    run: Run, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = content._read

    def read_while_it_grows(stream: BinaryIO, size: int) -> content.FileContent:
        with (inbox / "CL" / "表.xlsx").open("ab") as file:
            file.write(b"more")
        return read(stream, size)

    monkeypatch.setattr(content, "_read", read_while_it_grows)
    result = pull(run, inbox)
    assert [(one.input, one.result) for one in result.outcomes] == [
        ("CL/表.xlsx", "busy"),
        ("RSJ/2022/一月.xlsx", "landed"),
    ]
    monkeypatch.undo()
    assert pull(run, inbox).count("landed") == 1


def test_of_what_is_too_large_to_be_looked_into_only_the_receipt_is_kept(run: Run, inbox: Path) -> None:
    with (inbox / "RSJ" / "很大.xlsx").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert pull(run, inbox).count("withheld") == 1
    (receipt,) = (one for one in receipts(run.home, "lushan-2022") if one.withheld)
    assert receipt.withheld == Withheld("too_large")
    assert (receipt.file_name, receipt.byte_count) == ("很大.xlsx", MAX_BYTES + 1)
    assert pull(run, inbox).count("known") == 3
    assert not content_path(run.home, "lushan-2022", receipt.sha256).exists()


def test_what_is_too_large_is_never_read_whole_and_known_by_its_ends(run: Run, inbox: Path) -> None:
    """Four gigabytes of nothing: read whole they would take twenty seconds, each time."""
    large = inbox / "RSJ" / "很大.xlsx"
    with large.open("wb") as file:
        file.truncate(4 << 30)
    began = process_time()
    assert [pull(run, inbox).count(result) for result in ("withheld", "known", "known")] == [1, 3, 3]
    for at, whence in ((0, os.SEEK_SET), (-1, os.SEEK_END)):
        with large.open("r+b") as file:
            file.seek(at, whence)
            file.write(b"x")
        assert pull(run, inbox).count("withheld") == 1, "another end, another file"
    with large.open("r+b") as file:
        file.truncate((4 << 30) + 1)
    assert pull(run, inbox).count("withheld") == 1
    assert process_time() - began < 5


class Locks:
    """Permissions do not bind whoever runs the tests as root, so the system's answer is put in its mouth."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.shut: set[bytes] = set()
        self._open = os.open
        monkeypatch.setattr(os, "open", self.open)

    def open(self, name: str | bytes | Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if dir_fd is not None and os.fsencode(name) in self.shut:
            raise PermissionError(errno.EACCES, "Permission denied", name)
        return self._open(name, flags, mode, dir_fd=dir_fd)


@pytest.fixture
def locks(monkeypatch: pytest.MonkeyPatch) -> Locks:
    return Locks(monkeypatch)


def test_what_may_not_be_looked_at_is_named_and_keeps_no_other_waiting(run: Run, inbox: Path, locks: Locks) -> None:
    (inbox / "GAJ").mkdir()
    (inbox / "GAJ" / "锁.xlsx").write_bytes(b"gaj")
    locks.shut = {b"2022", "锁.xlsx".encode()}
    result = pull(run, inbox)
    assert [(one.input, one.result, one.detail) for one in result.outcomes if one.result != "landed"] == [
        ("GAJ/锁.xlsx", "unreadable", "Permission denied，文件仍在收件目录"),
        ("RSJ/2022", "unreadable", "Permission denied，文件仍在收件目录"),
    ]
    assert result.count("landed") == 1


def test_what_cannot_be_read_twice_in_a_row_is_trouble_until_it_can(run: Run, inbox: Path, locks: Locks) -> None:
    def at(hour: int) -> dict[str, tuple[str, bool]]:
        later = replace(run, as_of=MORNING.replace(hour=hour), run_id=f"run at {hour}")
        pulled = pull(later, inbox)
        return {one.input: (one.result, one in pulled.troubles) for one in pulled.outcomes}

    locks.shut = {"表.xlsx".encode()}
    assert at(9)["CL/表.xlsx"] == ("unreadable", False)
    assert at(9)["CL/表.xlsx"] == ("unreadable", False), "the same run again is not the next one"
    assert at(10)["CL/表.xlsx"] == ("shut", True)
    assert at(11)["CL/表.xlsx"] == ("shut", True)
    locks.shut = set()
    assert at(12)["CL/表.xlsx"] == ("landed", False)
    locks.shut = {"表.xlsx".encode()}
    assert at(13)["CL/表.xlsx"] == ("unreadable", False)


def test_an_inbox_that_does_not_answer_is_tried_again(run: Run, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stale(descriptor: int, most: int) -> NoReturn:
        raise OSError(errno.ESTALE, "Stale file handle")

    monkeypatch.setattr(folder, "folder_entries", stale)
    with pytest.raises(BusyError, match=r"收件目录列不出内容（Stale file handle） → 请确认共享盘"):
        pull(run, inbox)


def test_an_inbox_without_folders_is_told_where_there_were_some(run: Run, inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "another").mkdir()
    pull(run, inbox)
    assert pull(replace(run, as_of=NOON), tmp_path / "another").outcomes == (), "it never had any"
    for file in inbox.rglob("*.xlsx"):
        file.unlink()
    assert pull(replace(run, as_of=NOON), inbox).outcomes == (), "its folders are there, only empty"
    shutil.rmtree(inbox / "CL")
    shutil.rmtree(inbox / "RSJ")
    silent = pull(replace(run, as_of=NOON.replace(hour=13)), inbox)
    assert [(one.input, one.result) for one in silent.troubles] == [(".", "silent")]
    assert "2022-02-07 12:00 取件时有 2 个：共享目录可能没有挂上" in silent.outcomes[0].detail


def test_what_an_earlier_run_done_again_finds_new_is_left_to_the_next(run: Run, inbox: Path) -> None:
    """As of the morning it would come before what came at noon, which would stay the version that counts."""
    (inbox / "CL" / "表.xlsx").rename(inbox / "CL" / "午.xlsx")
    assert pull(replace(run, as_of=NOON), inbox).count("landed") == 2
    (inbox / "CL" / "改.xlsx").write_bytes(b"corrected in the afternoon")
    (inbox / "GAJ").mkdir()
    (inbox / "GAJ" / "表.xlsx").write_bytes(b"first of its unit")
    told = {one.input: (one.result, one.detail) for one in pull(run, inbox).outcomes}
    assert told["CL/改.xlsx"] == (
        "later",
        "本单位在这次运行的时点之后（2022-02-07 12:00）已有来件，这个文件到得更晚，留待下次取件",
    )
    assert told["GAJ/表.xlsx"][0] == "landed", "left in time, and not taken for a fault of ours"
    assert pull(replace(run, as_of=NOON.replace(hour=13)), inbox).count("landed") == 1


def test_a_run_long_before_what_has_come_takes_nothing(run: Run, inbox: Path) -> None:
    pull(replace(run, as_of=MORNING.replace(year=2099)), inbox)
    with pytest.raises(UserError, match="太早：文件的收到时间是 2099-02-07 09:00 → 请给更晚的时刻"):
        pull(run, inbox)


def test_a_run_takes_its_share_of_a_sender_and_the_next_goes_on(
    run: Run, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share, "MOST_TAKEN", 2)
    for number in range(4):
        (inbox / "CL" / f"{number}.xlsx").write_bytes(b"%d" % number)
    first = pull(run, inbox)
    assert first.counts == {"landed": 3, "postponed": 1}
    assert [(one.input, one.detail) for one in first.outcomes if one.result == "postponed"] == [
        ("CL", "本次取件已到上限，其余 3 个文件下次再取")
    ]
    assert [pull(run, inbox).count("landed") for _ in range(3)] == [2, 1, 0]


def test_more_than_a_run_can_read_of_a_sender_is_trouble(
    run: Run, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share, "MOST_READ_BYTES", 2)
    (inbox / "CL" / "附.xlsx").write_bytes(b"more")
    assert [(one.input, one.result) for one in pull(run, inbox).troubles] == [("CL", "too_many")]
    assert [(one.input, one.result) for one in pull(run, inbox).troubles] == [("CL", "too_many")], "known or not"


def test_a_landing_that_cannot_be_written_is_no_fault_of_a_unit(run: Run, inbox: Path) -> None:
    run.home.landing.mkdir(parents=True)
    (run.home.landing / run.county.plans[0].plan_id).touch()
    with pytest.raises(NotADirectoryError, match=run.county.plans[0].plan_id):
        pull(run, inbox)


def test_a_link_is_no_report(run: Run, inbox: Path) -> None:
    (inbox / "CL" / "表.xlsx").rename(inbox / "secret")
    (inbox / "CL" / "表.xlsx").symlink_to(inbox / "secret")
    outcomes = {one.input: (one.result, one.detail) for one in pull(run, inbox).outcomes}
    assert outcomes["CL/表.xlsx"] == ("misplaced", "是链接，不是报表；不跟随链接取件")


def test_what_landed_for_last_years_plan_is_known_to_this_years(run: Run, inbox: Path) -> None:
    pull(run, inbox)
    plan = run.county.plans[0].model_copy(update={"plan_id": "lushan-2023", "year": 2023})
    (inbox / "CL" / "一月.xlsx").write_bytes(b"new")
    result = pull(replace(run, county=as_county([plan])), inbox)
    assert [(one.input, one.result) for one in result.outcomes] == [
        ("CL/一月.xlsx", "landed"),
        ("CL/表.xlsx", "known"),
        ("RSJ/2022/一月.xlsx", "known"),
    ]


def test_a_name_is_kept_on_one_line(run: Run, inbox: Path) -> None:
    (inbox / "CL" / "表.xlsx").rename(inbox / "CL" / "表\n\x07.xlsx")
    assert pull(run, inbox).outcomes[0].input == "CL/表\ufffd\ufffd.xlsx"


def test_a_receipt_is_plain_json_a_person_can_read(run: Run, inbox: Path) -> None:
    pull(run, inbox)
    folder = run.home.landing / run.county.plans[0].plan_id / "receipts"
    texts = [json.loads(path.read_text(encoding="utf-8")) for path in folder.iterdir()]
    assert {text["received_at"] for text in texts} == {"2022-02-07T09:00:00+08:00"}
