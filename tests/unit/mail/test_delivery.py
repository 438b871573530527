"""Delivery to real servers that take, refuse, put off, hang and die: nothing is lost, nothing goes twice unknown."""

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from minsheng.core.declarations import ROOT
from minsheng.core.errors import BusyError, UserError
from minsheng.core.files import atomic_write
from minsheng.core.home import Home
from minsheng.core.outcome import Outcome
from minsheng.mail.contacts import Contacts
from minsheng.mail.delivery import deliver, describe, pending
from minsheng.mail.folders import claimed, mail_path, mails, replies, take_back
from minsheng.mail.message import Attachment, compose
from minsheng.mail.server import Server
from minsheng.mail.waiting import wait_of
from tests.unit.mail.conftest import CONTACTS, MAIL, RECEIVED
from tests.unit.mail.servers import Breaking, Inbox, breaking, nobody, serving
from tests.unit.mail.test_message import parse, plain

RSJ, OFFICE = "rsj@lushan.example", "office@lushan.example"
NOW = RECEIVED
LATER = NOW + timedelta(minutes=10)


def states(home: Home) -> list[str]:
    return sorted(path.relative_to(home.outbox).as_posix() for path in home.outbox.rglob("*.eml"))


def attempt(server: Server, home: Home, now: datetime = NOW, contacts: Contacts = CONTACTS) -> Outcome:
    """One try at the one mail there is."""
    (outcome,) = deliver(server, pending(home), home, contacts, now)
    assert outcome.input == "mail/RSJ/abc123"
    return outcome


def failed(server: Server, home: Home, contacts: Contacts = CONTACTS) -> UserError:
    """What a try raises that gets no mail its outcome."""
    with pytest.raises(UserError) as raised:
        list(deliver(server, pending(home), home, contacts, NOW))
    return raised.value


def add(home: Home, unit: str, mail_id: str) -> Path:
    """One more mail that waits, under an id of its own."""
    content = pending(home)[0].read_bytes() if pending(home) else b""
    path = mail_path(home, "pending", unit, mail_id)
    atomic_write(path, content.replace(b"<abc123@", f"<{mail_id}@".encode()))
    return path


def test_a_delivered_mail_leaves_the_outbox(home: Home) -> None:
    inbox = Inbox()
    with serving(inbox) as server:
        assert attempt(server, home).result == "sent"
    (envelope,) = inbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("data@lushan.example", [RSJ, OFFICE])
    (message,) = inbox.messages
    assert parse(message)["Message-ID"] == "<abc123@lushan.example>"
    assert "“约300”是大约的数。" in plain(message)
    assert states(home) == ["sent/RSJ/abc123.eml"]


# The server is not to be had: no mail is to blame, and all wait as before.

AWAY = {
    "refuses with its greeting": (Breaking("GREETING", b"554 no service here\r\n"), "554 no service here"),
    "goes without a greeting": (Breaking("GREETING"), "Connection unexpectedly closed"),
    "hangs after EHLO": (Breaking("EHLO", hangs=True), "no answer in time"),
}


@pytest.mark.parametrize(("script", "words"), AWAY.values(), ids=AWAY)
def test_a_server_that_is_not_to_be_had_is_told_and_no_mail_is_put_off(
    home: Home, script: Breaking, words: str
) -> None:
    with breaking(script) as server:
        error = failed(server, home)
    assert isinstance(error, BusyError)
    assert error.where == f"邮件服务器 127.0.0.1:{server.port}"
    assert words in error.problem
    assert error.remedy == "邮件在 outbox/pending 等待，会再试"
    assert (states(home), wait_of(pending(home)[0])) == (["pending/RSJ/abc123.eml"], None)


def test_an_unreachable_server_is_named(home: Home) -> None:
    with nobody() as server:
        error = failed(server, home)
    assert isinstance(error, BusyError)
    assert str(error) == (
        f"邮件服务器 127.0.0.1:{server.port}：邮件服务器连不上，或中途断开（Connection refused）"
        " → 邮件在 outbox/pending 等待，会再试 [mail_server_away]"
    )
    assert states(home) == ["pending/RSJ/abc123.eml"]


# The connection breaks at a mail: it waits, the others go on, and sent again it is the same mail.

BROKEN = {
    "drops the connection at MAIL": (Breaking("MAIL"), "连接中断", "Connection unexpectedly closed"),
    "drops the connection at DATA": (Breaking("DATA"), "连接中断", "Connection unexpectedly closed"),
    "hangs at DATA": (Breaking("DATA", hangs=True), "连接中断", "no answer in time"),
    "shuts down for maintenance": (Breaking("MAIL", b"421 closing\r\n"), "连接中断", "421 closing"),
    "talks nonsense": (Breaking("RCPT", b"who is this?\r\n"), "连接中断", "is this?"),
    "takes the message and dies before it answers": (
        Breaking("MESSAGE"),
        "整封交出后服务器没有答复，可能已收下",
        "Connection unexpectedly closed",
    ),
    "takes the message and hangs": (
        Breaking("MESSAGE", hangs=True),
        "整封交出后服务器没有答复，可能已收下",
        "no answer in time",
    ),
}


@pytest.mark.parametrize(("script", "why", "words"), BROKEN.values(), ids=BROKEN)
def test_what_breaks_off_leaves_the_mail_waiting_and_says_so_plainly(
    home: Home, script: Breaking, why: str, words: str
) -> None:
    before = pending(home)[0].read_bytes()
    with breaking(script) as server:
        outcome = attempt(server, home)
    assert outcome.result == "put_off"
    assert outcome.detail.startswith(f"{why}，06-03 10:10 以后再试（第 1 次）：") and words in outcome.detail
    assert script.connections == 1
    assert (states(home), pending(home)[0].read_bytes()) == (["pending/RSJ/abc123.eml"], before)
    inbox = Inbox()
    with serving(inbox) as server:
        assert attempt(server, home, LATER).result == "sent"
    ids = {parse(content)["Message-ID"] for content in (*script.messages, inbox.messages[0])}
    assert ids == {"<abc123@lushan.example>"}
    assert states(home) == ["sent/RSJ/abc123.eml"]


def test_a_final_answer_is_waited_for_as_long_as_the_standard_asks() -> None:
    """A client that goes after thirty seconds sends again what has been taken."""
    patience = Server("127.0.0.1", 25).patience
    assert (patience.final, patience.command, patience.data, patience.block) == (600, 300, 120, 180)


def test_each_phase_has_its_own_time(home: Home) -> None:
    """A server is waited for that thinks about the whole mail longer than about a command."""
    slow = Breaking("MESSAGE", pause=1.0, last=b"250 OK\r\n")
    with breaking(slow) as server:
        patience = replace(server.patience, greeting=0.5, command=0.5, data=0.5, block=0.5)
        assert attempt(replace(server, patience=patience), home).result == "sent"
    assert len(slow.messages) == 1


# Put off: left for a later run.


@pytest.mark.parametrize(
    "inbox",
    [
        Inbox(on_sender="451 try again later"),
        Inbox(on_data="451 try again later"),
        Inbox(replies={RSJ: "451 try again later", OFFICE: "451 try again later"}),
    ],
    ids=["sender", "data", "recipients"],
)
def test_a_mail_put_off_is_sent_when_it_is_due(home: Home, inbox: Inbox) -> None:
    with serving(inbox) as server:
        outcome = attempt(server, home)
        assert outcome.result == "put_off"
        assert outcome.detail.startswith("服务器要求稍后再试，06-03 10:10 以后再试（第 1 次）：")
        assert "451 try again later" in outcome.detail
        assert (states(home), inbox.envelopes) == (["pending/RSJ/abc123.eml"], [])
        inbox.on_sender = inbox.on_data = "250 OK"
        inbox.replies = {}
        asked = len(inbox.commands)
        assert list(deliver(server, pending(home), home, CONTACTS, LATER - timedelta(seconds=1))) == []
        assert len(inbox.commands) == asked
        assert attempt(server, home, LATER).result == "sent"
    assert (states(home), len(inbox.envelopes)) == (["sent/RSJ/abc123.eml"], 1)
    assert sorted(path.name for path in home.outbox.rglob("*.*")) == ["abc123.eml", "abc123.json"]


def test_between_tries_it_waits_twice_as_long_each_time_and_is_told_when_it_has_waited_long(home: Home) -> None:
    now, pauses, results = NOW, [], []
    with serving(Inbox(on_data="451 greylisted")) as server:
        for _ in range(8):
            results.append(attempt(server, home, now).result)
            wait = wait_of(pending(home)[0])
            assert wait is not None
            pauses.append((wait.not_before - now) / timedelta(minutes=1))
            now = wait.not_before
    assert pauses == [10, 20, 40, 80, 160, 240, 240, 240]
    assert results == ["put_off"] * 6 + ["stuck"] * 2


def test_by_hand_what_was_put_off_is_tried_at_once(home: Home) -> None:
    inbox = Inbox(on_data="451 greylisted")
    with serving(inbox) as server:
        attempt(server, home)
        inbox.on_data = "250 OK"
        (outcome,) = deliver(server, pending(home), home, CONTACTS, NOW, even_put_off=True)
    assert (outcome.result, states(home)) == ("sent", ["sent/RSJ/abc123.eml"])


def test_a_mail_put_off_holds_up_no_other_and_goes_last_when_it_is_due(home: Home) -> None:
    for unit in ("CGJ", "SWJ"):
        add(home, unit, f"mail{unit}")
    contacts = CONTACTS.model_copy(update={"units": CONTACTS.units | {"CGJ": ("cgj@x.example",)}})
    inbox = Inbox(replies={"cgj@x.example": "450 greylisted"})
    with serving(inbox) as server:
        first = {one.input: one.result for one in deliver(server, pending(home), home, contacts, NOW)}
        add(home, "ZZJ", "later")
        second = [one.input for one in deliver(server, pending(home), home, contacts, LATER)]
    assert first == {"mail/CGJ/mailCGJ": "put_off", "mail/RSJ/abc123": "sent", "mail/SWJ/mailSWJ": "sent"}
    assert second == ["mail/ZZJ/later", "mail/CGJ/mailCGJ"]


def test_a_limit_of_the_provider_is_not_for_good(home: Home) -> None:
    inbox = Inbox(on_data="550 Ip frequency limited. http://service.mail.qq.com/")
    with serving(inbox) as server:
        outcome = attempt(server, home)
        assert (outcome.result, states(home)) == ("put_off", ["pending/RSJ/abc123.eml"])
        assert outcome.detail.startswith("发送太多或太快，被暂时限制")
        inbox.on_data = "250 OK"
        assert attempt(server, home, LATER).result == "sent"


def test_an_address_put_off_is_asked_for_again_and_the_other_gets_no_second_mail(home: Home) -> None:
    inbox = Inbox(replies={OFFICE: "450 greylisted"})
    with serving(inbox) as server:
        assert attempt(server, home).result == "put_off"
        inbox.replies = {}
        assert attempt(server, home, LATER).result == "sent"
    assert [envelope.rcpt_tos for envelope in inbox.envelopes] == [[RSJ], [OFFICE]]
    assert sorted(path.name for path in home.outbox.rglob("*.*")) == ["abc123.eml", "abc123.json"]


# Refused for good.


@pytest.mark.parametrize(
    "inbox",
    [
        Inbox(on_data="550 you are not welcome"),
        Inbox(replies={RSJ: "550 you are not welcome", OFFICE: "550 you are not welcome"}),
    ],
    ids=["data", "recipients"],
)
def test_a_mail_refused_for_good_is_put_aside_with_the_servers_words(home: Home, inbox: Inbox) -> None:
    with serving(inbox) as server:
        outcome = attempt(server, home)
    assert outcome.result == "refused"
    assert outcome.detail.endswith("更正通讯录后执行 minsheng mail resend abc123")
    assert states(home) == ["refused/RSJ/abc123.eml"]
    assert replies(mails(home, "refused")[0]) == dict.fromkeys((RSJ, OFFICE), "550 you are not welcome")


def test_a_refused_mail_taken_back_goes_to_the_corrected_address(home: Home) -> None:
    inbox = Inbox(replies={RSJ: "550 no such mailbox", OFFICE: "550 no such mailbox"})
    with serving(inbox) as server:
        attempt(server, home)
        take_back(home, "abc1")
        corrected = Contacts(data_team="data@lushan.example", units={"RSJ": ("new@lushan.example",)})
        assert attempt(server, home, contacts=corrected).result == "sent"
    assert inbox.envelopes[0].rcpt_tos == ["new@lushan.example"]
    assert states(home) == ["sent/RSJ/abc123.eml"]
    with pytest.raises(UserError, match="abc123：没有这样一封被拒收的邮件"):
        take_back(home, "abc123")


def test_a_mail_taken_for_one_address_only_has_gone_and_names_the_other(home: Home) -> None:
    inbox = Inbox(replies={OFFICE: "550 no such mailbox"})
    with serving(inbox) as server:
        outcome = attempt(server, home)
    assert outcome.result == "partly"
    assert outcome.detail == f"已发出，但有地址被最终拒收：{OFFICE}: 550 no such mailbox；请更正通讯录"
    assert (states(home), inbox.envelopes[0].rcpt_tos) == (["sent/RSJ/abc123.eml"], [RSJ])


# Not from us.


@pytest.mark.parametrize(
    "words", ["530 5.7.0 Authentication required", "553 Mail from must equal authorized user", "550 go away"]
)
def test_a_server_that_refuses_us_as_sender_is_not_held_against_the_addresses(home: Home, words: str) -> None:
    with serving(Inbox(on_sender=words)) as server:
        error = failed(server, home)
    assert not isinstance(error, BusyError)
    assert str(error) == (
        f"邮件服务器 127.0.0.1:{server.port}：邮件服务器不接受我们的发件地址（{words}）"
        " → 请改正连接 minsheng_smtp（命令行用的是 MINSHENG_MAIL_SERVER 所指的文件），再发一次；"
        "邮件在 outbox/pending 等待 [sender_refused]"
    )
    assert (states(home), replies(pending(home)[0])) == (["pending/RSJ/abc123.eml"], {})


def test_a_server_that_does_not_relay_for_us_is_told_and_the_mail_waits(home: Home) -> None:
    inbox = Inbox(replies={RSJ: "554 5.7.1 Relay access denied", OFFICE: "554 5.7.1 Relay access denied"})
    with serving(inbox) as server:
        outcome = attempt(server, home)
    assert (outcome.result, states(home)) == ("stuck", ["pending/RSJ/abc123.eml"])
    assert outcome.detail.startswith("服务器要求登录，或不替我们转发、不接受我们的地址，")


def test_a_wrong_password_is_not_held_against_the_addresses(home: Home) -> None:
    def nobody_knows(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    with serving(Inbox(), authenticator=nobody_knows, auth_require_tls=False) as server:
        error = failed(Server(server.host, server.port, "user", "secret"), home)
    assert not isinstance(error, BusyError)
    assert error.problem == "邮件服务器不让我们登录（535 5.7.8 Authentication credentials invalid）"
    assert error.remedy == (
        "请改正连接 minsheng_smtp（命令行用的是 MINSHENG_MAIL_SERVER 所指的文件），再发一次；邮件在 outbox/pending 等待"
    )
    assert (states(home), replies(pending(home)[0])) == (["pending/RSJ/abc123.eml"], {})


def test_a_server_that_wants_another_login_is_a_matter_for_people(home: Home) -> None:
    with serving(Inbox()) as server:
        other = Server(server.host, server.port, "user", "secret")
        error = failed(other, home)
    assert not isinstance(error, BusyError)
    assert "不让我们登录" in str(error) and "secret" not in f"{error} {other}"
    assert states(home) == ["pending/RSJ/abc123.eml"]


# Too large.


@pytest.fixture
def heavy(home: Home) -> Home:
    """The mail with a workbook of 300 KB."""
    mail = replace(MAIL, attachments=(Attachment("5月（退回）.xlsx", os.urandom(300_000)),))
    atomic_write(pending(home)[0], compose(mail, CONTACTS))
    return home


@pytest.mark.parametrize(
    "options",
    [{"data_size_limit": 100_000}, {"data_size_limit": None}],
    ids=["announced by EHLO", "told after DATA"],
)
def test_a_mail_too_large_goes_without_its_attachment_and_says_so(heavy: Home, options: dict[str, int | None]) -> None:
    inbox = Inbox(largest=100_000)
    with serving(inbox, **options) as server:
        outcome = attempt(server, heavy)
    assert outcome.result == "sent"
    assert outcome.detail == "已发出，未附附件：整封 417 KB，服务器不收；需要附件的，见 outbox/sent"
    (message,) = inbox.messages
    assert len(message) < 20_000
    assert parse(message)["Message-ID"] == "<abc123@lushan.example>"
    assert list(parse(message).iter_attachments()) == []
    told = "本邮件原有附件“5月（退回）.xlsx”，共 300 KB，收件方的邮件系统不收这样大或这样的附件，未能附上。"
    assert told in plain(message) and "“约300”是大约的数。" in plain(message)
    assert "就是贵单位的报表" not in message.decode() + plain(message)
    html = parse(message).get_body(("html",))
    assert html is not None and told in html.get_content() and "“约300”是大约的数。" in html.get_content()
    assert "就是贵单位的报表" not in html.get_content() and html.get_content().rstrip().endswith("</body></html>")
    tries = 1 if options["data_size_limit"] else 2
    assert [inbox.commands.count(command) for command in ("MAIL", "DATA")] == [tries, tries]
    (kept,) = mails(heavy, "sent")
    assert len(kept.read_bytes()) > 300_000


@pytest.mark.parametrize("words", ["552 5.3.4 message too big", "552 Illegal Attachment", "550 5.7.1 附件类型不允许"])
def test_the_words_of_the_server_decide_that_a_smaller_mail_is_tried(heavy: Home, words: str) -> None:
    inbox = Inbox()

    class Picky(Inbox):
        async def handle_DATA(self, server, session, envelope):  # type: ignore[no-untyped-def] # noqa: N802
            is_heavy = len(envelope.content or b"") > 100_000
            return words if is_heavy else await inbox.handle_DATA(server, session, envelope)

    with serving(Picky()) as server:
        assert attempt(server, heavy).result == "sent"
    assert len(inbox.messages) == 1


def test_where_even_the_faults_are_too_many_the_beginning_of_the_text_goes(home: Home) -> None:
    mail = replace(MAIL, text="第 1 条\n" * 20_000, html="<p>第 1 条</p>" * 20_000, attachments=())
    atomic_write(pending(home)[0], compose(mail, CONTACTS))
    inbox = Inbox()
    with serving(inbox, data_size_limit=60_000) as server:
        assert attempt(server, home).result == "sent"
    (message,) = inbox.messages
    assert parse(message).get_content_type() == "text/plain"
    assert "以下从略" in plain(message) and plain(message).startswith("第 1 条")


def test_a_mail_of_which_no_version_is_small_enough_is_refused_and_told(home: Home) -> None:
    with serving(Inbox(on_sender="552 message size exceeds fixed maximum")) as server:
        outcome = attempt(server, home)
    assert outcome.result == "refused" and "552 message size exceeds fixed maximum" in outcome.detail
    assert states(home) == ["refused/RSJ/abc123.eml"]


def test_who_has_the_whole_mail_does_not_get_the_smaller_one_too(heavy: Home) -> None:
    """One mailbox takes no mail of that size, the server breaks off at the smaller one, and the other has its mail."""
    inbox = Inbox()

    class Narrow(Inbox):
        async def handle_RCPT(self, server, session, envelope, address, options):  # type: ignore[no-untyped-def] # noqa: N802
            is_heavy = any("SIZE=4" in option for option in envelope.mail_options)
            if address == OFFICE and is_heavy:
                return "552 5.2.3 too large for this mailbox"
            if address == OFFICE and not inbox.replies:
                return "450 try again later"
            return await inbox.handle_RCPT(server, session, envelope, address, options)

        async def handle_DATA(self, server, session, envelope):  # type: ignore[no-untyped-def] # noqa: N802
            return await inbox.handle_DATA(server, session, envelope)

    with serving(Narrow()) as server:
        assert attempt(server, heavy).result == "put_off"
        assert replies(pending(heavy)[0]) == {RSJ: "250 OK"}
        inbox.replies = {"nobody@x.example": "550"}
        assert attempt(server, heavy, LATER).result == "sent"
    assert [envelope.rcpt_tos for envelope in inbox.envelopes] == [[RSJ], [OFFICE]]
    assert [len(message) > 100_000 for message in inbox.messages] == [True, False]


# One connection.


def ids(contents: list[bytes]) -> list[str]:
    return sorted(str(parse(content)["Message-ID"]).strip("<>").split("@")[0] for content in contents)


@pytest.fixture
def many(home: Home) -> list[str]:
    for number in range(40):
        add(home, f"U{number % 7}", f"mail{number:02}")
    return sorted(["abc123", *(f"mail{number:02}" for number in range(40))])


def test_many_mails_go_over_one_connection(home: Home, many: list[str]) -> None:
    inbox = Inbox()
    with serving(inbox) as server:
        results = {one.result for one in deliver(server, pending(home), home, CONTACTS, NOW)}
    assert (results, ids(inbox.messages), inbox.connections) == ({"sent"}, many, 1)
    assert inbox.commands.count("RSET") == 40


def test_a_server_that_wants_a_new_connection_after_some_mails_gets_one(home: Home, many: list[str]) -> None:
    inbox = Inbox(per_connection=10)
    with serving(inbox) as server:
        results = {one.result for one in deliver(server, pending(home), home, CONTACTS, NOW)}
    assert (results, ids(inbox.messages), inbox.connections) == ({"sent"}, many, 5)


@pytest.mark.parametrize("at", ["RSET", "MAIL", "RCPT", "DATA"])
def test_a_connection_that_drops_between_mails_or_before_the_message_loses_and_doubles_nothing(
    home: Home, many: list[str], at: str
) -> None:
    script = Breaking(at, spared=10)
    with breaking(script) as server:
        results = {one.result for one in deliver(server, pending(home), home, CONTACTS, NOW)}
    assert (results, ids(script.messages)) == ({"sent"}, many)
    assert script.connections == 5


def test_a_connection_that_drops_after_the_message_puts_off_that_mail_alone(home: Home, many: list[str]) -> None:
    script = Breaking("MESSAGE", spared=10, times=1)
    with breaking(script) as server:
        outcomes = {one.input: one.result for one in deliver(server, pending(home), home, CONTACTS, NOW)}
        (waiting,) = pending(home)
        assert [name for name, result in outcomes.items() if result == "put_off"] == [
            f"mail/{waiting.parent.name}/{waiting.stem}"
        ]
        assert [one.result for one in deliver(server, pending(home), home, CONTACTS, LATER)] == ["sent"]
    assert pending(home) == []
    assert sorted(set(ids(script.messages))) == many  # the one that was not answered has come twice, as one mail
    assert len(script.messages) == len(many) + 1


def test_a_server_at_which_every_mail_breaks_off_is_left_after_two(home: Home, many: list[str]) -> None:
    script = Breaking("DATA")
    with breaking(script) as server, pytest.raises(BusyError, match="一封接一封地断开"):
        list(deliver(server, pending(home), home, CONTACTS, NOW))
    assert script.messages == []
    assert len(pending(home)) == len(many)
    assert sum(wait_of(eml) is not None for eml in pending(home)) == 2


# Two runs at once.


def test_a_mail_that_another_run_is_sending_is_left_to_it(home: Home) -> None:
    (eml,) = pending(home)
    inbox = Inbox()
    with serving(inbox) as server:
        with claimed(eml) as is_ours:
            assert is_ours
            assert list(deliver(server, [eml], home, CONTACTS, NOW)) == []
        assert attempt(server, home).result == "sent"
        assert list(deliver(server, [eml], home, CONTACTS, NOW)) == []
    assert len(inbox.messages) == 1


def test_runs_side_by_side_send_each_mail_once(home: Home, many: list[str]) -> None:
    inbox = Inbox()
    waiting = pending(home)
    with serving(inbox) as server:
        runs = [threading.Thread(target=lambda: list(deliver(server, waiting, home, CONTACTS, NOW))) for _ in range(4)]
        for run in runs:
            run.start()
        for run in runs:
            run.join()
    assert (ids(inbox.messages), pending(home)) == (many, [])


def test_a_run_that_hangs_at_one_mail_holds_up_no_other_run(home: Home) -> None:
    """The server does not answer for one mail; a second run sends the rest meanwhile."""
    add(home, "ZZJ", "other")
    hanging, inbox = Breaking("MESSAGE", hangs=True), Inbox()
    with breaking(hanging) as slow, serving(inbox) as server:
        patient = Server(slow.host, slow.port, patience=server.patience)
        (mine, _) = pending(home)
        run = threading.Thread(target=lambda: list(deliver(patient, [mine], home, CONTACTS, NOW)), daemon=True)
        run.start()
        while not hanging.messages:
            run.join(0.01)
        assert [one.input for one in deliver(server, pending(home), home, CONTACTS, NOW)] == ["mail/ZZJ/other"]
        assert run.is_alive()
    run.join()  # the server has gone, and with the test the home goes


# Faults of the outbox.


def test_a_damaged_journal_stops_its_own_mail_only(home: Home) -> None:
    (eml,) = pending(home)
    eml.with_suffix(".json").write_text('{"rsj@', encoding="utf-8")
    add(home, "ZZJ", "other")
    with serving(Inbox()) as server:
        told = {one.input: one for one in deliver(server, pending(home), home, CONTACTS, NOW)}
    assert told["mail/RSJ/abc123"].result == "stuck"
    assert "abc123.json：邮件服务器的答复已损坏" in told["mail/RSJ/abc123"].detail
    assert told["mail/ZZJ/other"].result == "sent"


@pytest.mark.parametrize("note", ["", "{", json.dumps({"tries": 1})])
def test_a_damaged_note_of_waiting_lets_the_mail_go(home: Home, note: str) -> None:
    pending(home)[0].with_suffix(".wait.json").write_text(note, encoding="utf-8")
    with serving(Inbox()) as server:
        assert attempt(server, home).result == "sent"


def test_killed_between_the_servers_answer_and_the_move_the_same_mail_goes_again(home: Home) -> None:
    script = """
import os, signal, sys
from datetime import datetime, timezone
from pathlib import Path
from minsheng.core.home import Home
from minsheng.mail import delivery
from minsheng.mail.server import Server
delivery.settle = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
home = Home(Path(sys.argv[2]))
server, now = Server("127.0.0.1", int(sys.argv[1])), datetime.now(timezone.utc)
list(delivery.deliver(server, delivery.pending(home), home, None, now))
"""
    inbox = Inbox()
    with serving(inbox) as server:
        command = [sys.executable, "-c", script, str(server.port), str(home.root)]
        assert subprocess.run(command, cwd=ROOT, env=os.environ).returncode == -signal.SIGKILL
        assert states(home) == ["pending/RSJ/abc123.eml"]
        assert attempt(server, home).result == "sent"
    assert [parse(content)["Message-ID"] for content in inbox.messages] == ["<abc123@lushan.example>"] * 2


def test_a_mail_is_described_by_who_gets_it_and_its_subject(home: Home) -> None:
    subject = "【民生实事月报】2022年5月报表已退回：县人社局（编号abc123）"
    assert describe(pending(home)[0], CONTACTS) == f"rsj@lushan.example, office@lushan.example {subject} (abc123)"


def test_a_mail_without_address_waits_for_the_contacts_and_holds_up_no_other(home: Home) -> None:
    (eml,) = pending(home)
    add(home, "ZZJ", "other")
    eml.write_bytes(b"Subject: x\r\n\r\nhello\r\n")
    with serving(Inbox()) as server:
        told = {one.input: one for one in deliver(server, pending(home), home, None, NOW)}
    assert told["mail/RSJ/abc123"].detail == "没有收件地址；请在 MINSHENG_CONTACTS 所指的通讯录中补上该单位"
    assert [told[name].result for name in sorted(told)] == ["stuck", "sent"]
