"""
### 值守：看看有没有需要人处理的

每小时检查一遍没有人盯着就看不见的事：任务变红、定时任务没有运行、来源不通或久无来件、邮件被拒收或发不出、地址退信、磁盘将满、
收到的没有处理、处理了没有发布、到时没有开月或定稿、没有备份、证书将到期、数据损坏。

- **有新情况**：写一封信告诉数据组，写明原因、哪个县、哪个月、什么照常、怎么办。每项只通知一次；还在的每天汇总提醒一次；
  恢复时再告知一次，此后不再提。
- **变红**：有没有静默的告警，本任务即为红色，日志逐项列出；处理好之后下一次运行即变绿。
- **已知悉、暂不处理的**：`minsheng watch silence`，写明原因，到期自动恢复提醒。
- **调度停了怎么办**：这个 DAG 也就停了。所以在另一处用 cron 或 systemd 每小时执行一次 `minsheng watch --home …`：
  与这里共用记录，同一件事不会通知两遍。
- **每种告警**怎么处理：`docs/runbook.md` 的“watch 值守”。
"""

from __future__ import annotations

import logging

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task

from minsheng_ending import note_of, server_if_any
from minsheng_faults import NeedsPerson, plain_errors
from minsheng_wiring import DEFAULT_ARGS, IS_SCHEDULED, TAGS, ZONE, installation, now, settings

log = logging.getLogger("minsheng")


# What it finds a person must see to, and so trying again is of no use; a look that was killed is made again.
@task(task_display_name="逐项检查", on_failure_callback=None)
def look() -> None:
    """Every check; red while anything stands that nobody has silenced."""
    from minsheng.flows.boards import keep_boards
    from minsheng.watch.flow import watch_installation
    from minsheng.watch.telling import lines

    moment = now()
    with plain_errors():
        watched = watch_installation(installation(), settings(), server_if_any(), moment)
    alarming = "；".join(watched.headline(alarm) for alarm in watched.alarming(moment))
    note_of(get_current_context(), "success", alarming or "一切正常")
    keep_boards(installation(), settings(), moment)
    for line in lines(watched, moment):
        log.info("%s", line)
    if alarming:
        log.error("需要处理：%s → docs/runbook.md#watch", alarming)
        raise NeedsPerson(alarming)


@dag(
    dag_id="watch",
    dag_display_name="⑥ 值守",
    description="每小时检查一遍，有需要人处理的就告诉数据组",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("20 * * * *", timezone=ZONE) if IS_SCHEDULED else None,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=DEFAULT_ARGS,
    tags=TAGS,
)
def watch() -> None:
    """One task: its log says what it found."""
    look()


watch()
