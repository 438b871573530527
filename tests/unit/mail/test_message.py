"""Mails as bytes: addressed from the contacts and from nowhere else, the same every time, bent by no text."""

import io
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from etl.errors import UserError
from etl.mail.answer import Answer, subject
from etl.mail.contacts import Contacts, load_contacts
from etl.mail.message import Attachment, answered, compose, read_message, recipients
from tests.unit.mail.conftest import CONTACTS, FILE, MAIL


def parse(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def plain(content: bytes) -> str:
    body = parse(content).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_mail_is_addressed_dated_and_carries_the_workbook() -> None:
    message = parse(compose(MAIL, CONTACTS))
    assert message["To"] == "rsj@lushan.example, office@lushan.example"
    assert message["From"] == "data@lushan.example"
    assert message["Message-ID"] == "<abc123@minsheng>"
    assert message["Date"] == "Fri, 03 Jun 2022 10:00:00 +0800"
    assert message["Subject"] == "【民生实事月报】2022年5月报表已退回：县人社局"
    (attachment,) = message.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("5月（退回）.xlsx", b"bytes")
    assert attachment.get_content_type() == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_the_same_mail_is_the_same_bytes() -> None:
    assert compose(MAIL, CONTACTS) == compose(MAIL, CONTACTS)


def test_a_mail_knows_what_it_answers() -> None:
    many = tuple(f"{number:016x}" for number in range(50))
    assert answered(io.BytesIO(compose(replace(MAIL, answers=many), CONTACTS))) == many


def test_what_a_mail_answers_is_read_without_its_attachments() -> None:
    content = compose(MAIL, CONTACTS)
    mail = io.BytesIO(content)
    assert answered(mail) == ("s1", "s2")
    assert mail.tell() == content.index(b"\r\n\r\n") + 4


@pytest.mark.parametrize("evil", ["x\r\nBcc: spy@evil.example\r\n\r\nbody", "x\nBcc: spy@evil.example"])
def test_names_cannot_add_headers_or_recipients(evil: str) -> None:
    mail = replace(MAIL, subject=subject(Answer(evil, (FILE,))), attachments=(Attachment(evil, b""),))
    message = parse(compose(mail, CONTACTS))
    assert message["Bcc"] is None
    assert message["To"] == "rsj@lushan.example, office@lushan.example"
    assert "Bcc: spy@evil.example" in message["Subject"]
    assert all("\n" not in (one.get_filename() or "") for one in message.iter_attachments())


def test_addresses_are_those_of_the_contacts_at_the_time_of_sending() -> None:
    content = compose(MAIL, CONTACTS).replace(b"rsj@lushan.example", b"spy@evil.example")
    corrected = Contacts(data_team="data@lushan.example", units={"RSJ": ("new@lushan.example",)})
    assert recipients(read_message(content, "RSJ", corrected)) == ("new@lushan.example",)


def test_a_unit_without_address_is_passed_on_by_the_data_team() -> None:
    content = compose(replace(MAIL, unit_code="CL"), CONTACTS)
    assert parse(content)["To"] == "data@lushan.example"
    assert plain(content).startswith("（请转告县人社局。）\r\n\r\n")
    assert "请转告" not in plain(compose(MAIL, CONTACTS))


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
