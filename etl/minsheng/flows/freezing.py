"""What the clock alone changes: a month whose freeze has passed is built and published by itself, and its page issued.

It is done before a run takes or opens anything, so that what is frozen holds what had come by the freeze and nothing
later, however late the run is and however many freezes have passed since the last one (docs/adr/0029).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from minsheng.core.clock import county_time
from minsheng.core.errors import BusyError, UserError
from minsheng.core.outcome import Outcome, StageResult
from minsheng.flows.doubting import held_by_doubts, were_held
from minsheng.landing.editions import as_received
from minsheng.plan.run import Run
from minsheng.publication.freezes import Freeze, freezes, log_frozen
from minsheng.publication.hold import held_text, hold_in_force
from minsheng.publication.log import entries
from minsheng.publication.revisions import require_current
from minsheng.publication.spans import in_force, spans
from minsheng.stages.build import build
from minsheng.stages.publish import publish
from minsheng.stages.report import report
from minsheng.warehouse.connection import open_to_read
from minsheng.warehouse.ledger import keep

# A report received at the very moment of the freeze is still in time; what has not come by then is missed just after.
_JUST_AFTER = timedelta(seconds=1)
_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)
_MONTHS = """
    select plan_id, period, due_at, freeze_at
    from raw.period
    where opened_at <= freeze_at
    order by freeze_at, plan_id, period
"""
_BUILT = "select max(as_of) from raw.as_of"


@dataclass(frozen=True)
class _Month:
    plan_id: str
    period: str
    due_at: datetime
    freeze_at: datetime

    @property
    def key(self) -> tuple[str, str]:
        """Plan and period."""
        return self.plan_id, self.period


def freeze(run: Run) -> StageResult:
    """Freeze every month whose freeze has passed, one after the other, each with what had come by then.

    Outcomes: ``frozen`` for each of them, ``due`` for each month whose due hour has passed since the last build, of
    which nothing is done here; ``doubted`` for one that waits for explanations, if its plan says so, and is frozen as
    it stands by then; ``failed`` if a month could not be built or published: it is tried again by the next
    run, and until then nothing is built. Nothing of a month that was opened after its own freeze: nothing was issued
    then. Raises BusyError while the warehouse is in use.
    """
    if not run.home.warehouse.exists():
        return StageResult("freeze")
    months, built_at = _read(run)
    if built_at is None:
        return StageResult("freeze")
    known = freezes(run.home)
    passed = [one for one in months if one.freeze_at < run.as_of and (one.plan_id, one.period) not in known]
    due = [one for one in months if built_at < one.due_at < run.as_of and one not in passed]
    held = held_by_doubts(run, [one.key for one in passed])
    ready = [one for one in passed if one.key not in held]
    doubted = (Outcome(period, "doubted", words) for (_, period), words in held.items())
    outcomes = [*_freeze_all(run, ready, built_at), *doubted, *(Outcome(one.period, "due") for one in due)]
    return _kept(run, outcomes)


def after_freezing(stage: Callable[[Run], StageResult]) -> Callable[[Run], StageResult]:
    """The stage, with every month frozen before it whose freeze has passed: it must not build past a freeze.

    Where a freeze fails the stage is not called, and what failed is the result.
    """

    def both(run: Run) -> StageResult:
        frozen = freeze(run)
        return frozen if frozen.count("failed") else stage(run)

    return both


def _kept(run: Run, outcomes: list[Outcome]) -> StageResult:
    periods = tuple(sorted({one.input for one in outcomes if one.result in ("frozen", "due")}))
    result = StageResult("freeze", tuple(outcomes), periods)
    return keep(run, result) if outcomes else result


def _read(run: Run) -> tuple[list[_Month], datetime | None]:
    """The months opened in time, and the moment of the last build; None: none was built yet.

    A warehouse made anew has built nothing, though its home has published: all freezes are still to come for it.
    """
    with open_to_read(run.home.warehouse) as connection:
        rows = connection.execute(_MONTHS).fetchall()
        (built_at,) = connection.execute(_BUILT).fetchone() or (None,)
    served = {*run.county.plan_ids}
    months = [_Month(plan, period, county_time(due), county_time(at)) for plan, period, due, at in rows]
    if built_at is None and run.home.current.exists():
        built_at = _LONG_AGO
    return [one for one in months if one.plan_id in served], built_at and county_time(built_at)


def _freeze_all(run: Run, passed: list[_Month], built_at: datetime) -> Iterator[Outcome]:
    for moment, group in groupby(passed, key=lambda one: one.freeze_at):
        months = list(group)
        try:
            if built_at <= moment + _JUST_AFTER:
                yield from _freeze_now(run, months)
            else:
                yield from _freeze_as_it_stood(run, months)
        except BusyError:
            raise  # it passes: whoever runs this tries again, and nothing is built meanwhile
        except UserError as error:
            yield from (Outcome(one.period, "failed", f"定稿：{error}") for one in months)
            return


def _freeze_now(run: Run, months: list[_Month]) -> Iterator[Outcome]:
    """Build and publish as of the freeze; whatever readers are on then is what is frozen."""
    moment = months[0].freeze_at + _JUST_AFTER
    run_id = f"{run.run_id}-freeze-{months[0].period}"
    then = as_received(replace(run, as_of=moment, shown_at=run.moment, run_id=run_id))
    build(then)
    publish(then)
    yield from _issue(then, months, require_current(run.home).name)


def _freeze_as_it_stood(run: Run, months: list[_Month]) -> Iterator[Outcome]:
    """The freeze passed before this was watched: what readers were on at that moment is what was frozen.

    Of a month that has waited for explanations it is what they are on now: with what was explained, or put right.
    """
    waited = were_held(run)
    for one in months:
        moment = run.as_of if one.period in waited else one.freeze_at
        standing = in_force(spans(entries(run.home)), moment)
        if standing is not None:
            yield from _issue(run, [one], standing.revision)


def _issue(run: Run, months: list[_Month], revision: str) -> Iterator[Outcome]:
    for one in months:
        log_frozen(run.home, run.moment, Freeze(one.plan_id, one.period, one.freeze_at, revision))
    report(run)
    hold = hold_in_force(run.home)
    for one in months:
        yield Outcome(one.period, "frozen", f"定稿于 {revision}" + (f"；{held_text(run.home, hold)}" if hold else ""))
