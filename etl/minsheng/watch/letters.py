"""What the data team is told: one mail for each address and look, with everything that is news to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from minsheng.core.clock import county_time
from minsheng.mail.contacts import DATA_TEAM
from minsheng.mail.letters import Letter, html_of, text_of
from minsheng.mail.message import Mail
from minsheng.watch.alarms import Alarm, News
from minsheng.watch.conditions import Observed, headline, runbook_entry
from minsheng.words import display
from minsheng.words.chinese import chinese

SENDER_NAME = "民生实事值守"
_TO = "民生实事数据组"
_FRESH = "下列情况需要处理，每项只通知一次；还在的，每天汇总提醒一次，恢复时再告知一次。"
_LASTING = "下列情况仍未恢复。"
_MENDED = "下列情况已经恢复，无需处理。"
_HOW_TO_SILENCE = (
    "已知悉、暂不处理的，可执行 minsheng watch silence 写明原因，到期自动恢复提醒；全貌见 minsheng status。"
)
_TITLES = ("新的情况", "仍未恢复", "已经恢复")
# What is more than that is counted; minsheng status has it all.
_MOST_POINTS = 30
_NAMED = 2


def alarm_mail(told: News, found: Observed, now: datetime) -> Mail:
    """The mail that tells one address its news."""
    letters = tuple(_letters(told, found))
    ids = tuple(sorted({news_id(alarm, now) for alarm in told.alarms}))
    return Mail(
        mail_id=hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16],
        unit_code=DATA_TEAM,
        to_data_team="",
        subject=_subject(told, found),
        text=text_of(_TO, letters),
        html=html_of(_TO, letters),
        dated=county_time(now),
        sender_name=SENDER_NAME,
        answers=ids,
    )


def news_id(alarm: Alarm, now: datetime) -> str:
    """By which it is known that an alarm was told in this way: as new, as mended, or on this day."""
    how = "mended" if alarm.mended_at else f"{county_time(now):%Y-%m-%d}" if alarm.told_at else "fresh"
    return f"{alarm.alarm_id}-{how}"


def _letters(told: News, found: Observed) -> Iterator[Letter]:
    parts = (
        (told.fresh, _FRESH, _HOW_TO_SILENCE),
        (told.lasting, _LASTING, _HOW_TO_SILENCE),
        (told.mended, _MENDED, ""),
    )
    for title, (alarms, opening, closing) in zip(_TITLES, parts, strict=True):
        if alarms:
            points = _points(alarms, found)
            yield Letter(opening, closing, f"{title}（{len(alarms)} 项）", points, title=title)


def _points(alarms: Sequence[Alarm], found: Observed) -> tuple[str, ...]:
    points = tuple(_point(alarm, found) for alarm in alarms[:_MOST_POINTS])
    left = len(alarms) - len(points)
    return (*points, f"另有 {left} 项，见 minsheng status") if left else points


def _point(alarm: Alarm, found: Observed) -> str:
    said = alarm.condition
    about = headline(said.cause, found.title(said.county), said.period)
    since = display.moment(county_time(alarm.raised_at))
    if alarm.mended_at:
        return f"{about}：自 {since} 起的情况已恢复"
    words = chinese()
    return (
        f"{about}：{said.detail}。自 {since} 起。照常的：{words.still_works[said.cause]}。"
        f"怎么办：{words.cause_remedy[said.cause]}；详见 {runbook_entry(said.cause)}"
    )


def _subject(told: News, found: Observed) -> str:
    alarms = told.fresh or told.lasting or told.mended
    title = next(title for title, each in zip(_TITLES, (told.fresh, told.lasting, told.mended), strict=True) if each)
    causes = dict.fromkeys(chinese().cause[alarm.condition.cause] for alarm in alarms)
    return f"【民生实事值守】{title} {len(alarms)} 项：{_few(causes)}{_of(alarms, found)}"


def _of(alarms: Iterable[Alarm], found: Observed) -> str:
    titles = dict.fromkeys(found.title(alarm.condition.county) for alarm in alarms if alarm.condition.county)
    return f"（{_few(titles)}）" if titles else ""


def _few(words: Iterable[str]) -> str:
    listed = list(words)
    return "、".join(listed[:_NAMED]) + ("等" if len(listed) > _NAMED else "")
