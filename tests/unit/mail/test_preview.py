"""Every kind of letter as it would look: complete, in the words of the county, and readable by any program."""

import email
import re
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import collapse_rfc2231_value
from pathlib import Path

import pytest
from typer.testing import CliRunner

from minsheng.commands.mail import mail_app
from minsheng.core.clock import ZONE_NAME
from minsheng.core.codes import MailKind
from minsheng.core.declarations import ROOT
from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.flows.preview import KINDS, preview
from minsheng.mail.contacts import Contacts
from minsheng.mail.message import Attachment, compose
from minsheng.plan.county import as_county
from minsheng.plan.run import Run
from tests.county import IN_TIME
from tests.unit.mail.conftest import MAIL
from tests.workbooks import lushan

PLAN = str(ROOT / "plans" / "lushan-2022")
CONTACTS = Contacts(data_team="data@lushan.example", telephone="0375-5050000")
_LEFT_OPEN = re.compile(r"[{}]|None|\b[A-Z_]{4,}\b")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_whole_and_says_no_code(kind: MailKind) -> None:
    run = Run(Home(Path("lushan")), as_county([lushan()]), IN_TIME, "preview")
    mail = preview(run, kind, Period(2022, 2), "RSJ", CONTACTS)
    assert mail.subject.startswith("【民生实事月报】")
    assert _LEFT_OPEN.findall(mail.subject + mail.text.replace("RSJ_", "")) == []
    shown = re.sub(r"<[^>]+>", "", mail.html)
    for paragraph in mail.text.splitlines():
        words = re.sub(r"^(\d+\. |━━ |   → )", "", paragraph).partition("（表内是")[0]
        assert all(part in shown for part in words.split("："))


def call(*arguments: str, letters: Path | None = None) -> str:
    env = {"COLUMNS": "200", "MINSHENG_LETTERS": str(letters) if letters else None, "TZ": ZONE_NAME}
    ended = CliRunner().invoke(mail_app, ["preview", *arguments, "--plan", PLAN], env=env)
    if ended.exception and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended.output


def test_a_county_sees_its_own_words(tmp_path: Path) -> None:
    letters = tmp_path / "letters.yaml"
    letters.write_text("common:\n  how_to_send: 请放入共享盘。\n", encoding="utf-8")
    assert "\n\n请放入共享盘。如有疑问，" in call("opening", letters=letters)
    assert "请放入共享盘" not in call("opening")


def test_it_is_written_as_the_mail_that_would_travel(tmp_path: Path) -> None:
    call("reminder", "--unit", "CGJ", "--out", str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["reminder.eml", "reminder.html", "reminder.txt"]
    message = email.message_from_bytes((tmp_path / "reminder.eml").read_bytes(), policy=policy.default)
    assert "报表今天18:00截止：县城管局〔CGJ-2022-02〕" in str(message["Subject"])


def test_a_kind_there_is_not_is_told_with_those_there_are() -> None:
    with pytest.raises(UserError, match=r"remindr：没有这种信 → 是不是“reminder”？可写：.*feedback"):
        call("remindr")


_NAME = "县人力资源和社会保障局（含劳动就业服务中心、社会保险中心）2022年5月民生实事“月报”修改稿 (2).xlsx"


def test_names_and_subjects_are_read_alike_by_programs_that_read_headers_differently() -> None:
    """The modern parser, the one of RFC 2047 and 2231 by the letter, and the habit of older programs: ``name=``."""
    mail = MAIL.__class__(**(vars(MAIL) | {"attachments": (Attachment(_NAME, b"x"),), "subject": f"退回：{_NAME}"}))
    content = compose(mail, CONTACTS)
    modern = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(modern, EmailMessage)
    (part,) = modern.iter_attachments()
    by_letter = email.message_from_bytes(content, policy=policy.compat32)
    old = next(each for each in by_letter.walk() if each.get_content_disposition() == "attachment")
    subject = str(make_header(decode_header(by_letter["Subject"])))
    assert subject == str(modern["Subject"]) == f"退回：{_NAME}（编号abc123）"
    named = old.get_param("filename", header="Content-Disposition")
    assert named is not None and part.get_filename() == collapse_rfc2231_value(named)
    assert part.get_filename() == str(make_header(decode_header(str(old.get_param("name"))))) == _NAME
    assert max(len(line) for line in content.split(b"\r\n\r\n")[0].splitlines()) <= 78
