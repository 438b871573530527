"""
### 例行维护：核对、备份、清理

每周日 03:00 运行一次，系统照常工作，不用停机。

- **核对数据**：逐字节核对原件、数据仓库、发布、邮件是否完好；有损坏的，任务变红，逐处写明怎样修复。
- **备份**：全部数据、设置和 Airflow 元数据，存到 `MINSHENG_BACKUPS`（另一块磁盘），读回核对后才算数。
  没有设置的，任务跳过，值守会提醒没有备份。
- **清理旧备份**：只留最新的几份（`MINSHENG_BACKUPS_KEPT`）；核对或备份没有成功的，一份也不删。
- **清理旧版本**：没有理由再保留的发布版本；每月最后一个和定稿时的版本永久保留。数据有损坏的，不清理。
- **清理运行记录、清理日志**：早于 `MINSHENG_HISTORY_DAYS` 天的 Airflow 运行记录和任务日志。
- **一步出错，只有这一步（和等它的）变红**，其余照做。清除变红的任务即可重做。
- **手工运行**：随时可以触发，例如升级之前。
"""

from __future__ import annotations

from airflow.sdk import CronTriggerTimetable, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from minsheng_counties import WHATEVER_HAPPENED
from minsheng_ending import end_of_run
from minsheng_faults import plain_errors
from minsheng_metadata import clean, history_limit, log_folder
from minsheng_stages import perform_once
from minsheng_wiring import DEFAULT_ARGS, IS_SCHEDULED, LONG, TAGS, ZONE, installation, now, settings


@task(task_display_name="核对数据", execution_timeout=LONG)
def examine() -> None:
    """Every byte of every home."""
    from minsheng.flows.housekeeping import examine as flow

    with plain_errors():
        perform_once(flow(installation()))


@task(task_display_name="备份", execution_timeout=LONG, trigger_rule=WHATEVER_HAPPENED)
def back_up() -> None:
    """Also of what is damaged: the older backups stay then, and what came since is in this one."""
    from minsheng.flows.housekeeping import back_up as flow

    if settings().backups is None:
        raise AirflowSkipException("没有设置 MINSHENG_BACKUPS，没有备份")
    with plain_errors():
        perform_once(flow(installation(), settings(), now()))


@task(task_display_name="清理旧备份")
def drop_backups() -> None:
    """Only when this one is good, and what it holds is whole."""
    from minsheng.flows.housekeeping import drop_backups as flow

    with plain_errors():
        perform_once(flow(settings()))


@task(task_display_name="清理旧版本")
def drop_revisions() -> None:
    """What nothing keeps, of the publications of all counties."""
    from minsheng.flows.housekeeping import drop_revisions as flow

    with plain_errors():
        perform_once(flow(installation(), settings(), now()))


@task(task_display_name="清理运行记录", trigger_rule=WHATEVER_HAPPENED)
def clean_metadata() -> None:
    """Airflow's own memory of what ran long ago, once it is backed up."""
    with plain_errors():
        clean(settings(), history_limit(settings()))


@task(task_display_name="清理日志", trigger_rule=WHATEVER_HAPPENED)
def drop_logs() -> None:
    """The logs of those runs."""
    from minsheng.flows.housekeeping import drop_logs as flow

    perform_once(flow(log_folder(), history_limit(settings())))


@dag(
    dag_id="housekeeping",
    dag_display_name="⑦ 例行维护",
    description="每周核对、备份一次，清理不再需要的",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 3 * * 0", timezone=ZONE) if IS_SCHEDULED else None,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=DEFAULT_ARGS,
    tags=TAGS,
)
def housekeeping() -> None:
    """Look, copy, then clear out."""
    examined, backed_up = examine(), back_up()
    backups, revisions, metadata, logs = drop_backups(), drop_revisions(), clean_metadata(), drop_logs()
    examined >> [backed_up, backups, revisions]
    backed_up >> [backups, metadata, logs]
    end_of_run(examined, backed_up, backups, revisions, metadata, logs)


housekeeping()
