"""
### 写信：开月通知、催报、提请督办、未报名单、月度反馈单

每个工作日 08:30（以及每次生成统计结果之后）看这一刻该写哪些信，写进发件箱，由“发送邮件”发出。
哪几种信、什么时候写，见 `docs/letters.md`；要不要写、提前几天催，由方案的 `letters` 决定。

- **每封信只写一遍**：重跑、补跑、中断后重来，都不会再写。一个单位一次只收一封，几件事合在一起。
- **报来了就不催**：已接收的、正在等待校验的，都不再催报；当天已给该单位发过信的，当天不催。
- **停机几天**：只写最新的一封，不会把错过的几封一起补发。
- **休息日、节假日**：不写信，下一个工作日再写。
- **粉色（已跳过）**：没有待发邮件。
- **变红怎么办**：看任务日志的最后一行；多为某单位的报表文件丢失，重新运行该月的“开月”即可。
- **手工运行**：可填 `as_of`，按那一刻该写的写。
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, task

from minsheng_counties import BATCH_NAME, BATCHES, faults_of
from minsheng_ending import end_of_run
from minsheng_mail import notify_outbox
from minsheng_stages import perform
from minsheng_wiring import AS_OF_PARAM, DEFAULT_ARGS, IS_SCHEDULED, POOL, TAGS, ZONE, contacts


@task(pool=POOL, task_display_name="写信", map_index_template=BATCH_NAME)
def chase(counties: list[str]) -> dict[str, Any]:
    """The letters that are due now, into the outbox."""
    from minsheng.stages.chase import chase as stage

    return perform(counties, lambda run: stage(run, contacts(run.county.name)))


@dag(
    dag_id="chase_units",
    dag_display_name="⑤ 写信",
    description="按时写开月通知、催报、督办和月度反馈单",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("30 8 * * *", timezone=ZONE) if IS_SCHEDULED else None,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=DEFAULT_ARGS,
    tags=TAGS,
    params={"as_of": AS_OF_PARAM},
)
def chase_units() -> None:
    """Write what is due, then call for mail."""
    written: Any = chase.expand(counties=BATCHES)
    notified = notify_outbox()
    written >> notified
    end_of_run(written, notified, *faults_of(written))


chase_units()
