"""What is handed in is judged as it will be, landed once and at its moment, and keeps no run waiting."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from minsheng.core.errors import BusyError, UserError
from minsheng.core.outcome import StageResult
from minsheng.core.period import Period
from minsheng.core.text import REPLACED
from minsheng.flows import handing_in, history
from minsheng.flows.explaining import doubt_key
from minsheng.flows.handing_in import Handed, Reception, file_name, reception
from minsheng.landing import all_receipts
from minsheng.landing.editions import land_edition
from minsheng.stages.parse import parse
from minsheng.stages.validate import validate
from minsheng.validation.finding import Finding
from tests.county import CONTACTS, IN_MAY, IN_TIME, County, open_months
from tests.unit.parsing.saved import as_csv
from tests.workbooks import as_bytes, lushan, manholes

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def window() -> Iterator[Reception]:
    with reception() as opened:
        yield opened


@pytest.fixture
def county(tmp_path: Path) -> County:
    made = County(tmp_path)
    land_edition(made.home, lushan(), IN_MAY - timedelta(days=90))
    return made


def handed(county: County, content: bytes, name: str = "报表.xlsx", at: datetime = IN_TIME) -> Handed:
    return Handed(county.home, "CGJ", name, content, at)


def judged_by_the_stages(county: County, at: datetime) -> StageResult:
    run = county.run(at)
    parse(run)
    return validate(run, CONTACTS)


def test_a_check_leaves_no_trace_and_holds_a_file_against_what_its_unit_handed_in_before(
    window: Reception, county: County
) -> None:
    before = county.home.warehouse.read_bytes()
    may = handed(county, as_bytes(manholes(120, 550)), "5月.xlsx", IN_TIME + timedelta(minutes=1))
    alone = window.check(may)
    assert (alone.checked.verdict, alone.receipt, all_receipts(county.home)) == ("accepted", None, [])
    window.receive(handed(county, as_bytes(manholes(100, 400, "2022-04")), "4月.xlsx"))
    assert window.check(may).checked.verdict == "rejected"
    assert [one.file_name for one in all_receipts(county.home)] == ["4月.xlsx"]
    assert county.home.warehouse.read_bytes() == before


def test_what_is_handed_in_is_received_at_its_moment_and_kept_once_whatever_it_is_called(
    window: Reception, county: County
) -> None:
    content = as_bytes(manholes())
    first = window.receive(handed(county, content))
    assert (first.checked.verdict, first.is_new) == ("accepted", True)
    again = window.receive(handed(county, content, "另一名称.xlsx", IN_TIME + timedelta(minutes=5)))
    assert (again.checked.verdict, again.is_new, again.receipt) == ("duplicate", False, first.receipt)
    (receipt,) = all_receipts(county.home)
    assert (receipt, receipt.received_at, receipt.unit_code) == (first.receipt, IN_TIME, "CGJ")
    assert judged_by_the_stages(county, IN_TIME - timedelta(minutes=1)).outcomes == ()
    assert judged_by_the_stages(county, IN_TIME + timedelta(minutes=30)).count("accepted") == 1
    assert county.query("select submission_id, received_at from raw.submission") == [(receipt.submission_id, IN_TIME)]
    judged = window.receive(handed(county, content, at=IN_TIME + timedelta(hours=1)))
    assert (judged.checked.verdict, judged.is_new, judged.receipt) == ("duplicate", False, first.receipt)
    assert len(all_receipts(county.home)) == 1


def test_a_faulty_file_tried_again_at_once_is_the_same_and_after_its_answer_another(
    window: Reception, county: County
) -> None:
    content = as_bytes(manholes(600, 520))
    first = window.receive(handed(county, content))
    again = window.receive(handed(county, content, at=IN_TIME + timedelta(minutes=1)))
    assert first.checked == again.checked and first.checked.verdict == "rejected"
    assert (again.is_new, again.receipt) == (False, first.receipt)
    judged_by_the_stages(county, IN_TIME + timedelta(minutes=30))
    later = window.receive(handed(county, content, at=IN_TIME + timedelta(hours=1)))
    assert later.is_new and later.checked.verdict == "rejected"
    assert len(all_receipts(county.home)) == 2


def test_while_a_run_writes_the_copy_of_before_serves_and_afterwards_what_it_wrote(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_FIRST_PATIENCE", 0.1)
    copy = history.History(county.home)
    with writing(county), pytest.raises(BusyError):
        months(copy)
    assert months(copy) == 3
    open_months(county.run(), Period(2022, 1))
    with writing(county):
        assert months(copy) == 3
    assert months(copy) == 4
    copy.close()


def months(copy: history.History) -> int:
    with copy.try_out() as connection:
        found = connection.execute("delete from raw.period returning period").fetchall()
    return len(found)


@contextmanager
def writing(county: County) -> Iterator[None]:
    """While another process has the warehouse open to write."""
    code = "import duckdb, sys\nheld = duckdb.connect(sys.argv[1])\nprint('writing', flush=True)\ninput()"
    command = (sys.executable, "-c", code, str(county.home.warehouse))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdin and writer.stdout and writer.stdout.readline() == "writing\n"
        try:
            yield
        finally:
            writer.stdin.write("\n")
            writer.stdin.close()


def test_a_unit_cannot_have_more_waiting_than_a_run_should_find(
    window: Reception, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_in, "MOST_WAITING", 0)
    with pytest.raises(UserError, match="已有 0 份文件等待核对"):
        window.receive(handed(county, as_bytes(manholes())))
    assert all_receipts(county.home) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\报送\\五月.xlsx", "五月.xlsx"),
        ("../../etc/五月.xlsx", "五月.xlsx"),
        ("..", "未命名"),
        ("", "未命名"),
        ("长" * 300 + ".xlsx", "长" * 120 + ".xlsx"),
        ("五\r\n月.xlsx", f"五{REPLACED * 2}月.xlsx"),
    ],
)
def test_a_file_is_called_what_its_last_part_says(name: str, kept: str) -> None:
    assert file_name(name) == kept


def test_a_county_without_a_plan_has_not_begun(window: Reception, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="还没有开始报送"):
        window.check(handed(County(tmp_path), b""))


WHY = "汛期前集中改造，一次完工"


def doubtful(county: County, why: str = "", content: bytes | None = None, name: str = "5月.xlsx") -> Handed:
    """A jump, and what is typed beside it."""
    made = handed(county, content or as_bytes(manholes(1200, 1600)), name)
    doubt = Finding("H04", "warn", "填报", "F6", "1200", "", "")
    return replace(made, said={doubt_key(doubt): why} if why else {})


def test_what_is_typed_beside_a_doubt_is_kept_with_the_finding_and_has_its_cell(
    window: Reception, county: County
) -> None:
    (asked,) = [one for one in window.check(doubtful(county)).checked.findings if one.asks_why]
    assert (asked.rule, asked.explanation) == ("H04", None)
    reply = window.receive(doubtful(county, WHY), unless_rejected=True)
    assert [one.explanation for one in reply.checked.findings if one.asks_why] == [WHY]
    assert judged_by_the_stages(county, IN_TIME + timedelta(minutes=30)).count("accepted") == 1
    assert county.query("select explanation from raw.finding where asks_why") == [(WHY,)]
    (said,) = county.query("select sheet_name, cell_ref, raw_text from raw.cell where section = 'explanation'")
    assert said == ("退回清单", "G4", WHY)
    (receipt,) = all_receipts(county.home)
    assert receipt.file_name == "5月.xlsx"
    figures = "select field, number_value from raw.cell where section = 'report' and field in ('month', 'cumulative')"
    assert sorted(county.query(figures)) == [("cumulative", 1600), ("month", 1200)]


def test_the_same_file_with_the_same_words_is_taken_once(window: Reception, county: County) -> None:
    sent = doubtful(county, WHY)
    first = window.receive(sent)
    later = replace(sent, moment=IN_TIME + timedelta(minutes=5))
    assert [first.is_new, window.receive(later).is_new] == [True, False]


def test_a_csv_that_is_explained_becomes_a_workbook(window: Reception, county: County) -> None:
    made = doubtful(county, WHY, as_csv(manholes(1200, 1600)), "5月.csv")
    (asked,) = [one for one in window.check(replace(made, said={})).checked.findings if one.asks_why]
    reply = window.check(replace(made, said={doubt_key(asked): WHY}))
    assert (reply.checked.file, reply.checked.verdict) == ("5月.xlsx", "accepted")
    assert [one.explanation for one in reply.checked.findings if one.asks_why] == [WHY]


def test_of_another_number_nothing_has_been_said(window: Reception, county: County) -> None:
    other = doubtful(county, WHY, as_bytes(manholes(1300, 1700)))
    assert [one.explanation for one in window.check(other).checked.findings if one.asks_why] == [None]


def test_a_telephone_number_in_an_explanation_is_kept_out(window: Reception, county: County) -> None:
    with pytest.raises(UserError, match="说明里有疑似个人信息") as refused:
        window.receive(doubtful(county, "请联系 13800000000"), unless_rejected=True)
    assert "本月数" in str(refused.value) and "13800000000" not in str(refused.value)
    assert not list(all_receipts(county.home))
