"""
### 发送邮件：按单位逐封发出待发邮件

发件箱（`outbox/pending/<单位>/`）有邮件时自动运行，每个单位一个任务。

- **一个单位发送失败，不影响其他单位**；服务器暂时不通的，任务按递增的间隔自动重试。
- **不丢失、不重发**：发出一封移走一封（`outbox/sent/`），并登记到数据仓库；未发出的留在发件箱，下次运行再发。
- **被服务器最终拒收的**：移到 `outbox/refused/`，任务立即变红、不再重试；更正通讯录后用 `minsheng mail resend` 再发。
- **粉色（已跳过）**：没有待发邮件。
- **邮件服务器**：主机、端口、TLS、账号都在 Airflow 连接 `minsheng_smtp` 中设置。服务器不接受账号或发件人的，
  任务立即变红、不再重试，邮件留在发件箱；更正后清除该任务即可。
- **演练**：设置 `MINSHENG_MAIL_DRY_RUN=true` 后只在日志中列出收件人和主题，邮件留在发件箱。
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task, teardown
from minsheng_wiring import DEFAULT_ARGS, OUTBOX, POOL, TAGS, perform, send_mails, units_with_mail


@dag(
    dag_id="send_mail",
    dag_display_name="④ 发送邮件",
    description="把待发邮件发给各单位，失败自动重试",
    doc_md=__doc__,
    schedule=OUTBOX,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=DEFAULT_ARGS | {"retries": 5, "retry_delay": timedelta(minutes=1)},
    tags=TAGS,
)
def send_mail() -> None:
    """One mapped task for each unit that has mail waiting; then the warehouse is told what became of them."""

    @task(task_display_name="列出待发单位")
    def collect() -> list[dict[str, str]]:
        return units_with_mail()

    @task(
        task_display_name="发信",
        map_index_template="{{ task.op_kwargs['unit']['label'] }}",
        max_active_tis_per_dagrun=2,
    )
    def send(unit: dict[str, str]) -> int:
        return send_mails(unit["code"])

    # A teardown is done however sending ended, and leaves the run red when sending was.
    @teardown
    @task(pool=POOL, task_display_name="登记结果")
    def record() -> dict[str, Any]:
        from etl.mail.settle import settle_mail

        return perform(settle_mail)

    send.expand(unit=collect()) >> record()


send_mail()
