"""A warehouse made anew from landing alone, as the months were run one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import move
from minsheng.core.home import Home
from minsheng.core.outcome import StageResult
from minsheng.core.period import Period
from minsheng.flows.freezing import freeze
from minsheng.flows.pipeline import conclude
from minsheng.landing import all_receipts, damaged_receipts, openings, plans, read_content, receipts
from minsheng.landing.decisions import decision_files, decisions, read_decision
from minsheng.landing.editions import as_received, edition_plan, editions
from minsheng.landing.reviews import read_review, review_files
from minsheng.mail.contacts import Contacts
from minsheng.mail.folders import STATES, mails
from minsheng.plan.run import Run
from minsheng.stages.chase import count_as_written
from minsheng.stages.load import load
from minsheng.stages.open import open_period
from minsheng.stages.parse import parse
from minsheng.stages.validate import validate
from minsheng.warehouse.connection import create_warehouse, kept_open, open_warehouse
from minsheng.warehouse.forms import forget_forms


def recover(run: Run, postgres_url: str | None = None, contacts: Contacts | None = None) -> Iterator[StageResult]:
    """Open and judge everything again, moment by moment, then build and publish, as of ``run``.

    Each moment by the plans that were in force then, the rules are those of today; the plans of ``run`` serve where
    none was received. Nobody is written to a second time: the outbox knows who has had an
    answer; where it is lost, too, everybody counts as answered.
    It is made under another name: cut short, there is none yet, and this is simply called again.
    Raises UserError when there is a warehouse already, or not all one is made from.
    """
    _require_all(run)
    run = as_received(run)
    home = run.home
    answers = any(mails(home, state) for state in STATES)
    unfinished = _begin_anew(home)
    with kept_open(unfinished.warehouse):
        for moment in _moments(run):
            yield from _relive(as_received(replace(run, home=unfinished, as_of=moment)), answers=answers)
        with open_warehouse(unfinished.warehouse) as connection:
            forget_forms(connection)
    move(unfinished.warehouse, home.warehouse)
    yield load(run)
    yield freeze(run)
    yield from conclude(run, postgres_url)
    if not answers:
        yield count_as_written(run, contacts)


def _require_all(run: Run) -> None:
    home, plan_ids = run.home, run.county.plan_ids
    if home.warehouse.exists() or _log_of(home.warehouse).exists():
        raise UserError("warehouse_there", home.warehouse)
    for plan_id in plans(home) or plan_ids:
        _require_whole(home, plan_id)
        if not openings(home, plan_id):
            folder = home.landing / plan_id / "openings"
            raise UserError("landing_without_openings", folder)
    if forgotten := sorted({*plans(home)} - {*plan_ids}):
        raise UserError("landing_of_others", home.landing, plans=forgotten)


def _require_whole(home: Home, plan_id: str) -> None:
    """Raises DamagedError naming the first receipt, note, edition or file that is not as it was received."""
    damaged = damaged_receipts(home, plan_id)
    for receipt in receipts(home, plan_id):
        if receipt.withheld is None:
            with _noting(damaged):
                read_content(home, plan_id, receipt.sha256)
    with _noting(damaged):
        openings(home, plan_id)
    for path in decision_files(home, plan_id):
        with _noting(damaged):
            read_decision(path)
    for path in review_files(home, plan_id):
        with _noting(damaged):
            read_review(path)
    with _noting(damaged):
        for edition in editions(home, plan_id):
            edition_plan(home, edition)
    if damaged:
        first, *others = damaged
        raise DamagedError("landing_incomplete", first.where, problem=first.problem, others=len(others))


@contextmanager
def _noting(damaged: list[DamagedError]) -> Iterator[None]:
    try:
        yield
    except DamagedError as error:
        damaged.append(error)


def _begin_anew(home: Home) -> Home:
    """The same home with an empty warehouse beside the place of the lost one."""
    unfinished = replace(home, warehouse_name=f".{home.warehouse_name}.recovered")
    for leftover in (unfinished.warehouse, _log_of(unfinished.warehouse)):
        leftover.unlink(missing_ok=True)
    create_warehouse(unfinished.warehouse)
    return unfinished


def _log_of(warehouse: Path) -> Path:
    """DuckDB's write-ahead log of a database."""
    return warehouse.with_name(f"{warehouse.name}.wal")


def _moments(run: Run) -> list[datetime]:
    opened = {opening.opened_at for plan_id in plans(run.home) for opening in openings(run.home, plan_id)}
    received = {receipt.received_at for receipt in all_receipts(run.home)}
    decided = {decision.decided_at for plan_id in plans(run.home) for decision in decisions(run.home, plan_id)}
    return sorted(moment for moment in opened | received | decided if moment <= run.as_of)


def _relive(run: Run, *, answers: bool) -> Iterator[StageResult]:
    for opening in (one for plan_id in plans(run.home) for one in openings(run.home, plan_id)):
        if opening.opened_at == run.as_of:
            yield open_period(run, Period.parse(opening.period))
    yield parse(run)
    while (judged := validate(run, answers=answers)).count("postponed"):
        yield judged
    yield judged
