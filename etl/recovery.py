"""A warehouse made anew from landing alone, as the months were run one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from etl.errors import UserError
from etl.landing import openings, receipts
from etl.outcome import StageResult
from etl.period import Period
from etl.run import Run
from etl.stages.build import build
from etl.stages.check import check
from etl.stages.copy import copy
from etl.stages.load import load
from etl.stages.open import open_period
from etl.stages.parse import parse
from etl.stages.publish import publish
from etl.stages.report import report
from etl.stages.validate import validate


def recover(run: Run, postgres_url: str | None = None) -> Iterator[StageResult]:
    """Open and judge everything again, moment by moment, then build and publish as of ``run``.

    Judged by the plan and the rules of today. Units are not written to again: they have had their answers.
    Raises UserError when there is a warehouse already, or not all one is made from.
    """
    if run.home.warehouse.exists():
        raise UserError(str(run.home.warehouse), "is there already", "move it away first; it is made anew from landing")
    if not openings(run.home, run.plan.plan_id):
        folder = run.home.landing / run.plan.plan_id / "openings"
        raise UserError(str(folder), "says of no month when it was opened", "restore landing whole from the backup")
    for moment in _moments(run):
        yield from _relive(replace(run, as_of=moment))
    for stage in (load, build, check, publish, report):
        yield stage(run)
    if postgres_url:
        yield copy(run, postgres_url)


def _moments(run: Run) -> list[datetime]:
    opened = {opening.opened_at for opening in openings(run.home, run.plan.plan_id)}
    return sorted(opened | {receipt.received_at for receipt in receipts(run.home, run.plan.plan_id)})


def _relive(run: Run) -> Iterator[StageResult]:
    for opening in openings(run.home, run.plan.plan_id):
        if opening.opened_at == run.as_of:
            yield open_period(run, Period.parse(opening.period))
    yield parse(run)
    yield validate(run, answers=False)
