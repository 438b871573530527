"""What the DAG files share: counties, moment and month of a run, the assets, and who may write a warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from airflow.sdk import Asset, AssetAlias, Context, Param, get_current_context
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowSkipException

from minsheng.core.counties import plan_folders
from minsheng.core.errors import DamagedError, UserError
from minsheng.core.settings import Settings, read_settings
from minsheng_faults import RETRY_POLICY, leave_fault, plain_errors, tell_retry

if TYPE_CHECKING:
    from minsheng.core.home import Home, Installation
    from minsheng.core.outcome import StageResult
    from minsheng.core.period import Period
    from minsheng.mail.contacts import Contacts
    from minsheng.plan.run import Run
    from minsheng.publication.bulletins import IssuedBulletin

ZONE = "Asia/Shanghai"  # as in etl/minsheng/core/clock.py: a DAG file imports little of it while it is parsed
# DuckDB has one writer, who waits for another: as many tasks write at once as this pool has slots.
POOL = "warehouse"
TAGS = ["民生实事"]

# Off where the past is replayed: a run of this very hour would move the clock of the marts to today, and no month of
# the past could be built after it. Set by AIRFLOW__MINSHENG__SCHEDULED.
IS_SCHEDULED = conf.getboolean("minsheng", "scheduled", fallback=True)

SUBMISSIONS = Asset("submissions", extra={"说明": "各单位报送的数据；分区键为报送期"})
MARTS = Asset("marts", extra={"说明": "已发布的统计结果；每个新版本记一次，附县、版本、内容散列、各表行数"})
# By which a task announces MARTS when it has published something new, and does not when it has not.
PUBLISHED = AssetAlias("published")
BULLETINS = Asset("bulletin", extra={"说明": "已印发的通报；每期记一次，附县、期号、月份、各文件的散列"})
# The same for BULLETINS: what was declined is no event.
ISSUED = AssetAlias("issued")
OUTBOX = Asset("outbox", extra={"说明": "有待发送的邮件"})

# For tasks that read every byte there is.
LONG = timedelta(hours=6)

DEFAULT_ARGS: dict[str, Any] = {
    "on_failure_callback": leave_fault,
    "on_retry_callback": tell_retry,
    "owner": "数据组",
    "retries": 2,
    "retry_policy": RETRY_POLICY,
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


def settings() -> Settings:
    """The settings of this installation."""
    return read_settings()


def served_counties() -> frozenset[str]:
    """The counties of the folder of plans."""
    return frozenset(plan_folders(settings().plans))


def installation() -> Installation:
    """Where this installation keeps everything; fails the task when it is of another version."""
    from minsheng.core.layout import enter

    with plain_errors():
        return enter(settings().home)


def current_run(county: str) -> Run:
    """What every stage of this DAG run is given for a county, by the plans in force at its moment."""
    from minsheng.landing.editions import as_received

    return as_received(_run_by_folder(county))


def receive_plans(county: str) -> StageResult:
    """Take what has changed in the folder of plans: before the first stage of a DAG run."""
    from minsheng.stages.receive_plan import receive_plan

    return receive_plan(_run_by_folder(county))


def _run_by_folder(county: str) -> Run:
    """The run by the plans as they lie in their folder now."""
    from minsheng.core.layout import enter_home
    from minsheng.plan.county import load_county
    from minsheng.plan.run import Run
    from minsheng.words.letters import county_wording

    context = get_current_context()
    here = installation()
    require_lived_in(here, context)
    home = enter_home(here, county)
    require_steady_clock(context, home)
    with plain_errors():
        wording = county_wording(settings().letters, county)
    county_plans = load_county(settings().plans, county)
    return Run(home, county_plans, as_of(context), context["run_id"], wording=wording)


def require_lived_in(here: Installation, context: Context) -> None:
    """An empty folder where this DAG has worked before is a disk that is not mounted, and no new installation."""
    is_empty = not here.layout.exists() and not here.counties
    if is_empty and (before := context.get("prev_start_date_success")):
        at = before.astimezone(ZoneInfo(ZONE)).isoformat(" ", "minutes")
        with plain_errors():
            raise DamagedError("home_unmounted", here.root, at=at)


def require_steady_clock(context: Context, home: Home) -> None:
    """Raises UserError when the system clock has jumped since the home was written, unless a person gave the moment."""
    from minsheng.core.clock import require_steady
    from minsheng.core.home import last_written

    if not context["params"].get("as_of"):
        require_steady(now(), last_written(home))


def now() -> datetime:
    """The moment by the system clock: of what is sent, told or cleared out now; stages are given ``as_of``."""
    return datetime.now(ZoneInfo(ZONE))


def contacts(county: str) -> Contacts | None:
    """The addresses of a county's units; None: the settings name none."""
    from minsheng.mail.contacts import county_contacts

    path = settings().contacts
    with plain_errors():
        if path and len(served_counties()) > 1 and not path.is_dir():
            raise UserError("contacts_of_several", path, plans=settings().plans)
        return county_contacts(path, county)


def as_of(context: Context) -> datetime:
    """The moment of this DAG run: as asked for, else of the newest event that set it off, else when it was to be.

    However late it begins or is cleared: a report left in time does not become late because we were (docs/adr/0021).
    Only a backfilled run, which was to be long ago, is of when it began. Fails the task when that is still to come.
    """
    if given := context["params"].get("as_of"):
        return _past(_moment(given))
    dag_run = context["dag_run"]
    if events := [_moment(event.extra["as_of"]) for event in triggering_events(context) if "as_of" in event.extra]:
        return _past(max(events))
    is_backfilled = dag_run.run_type == "backfill"
    return _past(dag_run.start_date if is_backfilled and dag_run.start_date else dag_run.run_after)


def period_to_open() -> Period:
    """The month of this DAG run: its partition key, else the parameter (``dags test`` knows no partition key)."""
    from minsheng.core.period import Period

    context = get_current_context()
    with plain_errors():
        return Period.parse(context["dag_run"].partition_key or context["params"].get("period") or "")


def inbox_of(county: str) -> Path:
    """Where a county's units leave files; the run's parameter ``inbox`` stands in for the one in the settings."""
    from minsheng.source.folder import county_inbox

    given = get_current_context()["params"].get("inbox")
    others = served_counties() - {county}
    return county_inbox(Path(given) if given else settings().inbox, county, others)


def announce(touched: Mapping[str, Iterable[str]]) -> None:
    """Have the marts of these periods of these counties rebuilt as of this run; none: skipped, and nobody is woken."""
    keys = sorted({period for periods in touched.values() for period in periods})
    if not keys:
        raise AirflowSkipException("没有新的报送，不必重建统计结果")
    context = get_current_context()
    event = context["outlet_events"][SUBMISSIONS]
    event.add_partitions(keys)
    event.extra |= {"as_of": as_of(context).isoformat(), "counties": list[Any](sorted(touched))}


def announce_revision(home: Home) -> None:
    """Tell of the revision that readers of a county came onto."""
    from minsheng.publication.revisions import current

    if revision := current(home):
        counted = {"rows": revision.manifest.get("row_counts", {})}
        told = {"county": home.county, "revision": revision.name, "hash": revision.content} | counted
        get_current_context()["outlet_events"][PUBLISHED].add(MARTS, extra=told)


def announce_bulletin(county: str, issued: IssuedBulletin) -> None:
    """Tell of a bulletin that was issued."""
    told: dict[str, Any] = {"county": county, "number": issued.number, "files": issued.files}
    told |= {"plan_id": issued.plan_id, "period": issued.period}
    get_current_context()["outlet_events"][ISSUED].add(BULLETINS, extra=told)


def triggering_events(context: Context) -> Iterator[Any]:
    """The asset events that set a run off; none for one by hand or by the clock."""
    for events in (context.get("triggering_asset_events") or {}).values():
        yield from events


def _past(moment: datetime) -> datetime:
    from minsheng.core.clock import require_past

    with plain_errors():
        return require_past("as_of", moment, now()).astimezone(ZoneInfo(ZONE))


def _moment(text: str) -> datetime:
    with plain_errors():
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise UserError("moment_without_zone", "as_of", text=text)
    return moment.astimezone(ZoneInfo(ZONE))
