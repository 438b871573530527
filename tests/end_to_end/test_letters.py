"""A month of letters: opened, reminded, rejected, mended, overdue, frozen, told; each once, whatever runs again."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from minsheng.core.home import Home
from minsheng.core.outcome import StageResult
from minsheng.core.period import Period
from minsheng.flows.freezing import freeze
from minsheng.flows.recovery import recover
from minsheng.mail.contacts import Contacts
from minsheng.mail.delivery import deliver, pending
from minsheng.mail.folders import STATES, mails
from minsheng.plan.county import as_county
from minsheng.plan.models import LetterRule
from minsheng.plan.run import Run
from minsheng.publication.bulletins import IssuedBulletin, hashes, keep_issued, lay_out
from minsheng.stages import chase as chasing
from minsheng.stages.build import build
from minsheng.stages.chase import chase
from minsheng.stages.load import load
from minsheng.stages.open import open_period
from minsheng.stages.parse import parse
from minsheng.stages.publish import publish
from minsheng.stages.pull import pull
from minsheng.stages.receive_plan import receive_plan
from minsheng.stages.validate import validate
from minsheng.warehouse.connection import open_to_read
from tests.county import ZONE
from tests.unit.mail.servers import Inbox, serving
from tests.workbooks import as_bytes, lushan, manholes

pytestmark = pytest.mark.slow

MAY = Period(2022, 5)  # due 2022-06-06 18:00 after a long weekend, frozen 2022-06-13 18:00
OWING, ALL = 35, 39
CONTACTS = Contacts(
    data_team="data@lushan.example",
    telephone="0375-5050000",
    supervision_office=("office@lushan.example",),
    leaders=("leader@lushan.example",),
    units={"CGJ": ("cgj@lushan.example", "cgj2@lushan.example")},
    superiors={"CMCC": ("cmcc@pds.example",)},
)
RULE = LetterRule(reminder_days=(-1, 0, 1), escalation_days=3)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2022-{text}").replace(tzinfo=ZONE)


class Story:
    """A county whose month passes; every step is taken twice."""

    def __init__(self, folder: Path, opened: Path | None = None, rule: LetterRule = RULE) -> None:
        self.folder, self.home, self.rule = folder, Home(folder / "home" / "lushan"), rule
        if opened:
            shutil.copytree(opened, folder / "home")

    def run(self, moment: str) -> Run:
        plan = lushan().model_copy(update={"letters": self.rule, "sends_receipts": True})
        return Run(self.home, as_county([plan]), at(moment), f"run-{moment}")

    def open(self, moment: str) -> None:
        open_period(self.run(moment), MAY)

    def chase(self, moment: str) -> StageResult:
        """What it wrote; a second call finds nothing left to write."""
        written = chase(self.run(moment), CONTACTS)
        assert chase(self.run(moment), CONTACTS).counts == {}
        return written

    def send(self, moment: str, name: str, content: bytes) -> StageResult:
        run, inbox = self.run(moment), self.folder / moment.replace(":", "")
        (inbox / "CGJ").mkdir(parents=True)
        (inbox / "CGJ" / name).write_bytes(content)
        pull(run, inbox)
        parse(run)
        judged = validate(run, CONTACTS)
        load(run)
        return judged

    def publish(self, moment: str) -> None:
        build(self.run(moment))
        publish(self.run(moment))

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with open_to_read(self.home.warehouse) as connection:
            return connection.execute(sql).fetchall()

    def letters(self, moment: str) -> Counter[str]:
        """How many letters of each kind were written at a moment."""
        rows = self.query(
            "select letter.kind from raw.letter as letter inner join raw.mail as mail using (mail_id) "
            f"where queued_at = timestamptz '2022-{moment}:00+08'"
        )
        return Counter(str(kind) for (kind,) in rows)

    def mails(self, unit: str) -> list[EmailMessage]:
        """Every mail to a unit, in the order of writing."""
        found = [eml for state in STATES for eml in mails(self.home, state, unit)]
        read = [message_from_bytes(eml.read_bytes(), policy=policy.default) for eml in found]
        return sorted((one for one in read if isinstance(one, EmailMessage)), key=lambda one: one["Date"].datetime)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation in which May has just been opened: its forms are made once, for every story to begin with."""
    story = Story(tmp_path_factory.mktemp("opened"))
    receive_plan(story.run("06-01 08:00"))
    story.open("06-01 08:00")
    return story.home.installation.root


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, opened: Path) -> Story:
    story = Story(tmp_path_factory.mktemp("month"), opened)
    with pytest.MonkeyPatch.context() as patched:  # killed between the rows and the files
        patched.setattr(chasing, "render_outbox", _killed)
        with pytest.raises(KeyboardInterrupt):
            chase(story.run("06-01 08:30"), CONTACTS)
    assert story.chase("06-01 08:31").counts == {"queued": ALL}
    assert story.chase("06-02 08:30").counts == {"queued": OWING}
    assert story.send("06-02 10:00", "5月.xlsx", as_bytes(manholes("约120"))).count("rejected") == 1
    assert story.chase("06-04 09:00").counts == {}, "a holiday"
    assert story.chase("06-06 08:30").counts == {"queued": OWING}
    assert story.send("06-06 10:00", "5月改.xlsx", as_bytes(manholes())).count("accepted") == 1
    assert story.chase("06-06 11:00").counts == {}
    assert story.chase("06-06 18:30").counts == {"queued": 2}, "the list alone: units are not at work"
    story.publish("06-06 19:00")
    assert story.chase("06-07 08:30").counts == {"queued": OWING - 1}
    assert story.chase("06-08 08:30").counts == {}
    assert story.chase("06-09 08:30").counts == {"queued": 2}
    assert freeze(story.run("06-14 08:00")).count("frozen") == 1
    assert story.chase("06-14 08:30").counts == {"queued": OWING + 2}
    assert story.chase("06-15 08:30").counts == {}
    return story


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_every_letter_is_written_when_it_is_due_and_once(story: Story) -> None:
    assert story.letters("06-01 08:30") == {"opening": ALL}
    assert story.letters("06-02 08:30") == {"reminder": OWING}
    assert story.letters("06-06 08:30") == {"reminder": OWING}
    assert story.letters("06-06 18:30") == {"late_list": 2}
    assert story.letters("06-07 08:30") == {"reminder": OWING - 1}
    assert story.letters("06-09 08:30") == {"escalation": 2}
    assert story.letters("06-14 08:30") == {"feedback": OWING, "late_list": 2}
    assert story.query("select count(*) - count(distinct letter_id) from raw.letter") == [(0,)]
    (count,) = story.query("select count(*) from raw.mail")
    assert count == (sum(len(mails(story.home, state)) for state in STATES),)


def test_a_unit_that_mends_its_report_is_left_in_peace_and_told_how_it_stands(story: Story) -> None:
    told = [
        str(mail["Subject"]).partition("〔")[0].removeprefix("【民生实事月报】2022年5月") for mail in story.mails("CGJ")
    ]
    assert told == [
        "报表请于6月6日（星期一）前报送：县城管局",
        "报表还有1个工作日截止：县城管局",
        "报表已退回：县城管局",
        "报表今天18:00截止：县城管局",
        "报表已接收：县城管局",
        "反馈单：县城管局",
    ]


def test_all_mails_of_a_month_thread_and_name_their_reference(story: Story) -> None:
    found = story.mails("CGJ")
    assert len({str(mail["References"]) for mail in found}) == 1
    assert all(mail["References"] == mail["In-Reply-To"] for mail in found)
    assert all("〔CGJ-2022-05〕（编号" in str(mail["Subject"]) for mail in found)
    assert {str(mail["To"]) for mail in found} == {"cgj@lushan.example, cgj2@lushan.example"}
    others = {str(mail["References"]) for mail in story.mails("GAJ")}
    assert others & {str(mail["References"]) for mail in found} == set()


def test_the_opening_says_by_when_and_where_to_and_brings_the_form(story: Story) -> None:
    opening = story.mails("CGJ")[0]
    assert [part.get_filename() for part in opening.iter_attachments()] == ["CGJ_城管局_2022-05.xlsx"]
    assert (
        "报送截止时间是6月6日（星期一）18:00。6月5日（星期日）是休息日，顺延到这一天。\n\n"
        "填好后，请直接回复本邮件并附上报表。如有疑问，请致电数据组：0375-5050000。" in plain(opening)
    )


def test_the_feedback_tells_the_units_own_figures_and_what_is_next(story: Story) -> None:
    feedback = story.mails("CGJ")[-1]
    assert [part.get_filename() for part in feedback.iter_attachments()] == ["CGJ_城管局_2022-05_反馈单.xlsx"]
    text = plain(feedback)
    assert "报表按时报送。" in text
    assert "1. 窨井设施维护改造数：520 个，目标 2,032，完成率 25.6%，黄灯（滞后）" in text
    assert "下一次应报2022年6月的数据，截止时间是7月5日（星期二）18:00。" in text
    assert "定稿时没有收到报表，记为漏报；请尽快补报。" in plain(story.mails("GAJ")[-1])


def test_who_can_press_for_a_report_is_told_who_owes_it(story: Story) -> None:
    (escalation,) = story.mails("superior-CMCC")
    assert escalation["To"] == "cmcc@pds.example"
    assert "提请督办：中国移动鲁山分公司" in str(escalation["Subject"])
    due, overdue, frozen = story.mails("supervision-office")
    assert [str(mail["To"]) for mail in (due, overdue, frozen)] == ["office@lushan.example"] * 3
    assert "到6月6日（星期一）18:00为止，34 个单位没有完成报送" in plain(due)
    assert re.search(r"^\d+\. 县教育体育局：没有收到报表；应报 .+、.+、.+等 \d+ 项$", plain(due), re.MULTILINE)
    assert "截止后已满3个工作日，以下单位仍未完成报送" in plain(overdue)
    assert "到6月13日（星期一）18:00为止，34 个单位没有完成报送" in plain(frozen)
    assert len(story.mails("data-team")) == 2


def test_after_days_in_which_nothing_ran_only_the_newest_letter_is_written(tmp_path: Path, opened: Path) -> None:
    story = Story(tmp_path, opened)
    story.chase("06-01 08:30")
    assert story.chase("06-08 08:30").counts == {"queued": OWING + 2}
    assert story.letters("06-08 08:30") == {"reminder": OWING, "late_list": 2}
    assert "报表已过截止时间" in str(story.mails("CGJ")[-1]["Subject"])


def test_a_month_opened_when_it_was_long_due_is_told_to_nobody(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.open("06-20 09:00")
    assert story.chase("06-20 09:00").counts == {}


def test_a_plan_turns_off_what_it_does_not_want(tmp_path: Path, opened: Path) -> None:
    nothing = LetterRule(opening=False, reminder_days=(), escalation_days=None, late_list=False, feedback=False)
    story = Story(tmp_path, opened, nothing)
    for moment in ("06-01 08:30", "06-06 08:30", "06-07 08:30", "06-09 08:30", "06-14 08:30"):
        assert story.chase(moment).counts == {}


@pytest.mark.parametrize("is_wanted", [True, False])
def test_an_issued_bulletin_is_mailed_once_where_the_plan_wants_it(
    tmp_path: Path, opened: Path, *, is_wanted: bool
) -> None:
    quiet = {"opening": False, "reminder_days": (), "escalation_days": None, "late_list": False, "feedback": False}
    story = Story(tmp_path, opened, LetterRule.model_validate(quiet | {"bulletin": is_wanted}))
    files = {"通报.docx": b"word", "通报.pdf": b"%PDF-"}
    lay_out(story.home, "lushan-2022", 1, files)
    keep_issued(
        story.home,
        IssuedBulletin("lushan-2022", "2022-05", 1, at("06-14 10:00"), "王主任", "000001-0", hashes(files)),
    )
    assert story.chase("06-14 09:00").counts == {}, "it was not issued yet"
    assert story.chase("06-15 08:30").counts == ({"queued": 2} if is_wanted else {})
    assert story.chase("06-16 08:30").counts == {}
    assert len(story.mails("leaders")) == len(story.mails("supervision-office")) == is_wanted
    for mail in story.mails("leaders"):
        assert mail["To"] == "leader@lushan.example"
        assert str(mail["Subject"]).startswith("【民生实事月报】2022年5月通报（第1期）")
        assert "已由王主任于6月14日（星期二）签发" in plain(mail)
        sent = {one.get_filename(): (one.get_content_type(), one.get_content()) for one in mail.iter_attachments()}
        assert sent == {
            "通报.docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"word"),
            "通报.pdf": ("application/pdf", b"%PDF-"),
        }


def test_a_bulletin_of_long_ago_is_history_where_the_plan_has_come_to_want_them_mailed(
    tmp_path: Path, opened: Path
) -> None:
    quiet = {"opening": False, "reminder_days": (), "escalation_days": None, "late_list": False, "feedback": False}
    story = Story(tmp_path, opened, LetterRule.model_validate(quiet | {"bulletin": True}))
    files = {"通报.docx": b"word"}
    lay_out(story.home, "lushan-2022", 1, files)
    keep_issued(
        story.home,
        IssuedBulletin("lushan-2022", "2022-05", 1, at("06-14 10:00"), "王主任", "000001-0", hashes(files)),
    )
    assert story.chase("06-29 08:30").counts == {}


@pytest.mark.parametrize("is_outbox_lost", [False, True])
def test_a_warehouse_made_anew_writes_nothing_a_second_time(
    tmp_path: Path, opened: Path, *, is_outbox_lost: bool
) -> None:
    story = Story(tmp_path, opened)
    story.chase("06-01 08:30")
    story.publish("06-01 09:00")
    story.home.warehouse.unlink()
    if is_outbox_lost:
        story.home.outbox.rename(tmp_path / "lost")
    list(recover(story.run("06-01 10:00"), contacts=CONTACTS))
    assert story.chase("06-01 11:00").counts == {}
    assert story.chase("06-02 08:30").counts == {"queued": OWING}


def test_who_is_away_is_stood_in_for_when_it_is_sent(tmp_path: Path, opened: Path) -> None:
    story = Story(tmp_path, opened)
    story.chase("06-01 08:30")
    away = {
        "address": "cgj@lushan.example",
        "first_day": "2022-06-01",
        "last_day": "2022-06-02",
        "deputy": "x@l.example",
    }
    contacts = Contacts.model_validate(CONTACTS.model_dump() | {"away": [away]})
    ours = [eml for eml in pending(story.home) if eml.parent.name == "CGJ"]
    with serving(inbox := Inbox()) as server:
        list(deliver(server, ours, story.home, contacts, at("06-02 09:00")))
    assert inbox.envelopes[0].rcpt_tos == ["x@l.example", "cgj2@lushan.example"]


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
