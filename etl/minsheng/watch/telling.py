"""The watch: look, remember, and tell the data team what is news, each thing once.

Mails go through an outbox of the installation's own: what needs a person may be that a county's warehouse, outbox or
contacts are broken. A look that is killed is made again and tells nothing twice: what a mail in the outbox has told is
known by the ids in its head.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from minsheng.core.clock import county_time
from minsheng.core.errors import UserError
from minsheng.core.files import atomic_write, locked, make_folder, remove
from minsheng.core.home import Home, Installation
from minsheng.core.outcome import Outcome
from minsheng.mail.contacts import Contacts
from minsheng.mail.delivery import deliver, pending
from minsheng.mail.folders import mail_path, mails
from minsheng.mail.message import compose
from minsheng.mail.queue import answered_before
from minsheng.mail.server import Server
from minsheng.watch.alarms import Alarm, News, news, raised, remembered, told, written
from minsheng.watch.conditions import Observed, headline, runbook_entry
from minsheng.watch.letters import SENDER_NAME, alarm_mail, news_id
from minsheng.watch.silences import Silence, heeded_silences, silenced
from minsheng.words import display
from minsheng.words.chinese import chinese

# By then nothing a sent mail told can be told again.
_KEPT = timedelta(days=30)
# Whom an alarm goes to, and of which counties; null: of all.
Readers = Mapping[str, frozenset[str] | None]


@dataclass(frozen=True)
class Watched:
    """What stands after a look; ``unsent``: why a mail about it has not gone, empty: none waits.

    ``titles``: what the counties are called.
    """

    alarms: tuple[Alarm, ...]
    silences: tuple[Silence, ...]
    unsent: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)

    def headline(self, alarm: Alarm) -> str:
        """What an alarm is about, in a line."""
        said = alarm.condition
        return f"{headline(said.cause, self.title(said.county), said.period)}：{said.detail}"

    def title(self, county: str | None) -> str:
        """What a county is called; empty for the whole installation."""
        return self.titles.get(county, county) if county else ""

    @property
    def standing(self) -> tuple[Alarm, ...]:
        """The alarms whose conditions last, silenced or not."""
        return tuple(alarm for alarm in self.alarms if alarm.mended_at is None)

    def alarming(self, now: datetime) -> tuple[Alarm, ...]:
        """Those that nobody has silenced."""
        return tuple(alarm for alarm in self.standing if silenced(alarm.condition, self.silences, now) is None)


def tell(
    installation: Installation, found: Observed, readers: Readers, server: Server | None, now: datetime
) -> Watched:
    """Remember what a look found, and mail what is news; null ``server``: the mails wait in the outbox for one."""
    make_folder(installation.watch)
    with locked(installation.watch):
        alarms = raised(remembered(installation), found, now)
        _keep(installation, alarms)
        silences = heeded_silences(installation, now)
        fresh_news = news(alarms, silences, now)
        outbox = Home(installation.watch)
        is_queued = [
            _queue(outbox, _for(fresh_news, counties), found, reader, now) for reader, counties in readers.items()
        ]
        if any(is_queued):
            alarms = told(alarms, fresh_news.alarms, now)
            _keep(installation, alarms)
        _tidy(outbox, now)
    return Watched(alarms, silences, _send(outbox, server, now), found.titles)


def lines(watched: Watched, now: datetime) -> Iterator[str]:
    """What stands, as an operator reads it."""
    for alarm in watched.standing:
        cause, quiet = alarm.condition.cause, silenced(alarm.condition, watched.silences, now)
        note = f"（静默到 {display.moment(county_time(quiet.until))}：{quiet.reason}）" if quiet else ""
        yield f"{watched.headline(alarm)}{note}"
        yield f"    自 {display.moment(county_time(alarm.raised_at))}；照常的：{chinese().still_works[cause]}"
        yield f"    → {chinese().cause_remedy[cause]}；{runbook_entry(cause)}"
    yield from (f"告警邮件没有发出：{why}" for why in watched.unsent)
    yield f"{len(watched.standing)} 项需要处理" if watched.standing else "一切正常"


def last_watched(installation: Installation, now: datetime) -> Watched:
    """What stood after the last look; changes nothing."""
    return Watched(remembered(installation), heeded_silences(installation, now))


def _keep(installation: Installation, alarms: Iterable[Alarm]) -> None:
    atomic_write(installation.watch / "alarms.json", written(tuple(alarms)))


def _for(told_of: News, counties: frozenset[str] | None) -> News:
    """What of the news concerns somebody: that of his counties, and of the whole installation."""
    return told_of.only(lambda each: counties is None or each.condition.county in (None, *counties))


def _queue(outbox: Home, told_of: News, found: Observed, reader: str, now: datetime) -> bool:
    """Put a mail into the outbox about what none there has told yet; whether there was anything to tell."""
    before = answered_before(outbox, reader)
    untold = told_of.only(lambda each: news_id(each, now) not in before)
    if untold.alarms:
        mail, sender = alarm_mail(untold, found, now), Contacts(data_team=reader, sender_name=SENDER_NAME)
        atomic_write(mail_path(outbox, "pending", reader, mail.mail_id), compose(mail, sender))
    return bool(told_of.alarms)


def _send(outbox: Home, server: Server | None, now: datetime) -> tuple[str, ...]:
    waiting = pending(outbox)
    if not waiting:
        return ()
    if server is None:
        return (f"{len(waiting)} 封告警邮件待发：没有指明邮件服务器（MINSHENG_MAIL_SERVER）",)
    try:
        outcomes = list(deliver(server, waiting, outbox, None, now))
    except UserError as error:
        return (str(error),)
    return tuple(_unsent(outcome) for outcome in outcomes if outcome.result != "sent")


def _unsent(outcome: Outcome) -> str:
    return f"{outcome.input}：{outcome.detail}"


def _tidy(outbox: Home, now: datetime) -> None:
    for state in ("sent", "refused"):
        for eml in mails(outbox, state):
            if now - datetime.fromtimestamp(eml.stat().st_mtime, UTC) > _KEPT:
                remove(eml.with_suffix(".json"))
                remove(eml)
