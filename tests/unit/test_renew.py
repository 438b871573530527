"""Workbooks that say what is no longer so are made again, and sent to those who have yet to report."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from minsheng.core.outcome import StageResult
from minsheng.core.period import Period
from minsheng.mail.delivery import pending
from minsheng.plan.indicators import Indicator, Target
from minsheng.stages.load import load
from minsheng.stages.open import open_period
from minsheng.stages.renew import renew
from tests.county import CONTACTS, LATE, ZONE, County
from tests.workbooks import as_bytes, cell, manholes

pytestmark = pytest.mark.slow

OPENED = datetime(2022, 7, 1, 8, 0, tzinfo=ZONE)
JUNE = Period(2022, 6)
RAISED = Target(
    value=Decimal(2500), as_written="2500 个", comparator_word="完成", valid_from="2022-06", document_no="调整"
)


@pytest.fixture
def county(tmp_path: Path) -> County:
    """May is accepted (120, in all 520), June is open and its workbooks are out."""
    county = County(tmp_path)
    assert county.send(("CGJ", "5月.xlsx", as_bytes(manholes(120, 520))), at=LATE).count("accepted") == 1
    load(county.run(OPENED))
    open_period(county.run(OPENED), JUNE)
    assert renew(county.run(OPENED), CONTACTS).counts == {}, "what has just been handed out is up to date"
    return county


def raise_target(county: County) -> None:
    def raised(indicator: Indicator) -> Indicator:
        return indicator.model_copy(update={"targets": (*indicator.targets, RAISED)})

    items = (
        item.model_copy(
            update={"indicators": tuple(raised(one) if one.code == "M03-01" else one for one in item.indicators)}
        )
        for item in county.plan.items
    )
    county.plan = county.plan.model_copy(update={"items": tuple(items), "sha256": "raised"})


def correct_may(county: County, at: datetime) -> None:
    may = manholes(119, 519)
    cell(may, "M03-01", "更正").value, cell(may, "M03-01", "更正原因").value = "是", "重复计 1 座"
    assert county.send(("CGJ", "5月更正.xlsx", as_bytes(may)), at=at).count("accepted") == 1
    load(county.run(at))


def letters(county: County) -> list[EmailMessage]:
    mails = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in pending(county.home))
    return [mail for mail in mails if "报表已更新" in str(mail["Subject"])]


def attached(letter: EmailMessage) -> object:
    (part,) = letter.iter_attachments()
    return load_workbook(BytesIO(part.get_content()))


def made(result: StageResult) -> list[str]:
    return [outcome.input for outcome in result.outcomes if outcome.result == "made"]


def test_a_corrected_month_changes_what_the_next_workbook_begins_with(county: County) -> None:
    at = OPENED + timedelta(hours=2)
    correct_may(county, at)
    assert made(renew(county.run(at), CONTACTS)) == ["CGJ_城管局_2022-06.xlsx"]
    (letter,) = letters(county)
    assert letter["To"] == "cgj@lushan.example"
    text = letter.get_body(("plain",)).get_content().replace("\r\n", "\n")  # type: ignore[union-attr]
    assert "1. M03-01 窨井设施维护改造数：上月累计原为 520，现为 519\n" in text
    assert "已按原表填好的，可以照旧报送" in text
    assert cell(attached(letter), "M03-01", "上月累计").value == 519  # type: ignore[arg-type]


def test_what_changes_in_the_very_first_run_is_noticed(tmp_path: Path) -> None:
    county = County(tmp_path)
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes(120, 520))), at=LATE)
    load(county.run(OPENED))
    open_period(county.run(OPENED), JUNE)
    correct_may(county, OPENED)
    assert made(renew(county.run(OPENED), CONTACTS)) == ["CGJ_城管局_2022-06.xlsx"]


def test_nobody_is_told_twice(county: County) -> None:
    at = OPENED + timedelta(hours=2)
    correct_may(county, at)
    renew(county.run(at), CONTACTS)
    before = {path: path.read_bytes() for path in county.home.outbox.rglob("*.eml")}
    assert renew(county.run(at + timedelta(hours=1)), CONTACTS).counts == {}
    assert {path: path.read_bytes() for path in county.home.outbox.rglob("*.eml")} == before


def test_a_target_changed_after_the_workbook_went_out(county: County) -> None:
    raise_target(county)
    at = OPENED + timedelta(hours=3)
    assert made(renew(county.run(at), CONTACTS)) == ["CGJ_城管局_2022-06.xlsx"]
    (letter,) = letters(county)
    text = letter.get_body(("plain",)).get_content().replace("\r\n", "\n")  # type: ignore[union-attr]
    assert "M03-01 窨井设施维护改造数：年度目标原为 2,032，现为 2,500" in text
    assert cell(attached(letter), "M03-01", "年度目标").value == 2500  # type: ignore[arg-type]


def test_the_workbook_with_the_old_target_is_accepted_and_told(county: County) -> None:
    raise_target(county)
    result = county.send(("CGJ", "6月.xlsx", as_bytes(manholes(100, 620, "2022-06"))), at=OPENED + timedelta(hours=4))
    assert result.count("accepted") == 1
    told = county.query("select rule_code, severity, message from raw.finding where rule_code in ('R06', 'R37')")
    assert told == [("R37", "note", "“窨井设施维护改造数”的年度目标已由 2032 调整为 2500，按 2500 判定。")]


def test_a_target_that_was_never_promised_is_still_refused(county: County) -> None:
    raise_target(county)
    june = manholes(100, 620, "2022-06")
    cell(june, "M03-01", "年度目标").value = 2000
    assert county.send(("CGJ", "6月.xlsx", as_bytes(june)), at=OPENED + timedelta(hours=4)).count("rejected") == 1


def test_who_has_reported_is_not_asked_again_and_a_frozen_month_is_left(county: County) -> None:
    at = OPENED + timedelta(hours=2)
    assert county.send(("CGJ", "6月.xlsx", as_bytes(manholes(100, 620, "2022-06"))), at=at).count("accepted") == 1
    raise_target(county)
    assert made(renew(county.run(at), CONTACTS)) == ["CGJ_城管局_2022-06.xlsx"]
    assert letters(county) == []
    (freeze,) = county.query("select freeze_at from raw.period where period = '2022-06'")[0]
    county.plan = county.plan.model_copy(update={"sha256": "again"})
    assert isinstance(freeze, datetime)
    assert renew(county.run(freeze + timedelta(minutes=1)), CONTACTS).counts == {}


def test_killed_before_the_mail_is_written_it_goes_out_with_the_next_run(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = OPENED + timedelta(hours=2)
    correct_may(county, at)
    with monkeypatch.context() as killed:
        killed.setattr("minsheng.stages.renew.render_outbox", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            renew(county.run(at), CONTACTS)
    assert letters(county) == []
    renew(county.run(at + timedelta(hours=1)), CONTACTS)
    assert len(letters(county)) == 1


def test_a_workbook_taken_away_holds_up_its_own_mail_and_is_told(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = OPENED + timedelta(hours=2)
    correct_may(county, at)
    with monkeypatch.context() as killed:
        killed.setattr("minsheng.stages.renew.render_outbox", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            renew(county.run(at), CONTACTS)
    (workbook,) = county.home.templates.rglob("CGJ_*_2022-06.xlsx")
    workbook.unlink()
    (failed,) = renew(county.run(at), CONTACTS).outcomes
    assert (failed.result, "再运行一次该月的开月任务" in failed.detail) == ("failed", True)
    open_period(county.run(at), JUNE)
    renew(county.run(at), CONTACTS)
    assert len(letters(county)) == 1
    assert county.query("select kind from raw.mail where kind = 'form'") == [("form",)]


def test_a_total_that_goes_back_and_forth_is_told_each_time_and_can_be_built(county: County) -> None:
    for hours, (month, total) in enumerate([(119, 519), (120, 520), (119, 519), (120, 520)], start=1):
        at = OPENED + timedelta(hours=hours)
        may = manholes(month, total)
        cell(may, "M03-01", "更正").value, cell(may, "M03-01", "更正原因").value = "是", "核对"
        assert county.send(("CGJ", f"5月更正{hours}.xlsx", as_bytes(may)), at=at).count("accepted") == 1
        load(county.run(at))
        assert made(renew(county.run(at), CONTACTS)) == ["CGJ_城管局_2022-06.xlsx"]
    assert len(letters(county)) == 4
    assert county.query("select count(*), count(distinct mail_id) from raw.mail where kind = 'form'") == [(4, 4)]


def test_letters_that_had_to_wait_say_what_they_were_to_say(county: County) -> None:
    for hours, total in enumerate((519, 518), start=1):
        at = OPENED + timedelta(hours=hours)
        may = manholes(total - 400, total)
        cell(may, "M03-01", "更正").value, cell(may, "M03-01", "更正原因").value = "是", "核对"
        county.send(("CGJ", f"5月更正{hours}.xlsx", as_bytes(may)), at=at)
        load(county.run(at))
        renew(county.run(at))  # no contacts: the letter waits without an address
    renew(county.run(OPENED + timedelta(hours=3)), CONTACTS)
    texts = [letter.get_body(("plain",)).get_content() for letter in letters(county)]  # type: ignore[union-attr]
    assert sorted("原为 520，现为 519" in text for text in texts) == [False, True]
    assert sorted("原为 519，现为 518" in text for text in texts) == [False, True]


def test_who_newly_owes_an_open_month_is_sent_a_form(county: County) -> None:
    county.query("delete from raw.form where unit_code = 'CGJ' and period = '2022-06' returning 1")
    (workbook,) = county.home.templates.rglob("CGJ_*_2022-06.xlsx")
    workbook.unlink()
    at = OPENED + timedelta(hours=2)
    assert made(renew(county.run(at), CONTACTS)) == ["CGJ_城管局_2022-06.xlsx"]
    (letter,) = letters(county)
    assert "这一行是新增的" in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
