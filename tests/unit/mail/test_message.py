"""Mails as bytes: addressed from the contacts and from nowhere else, the same every time, bent by no text."""

import io
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import EmailMessage
from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.mail.answer import Answer, subject
from minsheng.mail.contacts import Contacts, county_contacts, load_contacts
from minsheng.mail.message import Attachment, Thread, addressed, answered, compose, head_of, recipients
from tests.unit.mail.conftest import CONTACTS, FILE, MAIL


def parse(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def plain(content: bytes) -> str:
    body = parse(content).get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_a_mail_is_addressed_dated_and_carries_the_workbook() -> None:
    message = parse(compose(MAIL, CONTACTS))
    assert message["To"] == "rsj@lushan.example, office@lushan.example"
    assert message["From"] == "鲁山县民生实事数据组 <data@lushan.example>"
    assert message["Reply-To"] == "data@lushan.example"
    assert message["Message-ID"] == "<abc123@lushan.example>"
    assert message["Date"] == "Fri, 03 Jun 2022 10:00:00 +0800"
    assert message["Subject"] == "【民生实事月报】2022年5月报表已退回：县人社局（编号abc123）"
    (attachment,) = message.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("5月（退回）.xlsx", b"bytes")
    assert attachment.get_content_type() == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_programs_put_the_mails_of_a_month_together_however_long_the_domain_is() -> None:
    domain = f"{'minsheng-' * 6}xxzx.lushan.example"
    mail = replace(MAIL, thread=Thread("县城管局-2022-05", f"{'a' * 16}.2022-05"))
    content = compose(mail, CONTACTS.model_copy(update={"data_team": f"data@{domain}"}))
    root = f"<{'a' * 16}.2022-05@{domain}>".encode()
    for written in (content, addressed(content, "CGJ", CONTACTS)):
        assert all(b"\r\n" + name + b": " + root + b"\r\n" in written for name in (b"References", b"In-Reply-To"))


def test_no_absence_notice_and_no_other_machine_answers_a_mail() -> None:
    message = parse(compose(MAIL, CONTACTS))
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"


def test_a_mail_is_named_by_its_reference_in_every_part() -> None:
    mail = replace(MAIL, mail_id="0123456789abcdef")
    message = parse(compose(mail, CONTACTS))
    assert message["X-Minsheng-Reference"] == "0123456789abcdef"
    assert str(message["Subject"]).endswith("（编号01234567）")
    assert plain(compose(mail, CONTACTS)).endswith("\n\n编号：01234567（来信、来电请注明）\n")
    html = message.get_body(("html",))
    assert html is not None
    assert html.get_content().rstrip().endswith("<p>编号：01234567（来信、来电请注明）</p></body></html>")


def test_name_and_answers_are_those_of_the_contacts_where_they_say_so() -> None:
    other = CONTACTS.model_copy(update={"sender_name": "鲁山县“民生办”, 一科", "reply_to": "help@lushan.example"})
    message = parse(addressed(compose(MAIL, CONTACTS), "RSJ", other))
    assert message["From"].addresses[0].display_name == "鲁山县“民生办”, 一科"
    assert message["From"].addresses[0].addr_spec == "data@lushan.example"
    assert message["Reply-To"] == "help@lushan.example"
    again = parse(addressed(compose(MAIL, other), "RSJ", CONTACTS))
    assert (again["From"].addresses[0].display_name, again["Reply-To"]) == (
        "鲁山县“民生办”, 一科",
        "data@lushan.example",
    )


def test_every_server_takes_the_bytes() -> None:
    """No 8-bit bytes, no bare line feed, no line longer than the standard allows."""
    content = compose(replace(MAIL, html="<p>" + "长" * 5000 + "</p>"), CONTACTS)
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998


NAMES = [
    "5月（退回）.xlsx",
    "鲁山县人力资源和社会保障局2022年5月民生实事完成情况月报表（第二次更正后重新报送）（退回）.xlsx",
    "A" * 55 + ".xlsx",
    'report "final"; copy=1.xlsx',
    "𠮷野家’s 100%.xlsx",
]


def with_attachment(name: str) -> bytes:
    return compose(replace(MAIL, attachments=(Attachment(name, b"bytes"),)), CONTACTS)


@pytest.mark.parametrize("name", NAMES)
def test_programs_of_today_read_the_attachments_name(name: str) -> None:
    """RFC 2231, as Thunderbird, Outlook since 2010 and the mailboxes on the web do."""
    (attachment,) = parse(with_attachment(name)).iter_attachments()
    assert attachment.get_filename() == name
    assert attachment.get_content_type() == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize("name", NAMES)
def test_programs_of_earlier_years_read_the_attachments_name(name: str) -> None:
    """They know no ``filename*=``: they unfold the line, take ``name=`` and decode the words inside its quotes."""
    head = with_attachment(name).split(b"application/vnd.")[1].split(b"\r\n\r\n")[0].decode("ascii")
    unfolded = re.sub(r"\r\n[ \t]+", " ", head.split("\r\nMIME-Version")[0].split("\r\nContent-Transfer")[0])
    found = re.search(r'name="([^"]*)"', unfolded)
    assert found
    words = found[1].split()
    assert all(len(word) <= 75 for word in words)
    read = "".join(part.decode(code or "ascii") for part, code in map(one_word, words))
    assert read == name


def one_word(word: str) -> tuple[bytes, str | None]:
    """Each encoded word by itself: a character cut in two would not be read."""
    ((part, code),) = decode_header(word)
    return (part if isinstance(part, bytes) else part.encode()), code


@pytest.mark.parametrize("name", NAMES)
def test_programs_that_hold_to_the_older_standard_find_a_name_too(name: str) -> None:
    """Python's compat32 parser stands for those that know RFC 2231 and take the parameters as they stand."""
    (part,) = (each for each in message_from_bytes(with_attachment(name)).walk() if each.get_filename())
    assert part.get_filename() == name


def test_addressing_anew_leaves_the_parts_byte_for_byte() -> None:
    content = with_attachment(NAMES[1])
    anew = addressed(content, "RSJ", CONTACTS)
    assert anew.partition(b"\r\n\r\n")[2] == content.partition(b"\r\n\r\n")[2]
    assert sorted(anew.partition(b"\r\n\r\n")[0].split(b"\r\n")) == sorted(
        content.partition(b"\r\n\r\n")[0].split(b"\r\n")
    )


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
    assert recipients(head_of(addressed(content, "RSJ", corrected))) == ("new@lushan.example",)


def test_a_unit_without_address_is_passed_on_by_the_data_team() -> None:
    content = compose(replace(MAIL, unit_code="CL"), CONTACTS)
    assert parse(content)["To"] == "data@lushan.example"
    assert plain(content).startswith("（请转告县人社局。）\n\n")
    assert "请转告" not in plain(compose(MAIL, CONTACTS))


def test_without_contacts_there_is_nobody_to_send_to() -> None:
    message = parse(compose(MAIL, None))
    assert (message["To"], message["From"]) == (None, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("data_team: a@b.example\nunit: {}\n", " 第 2 行（unit）：没有“unit”这个键 → 是不是“units”？"),
        ("data_team: a@b.example, c@d.example\n", " 第 1 行（data_team）：这里写的是“a@b.example"),
        ('data_team: "a@b.example\\nBcc: c@d.example"\n', " 第 1 行（data_team）：这里写的是“a@b.example"),
        ("data_team: [", " 第 2 行：不是有效的 YAML"),
    ],
)
def test_a_faulty_contacts_file_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "contacts.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as error:
        load_contacts(path)
    assert str(path) in str(error.value) and words in str(error.value)


def test_no_contacts_file_is_no_contacts() -> None:
    assert county_contacts(None, "lushan") is None
