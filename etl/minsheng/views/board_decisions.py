"""What waits for a named person's word: bulletins, explanations, figures of closed months, a publication taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from minsheng.core.clock import county_time
from minsheng.core.errors import DamagedError
from minsheng.mail.senders import unit_name
from minsheng.plan.run import Run
from minsheng.publication.bulletins import DecidedDraft, drafts
from minsheng.publication.hold import held_text, hold_in_force
from minsheng.warehouse.connection import Connection
from minsheng.warehouse.explanations import StandingDoubt
from minsheng.warehouse.refusals import shut_out
from minsheng.words import display

_RECEIVED = "select submission_id, received_at from raw.submission where list_contains(?, submission_id)"


@dataclass(frozen=True)
class WaitingDecision:
    """What waits for a named person's word, since when, and how it is given.

    ``submission_id``: the file it is about; null: none.
    """

    subject: str
    since: datetime
    remedy: str
    submission_id: str | None = None


def waiting_decisions(
    connection: Connection, run: Run, plan_id: str, doubts: Sequence[StandingDoubt]
) -> Iterator[WaitingDecision]:
    """All that nobody has decided yet; ``doubts``: those about files in force."""
    yield from _bulletins(run, plan_id)
    yield from _explanations(connection, run, [one for one in doubts if one.state == "explained"])
    yield from _reopenings(connection, run, plan_id)
    if hold := hold_in_force(run.home):
        remedy = f"核对后 minsheng publication release {_here(run)}"
        yield WaitingDecision(held_text(run.home, hold), county_time(datetime.fromisoformat(hold.at)), remedy)


def how_to_ask(run: Run, doubt: StandingDoubt) -> str:
    """The command by which a unit is asked about a number."""
    return f"minsheng explanations ask {doubt.reference} {_here(run)} --by … --reason …"


def _here(run: Run) -> str:
    return f"--home … --county {run.home.county}"


def _bulletins(run: Run, plan_id: str) -> Iterator[WaitingDecision]:
    newest: dict[str, DecidedDraft] = {}
    with suppress(DamagedError):  # told by verify
        newest = {one.draft.period: one for one in drafts(run.home, plan_id)}
    for period, one in newest.items():
        if one.decision is None:
            subject = f"{display.month_name(period)}通报第 {one.draft.draft_no} 稿待签发"
            command = f"minsheng bulletin approve {_here(run)} --period {period} --by …"
            remedy = f"在 Airflow 的“需要处理”中决定，或 {command}（不同意的用 refuse）"
            yield WaitingDecision(subject, county_time(one.draft.made_at), remedy)


def _explanations(connection: Connection, run: Run, explained: Sequence[StandingDoubt]) -> Iterator[WaitingDecision]:
    received = dict(connection.execute(_RECEIVED, [[one.submission_id for one in explained]]).fetchall())
    for one in explained:
        doubt = one.doubt
        who = f"{display.month_name(doubt.period)}{unit_name(run, doubt.plan_id, doubt.unit_code)}"
        subject = f"{who}的说明待审阅：{doubt.message}单位说明：{doubt.explanation}"
        command = f"minsheng explanations accept {one.reference} {_here(run)} --by … --reason …"
        remedy = f"{command}（要再问的用 ask）"
        yield WaitingDecision(subject, county_time(received[one.submission_id]), remedy, one.submission_id)


def _reopenings(connection: Connection, run: Run, plan_id: str) -> Iterator[WaitingDecision]:
    for one in shut_out(connection, plan_id, run.as_of):
        about, month = "、".join(one.figures), display.month_name(one.period)
        subject = f"{unit_name(run, plan_id, one.unit_code)}要更正已关闭的{month}：{about}"
        named = f"--period {one.period} --unit {one.unit_code} --indicator … --until … --by … --reason …"
        remedy = f"同意的 minsheng month reopen --plan … --home … {named}；不同意的请该单位改回原数"
        yield WaitingDecision(subject, one.received_at, remedy, one.submission_id)
