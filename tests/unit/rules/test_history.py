"""Faults that only other files show: of other months, of other units, of the same delivery."""

import io
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from openpyxl import Workbook, load_workbook

from minsheng.mail.delivery import pending
from tests.county import IN_MAY, IN_TIME, LATE, County
from tests.workbooks import as_bytes, cell, manholes, streets, table_rows

pytestmark = pytest.mark.slow


def said(county: County) -> list[tuple[object, ...]]:
    """All findings but what has changed, see the last tests."""
    return county.query("select rule_code, severity, message from raw.finding where rule_code <> 'H15' order by all")


def changes(county: County) -> list[tuple[object, ...]]:
    return county.query("select severity, cell_ref, message from raw.finding where rule_code = 'H15' order by all")


def corrected(workbook: Workbook, reason: str = "重复计 1 座") -> Workbook:
    cell(workbook, "M03-01", "更正").value = "是"
    cell(workbook, "M03-01", "更正原因").value = reason
    return workbook


def contributing(cumulative: int, month: int = 20) -> bytes:
    """县民政局, which supports M03-01 that 县城管局 leads."""
    workbook = streets()
    for heading, value in (("本月数", month), ("累计数", cumulative), ("零报送", None)):
        cell(workbook, "M03-01", heading, "配合事项").value = value
    return as_bytes(workbook)


def with_correction(content: bytes) -> bytes:
    workbook = load_workbook(io.BytesIO(content))
    cell(workbook, "M03-01", "更正", "配合事项").value = "是"
    cell(workbook, "M03-01", "更正原因", "配合事项").value = "漏计 100 座"
    return as_bytes(workbook)


TOO_MUCH = "“窨井设施维护改造数”累计数 520 小于 1 个配合单位所报累计数之和 600。"


def test_over_a_missing_month_the_growth_is_at_least_the_month(county: County) -> None:
    county.send(("CGJ", "3月.xlsx", as_bytes(manholes(100, 400, "2022-03"))), at=IN_MAY)
    result = county.send(("CGJ", "5月.xlsx", as_bytes(manholes(120, 519))))
    assert said(county)[1:] == [("H07", "reject", "累计数 519 比 2022-03 已接收的 400 增加的数，还不到本月数 120。")]
    assert result.count("rejected") == 1


def test_a_correction_does_not_soften_the_month_after_it(county: County) -> None:
    county.send(("CGJ", "4月.xlsx", as_bytes(manholes(100, 400, "2022-04"))), at=IN_MAY)
    county.send(
        ("CGJ", "4月更正.xlsx", as_bytes(corrected(manholes(99, 399, "2022-04")))), at=IN_MAY + timedelta(hours=1)
    )
    result = county.send(("CGJ", "5月.xlsx", as_bytes(manholes(120, 520))))
    assert said(county) == [("H03", "reject", "上月累计 399 加本月数 120 应为 519，表内累计数是 520。")]
    assert result.count("rejected") == 1


def test_of_two_files_in_one_delivery_the_unit_is_told_which_counts(county: County) -> None:
    county.send(("CGJ", "b.xlsx", as_bytes(manholes(120, 520))), ("CGJ", "a.xlsx", as_bytes(manholes(121, 521))))
    message = (
        "这次同时收到贵单位 2022-05 的 2 份不同的文件；各份都合格的，以“b.xlsx”为准"
        "（按更正报送的在后，其余按文件名中的日期、序号排先后）。"
    )
    assert said(county) == [("F34", "warn", message)] * 2
    assert county.query("select cumulative_value from facts.accepted") == [(520,)]


def test_copies_of_one_file_in_one_delivery_are_no_two_files(county: County) -> None:
    content = as_bytes(manholes())
    county.send(("CGJ", "a.xlsx", content), ("CGJ", "b.xlsx", content))
    assert said(county) == []


def test_a_late_change_is_noted_as_a_correction(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes())))
    county.send(("CGJ", "5月更正.xlsx", as_bytes(corrected(manholes(119, 519)))), at=LATE)
    ((rule, severity, message),) = said(county)
    assert (rule, severity) == ("F33", "note")
    assert "晚于截止时间 2022-06-06 18:00" in str(message)


def test_contributions_of_the_same_delivery_above_the_total_are_a_warning_to_the_lead(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes())), ("MZJ", "5月.xlsx", contributing(600)))
    assert said(county) == [("R40", "warn", TOO_MUCH)]


def test_contributions_that_were_refused_count_for_nothing(county: County) -> None:
    county.send(("MZJ", "5月.xlsx", contributing(600, month=-1)), at=IN_MAY)
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes())))
    assert [fault[0] for fault in county.faults()] == ["R12"]


def test_deliveries_that_waited_are_judged_in_the_order_they_came(county: County) -> None:
    for content, at in ((contributing(0, month=0), IN_MAY), (contributing(600), IN_TIME)):
        county.send(("MZJ", "5月.xlsx", content), at=at, judge=False)
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes())), at=LATE)
    warned = "select message from raw.finding where rule_code = 'R40'"
    assert county.query(warned) == [(TOO_MUCH,)]


def notices(county: County) -> list[tuple[object, ...]]:
    return county.query(
        "select unit_code, subject, opening from raw.mail inner join raw.letter using (mail_id) order by all"
    )


def test_the_lead_is_told_of_contributions_that_come_later_and_are_more(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes())))
    assert county.send(("MZJ", "5月.xlsx", contributing(600)), at=LATE).count("queued") == 2, "the sender and the lead"
    ((unit, subject, body),) = notices(county)
    assert (unit, subject) == (
        "CGJ", "【民生实事月报】2022年5月“窨井设施维护改造数”配合单位所报合计大于全县数：县城管局",
    )  # fmt: skip
    assert (
        "累计数为 520。此后又收到配合单位的报表：到这个月为止，1 个配合单位所报累计数之和为 600，比贵单位所报的多 80。"
        in str(body)
    )
    (eml,) = [eml for eml in pending(county.home) if eml.parent.name == "CGJ"]
    part = message_from_bytes(eml.read_bytes(), policy=policy.default).get_body(("plain",))
    assert str(body).splitlines()[0] in str(part and part.get_content())


def test_each_excess_is_told_once_and_again_when_it_has_grown(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes())))
    county.send(("MZJ", "5月.xlsx", contributing(600)), at=LATE)
    county.send(("RSJ", "5月.xlsx", as_bytes(manholes())), at=LATE + timedelta(hours=1))
    county.send(("CGJ", "4月.xlsx", as_bytes(manholes(400, 400, "2022-04"))), at=LATE + timedelta(hours=2))
    assert len(notices(county)) == 1
    workbook = contributing(700)
    county.send(("MZJ", "5月更正.xlsx", with_correction(workbook)), at=LATE + timedelta(hours=3))
    assert [str(body).count("600") for *_, body in notices(county)].count(0) == 1
    assert len(notices(county)) == 2


def test_what_the_lead_was_told_with_its_own_report_is_not_told_again(county: County) -> None:
    county.send(("MZJ", "5月.xlsx", contributing(600)))
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes())), at=LATE)
    assert [rule for rule, *_ in said(county)].count("R40") == 1
    assert notices(county) == []


CHANGED = "“窨井设施维护改造数”的{}与本月已接收的不同：原为 {}，现为 {}。"


def test_a_replacement_says_what_has_changed_and_nothing_else(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes(120, 520))))
    assert changes(county) == []
    county.send(("CGJ", "5月改.xlsx", as_bytes(manholes(120, 525))), at=IN_TIME + timedelta(hours=1))
    assert changes(county) == [("note", "G6", CHANGED.format("累计数", 520, 525))]
    (eml,) = pending(county.home)
    body = message_from_bytes(eml.read_bytes(), policy=policy.default).get_body(("plain",))
    assert "窨井设施维护改造数 · 累计数（填报!G6）：" + CHANGED.format("累计数", 520, 525) in str(
        body and body.get_content()
    )


def test_a_correction_says_what_has_changed_against_the_last_accepted_version(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes(120, 520))))
    county.send(("CGJ", "5月改.xlsx", as_bytes(manholes("约1", 500))), at=IN_TIME + timedelta(hours=1))
    county.send(("CGJ", "5月更正.xlsx", as_bytes(corrected(manholes(119, 519)))), at=LATE)
    assert set(changes(county)) == {
        ("note", "F6", CHANGED.format("本月数", 120, 119)),
        ("note", "G6", CHANGED.format("累计数", 520, 500)),
        ("note", "G6", CHANGED.format("累计数", 520, 519)),
    }


def beds(beds_of_first_street: int, *, declared: bool) -> bytes:
    workbook = streets()
    row = next(row for row in table_rows(workbook["明细"]) if row["指标编码"].value == "M06-02")
    row["数量"].value = beds_of_first_street
    if declared:
        cell(workbook, "M06-02", "更正").value = "是"
        cell(workbook, "M06-02", "更正原因").value = "漏计 2 张"
    return as_bytes(workbook)


def test_the_places_of_an_indicator_are_corrected_by_what_its_line_says(county: County) -> None:
    county.send(("MZJ", "5月.xlsx", beds(52, declared=False)))
    county.send(("MZJ", "5月.xlsx", beds(50, declared=False)), at=LATE)
    assert "H05" in [rule for rule, severity, _ in said(county) if severity == "reject"]
    assert county.query("select sheet_name from raw.finding where rule_code = 'H05'") == [("明细",)]
    result = county.send(("MZJ", "5月.xlsx", beds(50, declared=True)), at=LATE + timedelta(hours=1))
    assert result.count("accepted") == 1
