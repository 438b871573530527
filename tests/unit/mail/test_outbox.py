"""From verdict to outbox and back: one mail a unit and run, rendered once, remembered by the warehouse."""

import io
import shutil
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from minsheng.core.codes import MailState
from minsheng.core.home import Home
from minsheng.mail import queue
from minsheng.mail.delivery import pending
from minsheng.mail.folders import mails, refusal, settle, take_back
from minsheng.mail.settle import settle_mail
from minsheng.plan.county import as_county
from minsheng.plan.run import Run
from minsheng.stages.parse import parse
from minsheng.stages.validate import validate
from minsheng.validation import turns
from tests.county import CONTACTS, IN_TIME, County
from tests.workbooks import as_bytes, cell, lushan, manholes

pytestmark = pytest.mark.slow

LATER = IN_TIME + timedelta(minutes=30)
GOOD, BAD = as_bytes(manholes()), as_bytes(manholes("约120"))
APRIL = as_bytes(manholes("约100", 400, "2022-04"))


@pytest.fixture
def county(tmp_path: Path) -> County:
    return County(tmp_path)


def mail(county: County) -> EmailMessage:
    """The one mail that waits."""
    (eml,) = pending(county.home)
    message = message_from_bytes(eml.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def attachments(message: EmailMessage) -> dict[str, bytes]:
    return {str(one.get_filename()): one.get_content() for one in message.iter_attachments()}


def test_all_files_of_a_unit_in_a_run_are_answered_by_one_mail(county: County) -> None:
    april = as_bytes(manholes(100, 400, "2022-04"))
    result = county.send(("CGJ", "4月.xlsx", april), ("CGJ", "5月.xlsx", BAD), ("CGJ", "坏.xlsx", b"PK\x03\x04"))
    assert result.counts == {"accepted": 1, "rejected": 2, "queued": 1}
    message = mail(county)
    reference = pending(county.home)[0].stem[:8]
    assert (
        message["Subject"]
        == f"【民生实事月报】3个报表文件已退回2个、已接收1个：县城管局〔CGJ-2022-05〕（编号{reference}）"
    )
    assert list(attachments(message)) == ["5月（退回）.xlsx"]
    assert [text(message).count(f"文件“{name}”") for name in ("4月.xlsx", "5月.xlsx", "坏.xlsx")] == [1, 1, 1]
    assert "这个文件无法作为表格标注后附回" in text(message)
    (row,) = county.query("select mail_id, kind from raw.mail")
    assert row == (pending(county.home)[0].stem, "rejection")
    assert county.query("select distinct mail_id from raw.verdict") == [(row[0],)]


def test_what_is_marked_is_corrected_in_the_attachment_and_accepted(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", BAD))
    ((name, marked),) = attachments(mail(county)).items()
    workbook = load_workbook(io.BytesIO(marked))
    cell(workbook, "M03-01", "本月数").value = 120
    result = county.send(("CGJ", name, as_bytes(workbook)), at=LATER)
    assert result.counts == {"accepted": 1}
    assert county.query("select count(*) from raw.verdict where mail_id is null") == [(1,)]
    loaded = "select field, number_value from raw.cell where number_value is not null and submission_id = '{}'"
    (accepted,) = county.query("select submission_id from raw.verdict where verdict = 'accepted'")
    assert ("month", 120) in county.query(loaded.format(*accepted))


def test_a_mail_about_a_file_we_have_lost_waits_until_it_is_restored(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", BAD))
    (eml,) = pending(county.home)
    written = eml.read_bytes()
    eml.unlink()
    (kept,) = county.home.landing.glob("*/objects/*")
    kept.rename(county.folder / "lost")
    result = validate(county.run(LATER), CONTACTS)
    assert result.counts == {"failed": 1}
    assert result.outcomes[0].detail.startswith("CGJ：本系统留存的原件丢失或已损坏，邮件留待修复后发出")
    assert pending(county.home) == []
    (county.folder / "lost").rename(kept)
    assert validate(county.run(LATER), CONTACTS).counts == {"queued": 1}
    assert pending(county.home)[0].read_bytes() == written


def test_a_run_that_dies_while_judging_leaves_nothing_behind_and_is_made_up_for(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    county.send(("CGJ", "4月.xlsx", APRIL), ("CGJ", "5月.xlsx", BAD), judge=False)
    write = turns._write

    def write_and_die(*arguments: Any) -> None:
        write(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(turns, "_write", write_and_die)
    with pytest.raises(KeyboardInterrupt):
        validate(county.run(), CONTACTS)
    monkeypatch.undo()
    for table in ("verdict", "finding", "mail"):
        assert county.query(f"select count(*) from raw.{table}") == [(0,)], table
    assert validate(county.run(), CONTACTS).counts == {"rejected": 2, "queued": 1}


def settled(county: County) -> list[tuple[object, ...]]:
    return county.query("select sent_at, refused_at, refusal_reason from raw.mail")


def test_the_warehouse_remembers_what_was_sent_even_without_the_outbox(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", BAD))
    settle(pending(county.home)[0], "sent", {"cgj@lushan.example": "250 OK"}, county.home)
    assert settle_mail(county.run(LATER)).counts == {"sent": 1}
    assert settle_mail(county.run(LATER)).counts == {}
    assert settled(county) == [(LATER, None, None)]
    shutil.rmtree(county.home.outbox)
    assert validate(county.run(LATER), CONTACTS).counts == {}


def test_a_refusal_is_remembered_until_the_mail_has_gone_after_all(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", BAD))
    (eml,) = pending(county.home)
    settle(eml, "refused", {"cgj@lushan.example": "550 no such mailbox"}, county.home)
    assert settle_mail(county.run(LATER)).counts == {"refused": 1}
    assert settled(county) == [(None, LATER, "550 no such mailbox")]
    settle(take_back(county.home, eml.stem), "sent", {"new@lushan.example": "250 OK"}, county.home)
    assert settle_mail(county.run(LATER)).counts == {"sent": 1}
    assert settled(county) == [(LATER, None, None)]


def test_the_servers_words_are_remembered_without_a_mail_address(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", BAD))
    said = {
        "cgj@lushan.example": "550 5.1.1 <cgj@lushan.example>: unknown",
        "a.b@lushan.example": "550 5.1.1 <a.b@lushan.example>: unknown",
        "c@lushan.example": "554 邮箱c@lushan.example已停用",
        "d@lushan.example": "250 OK",
    }
    settle(pending(county.home)[0], "sent", said, county.home)
    settle_mail(county.run(LATER))
    words = "550 5.1.1 <…>: unknown; 554 邮箱<…>已停用"
    assert settled(county) == [(LATER, None, words)]
    assert county.query("select detail from raw.outcome where stage = 'settle_mail'") == [(words,)]
    assert refusal(mails(county.home, "sent")[0]).startswith("cgj@lushan.example: 550")


def test_without_a_warehouse_there_is_nothing_to_remember(tmp_path: Path) -> None:
    assert settle_mail(Run(Home(tmp_path / "lushan"), as_county([lushan()]), IN_TIME, "r")).counts == {}
    assert not Home(tmp_path / "lushan").warehouse.exists()


def test_a_warehouse_made_anew_from_landing_answers_nothing_a_second_time(county: County, tmp_path: Path) -> None:
    county.send(("CGJ", "4月.xlsx", APRIL))
    county.send(("CGJ", "5月.xlsx", BAD))
    first, second = pending(county.home)
    settle(first, "sent", {"cgj@lushan.example": "250 OK"}, county.home)
    rows = county.query("select mail_id, unit_code, kind from raw.mail order by all")
    again = County(tmp_path / "again")
    shutil.copytree(county.home.landing, again.home.landing)
    shutil.copytree(county.home.outbox, again.home.outbox)
    parse(again.run(LATER))
    assert validate(again.run(LATER), CONTACTS).counts == {"rejected": 2}
    assert [eml.name for eml in pending(again.home)] == [second.name]
    assert again.query("select mail_id, unit_code, kind from raw.mail order by all") == rows


def sent_meanwhile(home: Home, state: MailState, unit_code: str) -> list[Path]:
    found = mails(home, state, unit_code)
    for eml in found if state == "pending" else ():
        settle(eml, "sent", {"cgj@lushan.example": "250 OK"}, home)
    return found


def taken_back_meanwhile(home: Home, state: MailState, unit_code: str) -> list[Path]:
    if state == "pending":
        found = mails(home, state, unit_code)
        for eml in mails(home, "refused", unit_code):
            take_back(home, eml.stem)
        return found
    return mails(home, state, unit_code)


@pytest.mark.parametrize("meanwhile", [sent_meanwhile, taken_back_meanwhile])
def test_a_mail_that_moves_while_it_is_looked_for_is_found(
    county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[..., list[Path]]
) -> None:
    county.send(("CGJ", "4月.xlsx", APRIL))
    county.send(("CGJ", "5月.xlsx", BAD))
    for eml in pending(county.home) if meanwhile is taken_back_meanwhile else ():
        settle(eml, "refused", {"cgj@lushan.example": "550 no such mailbox"}, county.home)
    again = County(tmp_path / "again")
    shutil.copytree(county.home.landing, again.home.landing)
    shutil.copytree(county.home.outbox, again.home.outbox)
    parse(again.run(LATER))
    monkeypatch.setattr(queue, "mails", meanwhile)
    assert validate(again.run(LATER), CONTACTS).counts == {"rejected": 2}
    query = "select mail_id from raw.mail order by all"
    assert again.query(query) == county.query(query)
