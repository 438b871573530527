"""What is looked at once for the whole installation: Airflow, the disk, the certificate, the backup, the silences."""

from __future__ import annotations

import json
import shutil
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.error import URLError

from minsheng.backup.record import last_backup
from minsheng.core.clock import county_time
from minsheng.core.errors import DamagedError
from minsheng.core.home import Installation
from minsheng.landing.editions import editions
from minsheng.landing.receipts import plans
from minsheng.watch.conditions import Condition
from minsheng.watch.marks import Marks
from minsheng.watch.runs import dag_records
from minsheng.watch.silences import silences_in_force
from minsheng.words import display

# How long may pass between the ends of two runs, nights and the longest month included. What an asset sets off has no
# hours of its own: that its work is not done shows in what is published.
LONGEST_PAUSE: Mapping[str, timedelta] = {
    "watch": timedelta(hours=3),
    "receive_submissions": timedelta(hours=15),
    "chase_units": timedelta(hours=27),
    "open_period": timedelta(days=32),
    "housekeeping": timedelta(days=8),
    "issue_bulletin": timedelta(hours=15),
}
_ANSWER_SECONDS = 5.0
# Tasks that are red for what has a check of its own: told there, with what it is, and until that is mended.
_TOLD_ELSEWHERE = ("inbox_troubles", "mail_troubles")


@dataclass(frozen=True)
class Premises:
    """The installation, at a moment."""

    installation: Installation
    marks: Marks
    now: datetime


def red_tasks(here: Premises) -> Iterator[Condition]:
    """Each task at which the last run of a DAG failed."""
    for record in dag_records(here.installation):
        end = record.last
        for fault in (each for each in end.faults if each.task_id not in _TOLD_ELSEWHERE):
            at = display.day_and_hour(county_time(end.ended_at))
            detail = f"“{end.title}”{at} 的任务“{fault.title}”：{fault.line}"
            yield Condition("task_red", f"{end.dag_id}.{fault.task_id}", detail, fault.county, end.period)


def silent_dags(here: Premises) -> Iterator[Condition]:
    """Each DAG that has run before, and whose next run is overdue."""
    for record in dag_records(here.installation):
        end = record.last
        pause = LONGEST_PAUSE.get(end.dag_id)
        if pause and here.now - end.ended_at > pause:
            detail = f"“{end.title}”上次运行结束于 {display.moment(county_time(end.ended_at))}，此后没有运行"
            yield Condition("dag_silent", end.dag_id, detail)


def airflow_health(here: Premises) -> Iterator[Condition]:
    """Each part of Airflow that says it is not well, where the settings name its address."""
    if here.marks.airflow_url is None:
        return
    url = f"{here.marks.airflow_url.rstrip('/')}/api/v2/monitor/health"
    try:
        with urllib.request.urlopen(url, timeout=_ANSWER_SECONDS) as answer:
            parts = json.load(answer)
    except (URLError, OSError, ValueError) as error:
        yield Condition("airflow_down", "api-server", f"{url} 没有应答：{error}")
        return
    for name, part in parts.items():
        if part and part.get("status") == "unhealthy":
            yield Condition("airflow_down", name, f"{name} 不正常")


def low_disk(here: Premises) -> Iterator[Condition]:
    """The disk of the home, when less of it is free than the mark."""
    usage = shutil.disk_usage(here.installation.root)
    free_percent = 100 * usage.free / usage.total
    if free_percent < here.marks.disk_percent:
        free = f"{usage.free / 2**30:.1f} GiB（{free_percent:.0f}%）"
        yield Condition("disk_low", "home", f"数据目录所在磁盘只剩 {free}，应不少于 {here.marks.disk_percent}%")


def expiring_certificate(here: Premises) -> Iterator[Condition]:
    """The certificate of the service for units, when its last days have come, or it cannot be read."""
    if here.marks.certificate is None:
        return
    from cryptography.x509 import load_pem_x509_certificate

    try:
        ends = load_pem_x509_certificate(here.marks.certificate.read_bytes()).not_valid_after_utc
    except (OSError, ValueError) as error:
        yield Condition("certificate_expiring", "web", f"证书读不出：{error}")
        return
    if ends - here.now < timedelta(days=here.marks.certificate_days):
        told = "已于" if ends <= here.now else "将于"
        yield Condition("certificate_expiring", "web", f"网上报送的证书{told} {display.moment(county_time(ends))} 到期")


def missing_backup(here: Premises) -> Iterator[Condition]:
    """That what is kept here was not backed up for so many days; nothing of what began later than that."""
    last = last_backup(here.installation)
    since = last.made_at if last else _begun_at(here.installation)
    if since and here.now - since > timedelta(days=here.marks.backup_days):
        told = f"上次备份是 {display.moment(county_time(since))}" if last else "还从没有备份过"
        yield Condition("backup_missing", "home", f"{told}，应不超过 {here.marks.backup_days} 天")


def damaged_silences(here: Premises) -> Iterator[Condition]:
    """That what was silenced can no longer be read, so that all of it is told again."""
    try:
        silences_in_force(here.installation, here.now)
    except DamagedError as error:
        yield Condition("home_damaged", error.code, f"{error.where}：{error.problem}；{error.remedy}")


def _begun_at(installation: Installation) -> datetime | None:
    """When the first plan was received here."""
    homes = [installation.home(county) for county in installation.counties]
    firsts = [editions(home, plan_id)[:1] for home in homes for plan_id in plans(home)]
    return min((edition.received_at for first in firsts for edition in first), default=None)
