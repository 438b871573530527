"""validate: hold what was parsed against the rules; verdicts, findings and mails in one transaction."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from etl.errors import UserError
from etl.judging.judge import Judged, is_in_force, judge
from etl.judging.rounds import next_round
from etl.judging.rules import load_rules
from etl.landing import Receipt
from etl.mail.contacts import Contacts
from etl.mail.outbox import render_outbox
from etl.mail.queue import Verdict, queue_mails
from etl.outcome import Outcome, StageResult
from etl.repository import RULES
from etl.run import Run
from etl.warehouse.connection import UNUSABLE, Connection, append, open_warehouse, transaction
from etl.warehouse.ledger import record

log = logging.getLogger(__name__)
_OUR_FAULT = "校验时程序出错，本单位的文件留待下次校验；详见运行日志"


def validate(run: Run, contacts: Contacts | None = None, *, answers: bool = True) -> StageResult:
    """Judge whatever is parsed and not yet judged, then write the mails that are not in the outbox yet.

    Without ``answers`` nobody is written to: what is judged has had its answer before.

    A unit's files are judged one after the other, in the order of their arrival: each is held
    against what was accepted before its turn, see ``etl.judging.rounds``. ``periods``: the opened
    months of the files judged.
    """
    with open_warehouse(run.home.warehouse) as connection:
        judged = _judge_waiting(run, connection, answers=answers)
        mails = tuple(render_outbox(connection, run, contacts))
        with transaction(connection):
            record(connection, run, StageResult("validate", mails))
    return StageResult("validate", judged.outcomes + mails, judged.periods)


@dataclass(frozen=True)
class _Settled:
    """One submission and the month it names; ``judged`` null: a duplicate, held against nothing."""

    receipt: Receipt
    period: str | None
    judged: Judged | None

    @property
    def verdict(self) -> str:
        return self.judged.verdict if self.judged else "duplicate"


@dataclass
class _Trouble:
    """What could not be judged for a fault of ours: by unit, the file at which its files are held up in this run."""

    held: dict[str, Receipt] = field(default_factory=dict)
    one_by_one: bool = False


class _JudgingError(Exception):
    """Judging these files has raised what it never should."""

    def __init__(self, files: Sequence[Receipt]) -> None:
        super().__init__("、".join(map(_file, files)))
        self.files = files


def _judge_waiting(run: Run, connection: Connection, *, answers: bool) -> StageResult:
    """Judge all that waits, in one transaction. A file we cannot judge holds up its own unit and nobody else.

    Which file it is shows when all are judged one by one, from the start. Raises when several units have files waiting
    and none can be judged.
    """
    trouble = _Trouble()
    while True:
        try:
            with transaction(connection):
                return _judge_pending(run, connection, trouble, answers=answers)
        except _JudgingError as error:
            if len(error.files) == 1:
                log.exception("cannot judge %s", error)
                trouble.held[error.files[0].unit_code] = error.files[0]
            trouble.one_by_one = True


def _judge_pending(run: Run, connection: Connection, trouble: _Trouble, *, answers: bool) -> StageResult:
    """All rounds with the mails that report them, and what must wait for its month."""
    settled = [one for each in _rounds(run, connection, trouble) for one in each]
    if len(trouble.held) > 1 and not settled:  # then it is not about a file
        raise RuntimeError(f"none of the {len(trouble.held)} units' files can be judged, see above")
    named = {one.period for one in settled if one.period and one.judged}
    periods = tuple(sorted(named & _opened(connection, run.plan.plan_id)))
    held = (Outcome(one.submission_id, "failed", f"{_file(one)}：{_OUR_FAULT}") for one in trouble.held.values())
    outcomes = (*map(_outcome, settled), *held, *_waiting(connection, run.plan.plan_id))
    result = StageResult("validate", outcomes, periods)
    _queue(run, connection, settled, fresh=answers)
    record(connection, run, result)
    return result


def _rounds(run: Run, connection: Connection, trouble: _Trouble) -> Iterator[list[_Settled]]:
    while pending := next_round(connection, run.plan.plan_id, but=tuple(trouble.held)):
        known = {receipt.submission_id for receipt, period in pending if is_in_force(connection, receipt, period)}
        fresh = [receipt for receipt, _ in pending if receipt.submission_id not in known]
        batches = [[one] for one in fresh] if trouble.one_by_one else [fresh]
        judged = {one.submission_id: one for batch in batches for one in _judge(connection, batch)}
        settled = [_Settled(receipt, period, judged.get(receipt.submission_id)) for receipt, period in pending]
        append(connection, "raw.verdict", map(_verdict_row, settled))
        append(connection, "raw.finding", (row for one in judged.values() for row in _finding_rows(one)))
        append(connection, "raw.rule_result", (row for one in judged.values() for row in _rule_result_rows(one)))
        yield settled


def _judge(connection: Connection, files: Sequence[Receipt]) -> list[Judged]:
    """Raises UserError for a faulty rule, and what says that our files cannot be used: that concerns everybody.

    Raises _JudgingError for anything else.
    """
    if not files:
        return []
    try:
        return judge(connection, [one.submission_id for one in files])
    except (UserError, OSError, MemoryError, *UNUSABLE):
        raise
    except Exception as error:
        raise _JudgingError(files) from error


def _queue(run: Run, connection: Connection, settled: Sequence[_Settled], *, fresh: bool) -> None:
    """Write the mails, and into the verdicts which mail reports them."""
    verdicts = [
        Verdict(one.receipt, one.period, one.verdict, is_flawless=one.judged is not None and not one.judged.findings)
        for one in settled
    ]
    queued = queue_mails(run, verdicts, fresh=fresh)
    append(connection, "raw.mail", (mail.row for mail in queued))
    for mail in queued:
        connection.execute(
            "update raw.verdict set mail_id = ? where list_contains(?, submission_id)",
            [mail.row["mail_id"], list(mail.submission_ids)],
        )


def _waiting(connection: Connection, plan_id: str) -> list[Outcome]:
    """Files that came before their month was opened; they are judged by the first run after it is."""
    query = """
        select submission_id, unit_code, file_name, period
        from staging.stg_unjudged
        where plan_id = ? and is_waiting
        order by submission_id
    """
    rows = connection.execute(query, [plan_id]).fetchall()
    return [Outcome(each, "waiting", f"{unit}/{name}：{period} 尚未开放") for each, unit, name, period in rows]


def _opened(connection: Connection, plan_id: str) -> set[str]:
    rows = connection.execute("select period from raw.period where plan_id = ?", [plan_id]).fetchall()
    return {period for (period,) in rows}


def _verdict_row(one: _Settled) -> dict[str, object]:
    return {
        "submission_id": one.receipt.submission_id,
        "verdict": one.verdict,
        # When it arrived, not when we came to judge it: building again from landing gives the same.
        "accepted_at": one.receipt.received_at if one.verdict == "accepted" else None,
        "reject_count": one.judged.count("reject") if one.judged else 0,
        "warn_count": one.judged.count("warn") if one.judged else 0,
        "note_count": one.judged.count("note") if one.judged else 0,
        "rules_version": load_rules(RULES).version,
    }


def _finding_rows(one: Judged) -> Iterator[dict[str, object]]:
    for number, finding in enumerate(one.findings, start=1):
        words = asdict(finding)
        places = {"rule_code": words.pop("rule"), "sheet_name": words.pop("sheet"), "cell_ref": words.pop("cell")}
        yield {"submission_id": one.submission_id, "finding_no": number} | places | words


def _rule_result_rows(one: Judged) -> Iterator[dict[str, object]]:
    return ({"submission_id": one.submission_id} | asdict(result) for result in one.rule_results)


def _outcome(one: _Settled) -> Outcome:
    file = _file(one.receipt)
    if one.judged is None:
        return Outcome(one.receipt.submission_id, "duplicate", f"{file}：与已接收的文件完全相同")
    found = one.judged.findings
    fired = _listed(Counter(finding.rule for finding in found))
    unjudged = f"；未能判断 {_listed(one.judged.unjudged)}" if one.judged.unjudged else ""
    return Outcome(one.receipt.submission_id, one.verdict, f"{file} {fired}{unjudged}", len(found))


def _file(receipt: Receipt) -> str:
    return f"{receipt.unit_code}/{receipt.file_name}"


def _listed(counts: Mapping[str, int]) -> str:
    return " ".join(f"{code}×{count}" for code, count in sorted(counts.items()))
