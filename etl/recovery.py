"""A warehouse made anew from landing alone, as the months were run one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from etl.errors import UserError
from etl.landing import openings, receipts
from etl.mail.folders import STATES, mails
from etl.outcome import StageResult
from etl.period import Period
from etl.pipeline import conclude
from etl.run import Run
from etl.stages.open import open_period
from etl.stages.parse import parse
from etl.stages.validate import validate


def recover(run: Run, postgres_url: str | None = None) -> Iterator[StageResult]:
    """Open and judge everything again, moment by moment, then build and publish as of ``run``.

    Judged by the plan and the rules of today. Nobody is written to a second time: the outbox knows who has had an
    answer; where it is lost, too, everybody counts as answered.
    Raises UserError when there is a warehouse already, or not all one is made from.
    """
    if run.home.warehouse.exists():
        raise UserError(str(run.home.warehouse), "is there already", "move it away first; it is made anew from landing")
    if not openings(run.home, run.plan.plan_id):
        folder = run.home.landing / run.plan.plan_id / "openings"
        raise UserError(str(folder), "says of no month when it was opened", "restore landing whole from the backup")
    answers = any(mails(run.home, state) for state in STATES)
    for moment in _moments(run):
        yield from _relive(replace(run, as_of=moment), answers=answers)
    yield from conclude(run, postgres_url)


def _moments(run: Run) -> list[datetime]:
    opened = {opening.opened_at for opening in openings(run.home, run.plan.plan_id)}
    received = {receipt.received_at for receipt in receipts(run.home, run.plan.plan_id)}
    return sorted(moment for moment in opened | received if moment <= run.as_of)


def _relive(run: Run, *, answers: bool) -> Iterator[StageResult]:
    for opening in openings(run.home, run.plan.plan_id):
        if opening.opened_at == run.as_of:
            yield open_period(run, Period.parse(opening.period))
    yield parse(run)
    yield validate(run, answers=answers)
