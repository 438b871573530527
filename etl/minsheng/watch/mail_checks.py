"""What is looked at in each county's outbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from minsheng.core.clock import county_time
from minsheng.mail.folders import mails, refusal_reason, without_addresses
from minsheng.mail.message import REFERENCE_LENGTH
from minsheng.mail.waiting import wait_of
from minsheng.watch.conditions import Condition
from minsheng.watch.grounds import Grounds
from minsheng.words import display

# A mail refused so long ago that nobody will send it again is history.
_REFUSED_LATELY = timedelta(days=30)
# A mail that somebody of the unit has is no longer worth a look after a week.
_SENT_LATELY = timedelta(days=7)
# Greylists and limits an hour are over by then; `send_mail` looks every ten minutes.
_WAITED_LONG = timedelta(hours=6)


def all_refused(here: Grounds) -> Iterator[Condition]:
    """Mails refused by every address, and by some."""
    yield from refused_mails(here)
    yield from partly_refused_mails(here)


def refused_mails(here: Grounds) -> Iterator[Condition]:
    """Each mail that a server has refused for good in the last weeks, and that nobody has sent again."""
    for eml in mails(here.home, "refused"):
        if here.now - _written(eml) < _REFUSED_LATELY:
            yield here.condition("mail_refused", eml.stem, f"{_called(here, eml)}：{refusal_reason(eml)}")


def partly_refused_mails(here: Grounds) -> Iterator[Condition]:
    """Each mail of the last days that some of its addresses have and another has refused for good."""
    for eml in mails(here.home, "sent"):
        if here.now - _written(eml) < _SENT_LATELY and (said := refusal_reason(eml)):
            yield here.condition(
                "mail_refused", eml.stem, f"{_called(here, eml)}有一个地址拒收，其他地址已收到：{said}"
            )


def stuck_mails(here: Grounds) -> Iterator[Condition]:
    """That mails wait for the server too long: how many, and what was said of the one that waits longest."""
    late = [eml for eml in mails(here.home, "pending") if here.now - _waiting_since(eml) >= _WAITED_LONG]
    if late:
        oldest = min(late, key=_waiting_since)
        since = display.day_and_hour(county_time(_waiting_since(oldest)))
        wait = wait_of(oldest)
        said = f"，服务器说：{without_addresses(wait.words)}" if wait else "，还没有试发过"
        detail = f"{len(late)} 封待发，最早的自 {since} 起：{_called(here, oldest)}{said}"
        yield here.condition("mail_stuck", "outbox", detail)


def unaddressed_mails(here: Grounds) -> Iterator[Condition]:
    """Each unit whose mails wait for an address."""
    waiting = [eml for eml in mails(here.home, "unaddressed") if here.now - _written(eml) >= _WAITED_LONG]
    for unit_code in sorted({eml.parent.name for eml in waiting}):
        count = sum(eml.parent.name == unit_code for eml in waiting)
        yield here.condition("mail_unaddressed", unit_code, f"{here.unit(unit_code)} 有 {count} 封邮件没有收件地址")


def _waiting_since(eml: Path) -> datetime:
    wait = wait_of(eml)
    return wait.since if wait else _written(eml)


def _written(eml: Path) -> datetime:
    return datetime.fromtimestamp(eml.stat().st_mtime, UTC)


def _called(here: Grounds, eml: Path) -> str:
    return f"{here.unit(eml.parent.name)}（编号 {eml.stem[:REFERENCE_LENGTH]}）"
