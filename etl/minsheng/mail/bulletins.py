"""A bulletin that was issued goes to the leaders and the supervision office, once, in Word and as PDF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from minsheng.core.clock import county_time
from minsheng.mail.contacts import LEADERS, SUPERVISION_OFFICE, Contacts
from minsheng.mail.letters import Addressed, Letter
from minsheng.mail.months import OpenMonth
from minsheng.plan.run import Run
from minsheng.words import display
from minsheng.words.filling import fill


@dataclass(frozen=True)
class BulletinToSend:
    """Which bulletin it is, who signed it and when; ``files``: the paths of its files below the home."""

    number: int
    issued_at: datetime
    issued_by: str
    files: tuple[str, ...]


def bulletins(
    run: Run, month: OpenMonth, bulletin: BulletinToSend, contacts: Contacts, enquiries: str
) -> Iterator[Addressed]:
    """The month's bulletin, where the plan wants it mailed, to each of the two there is an address of."""
    if month.rule.bulletin:
        for office in (LEADERS, SUPERVISION_OFFICE):
            if contacts.knows(office):
                yield _letter(run, month, bulletin, office, enquiries)


def _letter(run: Run, month: OpenMonth, bulletin: BulletinToSend, office: str, enquiries: str) -> Addressed:
    said, plan_id = run.wording.bulletin, month.plan.plan_id
    words = month.words | {
        "number": bulletin.number,
        "by": bulletin.issued_by,
        "day": display.day_in_words(county_time(bulletin.issued_at).date()),
        "enquiries": enquiries,
    }
    letter = Letter(fill(said.opening, words), fill(said.closing, words), workbook="\n".join(bulletin.files))
    identity = ("bulletin", plan_id, str(bulletin.number), office)
    return Addressed("bulletin", plan_id, office, str(month.period), fill(said.subject, words), identity, letter)
