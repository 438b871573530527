"""Handing the mails that wait to the mail server, many over one connection; each ends in an outcome of its own.

A mail leaves ``pending/`` when every address has its final answer. One that is put off stays, with a note before when
it is not tried again, and the others go on: nobody waits for it. A crash after the server's answer sends the mail again
under the same Message-ID: more SMTP does not allow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from minsheng.core.clock import county_time
from minsheng.core.errors import BusyError, UserError
from minsheng.core.home import Home
from minsheng.core.outcome import Outcome
from minsheng.mail.contacts import Contacts
from minsheng.mail.folders import Replies, claimed, is_taken, keep_replies, listed, mails, replies, settle
from minsheng.mail.message import addressed, head_of, recipients, sender
from minsheng.mail.replies import understand
from minsheng.mail.server import Envelope, Server
from minsheng.mail.smaller import size_in_words, smaller
from minsheng.mail.smtp import BrokenOff, Session
from minsheng.mail.waiting import is_due, put_off, tries

# Results a person must do something about: a red task says so.
ALARMING = ("refused", "partly", "stuck")
# Mails in a row at which the connection broke: then it is the server, not the mail.
_BROKEN_IN_A_ROW = 2
_NO_ADDRESS = "没有收件地址；请在 MINSHENG_CONTACTS 所指的通讯录中补上该单位"
_REFUSED = "服务器对所有地址都已最终拒收：{said}；更正通讯录后执行 minsheng mail resend {mail_id}"
_PARTLY = "已发出，但有地址被最终拒收：{said}；请更正通讯录"
_SMALLER = "已发出，未附附件：整封 {size}，服务器不收；需要附件的，见 outbox/sent"
_PUT_OFF = "{why}，{when:%m-%d %H:%M} 以后再试（第 {tries} 次）：{said}"
_BROKEN = "连接中断"
_UNANSWERED = "整封交出后服务器没有答复，可能已收下"


@dataclass(frozen=True)
class _Offered:
    """What servers have said of one mail, by address; ``is_smaller``: to some it went without its attachment."""

    answers: Replies
    is_smaller: bool


def pending(home: Home) -> list[Path]:
    """Mails waiting to be sent."""
    return mails(home, "pending")


def sent(home: Home) -> list[Path]:
    """Mails a server has taken."""
    return mails(home, "sent")


def unaddressed(home: Home) -> list[Path]:
    """Mails that wait for a contacts file."""
    return mails(home, "unaddressed")


def describe(eml: Path, contacts: Contacts | None) -> str:
    """Who a waiting mail would go to, and under which subject."""
    message = head_of(addressed(eml.read_bytes(), eml.parent.name, contacts))
    return f"{', '.join(recipients(message))} {message['Subject']} ({eml.stem})"


def deliver(
    server: Server,
    waiting: Sequence[Path],
    home: Home,
    contacts: Contacts | None,
    now: datetime,
    *,
    even_put_off: bool = False,
) -> Iterator[Outcome]:
    """Send the mails that are due, those first that were never put off; yields what became of each when it is known.

    ``sent``, ``partly`` (some address refused it for good), ``refused`` (all did), ``put_off``, or ``stuck``: put off,
    and a person should look. ``even_put_off``: what was put off is due as well. Raises BusyError when the server is
    not to be had, UserError when it will have nothing from us; mails without an outcome wait as before.
    """
    broken = 0
    with Session(server) as session:
        for eml in sorted(waiting, key=tries):
            with claimed(eml) as is_ours:
                if not is_ours or not (even_put_off or is_due(eml, now)):
                    continue
                try:
                    outcome, broken = _deliver(session, eml, home, contacts, now), 0
                except BrokenOff as error:
                    words = _UNANSWERED if error.is_handed_over else _BROKEN
                    outcome, broken = _wait(eml, words, error.words, now), broken + 1
            yield outcome
            if broken == _BROKEN_IN_A_ROW:
                raise BusyError("mail_after_mail_broke_off", server.name)


def _deliver(session: Session, eml: Path, home: Home, contacts: Contacts | None, now: datetime) -> Outcome:
    content = addressed(eml.read_bytes(), eml.parent.name, contacts, county_time(now).date())
    message = head_of(content)
    addresses = recipients(message)
    if not addresses:
        return Outcome(_name(eml), "stuck", _NO_ADDRESS)
    try:
        said = replies(eml)
    except UserError as error:
        return Outcome(_name(eml), "stuck", str(error))
    offered = _hand_in(session, eml, Envelope(sender(message), addresses, content), said)
    final = {address: reply for address, reply in offered.answers.items() if _is_final(reply)}
    if len(final) < len(addresses):
        return _put_off(eml, offered.answers, final, now)
    note = _SMALLER.format(size=size_in_words(len(content))) if offered.is_smaller else ""
    return _settled(eml, {address: final[address] for address in addresses}, home, note)


def _hand_in(session: Session, eml: Path, whole: Envelope, said: Replies) -> _Offered:
    """The whole mail to every address not answered for before, then smaller versions to those that do not take it.

    What is final is written down before anything more is tried: nobody gets two versions.
    """
    answers, is_smaller = {address: said[address] for address in whole.addresses if address in said}, False
    left = tuple(address for address in whole.addresses if address not in said)
    versions = chain([whole.content], smaller(whole.content))
    while left and (content := next(versions, None)):
        answers |= _offer(session, Envelope(whole.sender, left, content))
        is_smaller |= content is not whole.content and any(is_taken(answers[address]) for address in left)
        left = tuple(address for address in left if understand(answers[address]).meaning == "smaller")
        if left and (settled := {address: reply for address, reply in answers.items() if _is_settled(reply)}):
            keep_replies(eml, settled)
    return _Offered(answers, is_smaller)


def _offer(session: Session, envelope: Envelope) -> dict[str, str]:
    """What the server answers, or would: one that has said how much it takes need not be sent more."""
    limit = session.size_limit()
    if limit is not None and len(envelope.content) > limit:
        reply = f"552 5.3.4 the server announces that it takes {limit} bytes, and this mail has {len(envelope.content)}"
        return dict.fromkeys(envelope.addresses, reply)
    return session.hand_in(envelope)


def _is_settled(reply: str) -> bool:
    """Taken, or refused in any version."""
    return understand(reply).meaning in ("taken", "never")


def _is_final(reply: str) -> bool:
    """The same, of what was said of the smallest version: if that is too large, no other is left."""
    return _is_settled(reply) or understand(reply).meaning == "smaller"


def _settled(eml: Path, final: Replies, home: Home, note: str) -> Outcome:
    refused = {address: reply for address, reply in final.items() if not is_taken(reply)}
    name = _name(eml)
    if len(refused) == len(final):
        settle(eml, "refused", final, home)
        return Outcome(name, "refused", _REFUSED.format(said=listed(refused), mail_id=eml.stem))
    settle(eml, "sent", final, home)
    if refused:
        return Outcome(name, "partly", _PARTLY.format(said=listed(refused)))
    return Outcome(name, "sent", note)


def _put_off(eml: Path, answers: Replies, final: Replies, now: datetime) -> Outcome:
    if final:
        keep_replies(eml, final)
    waits = {address: reply for address, reply in answers.items() if address not in final}
    told = [understand(reply) for reply in waits.values()]
    about_us = any(each.meaning == "us" for each in told)
    return _wait(eml, "、".join(dict.fromkeys(each.reason for each in told)), listed(waits), now, is_stuck=about_us)


def _wait(eml: Path, why: str, said: str, now: datetime, *, is_stuck: bool = False) -> Outcome:
    wait = put_off(eml, said, now)
    when = county_time(wait.not_before)
    detail = _PUT_OFF.format(why=why, when=when, tries=wait.tries, said=said)
    return Outcome(_name(eml), "stuck" if is_stuck or wait.is_long(now) else "put_off", detail)


def _name(eml: Path) -> str:
    return f"mail/{eml.parent.name}/{eml.stem}"
