"""
### 发送邮件：发出待发邮件

发件箱（`outbox/pending/<单位>/`）有邮件时自动运行；另外每十分钟运行一次，发出此前暂缓、现已到时的邮件。
约一百封为一批，每批一个任务、一个服务器连接。

- **一封发不出，不影响其他邮件**：服务器要求稍后再试（灰名单、频率限制、收件箱已满等）的，该封暂缓
  10 分钟、20 分钟……最长 4 小时，由以后的运行再试，任务仍为绿色；其他邮件照常发出，没有任务为它等待。
  暂缓超过 6 小时的，“查拒收”变红提醒。
- **附件太大或不被接受的**：自动改发不带附件的邮件，问题清单在正文中。
- **不丢失、不重发**：发出一封移走一封（`outbox/sent/`），并登记到数据仓库；同一封邮件重试时 Message-ID 不变。
- **被服务器最终拒收的**：移到 `outbox/refused/`，不再重试，“查拒收”变红，逐封列出；
  更正通讯录后用 `minsheng mail resend` 再发。
- **粉色（已跳过）**：没有到时的待发邮件。
- **手工运行**：不论是否到时，全部再试。
- **邮件服务器**：主机、端口、TLS、账号都在 Airflow 连接 `minsheng_smtp` 中设置。服务器不接受账号或发件人的，
  任务立即变红，邮件留在发件箱；更正后手工运行即可。服务器连不上的，任务重试两次后变红，下一次运行再发。
- **演练**：设置 `MINSHENG_MAIL_DRY_RUN=true` 后只在日志中列出收件人和主题，邮件留在发件箱。
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task

from minsheng_counties import BATCH_NAME, BATCHES, WHATEVER_HAPPENED, fail_for, faults_of
from minsheng_ending import end_of_run
from minsheng_mail import mail_batches, send_batch
from minsheng_stages import perform
from minsheng_wiring import DEFAULT_ARGS, OUTBOX, POOL, TAGS, ZONE


@dag(
    dag_id="send_mail",
    dag_display_name="④ 发送邮件",
    description="把待发邮件发给各单位，暂缓的以后再发",
    doc_md=__doc__,
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("*/10 * * * *", timezone=ZONE), assets=[OUTBOX]),
    catchup=False,
    # A run in which the server takes its time over one mail holds up no other: each mail is claimed by one of them.
    max_active_runs=4,
    is_paused_upon_creation=False,
    default_args=DEFAULT_ARGS,
    tags=TAGS,
)
def send_mail() -> None:
    """One mapped task for each batch of mail that is due; then the warehouse is told what became of them."""

    @task(task_display_name="列出待发邮件")
    def collect() -> list[dict[str, Any]]:
        return mail_batches()

    @task(
        task_display_name="发信",
        map_index_template="{{ task.op_kwargs['batch']['label'] }}",
        max_active_tis_per_dagrun=2,
    )
    def send(batch: dict[str, Any]) -> dict[str, Any]:
        return send_batch(batch["county"], batch["units"])

    # However sending ended: what has gone has gone.
    @task(pool=POOL, task_display_name="登记结果", map_index_template=BATCH_NAME, trigger_rule=WHATEVER_HAPPENED)
    def record(counties: list[str]) -> dict[str, Any]:
        from minsheng.mail.settle import settle_mail

        return perform(counties, settle_mail)

    @task(task_display_name="查拒收", trigger_rule=WHATEVER_HAPPENED)
    def mail_troubles(sent: Any) -> None:
        fail_for("troubles", sent)

    collected = collect()
    sent: Any = send.expand(batch=collected)
    recorded: Any = record.expand(counties=BATCHES)
    troubles = mail_troubles(sent)
    sent >> recorded >> troubles
    end_of_run(collected, sent, recorded, troubles, *faults_of(recorded))


send_mail()
