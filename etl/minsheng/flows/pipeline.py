"""The whole flow on one screen, without Airflow: what ``minsheng run`` does, stage by stage."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from minsheng.core.codes import Stage
from minsheng.core.outcome import StageResult
from minsheng.core.period import Period
from minsheng.flows.freezing import freeze
from minsheng.flows.passes import begin_whole_pass, end_whole_pass
from minsheng.landing.editions import as_received
from minsheng.mail.contacts import Contacts
from minsheng.plan.run import Run
from minsheng.source.delivery import Source
from minsheng.source.folder import require_inbox
from minsheng.stages.build import build
from minsheng.stages.chase import chase
from minsheng.stages.copy import copy
from minsheng.stages.load import load
from minsheng.stages.open import open_period
from minsheng.stages.parse import parse
from minsheng.stages.publish import publish
from minsheng.stages.pull import pull
from minsheng.stages.receive_plan import receive_plan
from minsheng.stages.renew import renew
from minsheng.stages.report import report
from minsheng.stages.roll_up import roll_up
from minsheng.stages.validate import validate
from minsheng.warehouse.connection import kept_open

STAGES: tuple[Stage, ...] = (
    "pull", "parse", "validate", "load", "renew", "build", "publish", "report", "roll_up", "chase",
)  # fmt: skip


# Where reports come from: the inbox, by its path, or declared sources.
Intake = Path | Sequence[Source]


def stages(
    run: Run, intake: Intake, contacts: Contacts | None, spark_address: str | None = None
) -> dict[Stage, Callable[[], StageResult]]:
    """The stages of a run by name, in order; each can be called again without further effect."""
    chased: dict[Stage, Callable[[], StageResult]] = {"chase": lambda: chase(run, contacts)}
    return _judging(run, intake, contacts) | _concluding(run, spark_address) | chased


def _judging(run: Run, intake: Intake, contacts: Contacts | None) -> dict[Stage, Callable[[], StageResult]]:
    """From what lies at the sources to a verdict on each file, and to the workbooks that it makes out of date."""
    sources = (intake,) if isinstance(intake, Path) else intake
    return {
        "pull": lambda: pull(run, *sources),
        "parse": lambda: parse(run),
        "validate": lambda: validate(run, contacts),
        "load": lambda: load(run),
        "renew": lambda: renew(run, contacts),
    }


def _concluding(run: Run, spark_address: str | None = None) -> dict[Stage, Callable[[], StageResult]]:
    """From what has been judged to what people see."""
    return {
        "load": lambda: load(run),
        "build": lambda: build(run),
        "publish": lambda: publish(run),
        "report": lambda: report(run),
        "roll_up": lambda: roll_up(run.home.installation, spark_address),
    }


def run_stages(
    run: Run,
    period: Period,
    intake: Intake,
    contacts: Contacts | None,
    postgres_url: str | None = None,
    spark_address: str | None = None,
) -> Iterator[StageResult]:
    """Receive the plans, freeze what is to be frozen, open the month if it is not, then take every stage in order.

    Yields each result as it comes. Where nothing has come and all stands as it was left today, what lies between pull
    and chase has nothing to do. With ``postgres_url`` what was published is copied there last; with ``spark_address``
    counties are rolled up there.
    """
    if isinstance(intake, Path):
        require_inbox(intake)
    # While sources elsewhere are looked into others may use the warehouse; an inbox is read in a moment.
    with kept_open(run.home.warehouse) if isinstance(intake, Path) else nullcontext():
        run, is_held_up = yield from _begin(run, period)
        # What comes is taken all the same, but nothing is built past a freeze that failed.
        following = _judging(run, intake, contacts) if is_held_up else stages(run, intake, contacts, spark_address)
        yield following.pop("pull")()
        yield from _follow(run, contacts, following, is_held_up=is_held_up)
    if postgres_url:
        yield copy(run.home.installation, postgres_url)


def _begin(run: Run, period: Period) -> Generator[StageResult, None, tuple[Run, bool]]:
    """Until the month is open; gives the run by the plans as they were received, and whether a freeze has failed."""
    with kept_open(run.home.warehouse):
        yield receive_plan(run)
        run = as_received(run)
        frozen = freeze(run)
        yield frozen
        yield open_period(run, period)
    return run, frozen.count("failed") > 0


def _follow(
    run: Run, contacts: Contacts | None, following: Mapping[Stage, Callable[[], StageResult]], *, is_held_up: bool
) -> Iterator[StageResult]:
    """What follows the pull; where nothing has come and all stands as it was left today, nothing but the letters."""
    with kept_open(run.home.warehouse):
        if not is_held_up and not begin_whole_pass(run, contacts):
            following = {name: partial(StageResult, name) for name in following} | {"chase": following["chase"]}
        failed = 0
        for stage in following.values():
            result = stage()
            failed += result.count("failed")
            yield result
        if not failed and not is_held_up:  # else the next run makes it again, also where nothing comes
            end_whole_pass(run)


def conclude(run: Run, postgres_url: str | None = None) -> Iterator[StageResult]:
    """From what has been judged to what people see; then copy it, if there is a place to copy to."""
    with kept_open(run.home.warehouse):
        for stage in _concluding(run).values():
            yield stage()
    if postgres_url:
        yield copy(run.home.installation, postgres_url)
