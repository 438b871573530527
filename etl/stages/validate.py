"""validate: hold what was parsed against the rules; verdicts, findings and mails in one transaction a round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from etl.judging.judge import Judged, is_in_force, judge
from etl.judging.rules import load_rules
from etl.landing import Receipt
from etl.mail.contacts import Contacts
from etl.mail.outbox import mail_row, render_outbox
from etl.outcome import Outcome, StageResult
from etl.repository import RULES
from etl.run import Run
from etl.warehouse.connection import Connection, append, open_warehouse, transaction
from etl.warehouse.ledger import record

Submission = tuple[Receipt, str | None]


def validate(run: Run, contacts: Contacts | None = None) -> StageResult:
    """Judge whatever is parsed and not yet judged, then write the mails that are not in the outbox yet.

    A unit's files are judged one after the other, in the order of their arrival: each is held
    against what was accepted before it. ``periods``: the opened months of the files judged.
    """
    with open_warehouse(run.home.warehouse) as connection:
        results = list(_rounds(run, connection))
        waiting = _waiting(connection, run.plan.plan_id)
        mails = render_outbox(connection, run, contacts)
    outcomes = tuple(outcome for result in results for outcome in result.outcomes)
    periods = sorted({period for result in results for period in result.periods})
    return StageResult("validate", (*outcomes, *waiting, *mails), tuple(periods))


def _rounds(run: Run, connection: Connection) -> Iterator[StageResult]:
    while pending := _next_round(connection, run.plan.plan_id):
        known = {receipt.submission_id for receipt, period in pending if is_in_force(connection, receipt, period)}
        fresh = [receipt.submission_id for receipt, _ in pending if receipt.submission_id not in known]
        judged = {one.submission_id: one for one in judge(connection, fresh)} if fresh else {}
        yield _settle(run, connection, pending, judged)


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


def _next_round(connection: Connection, plan_id: str) -> list[Submission]:
    """The oldest submission of every unit that can be judged and is not, with the month it names."""
    rows = connection.execute(
        """
        select submission_id, plan_id, unit_code, file_name, sha256, byte_count, received_at, period
        from staging.stg_unjudged
        where plan_id = ? and not is_waiting
        qualify row_number() over (
            partition by unit_code
            order by received_at, period nulls last, file_name, submission_id
        ) = 1
        order by unit_code
        """,
        [plan_id],
    ).fetchall()
    return [(Receipt(*row[:-1]), row[-1]) for row in rows]


def _settle(run: Run, connection: Connection, pending: list[Submission], judged: dict[str, Judged]) -> StageResult:
    """Write a round; a file that is not among the judged is a duplicate."""
    verdicts = {
        receipt.submission_id: judged[receipt.submission_id].verdict if receipt.submission_id in judged else "duplicate"
        for receipt, _ in pending
    }
    outcomes = tuple(_outcome(receipt, verdicts, judged) for receipt, _ in pending)
    named = {period for receipt, period in pending if period and receipt.submission_id in judged}
    result = StageResult("validate", outcomes, tuple(sorted(named & _opened(connection, run.plan.plan_id))))
    with transaction(connection):
        append(connection, "raw.verdict", (_verdict_row(receipt, judged) for receipt, _ in pending))
        append(connection, "raw.finding", (row for one in judged.values() for row in _finding_rows(one)))
        append(connection, "raw.mail", _mail_rows(run, pending, verdicts, judged))
        record(connection, run, result)
    return result


def _mail_rows(
    run: Run, pending: list[Submission], verdicts: dict[str, str], judged: dict[str, Judged]
) -> Iterator[dict[str, object]]:
    """One answer a file; one accepted without a finding is answered if the county wants receipts."""
    for receipt, period in pending:
        verdict = verdicts[receipt.submission_id]
        is_flawless = verdict == "accepted" and not judged[receipt.submission_id].findings
        if run.plan.sends_receipts or not is_flawless:
            yield mail_row(run, receipt, period, verdict)


def _opened(connection: Connection, plan_id: str) -> set[str]:
    rows = connection.execute("select period from raw.period where plan_id = ?", [plan_id]).fetchall()
    return {period for (period,) in rows}


def _verdict_row(receipt: Receipt, judged: dict[str, Judged]) -> dict[str, object]:
    one = judged.get(receipt.submission_id)
    verdict = one.verdict if one else "duplicate"
    return {
        "submission_id": receipt.submission_id,
        "verdict": verdict,
        # When it arrived, not when we came to judge it: building again from landing gives the same.
        "accepted_at": receipt.received_at if verdict == "accepted" else None,
        "reject_count": one.count("reject") if one else 0,
        "warn_count": one.count("warn") if one else 0,
        "note_count": one.count("note") if one else 0,
        "rules_version": load_rules(RULES).version,
    }


def _finding_rows(one: Judged) -> Iterator[dict[str, object]]:
    for number, finding in enumerate(one.findings, start=1):
        words = asdict(finding)
        places = {"rule_code": words.pop("rule"), "sheet_name": words.pop("sheet"), "cell_ref": words.pop("cell")}
        yield {"submission_id": one.submission_id, "finding_no": number} | places | words


def _outcome(receipt: Receipt, verdicts: dict[str, str], judged: dict[str, Judged]) -> Outcome:
    file = f"{receipt.unit_code}/{receipt.file_name}"
    one = judged.get(receipt.submission_id)
    if one is None:
        return Outcome(receipt.submission_id, "duplicate", f"{file}：与已接收的文件完全相同")
    fired = _listed(Counter(finding.rule for finding in one.findings))
    unjudged = f"；未能判断 {_listed(one.unjudged)}" if one.unjudged else ""
    return Outcome(
        receipt.submission_id, verdicts[receipt.submission_id], f"{file} {fired}{unjudged}", len(one.findings)
    )


def _listed(counts: Mapping[str, int]) -> str:
    return " ".join(f"{code}×{count}" for code, count in sorted(counts.items()))
