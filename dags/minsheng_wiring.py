"""What the DAG files share: plan, moment and month of a run, the assets, and who may write the warehouse."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from airflow.sdk import Asset, Context, Param, get_current_context
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

if TYPE_CHECKING:
    from minsheng.core.home import Home
    from minsheng.core.outcome import StageResult
    from minsheng.core.period import Period
    from minsheng.core.settings import Settings
    from minsheng.mail.contacts import Contacts
    from minsheng.plan.run import Run

ZONE = "Asia/Shanghai"  # as in etl/minsheng/core/clock.py: a DAG file imports nothing of etl while it is parsed
# DuckDB has one writer: every task that writes the warehouse takes the one slot of this pool.
POOL = "warehouse"
TAGS = ["民生实事"]

# Off where the past is replayed: a run of this very hour would move the clock of the marts to today, and no month of
# the past could be built after it. Set by AIRFLOW__MINSHENG__SCHEDULED.
IS_SCHEDULED = conf.getboolean("minsheng", "scheduled", fallback=True)

SUBMISSIONS = Asset("submissions", extra={"说明": "各单位报送的数据；分区键为报告期"})
OUTBOX = Asset("outbox", extra={"说明": "有待发送的邮件"})

# Where units leave their files; one more source is one more name here and one more branch in inbox_of.
SOURCES = ["inbox"]

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "数据组",
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=30),
    # Many times what the slowest task takes: what hangs must not hold the warehouse's one slot for ever.
    "execution_timeout": timedelta(hours=1),
}
AS_OF_PARAM = Param(
    None,
    type=["null", "string"],
    format="date-time",
    title="运行时点",
    description="带时区的时间，如 2022-02-07T17:30:00+08:00；迟报与应报按它判断。不填则为计划运行的时间。",
)

log = logging.getLogger("minsheng")


def perform(stage: Callable[..., StageResult], *arguments: object) -> dict[str, Any]:
    """Call one stage for this DAG run and log what became of each input.

    Handed on: summary, periods, what failed by a fault of ours, and troubles that a person must see to.
    """
    with plain_errors():
        result = stage(current_run(), *arguments)
    for outcome in result.outcomes:
        log.info("%s: %s %s", outcome.input, outcome.result, outcome.detail)
    log.info("%s: %s", result.stage, result.summary)
    failed = [outcome.detail for outcome in result.outcomes if outcome.result == "failed"]
    troubles = [f"{outcome.input}：{outcome.detail}" for outcome in result.troubles]
    return {"summary": result.summary, "periods": list(result.periods), "failed": failed, "troubles": troubles}


@contextmanager
def plain_errors() -> Iterator[None]:
    """What a person must put right fails the task at once, in one line; only what may pass is tried again."""
    from minsheng.core.errors import BusyError, UserError

    try:
        yield
    except BusyError:
        raise
    except UserError as error:
        raise AirflowFailException(str(error)) from None


def settings() -> Settings:
    """The settings of this installation."""
    from minsheng.core.settings import read_settings

    return read_settings()


def home() -> Home:
    """Where this installation keeps everything; fails the task when a later version has written it."""
    from minsheng.core.layout import enter

    with plain_errors():
        return enter(settings().home)


def current_run() -> Run:
    """What every stage of this DAG run is given."""
    from minsheng.plan.loader import load_plan
    from minsheng.plan.run import Run

    context = get_current_context()
    here = home()
    require_lived_in(here, context)
    return Run(here, load_plan(settings().plan_dir), as_of(context), context["run_id"])


def require_lived_in(here: Home, context: Context) -> None:
    """An empty folder where this DAG has worked before is a disk that is not mounted, and no new installation."""
    from minsheng.core.errors import DamagedError

    if not here.layout.exists() and (before := context.get("prev_start_date_success")):
        problem = (
            f"is empty, and this DAG worked on it at {before.astimezone(ZoneInfo(ZONE)).isoformat(' ', 'minutes')}"
        )
        remedy = "see that its disk is mounted; to begin a new home all the same, run `minsheng run` once by hand"
        with plain_errors():
            raise DamagedError(str(here.root), problem, remedy)


def contacts() -> Contacts | None:
    """The units' addresses; None: the settings name no file."""
    from minsheng.mail.contacts import load_contacts

    with plain_errors():
        return load_contacts(settings().contacts)


def as_of(context: Context) -> datetime:
    """The moment of this DAG run: as asked for, else of the newest event that set it off, else when it was to be.

    However late it begins or is cleared: a report left in time does not become late because we were (docs/adr/0021).
    Only a backfilled run, which was to be long ago, is of when it began. Fails the task when that is still to come, or
    nobody gave it and the system clock has jumped.
    """
    if given := context["params"].get("as_of"):
        return _past(_moment(given))
    dag_run = context["dag_run"]
    if events := [_moment(text) for text in _event_moments(context)]:
        return _steady(max(events))
    is_backfilled = dag_run.run_type == "backfill"
    return _steady(dag_run.start_date if is_backfilled and dag_run.start_date else dag_run.run_after)


def period_to_open() -> Period:
    """The month of this DAG run: its partition key, else the parameter (``dags test`` knows no partition key).

    A month the plan says nothing about is skipped: the schedule goes on after the plan's year is over.
    """
    from minsheng.core.period import Period
    from minsheng.plan.calendar import periods

    context = get_current_context()
    with plain_errors():
        period = Period.parse(context["dag_run"].partition_key or context["params"].get("period") or "")
        plan = current_run().plan
    if period not in periods(plan):
        raise AirflowSkipException(f"{period} 不在方案 {plan.plan_id} 的年度之内，不必开月")
    return period


def inbox_of(source: str) -> Path:
    """The folder of a source; the run's parameter ``inbox`` stands in for the one in the settings."""
    given = get_current_context()["params"].get("inbox")
    return Path(given) if given else getattr(settings(), source)


def announce(periods: Iterable[str]) -> None:
    """Have the marts of these periods rebuilt as of this run; no period: the task is skipped and nobody is woken."""
    keys = sorted(set(periods))
    if not keys:
        raise AirflowSkipException("没有新的报送，不必重建统计结果")
    context = get_current_context()
    event = context["outlet_events"][SUBMISSIONS]
    event.add_partitions(keys)
    event.extra["as_of"] = as_of(context).isoformat()


def _event_moments(context: Context) -> Iterator[str]:
    for events in (context.get("triggering_asset_events") or {}).values():
        for event in events:
            if "as_of" in event.extra:
                yield event.extra["as_of"]


def _past(moment: datetime) -> datetime:
    from minsheng.core.clock import require_past

    with plain_errors():
        return require_past("as_of", moment, datetime.now(ZoneInfo(ZONE))).astimezone(ZoneInfo(ZONE))


def _steady(moment: datetime) -> datetime:
    from minsheng.core.clock import require_steady
    from minsheng.core.home import last_written

    with plain_errors():
        require_steady(datetime.now(ZoneInfo(ZONE)), last_written(home()))
    return _past(moment)


def _moment(text: str) -> datetime:
    from minsheng.core.errors import UserError

    with plain_errors():
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise UserError("as_of", f"{text!r} is not a moment with a zone", "write it like 2022-02-07T17:30:00+08:00")
    return moment.astimezone(ZoneInfo(ZONE))
