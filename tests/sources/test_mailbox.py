"""A mailbox on a real IMAP server: what is attached is taken once, and nobody is answered who is no person."""

from __future__ import annotations

import base64
import io
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest

from minsheng.core.files import atomic_write
from minsheng.landing import all_receipts
from minsheng.mail.contacts import Contacts
from minsheng.mail.delivery import pending
from minsheng.mail.folders import mail_path
from minsheng.mail.message import head_of, recipients
from minsheng.plan.run import Run
from minsheng.source.attachments import MAX_FILES
from minsheng.source.imap import encoded_folder
from minsheng.source.mailbox import Correspondents
from minsheng.stages.pull import pull
from minsheng.stages.validate import validate
from minsheng.warehouse.connection import open_to_read, open_warehouse
from tests.sources.faults import line_to
from tests.sources.mailbox import Mailbox, serving_mail

_NUMBERS = count()
CSV = "谁的报表,1\n".encode("gb18030")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving_mail() as number:
        yield number


@pytest.fixture
def mailbox(port: int) -> Iterator[Mailbox]:
    box = Mailbox(port, f"报送&{next(_NUMBERS)}")
    yield box
    box.server.logout()


def mail(sender: str = "rsj@lushan.example", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["Subject"] = "报表"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("见附件")
    return message


def with_file(name: str, content: bytes = CSV, **headers: str) -> EmailMessage:
    message = mail(**headers)
    message.add_attachment(content, "application", "octet-stream", filename=name)
    return message


def raw(disposition: bytes, kind: bytes = b"application/octet-stream") -> bytes:
    """A message whose one attachment is named by these very bytes."""
    head = b'From: rsj@lushan.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    part = b"--b\r\nContent-Type: " + kind + b"\r\nContent-Disposition: " + disposition
    return head + part + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(CSV) + b"\r\n--b--\r\n"


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return packed.getvalue()


def landed(run: Run) -> dict[str, str]:
    return {one.file_name: one.unit_code for one in all_receipts(run.home)}


def results(run: Run, box: Mailbox) -> list[str]:
    return [one.result for one in pull(run, box.source).outcomes]


_WORDS = base64.b64encode("五月报表.csv".encode("gb18030"))
_NAMES = {
    "RFC 2231 in UTF-8": b"attachment; filename*=utf-8''" + quote("五月报表.csv").encode(),
    "RFC 2231 in GBK": b"attachment; filename*=gb2312''" + quote("五月报表.csv".encode("gb18030")).encode(),
    "RFC 2231 in pieces": b"attachment;\r\n filename*0*=utf-8''%E4%BA%94%E6%9C%88;\r\n filename*1*="
    + quote("报表.csv").encode(),
    "RFC 2047 in GBK": b'attachment; filename="=?gb2312?B?' + _WORDS + b'?="',
    "bytes in GBK": b'attachment; filename="' + "五月报表.csv".encode("gb18030") + b'"',
    "bytes in UTF-8": b'attachment; filename="' + "五月报表.csv".encode() + b'"',
    "with a path": b'attachment; filename="C:\\\\tmp\\\\' + "五月报表.csv".encode() + b'"',
}


@pytest.mark.parametrize("written", _NAMES.values(), ids=list(_NAMES))
def test_a_name_is_read_however_it_is_written(mailbox: Mailbox, run: Run, written: bytes) -> None:
    mailbox.receive(raw(written))
    assert results(run, mailbox) == ["landed"]
    assert landed(run) == {"五月报表.csv": "RSJ"}


def test_files_come_in_whatever_they_are_wrapped(mailbox: Mailbox, run: Run) -> None:
    outer = mail(sender="RSJ@Lushan.example")
    outer.add_attachment(with_file("转发.csv", CSV + b"1", sender="boss@elsewhere.example"))
    outer.add_attachment(with_file("附为文件.csv", CSV + b"2").as_bytes(), "application", "eml", filename="信.eml")
    packed = zipped(**{"a__内.csv": CSV + b"3", "__MACOSX__._内.csv": b"x"})
    outer.add_attachment(packed, "application", "zip", filename="打包.zip")
    outer.add_attachment(b"-----", "application", "pkcs7-signature", filename="smime.p7s")
    mailbox.receive(outer)
    assert results(run, mailbox) == ["landed"] * 3
    assert landed(run) == dict.fromkeys(["转发.csv", "附为文件.csv", "打包.zip/内.csv"], "RSJ")
    assert results(replace(run, run_id="again"), mailbox) == [], "what is done with is not asked for again"


def test_an_archive_beyond_the_limits_goes_on_as_it_is(mailbox: Mailbox, run: Run) -> None:
    mailbox.receive(with_file("多.zip", zipped(**{f"{number}.csv": CSV for number in range(MAX_FILES + 1)})))
    mailbox.receive(with_file("坏.zip", b"PK\x03\x04 broken"))
    assert results(run, mailbox) == ["withheld", "landed"]


def test_who_is_not_known_is_told_until_the_contacts_know_him(mailbox: Mailbox, run: Run) -> None:
    mailbox.receive(with_file("谁.csv", sender="who@elsewhere.example"))
    (told,) = pull(run, mailbox.source).outcomes
    assert (told.result, "who@elsewhere.example" in told.detail) == ("unknown_sender", True)
    known = Correspondents({"who@elsewhere.example": "CL"})
    assert pull(replace(run, run_id="2"), replace(mailbox.source, known=known)).count("landed") == 1
    assert landed(run) == {"谁.csv": "CL"}


def test_who_is_not_known_is_answered_once_and_no_machine_ever(mailbox: Mailbox, run: Run) -> None:
    who = "who@elsewhere.example"
    mailbox.receive(with_file("谁.csv", sender=who))
    mailbox.receive(with_file("又是谁.csv", sender=who))
    mailbox.receive(with_file("不必回.csv", sender="noreply@elsewhere.example"))
    mailbox.receive(with_file("机器.csv", sender="machine@elsewhere.example", Auto_Submitted="auto-generated"))
    for number in (1, 2):
        assert pull(replace(run, run_id=f"{number}"), mailbox.source).count("unknown_sender") == 4
    with open_to_read(run.home.warehouse) as connection:
        mails = connection.execute(
            "select unit_code, mail.kind from raw.mail inner join raw.letter using (mail_id)"
        ).fetchall()
    assert mails == [(f"stranger-{who}", "stranger")]
    validate(run, Contacts(data_team="data@lushan.example"))
    (mail,) = pending(run.home)
    assert recipients(head_of(mail.read_bytes())) == (who,)


_AUTOMATIC = [
    {"Auto_Submitted": "auto-replied (vacation)"},
    {"Precedence": "bulk"},
    {"Return_Path": "<>"},
    {"sender": "data@lushan.example"},
    {"X_Minsheng_Reference": "0123456789abcdef"},
    {"sender": "MAILER-DAEMON@lushan.example"},
]


@pytest.mark.parametrize("headers", _AUTOMATIC, ids=lambda headers: next(iter(headers)))
def test_machines_are_no_senders(mailbox: Mailbox, run: Run, headers: dict[str, str]) -> None:
    mailbox.receive(with_file("不收.csv", CSV, **headers))
    assert results(run, mailbox) == ["ignored"]
    assert results(replace(run, run_id="again"), mailbox) == []


def test_a_report_a_machine_sends_of_itself_is_a_report(mailbox: Mailbox, run: Run) -> None:
    mailbox.receive(with_file("自动.csv", Auto_Submitted="auto-generated"))
    assert results(run, mailbox) == ["landed"]


def test_a_mail_that_came_back_marks_its_address(mailbox: Mailbox, run: Run) -> None:
    report = (
        b"From: MAILER-DAEMON@lushan.example\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nSorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx.lushan.example\r\n\r\nFinal-Recipient: rfc822; Gone@Lushan.example\r\n"
        b"Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n--b--\r\n"
    )
    mailbox.receive(report)
    assert results(run, mailbox) == ["refused"]
    with open_warehouse(run.home.warehouse) as connection:
        found = connection.execute("select address, reason from raw.bounce").fetchall()
    assert found == [("gone@lushan.example", "550 5.1.1 no such user")]
    assert results(replace(run, run_id="again"), mailbox) == []


_OURS = "0123456789abcdef"


@pytest.mark.parametrize(("sender", "answers"), [("rsj@lushan.example", _OURS), ("cl@lushan.example", None)])
def test_a_reply_is_known_by_its_reference_if_it_comes_from_whom_we_wrote_to(
    mailbox: Mailbox, run: Run, sender: str, answers: str | None
) -> None:
    with open_warehouse(run.home.warehouse):
        atomic_write(mail_path(run.home, "sent", "RSJ", _OURS), b"")
    mailbox.receive(with_file("改好.csv", sender=sender, In_Reply_To=f"<{_OURS}@lushan.example>"))
    pull(run, mailbox.source)
    assert [one.answers for one in all_receipts(run.home)] == [answers]


def test_two_versions_in_one_run_count_in_the_order_in_which_they_came(mailbox: Mailbox, run: Run) -> None:
    for content in (CSV + b"first", CSV + b"second"):
        mailbox.receive(with_file("同名.csv", content))
        time.sleep(1.1)  # an IMAP server dates what it gets by the second
    assert results(run, mailbox) == ["landed", "landed"]
    assert [one.byte_count for one in all_receipts(run.home)] == [len(CSV) + 5, len(CSV) + 6]


def test_nothing_is_marked_as_read(mailbox: Mailbox, run: Run) -> None:
    mailbox.receive(with_file("一.csv"))
    pull(run, mailbox.source)
    mailbox.server.select(f'"{encoded_folder(mailbox.folder)}"', readonly=True)
    assert mailbox.server.search(None, "UNSEEN") == ("OK", [b"1"])


def test_it_is_read_by_tls_if_the_certificate_can_be_trusted(mailbox: Mailbox, run: Run, secrets: Path) -> None:
    mailbox.receive(with_file("加密.csv"))
    certificate = secrets / "server.pem"
    with line_to(mailbox.port, certificate) as line:
        access = replace(mailbox.source.access, port=line.port, extra={"ca_file": str(certificate)})
        source = replace(mailbox.source, access=access, is_secure=True)
        assert "证书不能信任" in pull(run, replace(source, access=replace(access, extra={}))).outcomes[0].detail
        assert pull(run, source).count("landed") == 1


def test_what_is_wrong_is_told(mailbox: Mailbox, run: Run) -> None:
    wrong = replace(mailbox.source, access=replace(mailbox.source.access, password="wrong"))
    elsewhere = replace(mailbox.source, folder="没有")
    assert "不接受用户名和密码" in pull(run, wrong).outcomes[0].detail
    assert "不存在" in pull(run, elsewhere).outcomes[0].detail


def test_who_signs_for_a_unit_is_heard_and_reports_nothing(mailbox: Mailbox, run: Run) -> None:
    known = replace(mailbox.source.known, signers={"ju@lushan.example": "RSJ"})
    source = replace(mailbox.source, known=known)
    signed = with_file("不收.csv", sender="Ju@Lushan.example", In_Reply_To="<0123456789abcdef@lushan.example>")
    signed.get_body().set_content("确认")  # type: ignore[union-attr]
    mailbox.receive(signed)
    with source.open({}) as opened:
        assert [*opened.deliveries()] == []
        (reply,) = opened.noticed.replies
    assert (reply.unit_code, reply.is_signer, reply.is_confirming) == ("RSJ", True, True)
    assert reply.references == ("0123456789abcdef",)
    assert [one.result for one in pull(run, source).outcomes] == ["ignored"]
    assert landed(run) == {}
    assert pull(replace(run, run_id="again"), source).outcomes == (), "what was answered is not heard again"
    with open_to_read(run.home.warehouse) as connection:
        told = connection.execute("select opening from raw.letter where kind = 'signing'").fetchall()
    assert len(told) == 1 and "没有看出是哪一份报表" in str(told)
