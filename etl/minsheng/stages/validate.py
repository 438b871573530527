"""validate: hold what was parsed against the rules; verdicts, findings and mails in one transaction."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from minsheng.core.outcome import Outcome, StageResult
from minsheng.landing import Receipt
from minsheng.landing.editions import spans
from minsheng.mail.contacts import Contacts
from minsheng.mail.letters import queue_letters
from minsheng.mail.notices import queue_notices
from minsheng.mail.outbox import render_outbox
from minsheng.mail.queue import JudgedFile, queue_mails
from minsheng.mail.reversals import reversals
from minsheng.mail.signing import signing_requests
from minsheng.plan.run import Run
from minsheng.validation.finding import Finding
from minsheng.validation.rounds import count_waiting, next_rounds, waiting_since
from minsheng.validation.switches import settle_retaken, take_back_refusals
from minsheng.validation.turns import JudgingError, Settled, Trouble, judge_waiting
from minsheng.warehouse.connection import Connection, append, open_warehouse, transaction
from minsheng.warehouse.decisions import state_decisions
from minsheng.warehouse.ledger import record
from minsheng.warehouse.plan_rows import replace_plans

log = logging.getLogger(__name__)
_PLACES = 3  # of one rule in one file: its answer has all of them
_OUR_FAULT = "校验时程序出错，本单位的文件留待下次校验；详见运行日志"


def validate(run: Run, contacts: Contacts | None = None, *, answers: bool = True) -> StageResult:
    """Judge whatever is parsed and not yet judged, then write the mails that are not in the outbox yet.

    Without ``answers`` nobody is written to: what is judged has had its answer before.

    A unit's files are judged one after the other, in the order of their arrival: each is held
    against what was accepted before its turn, see ``minsheng.validation.rounds``. ``periods``: the opened
    months of the files judged.
    """
    with open_warehouse(run.home.warehouse) as connection:
        judged = _judge_waiting(run, connection, contacts, answers=answers)
        mails = tuple(render_outbox(connection, run, contacts))
        with transaction(connection):
            record(connection, run, StageResult("validate", mails))
    return StageResult("validate", judged.outcomes + mails, judged.periods)


def _judge_waiting(run: Run, connection: Connection, contacts: Contacts | None, *, answers: bool) -> StageResult:
    """Judge all that waits, in one transaction. A file we cannot judge holds up its own unit and nobody else.

    Which file it is shows when those that failed together are halved, and all begins again, until one is left.
    Raises when several units have files waiting and none can be judged.
    """
    trouble = Trouble()
    while True:
        try:
            with transaction(connection):
                return _judge_pending(run, connection, trouble, contacts, answers=answers)
        except JudgingError as error:
            if len(error.files) == 1:
                log.exception("cannot judge %s", error)
            trouble.narrow(error.files)


def _judge_pending(
    run: Run, connection: Connection, trouble: Trouble, contacts: Contacts | None, *, answers: bool
) -> StageResult:
    """All rounds with the mails that report them, and what must wait: for its month, or for the next run."""
    plan_ids = run.county.plan_ids
    state_decisions(connection, run.home, plan_ids, run.as_of)
    retaken = take_back_refusals(connection, plan_ids)
    settled = list(_judge_by_edition(run, connection, trouble))
    if len(trouble.held) > 1 and not settled:  # then it is not about a file
        raise RuntimeError(f"none of the {len(trouble.held)} units' files can be judged, see above")
    named = {one.period for one in settled if one.period and one.judged}
    periods = tuple(sorted(named & _opened(connection, plan_ids)))
    held = (Outcome(one.submission_id, "failed", f"{_file(one)}：{_OUR_FAULT}") for one in trouble.held.values())
    outcomes = (
        *map(_outcome, settled),
        *held,
        *_postponed(connection, plan_ids, trouble),
        *_waiting(connection, plan_ids),
    )
    result = StageResult("validate", outcomes, periods)
    again = {one.submission_id for one in retaken}
    _queue(run, connection, [one for one in settled if one.receipt.submission_id not in again], fresh=answers)
    settle_retaken(connection, retaken, {one.receipt.submission_id for one in settled})
    if answers:
        counted = [(one.receipt, one.period) for one in settled if _counts_now(one, again)]
        enquiries = run.wording.enquiries(contacts.telephone if contacts else None)
        queue_letters(connection, run, [*reversals(run, counted), *signing_requests(connection, run, enquiries)])
    accepted = [one.receipt.received_at for one in settled if one.verdict == "accepted"]
    if answers and accepted:
        queue_notices(connection, run, min(accepted))
    record(connection, run, result)
    return result


def _counts_now(one: Settled, retaken: Collection[str]) -> bool:
    return one.verdict == "accepted" and one.receipt.submission_id in retaken


def _judge_by_edition(run: Run, connection: Connection, trouble: Trouble) -> Iterator[Settled]:
    """Each delivery by the plans that were in force when its turn came; the tables say the run's plans afterwards.

    Where a run has done its share, what came under later plans waits with the rest.
    """
    plan_ids = run.county.plan_ids
    for span in spans(run, waiting_since(connection, plan_ids)):
        replace_plans(connection, span.county.plans)
        for plan_id in plan_ids:
            for batch in judge_waiting(connection, plan_id, trouble, span.until):
                yield from batch
        if any(next_rounds(connection, plan_id, but=[*trouble.held], before=span.until) for plan_id in plan_ids):
            break
    replace_plans(connection, run.county.plans)


def _postponed(connection: Connection, plan_ids: Sequence[str], trouble: Trouble) -> list[Outcome]:
    """What is left of units that sent more than one run judges."""
    left = sum((Counter(count_waiting(connection, plan_id)) for plan_id in plan_ids), Counter[str]())
    return [
        Outcome(code, "postponed", f"本次已校验到上限，其余 {count} 份下次校验", count)
        for code, count in left.items()
        if code not in trouble.held
    ]


def _queue(run: Run, connection: Connection, settled: Sequence[Settled], *, fresh: bool) -> None:
    """Write the mails, and into the verdicts which mail reports them."""
    verdicts = [
        JudgedFile(one.receipt, one.period, one.verdict, is_flawless=one.judged is not None and not one.judged.findings)
        for one in settled
    ]
    queued = queue_mails(run, verdicts, fresh=fresh)
    append(connection, "raw.mail", (mail.row for mail in queued))
    for mail in queued:
        connection.execute(
            "update raw.verdict set mail_id = ? where list_contains(?, submission_id)",
            [mail.row["mail_id"], list(mail.submission_ids)],
        )


def _waiting(connection: Connection, plan_ids: Sequence[str]) -> list[Outcome]:
    """Files that came before their month was opened; they are judged by the first run after it is."""
    query = """
        select submission_id, unit_code, file_name, period
        from staging.stg_unjudged
        where list_contains(?, plan_id) and is_waiting
        order by submission_id
    """
    rows = connection.execute(query, [plan_ids]).fetchall()
    return [Outcome(each, "waiting", f"{unit}/{name}：{period} 尚未开放") for each, unit, name, period in rows]


def _opened(connection: Connection, plan_ids: Sequence[str]) -> set[str]:
    rows = connection.execute("select period from raw.period where list_contains(?, plan_id)", [plan_ids]).fetchall()
    return {period for (period,) in rows}


def _outcome(one: Settled) -> Outcome:
    file = _file(one.receipt)
    if one.judged is None:
        return Outcome(one.receipt.submission_id, "duplicate", f"{file}：与已接收的文件完全相同")
    found = one.judged.findings
    told = [f"{file} {_places(found)}".rstrip()]
    if one.judged.unjudged:
        told.append("未能判断 " + " ".join(f"{code}×{count}" for code, count in sorted(one.judged.unjudged.items())))
    return Outcome(one.receipt.submission_id, one.verdict, "；".join(told), len(found))


def _places(found: Sequence[Finding]) -> str:
    """Each rule that fired with its title and the first places: ``R14 累计数不等于上月累计加本月数（填报!F6）``."""
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in found:
        by_rule[finding.rule].append(finding)
    return "，".join(f"{code} {of[0].title}{_at(of)}" for code, of in sorted(by_rule.items()))


def _at(found: Sequence[Finding]) -> str:
    places = list(dict.fromkeys("!".join(filter(None, (one.sheet, one.cell))) for one in found))
    shown = "、".join(filter(None, places[:_PLACES]))
    more = f" 等 {len(places)} 处" if len(places) > _PLACES else ""
    return f"（{shown}{more}）" if shown else ""


def _file(receipt: Receipt) -> str:
    return f"{receipt.unit_code}/{receipt.file_name}"
