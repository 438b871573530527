"""Mails: every one that was written has a file, in one state, with what servers answered beside it."""

from __future__ import annotations

from collections.abc import Iterator
from email.parser import BytesParser
from pathlib import Path

from minsheng.core.codes import MailState
from minsheng.core.errors import DamagedError
from minsheng.core.home import Home
from minsheng.mail.folders import STATES, mails, replies
from minsheng.verify.hurt import Hurt, at
from minsheng.verify.remembered import Remembered

_SETTLED = ("sent", "refused")


def verify_outbox(home: Home, remembered: Remembered) -> Iterator[Hurt]:
    """Mails that were to wait and are not there, are no mails any more, or lie where they would go out twice.

    One that has gone and is no longer kept is no fault: the warehouse knows of it.
    """
    found = {state: {eml.stem: eml for eml in mails(home, state)} for state in STATES}
    kept = {mail_id for listed in found.values() for mail_id in listed}
    for mail_id, (unit_code, is_settled) in sorted(remembered.mails.items()):
        if not is_settled and mail_id not in kept:
            yield Hurt("mail_lost", f"outbox/pending/{unit_code}/{mail_id}.eml", "有待发邮件的记录，邮件却不见了")
    for listed in found.values():
        for eml in listed.values():
            yield from _mail(home, eml)
    yield from _misplaced(home, found)


def _mail(home: Home, eml: Path) -> Iterator[Hurt]:
    with eml.open("rb") as file:
        message = BytesParser().parse(file)
    if not message["Message-ID"] or message.defects:
        yield Hurt("mail_damaged", at(home, eml), "不是完整的邮件")
    try:
        replies(eml)
    except DamagedError as error:
        yield Hurt("journal_damaged", at(home, error.where), "邮件服务器的答复记录读不出")


def _misplaced(home: Home, found: dict[MailState, dict[str, Path]]) -> Iterator[Hurt]:
    """A mail taken back from ``refused`` waits again, and the warehouse may still call it refused: that is right."""
    gone = {mail_id for state in _SETTLED for mail_id in found[state]}  # type: ignore[index]
    for state in STATES:
        for mail_id in sorted(gone & found[state].keys()) if state not in _SETTLED else ():
            yield Hurt("mail_misplaced", at(home, found[state][mail_id]), "这封邮件已发出或被拒收，却仍在待发之列")
