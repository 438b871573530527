"""Rules that people have switched off, and the files that such a rule alone had refused (docs/adr/0038)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from minsheng.validation.expectations import Judgement
from minsheng.warehouse.connection import Connection, Row, append, rows_of

_OFF = """
    select submission.submission_id, off.rule_code
    from raw.submission as submission
    inner join staging.stg_rule_off as off using (plan_id)
    where list_contains(?, submission.submission_id)
"""
_REFUSED = """
    select distinct submission_id, verdict.mail_id
    from raw.finding as finding
    inner join raw.verdict as verdict using (submission_id)
    inner join raw.submission as submission using (submission_id)
    inner join staging.stg_rule_off as off using (plan_id, rule_code)
    where
        list_contains(?, submission.plan_id)
        and verdict.verdict = 'rejected'
        and finding.severity = 'reject'
    order by submission_id
"""
_JUDGED = ("verdict", "finding", "rule_result", "built")


@dataclass(frozen=True)
class Retaken:
    """A refused file that is judged again: the mail in which it was refused stays its answer.

    ``refusal``: all that was known of it before, by table.
    """

    submission_id: str
    mail_id: str | None
    refusal: Mapping[str, Sequence[Row]]


def without_switched_off(
    connection: Connection, judgements: Iterable[Judgement], owners: Sequence[str]
) -> list[Judgement]:
    """The judgements without facts of files whose plan has the rule switched off; ``owners``: the file of each fact."""
    off = {(submission_id, rule) for submission_id, rule in connection.execute(_OFF, [[*set(owners)]]).fetchall()}
    return [_without(one, off, owners) for one in judgements] if off else [*judgements]


def take_back_refusals(connection: Connection, plan_ids: Sequence[str]) -> tuple[Retaken, ...]:
    """Forget the verdicts of files that a rule refused which is off now, inside the caller's transaction.

    They wait to be judged as on the day they came; once judged without the rule they are not found here again.
    """
    found = connection.execute(_REFUSED, [list(plan_ids)]).fetchall()
    retaken = tuple(Retaken(key, mail_id, _known_of(connection, key)) for key, mail_id in found)
    ids = [one.submission_id for one in retaken]
    for table in _JUDGED if ids else ():
        connection.execute(f"delete from raw.{table} where list_contains(?, submission_id)", [ids])
    return retaken


def settle_retaken(connection: Connection, retaken: Iterable[Retaken], judged: Collection[str]) -> None:
    """Write back in which mail each was answered; one that is left for another run stays refused until then."""
    for one in retaken:
        if one.submission_id in judged:
            update = "update raw.verdict set mail_id = ? where submission_id = ?"
            connection.execute(update, [one.mail_id, one.submission_id])
        else:
            for table, rows in one.refusal.items():
                append(connection, f"raw.{table}", rows)


def _known_of(connection: Connection, submission_id: str) -> dict[str, list[Row]]:
    query = "select * from raw.{} where submission_id = ?"
    return {table: rows_of(connection, query.format(table), [submission_id]) for table in _JUDGED}


def _without(one: Judgement, off: set[tuple[str, str]], owners: Sequence[str]) -> Judgement:
    def kept(facts: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(fact for fact in facts if (owners[fact], one.rule.code) not in off)

    return replace(one, applied=kept(one.applied), fired=kept(one.fired), unjudged=kept(one.unjudged))
