"""parse and validate on a small home: verdicts, findings with their places, history, rounds and mails."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import astuple, replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import NoReturn

import pytest
from openpyxl import Workbook

from minsheng.core.declarations import ROOT
from minsheng.core.outcome import StageResult
from minsheng.core.period import Period
from minsheng.flows.precheck import judge_files
from minsheng.mail.delivery import pending, unaddressed
from minsheng.plan.county import as_county
from minsheng.spreadsheet.numbers import CellValue
from minsheng.stages.parse import parse
from minsheng.stages.validate import validate
from minsheng.verify.outbox import verify_outbox
from minsheng.verify.remembered import remember
from minsheng.warehouse.connection import open_warehouse
from minsheng.warehouse.plan_rows import open_rows
from minsheng.words.outcomes import line
from tests.county import CONTACTS, IN_MAY, IN_TIME, LATE, County
from tests.workbooks import as_bytes, beside, blank, cell, header_row, lushan, manholes, streets, table_rows

pytestmark = pytest.mark.slow


def test_a_good_report_is_accepted_as_of_its_arrival(county: County) -> None:
    result = county.send(("CGJ", "5月.xlsx", as_bytes(manholes())))
    assert result.counts == {"accepted": 1}
    assert result.periods == ("2022-05",)
    assert county.query("select verdict, accepted_at, reject_count from raw.verdict") == [("accepted", IN_TIME, 0)]
    assert county.query("select count(*) from raw.finding") == [(0,)]


def test_a_complete_report_of_many_tables_is_accepted(county: County) -> None:
    assert county.send(("MZJ", "5月.xlsx", as_bytes(streets()))).count("accepted") == 1
    assert county.faults() == []


def test_nothing_new_is_nothing_to_do(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes())))
    assert parse(county.run()) == StageResult("parse")
    assert validate(county.run(), CONTACTS) == StageResult("validate")


def _one_of_everything(workbook: Workbook) -> None:
    cell(workbook, "M03-01", "本月数").value = "约120"
    cell(workbook, "M03-01", "累计数").value = None
    cell(workbook, "M03-01", "年度目标").value = 2000
    cell(workbook, "M03-01", "更正").value = "是"
    beside(workbook, "模板版本").value = "2021-01"


def test_all_faults_are_named_at_once_with_sheet_cell_and_what_stands_there(county: County) -> None:
    workbook = manholes()
    _one_of_everything(workbook)
    county.send(("CGJ", "5月.xlsx", as_bytes(workbook)))
    at = {
        heading: cell(workbook, "M03-01", heading).coordinate
        for heading in ("本月数", "累计数", "年度目标", "更正原因")
    }
    assert county.faults() == [
        ("C10", "填报", at["累计数"], None),
        ("C12", "填报", at["本月数"], "约120"),
        ("F26", "填报", beside(workbook, "模板版本").coordinate, "2021-01"),
        ("R06", "填报", at["年度目标"], "2000"),
        ("R14", "填报", at["更正原因"], None),
    ]


def _as_unit(code: str, name: str) -> Callable[[Workbook], None]:
    def change(workbook: Workbook) -> None:
        beside(workbook, "填报单位").value = name
        beside(workbook, "单位编码").value = code

    return change


def _in_month(text: str) -> Callable[[Workbook], None]:
    def change(workbook: Workbook) -> None:
        beside(workbook, "报送期").value = text

    return change


def _add_line(code: str) -> Callable[[Workbook], None]:
    def change(workbook: Workbook) -> None:
        sheet = workbook["填报"]
        row = header_row(sheet) + 2
        sheet.insert_rows(row)
        for column, value in ((1, code), (6, 1), (7, 1)):
            sheet.cell(row, column).value = value

    return change


def _without_line(workbook: Workbook) -> None:
    workbook["填报"].delete_rows(header_row(workbook["填报"]) + 1)


def _numbers(month: CellValue, cumulative: CellValue) -> Callable[[Workbook], None]:
    def change(workbook: Workbook) -> None:
        cell(workbook, "M03-01", "本月数").value = month
        cell(workbook, "M03-01", "累计数").value = cumulative

    return change


def _unit_of_measure(text: str) -> Callable[[Workbook], None]:
    def change(workbook: Workbook) -> None:
        cell(workbook, "M03-01", "计量单位").value = text

    return change


DEEDS: dict[str, tuple[Callable[[Workbook], None], set[str], str]] = {
    "nothing wrong": (_numbers(120, 520), set(), "accepted"),
    "another unit's form": (_as_unit("CL", "县残联"), {"F12"}, "rejected"),
    "an unknown unit": (_as_unit("", "县城管所"), {"F11", "F13"}, "rejected"),
    "a former name": (_as_unit("CGJ", "县综合执法局"), {"F13"}, "rejected"),
    "the month of another name": (_in_month("2022-04"), {"F23", "F31"}, "rejected"),
    "no month": (_in_month("上月"), {"F20"}, "rejected"),
    "a month to come": (_in_month("2022-09"), {"F21", "F23"}, "rejected"),
    "a month of another year": (_in_month("2021-05"), {"F22", "F23"}, "rejected"),
    "a code that is none": (_add_line("M11-01"), {"R01"}, "rejected"),
    "another unit's indicator": (_add_line("M08-01"), {"R04"}, "rejected"),
    "a line too few": (_without_line, {"O01"}, "rejected"),
    "a line twice": (_add_line("M03-01"), {"R05"}, "rejected"),
    "a negative month": (_numbers(-5, 520), {"R12"}, "rejected"),
    "columns swapped": (_numbers(520, 120), {"R13"}, "rejected"),
    "a part of a manhole": (_numbers(0.7, 520), {"C20"}, "rejected"),
    "zero without the mark": (_numbers(0, 520), {"R10"}, "accepted"),
    "a digit in a circle": (_numbers("120①", 520), {"C13"}, "rejected"),
    "another unit of measure": (_unit_of_measure("万个"), {"C23"}, "rejected"),
    "a code that is no unit's": (_as_unit("XXX", "县城管局"), {"F16"}, "accepted"),
    "more than half the year in a month": (_numbers(1500, 1900), {"H04"}, "accepted"),
    "full width and a unit": (_numbers("１２０座", 520), {"C30"}, "accepted"),
}


def test_what_a_unit_does_and_what_it_is_told(tmp_path: Path) -> None:
    files = []
    for number, (change, _, _) in enumerate(DEEDS.values()):
        workbook = manholes()
        change(workbook)
        file = tmp_path / str(number) / "CGJ" / "城管局5月.xlsx"
        file.parent.mkdir(parents=True)
        file.write_bytes(as_bytes(workbook))
        files.append(file)
    checked = judge_files(files, lushan(), None, None, IN_TIME)
    told = {
        deed: ({finding.rule for finding in one.findings}, one.verdict)
        for deed, one in zip(DEEDS, checked, strict=True)
    }
    assert told == {deed: (codes, verdict) for deed, (_, codes, verdict) in DEEDS.items()}


# Unit, indicator, what is entered, and what is said of these cells.
LIMITS: dict[str, tuple[str, str, dict[str, CellValue], set[str]]] = {
    "all of a register": ("YBJ", "M02-02", {"分子": 5, "分母": 5}, set()),
    "a share of part of it": ("YBJ", "M02-02", {"分子": 2, "分母": 2}, {"R33"}),
    "more than there are": ("YBJ", "M02-02", {"分子": 6, "分母": 5}, {"R23"}),
    "a node reached": ("YBJ", "M02-01", {"本月数": 1, "累计数": 1}, set()),
    "a node reached twice": ("YBJ", "M02-01", {"本月数": 1, "累计数": 2}, {"R35"}),
    "another population": ("ZWDSJ", "M10-02", {"分子": 500000, "分母": 700000}, {"R27"}),
    "no births": ("WJW", "M07-03", {"分子": 0, "分母": 0, "零报送": "是"}, {"R32"}),
    "no births, or nothing entered": ("WJW", "M07-03", {"分子": 0, "分母": 0}, {"R31"}),
    "a part of nothing": ("WJW", "M07-03", {"分子": 3, "分母": 0, "零报送": "是"}, {"R22"}),
    "no denominator": ("WJW", "M07-03", {"分子": 3}, {"C24"}),
}


def test_what_no_number_may_exceed(tmp_path: Path) -> None:
    files, rows = [], []
    for number, (unit_code, indicator_code, entered, _) in enumerate(LIMITS.values()):
        workbook = blank(unit_code)
        for heading, value in entered.items():
            cell(workbook, indicator_code, heading).value = value
        rows.append(cell(workbook, indicator_code, "分子").row)
        file = tmp_path / str(number) / unit_code / "5月.xlsx"
        file.parent.mkdir(parents=True)
        file.write_bytes(as_bytes(workbook))
        files.append(file)
    checked = judge_files(files, lushan(), None, None, IN_TIME)
    told = {
        name: {
            one.rule for one in answer.findings if one.sheet == "填报" and re.fullmatch(f"[A-Z]{row}", one.cell or "")
        }
        for name, answer, row in zip(LIMITS, checked, rows, strict=True)
    }
    assert told == {name: codes for name, (*_, codes) in LIMITS.items()}


def test_a_line_of_the_register_that_is_missing_or_strange(county: County) -> None:
    workbook = streets()
    rows = table_rows(workbook["明细"])
    rows[0]["名称"].value = "琴台街道"
    rows[-1]["名录编码"].value = "410423999"
    county.send(("MZJ", "5月.xlsx", as_bytes(workbook)))
    assert [fault[0] for fault in county.faults()] == ["O03", "R07", "R08"]


def test_a_table_without_its_headings_is_told_once(county: County) -> None:
    workbook = streets()
    workbook["明细"].delete_rows(header_row(workbook["明细"]))
    county.send(("MZJ", "5月.xlsx", as_bytes(workbook)))
    assert county.faults() == [("O04", "明细", None, None)]


def test_an_unknown_folder_is_told_by_its_name(county: County) -> None:
    county.send(("XXX", "5月.xlsx", as_bytes(manholes())))
    messages = county.query("select message from raw.finding where rule_code in ('F10', 'F12') order by rule_code")
    assert messages == [
        ("文件来自“XXX”，工作方案的责任单位中没有这个单位。",),
        ("文件由XXX报送，表内单位却是县城管局。",),
    ]


def test_every_month_is_held_against_the_one_before(county: County) -> None:
    county.send(("CGJ", "4月.xlsx", as_bytes(manholes(100, 400, "2022-04"))), at=IN_MAY)
    result = county.send(("CGJ", "5月.xlsx", as_bytes(manholes(120, 390))))
    assert [fault[0] for fault in county.faults()] == ["H01", "H03"]
    messages = county.query("select message from raw.finding order by rule_code")
    assert messages == [
        ("累计数 390 小于 2022-04 已接收的 400。",),
        ("上月累计 400 加本月数 120 应为 520，表内累计数是 390。",),
    ]
    assert result.count("rejected") == 1
    names = {"CGJ": "县城管局"}
    (told,) = (line(one, names) for one in result.outcomes if one.result == "rejected")
    assert told.partition(" ")[2] == (
        "已退回 县城管局/5月.xlsx H01 累计数比以前小（填报!G6），H03 累计数与上月累计加本月数不等（填报!G6）"
    )


def test_several_months_at_once_are_judged_in_order(county: County) -> None:
    may, april = as_bytes(manholes(120, 520)), as_bytes(manholes(100, 400, "2022-04"))
    result = county.send(("CGJ", "a.xlsx", may), ("CGJ", "b.xlsx", april))
    assert [outcome.detail.split()[0] for outcome in result.outcomes[:2]] == ["CGJ/b.xlsx", "CGJ/a.xlsx"]
    assert result.count("accepted") == 2
    assert result.periods == ("2022-04", "2022-05")


def test_the_same_bytes_again_change_nothing(county: County) -> None:
    content = as_bytes(manholes())
    county.send(("CGJ", "5月.xlsx", content))
    again = county.send(("CGJ", "5月（重发）.xlsx", content), at=LATE)
    assert again.count("duplicate") == 1
    assert again.periods == ()
    assert county.query("select verdict from raw.verdict order by all") == [("accepted",), ("duplicate",)]
    (eml,) = pending(county.home)
    body = message_from_bytes(eml.read_bytes(), policy=policy.default).get_body(("plain",))
    assert "贵单位这个月已接收、现在采用的就是这份文件，数据没有变化，无需再报。" in str(body and body.get_content())


def test_a_file_that_comes_before_its_month_is_opened_waits_for_it(county: County) -> None:
    february = as_bytes(manholes(100, 400, "2022-02"))
    result = county.send(("CGJ", "2月.xlsx", february))
    assert result.counts == {"waiting": 1}
    assert county.query("select count(*) from raw.verdict") == [(0,)]
    with open_warehouse(county.home.warehouse) as connection:
        open_rows(connection, lushan(), Period(2022, 2), IN_TIME)
    result = validate(county.run(LATE), CONTACTS)
    assert (result.count("accepted"), result.periods) == (1, ("2022-02",))


def test_every_outcome_is_recorded_once_however_often_the_run_is_repeated(county: County) -> None:
    february = as_bytes(manholes(100, 400, "2022-02"))
    result = county.send(("CGJ", "2月.xlsx", february), ("CGJ", "5月.xlsx", as_bytes(manholes("约120"))))
    assert result.counts == {"rejected": 1, "waiting": 1, "queued": 1}
    validate(county.run(), CONTACTS)
    recorded = county.query("select input, result, detail, item_count from raw.outcome where stage = 'validate'")
    assert sorted(recorded) == sorted(astuple(outcome) for outcome in result.outcomes)


def test_a_rejected_file_sent_again_is_judged_again(county: County) -> None:
    content = as_bytes(manholes("约120"))
    assert county.send(("CGJ", "5月.xlsx", content)).count("rejected") == 1
    assert county.send(("CGJ", "5月（重发）.xlsx", content), at=LATE).count("rejected") == 1


def test_what_was_replaced_may_be_sent_again(county: County) -> None:
    first = as_bytes(manholes(120, 520))
    county.send(("CGJ", "1.xlsx", first))
    county.send(("CGJ", "2.xlsx", as_bytes(manholes(121, 521))), at=IN_TIME + timedelta(hours=1))
    assert county.send(("CGJ", "3.xlsx", first), at=IN_TIME + timedelta(hours=2)).count("accepted") == 1


def test_a_change_after_the_due_hour_must_be_marked_as_correction(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes(120, 520))))
    assert county.send(("CGJ", "改1.xlsx", as_bytes(manholes(121, 521))), at=LATE).count("rejected") == 1
    assert [fault[0] for fault in county.faults()] == ["F33", "H05", "H15", "H15"]
    corrected = manholes(121, 521)
    cell(corrected, "M03-01", "更正").value = "是"
    cell(corrected, "M03-01", "更正原因").value = "漏计 1 个"
    assert county.send(("CGJ", "改2.xlsx", as_bytes(corrected)), at=LATE).count("accepted") == 1


def test_one_broken_file_stops_nobody(county: County) -> None:
    result = county.send(("CGJ", "5月.xlsx", as_bytes(manholes())), ("CL", "坏.xlsx", b"PK\x03\x04"), ("XXX", "a", b""))
    assert (result.count("accepted"), result.count("rejected")) == (1, 2)
    assert [fault[0] for fault in county.faults()] == ["F02", "F02", "F10"]


def test_parsing_alone_judges_nothing(county: County) -> None:
    parsed = county.send(("CGJ", "5月.xlsx", as_bytes(manholes())), ("CL", "坏.xlsx", b"PK\x03\x04"), judge=False)
    assert {(one.result, one.detail) for one in parsed.outcomes} == {
        ("parsed", "CGJ/5月.xlsx ok"),
        ("unreadable", "CL/坏.xlsx damaged"),
    }
    assert county.query("select count(*) from raw.verdict") == [(0,)]


def test_a_mail_lost_between_verdict_and_outbox_is_written_again_the_same(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes(month="约5"))))
    (eml,) = pending(county.home)
    content = eml.read_bytes()
    eml.unlink()
    assert validate(county.run(LATE), CONTACTS).counts == {"queued": 1}
    assert eml.read_bytes() == content


def test_a_mail_that_a_killed_run_had_not_written_yet_is_not_lost(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("minsheng.stages.validate.render_outbox", killed)
        county.send(("CGJ", "5月.xlsx", as_bytes(manholes(month="约5"))))
    assert not pending(county.home) and not list(verify_outbox(county.home, remember(county.home)))
    with monkeypatch.context() as patched:
        patched.setattr("minsheng.mail.outbox._answer_mail", gone)
        assert validate(county.run(LATE), CONTACTS).counts == {"failed": 1}
    assert not pending(county.home) and not list(verify_outbox(county.home, remember(county.home)))
    assert validate(county.run(LATE), CONTACTS).counts == {"queued": 1}
    (eml,) = pending(county.home)
    eml.unlink()
    (lost,) = verify_outbox(county.home, remember(county.home))
    assert lost.kind == "mail_lost"


def killed(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def gone(*_: object) -> NoReturn:
    raise FileNotFoundError(2, "No such file", "5月.xlsx")


def test_a_report_without_any_finding_is_answered_where_the_county_wants_receipts(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes())), judge=False)
    wants_receipts = lushan().model_copy(update={"sends_receipts": True})
    assert validate(replace(county.run(), county=as_county([wants_receipts])), CONTACTS).counts == {
        "accepted": 1,
        "queued": 1,
    }
    assert county.query("select kind from raw.mail") == [("receipt",)]


def test_without_contacts_no_mail_is_lost(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes("约120"))), judge=False)
    assert validate(county.run()).count("unaddressed") == 1
    assert validate(county.run()).counts == {}
    assert len(unaddressed(county.home)) == 1
    assert validate(county.run(), CONTACTS).counts == {"queued": 1}
    assert (len(unaddressed(county.home)), len(pending(county.home))) == (0, 1)


def test_check_says_what_sending_would_say_and_stores_nothing(county: County, tmp_path: Path) -> None:
    april, may = as_bytes(manholes(100, 400, "2022-04")), as_bytes(manholes(120, 390))
    county.send(("CGJ", "4月.xlsx", april))
    for name, content in (("4月.xlsx", april), ("5月.xlsx", may)):
        (tmp_path / name).write_bytes(content)
    files = [tmp_path / "4月.xlsx", tmp_path / "5月.xlsx"]
    known, faulty = judge_files(files, lushan(), county.home, None, IN_TIME)
    assert (known.unit_code, known.period, known.verdict, known.findings) == ("CGJ", "2022-04", "duplicate", ())
    assert (faulty.verdict, [finding.rule for finding in faulty.findings]) == ("rejected", ["H01", "H03"])
    assert "窨井设施维护改造数 · 累计数（填报!G6）：累计数 390 小于 2022-04 已接收的 400。" in faulty.text()
    assert county.query("select count(*) from raw.submission") == [(1,)]
    assert judge_files(files[1:], lushan(), None, None, IN_TIME)[0].verdict == "accepted"
    assert judge_files(files[1:], lushan(), None, "2022-04", IN_TIME)[0].findings[0].rule == "F22"


@pytest.mark.slow
def test_judging_again_from_landing_comes_to_the_same(county: County, tmp_path: Path) -> None:
    county.send(("CGJ", "4月.xlsx", as_bytes(manholes(100, 400, "2022-04"))), at=IN_MAY)
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes(120, 390))), ("CL", "坏.xlsx", b"PK\x03\x04"))
    county.send(("CGJ", "5月改.xlsx", as_bytes(manholes(120, 520))), at=LATE)
    again = County(tmp_path / "again")
    shutil.copytree(county.home.landing, again.home.landing)
    parse(again.run(LATE))
    validate(again.run(LATE), CONTACTS)
    # One mail a unit and run: which of them reports a verdict depends on the runs.
    verdicts = "(select * exclude (mail_id) from raw.verdict)"
    for table in ("raw.submission", "raw.cell", verdicts, "raw.finding", "raw.rule_result"):
        query = f"select * from {table} order by all"
        assert again.query(query) == county.query(query), table


def test_loading_the_stage_loads_nothing_heavy() -> None:
    code = (
        "import sys, minsheng.stages.validate as _; "
        "print({'great_expectations', 'pandas', 'sqlglot'} & sys.modules.keys())"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert answer.stdout.strip() == "set()"
