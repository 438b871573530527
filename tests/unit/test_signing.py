"""A report that counts when a second person of its unit has confirmed it: asked for, given by mail, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.core.outcome import Outcome
from minsheng.core.period import Period
from minsheng.flows.deciding import MonthOfUnits, Said, close
from minsheng.flows.recovery import recover
from minsheng.flows.signing import end_signature, sign_for
from minsheng.landing import record_opening
from minsheng.mail.confirming import take_replies
from minsheng.mail.contacts import Contacts
from minsheng.mail.letters import letter_id_of
from minsheng.mail.signing import request_identity
from minsheng.source.replies import UnitReply
from minsheng.stages.build import build
from minsheng.stages.chase import chase
from minsheng.stages.load import load
from minsheng.stages.validate import validate
from minsheng.warehouse.connection import open_warehouse, transaction
from minsheng.warehouse.totals import accepted_earlier
from tests.county import IN_MAY, IN_TIME, LATE, ZONE, County
from tests.workbooks import as_bytes, cell, lushan, manholes

CONTACTS = Contacts(
    data_team="data@lushan.example",
    units={"CGJ": ("cgj@lushan.example",)},
    signers={"CGJ": ("ju.zhang@lushan.example",)},
)
REPORT = ("CGJ", "5月.xlsx", as_bytes(manholes()))
MAY = MonthOfUnits(Period(2022, 5), "CGJ")
# The due hour is 6 June 18:00, the freeze 13 June 18:00.
SUPPLEMENTARY = datetime(2022, 6, 14, 10, tzinfo=ZONE)


@pytest.fixture
def county(tmp_path: Path) -> County:
    county = County(tmp_path)
    county.plan = lushan().model_copy(update={"signed_from": "2022-05", "sha256": "signed"})
    return county


def remarked() -> bytes:
    """The same figures with other bytes."""
    workbook = manholes()
    cell(workbook, "M03-01", "备注").value = "补充说明"
    return as_bytes(workbook)


def reported(county: County, at: datetime = IN_TIME) -> str:
    """The report of May, accepted; gives its number."""
    county.send(REPORT, at=at)
    ((submission_id,),) = county.query("select submission_id from staging.stg_unsigned")
    return str(submission_id)


def render(county: County, at: datetime) -> None:
    """Write what is queued into the outbox, where replies find it."""
    validate(county.run(at), CONTACTS)


def reply(words: str, asked: str, *, is_signer: bool = True, key: str = "1", unit: str = "CGJ") -> UnitReply:
    return UnitReply(key, unit, "ju.zhang@lushan.example", is_signer, (letter_id_of(request_identity(asked)),), words)


def take(county: County, *replies: UnitReply, at: datetime) -> Sequence[Outcome]:
    with open_warehouse(county.home.warehouse) as connection, transaction(connection):
        return take_replies(connection, county.run(at), "邮箱", replies).outcomes


def status(county: County, at: datetime) -> list[tuple[object, ...]]:
    load(county.run(at))
    build(county.run(at))
    query = """
        select submission_status, timing, is_missed
        from published.pub_submission_status_v1
        where unit_code = 'CGJ' and period = '2022-05'
    """
    return county.query(query)


def letters(county: County, unit_code: str) -> list[str]:
    query = f"""
        select letter.opening
        from raw.letter as letter
        inner join raw.mail as mail using (mail_id)
        where letter.kind in ('signing', 'reminder') and mail.unit_code = '{unit_code}'
        order by mail.queued_at, letter.letter_no
    """
    return [str(opening) for (opening,) in county.query(query)]


def test_an_accepted_report_counts_for_nothing_until_it_is_signed(county: County) -> None:
    asked = reported(county)
    ((request,),) = [letters(county, "signer-CGJ")]
    assert "“5月.xlsx”已经接收" in request and "经您审签以后才计入汇总" in request
    assert status(county, IN_TIME) == [("unsigned", None, False)]
    assert county.query("select count(*) from star.fct_reported_value") == [(0,)]
    later = IN_TIME + timedelta(hours=2)
    assert [one.result for one in take(county, reply("确认。", asked), at=later)] == ["signed"]
    assert status(county, later) == [("accepted", "on_time", False)]
    counted = "select distinct accepted_at from published.pub_indicator_completion_v1 where lead_unit_code = 'CGJ' and "
    assert county.query(f"{counted} period = '2022-05' and accepted_at is not null") == [(later,)]


@pytest.mark.parametrize(("at", "timing", "told"), [(LATE, "late", "迟报"), (SUPPLEMENTARY, "supplementary", "补报")])
def test_whether_it_is_in_time_is_asked_of_the_signature(county: County, at: datetime, timing: str, told: str) -> None:
    asked = reported(county)
    take(county, reply("同意", asked), at=at)
    assert status(county, at) == [("accepted", timing, timing == "supplementary")]
    assert told in letters(county, "signer-CGJ")[-1]


def test_what_was_not_signed_by_the_freeze_is_missed(county: County) -> None:
    reported(county)
    assert status(county, SUPPLEMENTARY) == [("unsigned", None, True)]


@pytest.mark.parametrize("words", ["不同意", "确认有误，请改", "收到", "", "请把确认的意见发给我"])
def test_other_words_sign_nothing_and_are_answered(county: County, words: str) -> None:
    asked = reported(county)
    assert [one.result for one in take(county, reply(words, asked), at=LATE)] == ["ignored"]
    assert county.query("select count(*) from staging.stg_unsigned") == [(1,)]
    assert "没有看明白是否审签" in letters(county, "signer-CGJ")[-1]


def test_signed_twice_is_signed_once(county: County) -> None:
    asked = reported(county)
    results = [[one.result for one in take(county, reply("确认", asked, key=key), at=LATE)] for key in ("1", "2")]
    assert results == [["signed"], ["ignored"]]
    assert "不必再审签" in letters(county, "signer-CGJ")[-1]
    assert county.query("select count(*) from raw.decision") == [(1,)]


def test_who_reports_does_not_sign(county: County) -> None:
    asked = reported(county)
    assert [one.result for one in take(county, reply("确认", asked, is_signer=False), at=LATE)] == ["ignored"]
    assert county.query("select count(*) from staging.stg_unsigned") == [(1,)]
    assert letters(county, "CGJ")[-1].startswith("您好！报表须由贵单位的审签人确认")


def test_an_answer_to_a_mail_of_the_reporters_signs_nothing(county: County) -> None:
    """Its number is known to whoever reports, and an address is soon forged."""
    reported(county)
    render(county, IN_TIME)
    (mail,) = (county.home.outbox / "pending" / "CGJ").glob("*.eml")
    forged = UnitReply("1", "CGJ", "ju.zhang@lushan.example", True, (mail.stem,), "确认")
    assert [one.result for one in take(county, forged, at=LATE)] == ["ignored"]
    assert county.query("select count(*) from staging.stg_unsigned") == [(1,)]


def test_another_units_signer_signs_nothing(county: County) -> None:
    asked = reported(county)
    take(county, reply("确认", asked, unit="CL"), at=LATE)
    assert county.query("select count(*) from staging.stg_unsigned") == [(1,)]
    assert "没有看出是哪一份报表" in letters(county, "signer-CL")[-1]


def test_what_was_replaced_meanwhile_is_not_signed_any_more(county: County) -> None:
    first = reported(county)
    county.send(("CGJ", "5月改.xlsx", remarked()), at=LATE)
    take(county, reply("确认", first), at=LATE)
    assert "之后又接收了新的一份" in letters(county, "signer-CGJ")[-1]
    ((unsigned,),) = county.query("select file_name from staging.stg_unsigned")
    assert unsigned == "5月改.xlsx"


def test_a_signed_report_counts_until_the_one_after_it_is_signed(county: County) -> None:
    take(county, reply("确认", reported(county)), at=IN_TIME)
    county.send(("CGJ", "5月改.xlsx", remarked()), at=LATE)
    assert status(county, LATE) == [("accepted", "on_time", False)]
    assert county.query("select file_name from staging.stg_unsigned") == [("5月改.xlsx",)]


def test_a_figure_of_a_closed_month_is_not_changed_by_a_signature(county: County) -> None:
    take(county, reply("确认", reported(county)), at=IN_TIME)
    county.send(("CGJ", "5月改.xlsx", remarked()), at=LATE)
    ((second,),) = county.query("select submission_id from staging.stg_unsigned")
    close(county.home, county.plan, Period(2022, 5), Said(SUPPLEMENTARY, "张三", "季度已通报"))
    take(county, reply("确认", str(second), key="2"), at=SUPPLEMENTARY)
    assert "已经关闭" in letters(county, "signer-CGJ")[-1]
    with pytest.raises(UserError, match="已经关闭"):
        sign_for(county.home, county.plan, MAY, Said(SUPPLEMENTARY, "王局长", "纸质审签单"))
    assert county.query("select count(*) from staging.stg_unsigned") == [(1,)]


def test_it_is_taken_back_by_its_opposite_only_and_told(county: County) -> None:
    take(county, reply("确认", reported(county)), at=IN_TIME)
    end_signature(county.home, county.plan, MAY, Said(LATE, "李四", "局长来电，数未核实"))
    chase(county.run(LATE), CONTACTS)
    assert status(county, LATE) == [("unsigned", None, False)]
    assert "审签已由 李四" in letters(county, "CGJ")[-1]
    with pytest.raises(UserError, match="没有审签，没有可以撤回的"):
        end_signature(county.home, county.plan, MAY, Said(LATE, "李四", "再次"))


def test_the_data_team_may_enter_a_signature_given_on_paper(county: County) -> None:
    reported(county)
    sign_for(county.home, county.plan, MAY, Said(LATE, "王局长", "纸质审签单", "城管〔2022〕8号"))
    assert status(county, LATE) == [("accepted", "late", False)]
    with pytest.raises(UserError, match="没有待审签的报表"):
        sign_for(county.home, county.plan, MAY, Said(LATE, "王局长", "再次"))


def test_only_the_signer_is_reminded_of_what_only_he_can_do(county: County) -> None:
    reported(county)
    chase(county.run(LATE), CONTACTS)
    assert any("待审签，还没有计入" in opening for opening in letters(county, "signer-CGJ"))
    assert not any("截止时间" in opening for opening in letters(county, "CGJ"))


def test_the_receipt_says_that_a_signature_is_missing(county: County) -> None:
    reported(county)
    load(county.run(IN_TIME))
    build(county.run(IN_TIME))
    render(county, IN_TIME)
    (receipt,) = (county.home.outbox / "pending" / "CGJ").glob("*.eml")
    body = message_from_bytes(receipt.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None and "报表待审签：审签请求已另发贵单位审签人" in body.get_content()


def test_months_before_the_first_signed_one_count_as_ever(county: County) -> None:
    county.plan = county.plan.model_copy(update={"signed_from": "2022-06", "sha256": "from June"})
    county.send(REPORT)
    assert county.query("select counted_at is not null from staging.stg_submission") == [(True,)]


def test_the_next_form_shows_what_was_accepted_though_it_is_not_signed(county: County) -> None:
    reported(county)
    load(county.run(IN_TIME))
    with open_warehouse(county.home.warehouse) as connection:
        ((said,),) = connection.execute(
            "select cumulative_value from staging.stg_report where indicator_code = 'M03-01' and section = 'report'"
        ).fetchall()
        assert accepted_earlier(connection, county.plan, Period(2022, 6)).totals == {"M03-01": said}


def test_who_signs_is_not_who_reports() -> None:
    with pytest.raises(ValueError, match="审签的和填报的应是两个人"):
        Contacts(
            data_team="data@lushan.example",
            units={"CGJ": ("cgj@lushan.example",)},
            signers={"CGJ": ("CGJ@lushan.example",)},
        )


@pytest.mark.slow
def test_a_warehouse_made_anew_knows_who_has_signed(county: County) -> None:
    record_opening(county.home, county.plan.plan_id, "2022-05", IN_MAY)
    asked = reported(county)
    take(county, reply("确认", asked), at=LATE)
    load(county.run(LATE))
    said = "select submission_id, verdict, counted_at from staging.stg_submission"
    before = county.query(said)
    county.home.warehouse.unlink()
    list(recover(county.run(SUPPLEMENTARY), contacts=CONTACTS))
    assert county.query(said) == before == [(asked, "accepted", LATE)]
    validate(county.run(SUPPLEMENTARY), CONTACTS)
    requests = [letter for letter in letters(county, "signer-CGJ") if "经您审签以后" in letter]
    assert requests == [], "nobody is asked again"
