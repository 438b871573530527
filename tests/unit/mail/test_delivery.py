"""Delivery to real servers that take, refuse, put off, hang and die: nothing is lost, nothing goes twice unknown."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from etl.errors import BusyError, UserError
from etl.home import Home
from etl.mail.contacts import Contacts
from etl.mail.delivery import RefusedMail, Server, deliver, describe, pending
from etl.mail.folders import mails, replies, take_back
from etl.repository import ROOT
from tests.unit.mail.conftest import CONTACTS
from tests.unit.mail.servers import Breaking, Inbox, breaking, nobody, serving
from tests.unit.mail.test_message import parse, plain

RSJ, OFFICE = "rsj@lushan.example", "office@lushan.example"


def states(home: Home) -> list[str]:
    return sorted(path.relative_to(home.outbox).as_posix() for path in home.outbox.rglob("*.eml"))


def attempt(server: Server, home: Home) -> UserError | None:
    """One try at the one mail there is; gives what it raised."""
    (eml,) = pending(home)
    try:
        deliver(server, eml, home, CONTACTS)
    except UserError as error:
        return error
    return None


def test_a_delivered_mail_leaves_the_outbox(home: Home) -> None:
    inbox = Inbox()
    with serving(inbox) as server:
        assert attempt(server, home) is None
    (envelope,) = inbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("data@lushan.example", [RSJ, OFFICE])
    (message,) = inbox.messages
    assert parse(message)["Message-ID"] == "<abc123@minsheng>"
    assert "“约300”是大约的数。" in plain(message)
    assert states(home) == ["sent/RSJ/abc123.eml"]


BROKEN = {
    "refuses with its greeting": (Breaking("GREETING", b"554 no service here\r\n"), "554 no service here"),
    "goes without a greeting": (Breaking("GREETING"), "Connection unexpectedly closed"),
    "hangs after EHLO": (Breaking("EHLO", hangs=True), "Connection unexpectedly closed: timed out"),
    "drops the connection at DATA": (Breaking("DATA"), "Connection unexpectedly closed"),
    "takes the message and dies before it answers": (Breaking("MESSAGE"), "Connection unexpectedly closed"),
    "shuts down for maintenance": (Breaking("MAIL", b"421 closing\r\n"), "421 closing"),
}


@pytest.mark.parametrize(("script", "words"), BROKEN.values(), ids=BROKEN)
def test_what_breaks_off_leaves_the_mail_waiting_and_says_so_plainly(home: Home, script: Breaking, words: str) -> None:
    before = pending(home)[0].read_bytes()
    with breaking(script) as server:
        error = attempt(server, home)
    assert isinstance(error, BusyError)
    assert error.where == f"mail server 127.0.0.1:{server.port}"
    assert words in error.problem
    assert error.remedy == "mails wait in outbox/pending and are tried again"
    assert (states(home), pending(home)[0].read_bytes()) == (["pending/RSJ/abc123.eml"], before)
    inbox = Inbox()
    with serving(inbox) as server:
        assert attempt(server, home) is None
    ids = {parse(content)["Message-ID"] for content in (*script.messages, inbox.messages[0])}
    assert ids == {"<abc123@minsheng>"}
    assert states(home) == ["sent/RSJ/abc123.eml"]


def test_an_unreachable_server_is_named(home: Home) -> None:
    with nobody() as server:
        error = attempt(server, home)
    assert isinstance(error, BusyError)
    assert str(error) == (
        f"mail server 127.0.0.1:{server.port}: cannot be reached, or broke off (Connection refused)"
        " → mails wait in outbox/pending and are tried again"
    )
    assert states(home) == ["pending/RSJ/abc123.eml"]


@pytest.mark.parametrize(
    "inbox",
    [
        Inbox(on_sender="451 try again later"),
        Inbox(on_data="451 try again later"),
        Inbox(replies={RSJ: "451 try again later", OFFICE: "451 try again later"}),
    ],
    ids=["sender", "data", "recipients"],
)
def test_a_mail_put_off_is_sent_by_the_next_attempt(home: Home, inbox: Inbox) -> None:
    with serving(inbox) as server:
        error = attempt(server, home)
        assert isinstance(error, BusyError) and "it puts off mail abc123" in str(error)
        assert "451 try again later" in str(error)
        assert (states(home), inbox.envelopes) == (["pending/RSJ/abc123.eml"], [])
        inbox.on_sender = inbox.on_data = "250 OK"
        inbox.replies = {}
        assert attempt(server, home) is None
    assert (states(home), len(inbox.envelopes)) == (["sent/RSJ/abc123.eml"], 1)


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
        error = attempt(server, home)
    assert isinstance(error, RefusedMail) and not isinstance(error, BusyError)
    assert "it refuses mail abc123 for good" in str(error)
    assert error.remedy.endswith("`minsheng mail resend abc123`")
    assert states(home) == ["refused/RSJ/abc123.eml"]
    assert replies(mails(home, "refused")[0]) == dict.fromkeys((RSJ, OFFICE), "550 you are not welcome")


def test_a_mail_too_large_to_announce_is_put_aside_and_not_taken_for_a_wrong_sender(home: Home) -> None:
    with serving(Inbox(on_sender="552 message size exceeds fixed maximum")) as server:
        error = attempt(server, home)
    assert isinstance(error, RefusedMail) and "552 message size exceeds fixed maximum" in error.problem
    assert states(home) == ["refused/RSJ/abc123.eml"]


def test_a_server_that_refuses_us_as_sender_is_not_held_against_the_addresses(home: Home) -> None:
    with serving(Inbox(on_sender="530 5.7.0 Authentication required")) as server:
        error = attempt(server, home)
    assert isinstance(error, UserError) and not isinstance(error, BusyError | RefusedMail)
    assert str(error) == (
        f"mail server 127.0.0.1:{server.port}: it refuses us as sender (530 5.7.0 Authentication required)"
        " → correct the connection minsheng_smtp, then clear the task; mails wait in outbox/pending"
    )
    assert (states(home), replies(pending(home)[0])) == (["pending/RSJ/abc123.eml"], {})


def test_a_wrong_password_is_not_held_against_the_addresses(home: Home) -> None:
    def nobody_knows(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    with serving(Inbox(), authenticator=nobody_knows, auth_require_tls=False) as server:
        error = attempt(Server(server.host, server.port, "user", "secret", timeout=5), home)
    assert isinstance(error, UserError) and not isinstance(error, BusyError | RefusedMail)
    assert error.problem == "it does not let us in (535 5.7.8 Authentication credentials invalid)"
    assert error.remedy == "correct the connection minsheng_smtp, then clear the task; mails wait in outbox/pending"
    assert (states(home), replies(pending(home)[0])) == (["pending/RSJ/abc123.eml"], {})


def test_a_refused_mail_taken_back_goes_to_the_corrected_address(home: Home) -> None:
    inbox = Inbox(replies={RSJ: "550 no such mailbox", OFFICE: "550 no such mailbox"})
    with serving(inbox) as server:
        attempt(server, home)
        eml = take_back(home, "abc123")
        corrected = Contacts(data_team="data@lushan.example", units={"RSJ": ("new@lushan.example",)})
        deliver(server, eml, home, corrected)
    assert inbox.envelopes[0].rcpt_tos == ["new@lushan.example"]
    assert states(home) == ["sent/RSJ/abc123.eml"]
    with pytest.raises(UserError, match="abc123: is no refused mail"):
        take_back(home, "abc123")


def test_a_mail_taken_for_one_address_only_has_gone_and_names_the_other(home: Home) -> None:
    inbox = Inbox(replies={OFFICE: "550 no such mailbox"})
    with serving(inbox) as server:
        error = attempt(server, home)
    assert isinstance(error, RefusedMail)
    assert f"it took mail abc123, but not for every address ({OFFICE}: 550 no such mailbox)" in str(error)
    assert (states(home), inbox.envelopes[0].rcpt_tos) == (["sent/RSJ/abc123.eml"], [RSJ])


def test_an_address_put_off_is_asked_for_again_and_the_other_gets_no_second_mail(home: Home) -> None:
    inbox = Inbox(replies={OFFICE: "450 greylisted"})
    with serving(inbox) as server:
        assert isinstance(attempt(server, home), BusyError)
        inbox.replies = {}
        assert attempt(server, home) is None
    assert [envelope.rcpt_tos for envelope in inbox.envelopes] == [[RSJ], [OFFICE]]
    assert sorted(path.name for path in home.outbox.rglob("*.*")) == ["abc123.eml", "abc123.json"]


def test_a_server_that_wants_another_login_is_a_matter_for_people(home: Home) -> None:
    with serving(Inbox()) as server:
        error = attempt(Server(server.host, server.port, "user", "secret", timeout=5), home)
    assert isinstance(error, UserError) and not isinstance(error, BusyError)
    assert "does not let us in" in str(error) and "secret" not in str(error)
    assert states(home) == ["pending/RSJ/abc123.eml"]


def test_killed_between_the_servers_answer_and_the_move_the_same_mail_goes_again(home: Home) -> None:
    script = """
import os, signal, sys
from pathlib import Path
from etl.home import Home
from etl.mail import delivery
delivery.settle = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
home = Home(Path(sys.argv[2]))
delivery.deliver(delivery.Server("127.0.0.1", int(sys.argv[1])), delivery.pending(home)[0], home)
"""
    inbox = Inbox()
    with serving(inbox) as server:
        command = [sys.executable, "-c", script, str(server.port), str(home.root)]
        assert subprocess.run(command, cwd=ROOT, env=os.environ).returncode == -signal.SIGKILL
        assert states(home) == ["pending/RSJ/abc123.eml"]
        assert attempt(server, home) is None
    assert [parse(content)["Message-ID"] for content in inbox.messages] == ["<abc123@minsheng>"] * 2


def test_a_mail_is_described_by_who_gets_it_and_its_subject(home: Home) -> None:
    words = "rsj@lushan.example, office@lushan.example 【民生实事月报】2022年5月报表已退回：县人社局 (abc123)"
    assert describe(pending(home)[0], CONTACTS) == words


def test_a_mail_without_address_waits_for_the_contacts(home: Home, tmp_path: Path) -> None:
    (eml,) = pending(home)
    eml.write_bytes(b"Subject: x\r\n\r\nhello\r\n")
    with pytest.raises(UserError, match="has no address → name the unit in the file given by MINSHENG_CONTACTS"):
        deliver(Server("127.0.0.1", 1), eml, home, None)
