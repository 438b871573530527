"""What is looked at in each county's warehouse: whether what came is judged, published and frozen, and the sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from minsheng.core.clock import county_time
from minsheng.core.period import Period
from minsheng.mail.folders import without_addresses
from minsheng.plan.calendar import periods
from minsheng.publication.freezes import freezes
from minsheng.publication.hold import hold_in_force
from minsheng.source.history import source_history
from minsheng.warehouse.connection import Connection
from minsheng.watch.conditions import Condition
from minsheng.watch.grounds import Grounds
from minsheng.words import display
from minsheng.words.chinese import chinese

# Since when each could have been judged: since its month was open. Of one whose month cannot be read since it came.
_UNJUDGED = """
    select count(*), min(greatest(received_at, opened_at)), max(period)
    from staging.stg_unjudged
    left join raw.period using (plan_id, period)
    where not is_waiting
"""
# Since when each could have been published: since it was judged.
_UNPUBLISHED = """
    with judged as (
        select input as submission_id, min(as_of) as judged_at
        from raw.outcome
        where stage = 'validate'
        group by input
    )

    select count(*), min(greatest(received_at, opened_at, judged_at)), max(period)
    from staging.stg_unpublished
    inner join raw.period using (plan_id, period)
    left join judged using (submission_id)
"""
_OPENED = "select period from raw.period where plan_id = ?"
_FREEZES = """
    select plan_id, period, freeze_at, arg_max(outcome.detail, outcome.as_of) as why
    from raw.period
    left join raw.outcome as outcome
        on outcome.stage = 'freeze' and outcome.input = period.period and outcome.result in ('doubted', 'failed')
    where opened_at <= freeze_at and freeze_at < ?
    group by plan_id, period, freeze_at
    order by period
"""
_LAST_PULL = """
    select input, result, detail
    from raw.outcome
    where stage = 'pull' and run_id = (select arg_max(run_id, as_of) from raw.outcome where stage in ('pull', 'inbox'))
    order by input
"""
_BOUNCES = "select address, reason, bounced_at from raw.bounce where bounced_at >= ? order by address"
_BOUNCED_LATELY = timedelta(days=30)
_DOWN_LONG = timedelta(hours=2)
_OPENS_AT = time(8)
_TROUBLES = ("shut", "silent", "too_deep", "too_many")
_NAMED = 3


@dataclass(frozen=True)
class _Waiting:
    """So many files, since when the first of them waits, and their newest month; null: none can be read."""

    count: int
    since: datetime
    period: str | None


def unjudged_files(connection: Connection, here: Grounds) -> Iterator[Condition]:
    """That files wait for their verdict longer than the mark, though their months are open."""
    found = _waiting(connection, _UNJUDGED)
    if found and here.is_overdue(found.since):
        detail = f"{found.count} 份文件收到后没有校验，最早的自 {display.moment(found.since)} 起"
        yield here.condition("unjudged", "landing", detail, found.period)


def unpublished_files(connection: Connection, here: Grounds) -> Iterator[Condition]:
    """That what was judged is not published after longer than the mark; people who took a revision back know."""
    found = _waiting(connection, _UNPUBLISHED)
    if found and here.is_overdue(found.since) and hold_in_force(here.home) is None:
        detail = f"{found.count} 份已校验的文件没有进入发布，最早的自 {display.moment(found.since)} 起"
        yield here.condition("unpublished", "marts", detail, found.period)


def unopened_month(connection: Connection, here: Grounds) -> Iterator[Condition]:
    """The month before this one, when it should be open by now; an installation without any month has not begun."""
    reported = Period.parse(f"{county_time(here.now):%Y-%m}").previous
    opened = {period for (period,) in connection.execute(_OPENED, [here.plan.plan_id]).fetchall()}
    if not opened or reported not in periods(here.plan) or str(reported) in opened:
        return
    opens = datetime.combine(reported.next.first_day, _OPENS_AT, ZoneInfo(here.plan.timezone))
    if here.is_overdue(opens):
        month = display.month_name(str(reported))
        yield here.condition(
            "month_unopened", str(reported), f"{month}应于 {display.moment(opens)} 开月", str(reported)
        )


def missed_freezes(connection: Connection, here: Grounds) -> Iterator[Condition]:
    """Each month opened in time whose freeze has passed for longer than the mark, and that was not frozen, with why."""
    known = freezes(here.home)
    for plan_id, period, moment, why in connection.execute(_FREEZES, [here.now]).fetchall():
        if (plan_id, period) not in known and here.is_overdue(moment):
            detail = f"{display.month_name(period)}应于 {display.moment(county_time(moment))} 定稿，至今没有"
            yield here.condition("freeze_missed", period, "：".join(filter(None, (detail, why))), period)


def sources_down(connection: Connection, here: Grounds) -> Iterator[Condition]:
    """Each declared source that has not answered for hours."""
    for source in here.sources:
        down_since = source_history(connection, source.name).down_since
        if down_since and here.now - down_since >= _DOWN_LONG:
            detail = f"来源“{source.name}”自 {display.moment(county_time(down_since))} 起连不上"
            yield here.condition("source_down", source.name, detail)


def silent_sources(connection: Connection, here: Grounds) -> Iterator[Condition]:
    """Each declared source that has delivered before, and nothing for longer than the mark."""
    for source in here.sources:
        last = source_history(connection, source.name).delivered_at
        if last and here.now - last > timedelta(days=here.marks.source_days):
            detail = f"来源“{source.name}”上次来件是 {display.moment(county_time(last))}"
            yield here.condition("source_silent", source.name, detail)


def inbox_troubles(connection: Connection, here: Grounds) -> Iterator[Condition]:
    """That the last run met something it could not take, as its task says too."""
    rows = connection.execute(_LAST_PULL).fetchall()
    met = [f"{name} {chinese().result[result]}" for name, result, _ in rows if result in _TROUBLES]
    if met:
        others = f"等 {len(met)} 处" if len(met) > _NAMED else ""
        yield here.condition("inbox_trouble", "inbox", "、".join(met[:_NAMED]) + others)


def bounced_addresses(connection: Connection, here: Grounds) -> Iterator[Condition]:
    """Each address of the contacts from which a mail came back lately; the unit is named, the address is not."""
    if here.contacts is None:
        return
    since = here.now - _BOUNCED_LATELY
    for address, reason, bounced_at in connection.execute(_BOUNCES, [since]).fetchall():
        owners = [code for code, addresses in here.contacts.units.items() if address in addresses]
        for code in owners:
            when, said = f"{county_time(bounced_at):%m-%d}", without_addresses(reason)
            detail = f"{here.unit(code)} 的一个地址（{_hidden(address)}）{when} 退信：{said}"
            yield here.condition("address_bounced", f"{code}.{_hidden(address)}", detail)


def _hidden(address: str) -> str:
    """An address of which who has the contacts knows which it is: ``z…@lushan.example``."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}…@{domain}"


def _waiting(connection: Connection, query: str) -> _Waiting | None:
    """What a query finds waiting; None: nothing."""
    count, since, period = connection.execute(query).fetchone() or (0, None, None)
    return _Waiting(count, county_time(since), period) if count and since else None
