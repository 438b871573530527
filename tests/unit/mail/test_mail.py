"""Mails: what they say, that nothing in a file can bend them, and that a real server gets each once."""

import smtplib
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from etl.errors import UserError
from etl.files import atomic_write
from etl.home import Home
from etl.judging.findings import Finding
from etl.mail.answer import Answer, answer_html, answer_text, subject
from etl.mail.contacts import Contacts, load_contacts
from etl.mail.delivery import Attachment, Mail, compose, deliver, pending, sent

RECEIVED = datetime(2022, 6, 3, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CONTACTS = Contacts(data_team="data@lushan.example", units={"RSJ": ("rsj@lushan.example", "office@lushan.example")})
FAULT = Finding("C12", "reject", "填报", "F6", "约300", "“约300”是大约的数。", "请填写准确数字。")
TARGET = Finding("R06", "reject", "填报", "D6", "2000", "应为 2032。", "请改回 2032。")
LATE = Finding("F30", "warn", None, None, None, "按迟报登记。", "请今后在截止时间前报送。")
ANSWER = Answer("县人社局", "2022-05", "5月.xlsx", RECEIVED, "rejected", (FAULT, TARGET, LATE))
MAIL = Mail(
    "abc123", "RSJ", "县人社局", subject(ANSWER), answer_text(ANSWER), answer_html(ANSWER), RECEIVED,
    (Attachment("2022/5月.xlsx", b"bytes"),),
)  # fmt: skip


def parse(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def plain(content: bytes) -> str:
    body = parse(content).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_an_answer_names_every_fault_and_keeps_warnings_apart() -> None:
    assert answer_text(ANSWER) == (
        "县人社局：\n\n"
        "您好！贵单位报送的2022年5月民生实事报表（文件“5月.xlsx”，收到时间 2022-06-03 10:00）已经核对。\n"
        "核对结论：已退回，请改正后重新报送。\n\n"
        "一、必须改正的问题（2 处，改正后请重新报送整份表）\n"
        "1. [填报!F6] “约300”是大约的数。\n"
        "   → 请填写准确数字。\n"
        "2. [填报!D6] 应为 2032。（表内是“2000”）\n"
        "   → 请改回 2032。\n\n"
        "二、请核对的事项（1 处，不影响接收）\n"
        "1. [整个文件] 按迟报登记。\n"
        "   → 请今后在截止时间前报送。\n\n"
        "本次报送的数据没有采用；此前已接收的数据不受影响。"
        "请按上面的提示在原表中改正，一次改完后重新报送。如有疑问，请与数据组联系。\n"
    )


def test_html_says_the_same_and_cannot_be_written_by_a_unit() -> None:
    evil = replace(FAULT, found="<script>x</script>", message="<b>", sheet="<i>")
    html = answer_html(replace(ANSWER, findings=(evil,), file_name="<img src=x>"))
    assert "&lt;script&gt;x&lt;/script&gt;" in html
    assert not any(tag in html for tag in ("<script", "<img", "<i>", "<td><b>"))


def test_a_mail_is_addressed_dated_and_carries_the_original() -> None:
    message = parse(compose(MAIL, CONTACTS))
    assert message["To"] == "rsj@lushan.example, office@lushan.example"
    assert message["From"] == "data@lushan.example"
    assert message["Message-ID"] == "<abc123@minsheng>"
    assert message["Date"] == "Fri, 03 Jun 2022 10:00:00 +0800"
    assert message["Subject"] == "【民生实事月报】2022年5月报表已退回：县人社局"
    assert [(one.get_filename(), one.get_content()) for one in message.iter_attachments()] == [("5月.xlsx", b"bytes")]


def test_the_same_mail_is_the_same_bytes() -> None:
    assert compose(MAIL, CONTACTS) == compose(MAIL, CONTACTS)


def test_names_cannot_add_headers_or_recipients() -> None:
    evil = "x\r\nBcc: spy@evil.example\r\n\r\nbody"
    mail = replace(MAIL, subject=subject(replace(ANSWER, unit_name=evil)), attachments=(Attachment(evil, b""),))
    message = parse(compose(mail, CONTACTS))
    assert message["Bcc"] is None
    assert message["To"] == "rsj@lushan.example, office@lushan.example"
    assert "Bcc: spy@evil.example" in message["Subject"]
    assert all("\n" not in (one.get_filename() or "") for one in message.iter_attachments())


def test_a_unit_without_address_is_passed_on_by_the_data_team() -> None:
    content = compose(replace(MAIL, unit_code="CL", unit_name="县残联"), CONTACTS)
    assert parse(content)["To"] == "data@lushan.example"
    assert plain(content).startswith("（通讯录中没有“县残联”的邮箱，本邮件改发数据组")


def test_without_contacts_there_is_nobody_to_send_to() -> None:
    message = parse(compose(MAIL, None))
    assert (message["To"], message["From"]) == (None, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("data_team: a@b.example\nunit: {}\n", "unit: Extra inputs are not permitted"),
        ("data_team: a@b.example, c@d.example\n", "data_team: String should match pattern"),
        ('data_team: "a@b.example\\nBcc: c@d.example"\n', "data_team: String should match pattern"),
        ("data_team: [", "not readable as YAML"),
    ],
)
def test_a_faulty_contacts_file_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "contacts.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as error:
        load_contacts(path)
    assert str(path) in str(error.value) and words in str(error.value)


def test_no_contacts_file_is_no_contacts() -> None:
    assert load_contacts(None) is None


class Inbox:
    """A mail server's memory; while ``is_refusing`` it takes nothing."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.is_refusing = False
        self.unknown: set[str] = set()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.unknown:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.is_refusing:
            return "451 try again later"
        self.envelopes.append(envelope)
        return "250 OK"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[Controller]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    atomic_write(home.outbox / "pending" / "RSJ" / "abc123.eml", compose(MAIL, CONTACTS))
    return home


def test_a_delivered_mail_leaves_the_outbox(home: Home, server: Controller, inbox: Inbox) -> None:
    (eml,) = pending(home)
    with smtplib.SMTP("127.0.0.1", server.port) as client:
        deliver(client, eml, home)
    (envelope,) = inbox.envelopes
    assert envelope.rcpt_tos == ["rsj@lushan.example", "office@lushan.example"]
    assert parse(envelope.content)["Message-ID"] == "<abc123@minsheng>"  # type: ignore[arg-type]
    assert "“约300”是大约的数。" in plain(envelope.content)  # type: ignore[arg-type]
    assert (pending(home), [path.name for path in sent(home)]) == ([], ["abc123.eml"])


def test_a_refused_mail_stays_and_is_sent_by_the_next_attempt(home: Home, server: Controller, inbox: Inbox) -> None:
    (eml,) = pending(home)
    inbox.is_refusing = True
    with smtplib.SMTP("127.0.0.1", server.port) as client, pytest.raises(smtplib.SMTPDataError, match="451"):
        deliver(client, eml, home)
    assert (pending(home), sent(home)) == ([eml], [])
    inbox.is_refusing = False
    with smtplib.SMTP("127.0.0.1", server.port) as client:
        deliver(client, eml, home)
    assert (pending(home), len(sent(home)), len(inbox.envelopes)) == ([], 1, 1)


def test_a_mail_taken_for_one_address_only_has_gone_and_names_the_other(
    home: Home, server: Controller, inbox: Inbox
) -> None:
    (eml,) = pending(home)
    inbox.unknown = {"office@lushan.example"}
    with (
        smtplib.SMTP("127.0.0.1", server.port) as client,
        pytest.raises(smtplib.SMTPRecipientsRefused, match=r"office@lushan\.example"),
    ):
        deliver(client, eml, home)
    assert inbox.envelopes[0].rcpt_tos == ["rsj@lushan.example"]
    assert (pending(home), len(sent(home))) == ([], 1)
