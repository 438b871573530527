"""
### 发送邮件：按单位逐封发出待发邮件

发件箱（`outbox/pending/<单位>/`）有邮件时自动运行，每个单位一个任务。

- **一个单位发送失败，不影响其他单位**；失败的任务为红色，按递增的间隔自动重试。
- **不丢失、不重发**：发出一封移走一封；未发出的留在发件箱，下次运行再发。
- **粉色（已跳过）**：没有待发邮件。
- **邮件服务器**：主机、端口、TLS、账号都在 Airflow 连接 `minsheng_smtp` 中设置。
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import dag, task
from minsheng_wiring import DEFAULT_ARGS, OUTBOX, SMTP_CONNECTION, TAGS, deliver_all, units_with_mail


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
    """One mapped task for each unit that has mail waiting."""

    @task(task_display_name="列出待发单位")
    def collect() -> list[dict[str, str]]:
        return units_with_mail()

    @task(
        task_display_name="发信",
        map_index_template="{{ task.op_kwargs['unit']['label'] }}",
        max_active_tis_per_dagrun=2,
    )
    def send(unit: dict[str, str]) -> int:
        from airflow.providers.smtp.hooks.smtp import SmtpHook

        # The hook's own sending would make a new message; ours carries the Message-ID that makes a resend harmless.
        with SmtpHook(SMTP_CONNECTION) as hook:
            return deliver_all(hook._smtp_client, unit["code"])

    send.expand(unit=collect())


send_mail()
