"""
### 通报：起草 → 由具名的人同意或不同意 → 编号印发

每天 8:30 和 19:30 看有没有月份定稿以后还没有起草通报；有的，从定稿的发布版本起草（Word 和 PDF），
在 Airflow 的“需要处理”（Required Actions）中等人决定。

- **同意印发**：给通报编号，写明签发人和日期，存入 `<县>/bulletins/<方案>/issued/`，只读，永久保存；
  一个月一期，一个号只用一次，重跑、中断、两个人先后同意都不会多出一期。
- **不同意印发**：请写明原因。改好模板以后手工触发本 DAG（填 `period`）重新起草。
- **谁能决定**：`MINSHENG_APPROVERS` 写明 Airflow 的用户；不写的，凡有权处理的人都可以。不具名的（匿名访问）不能决定。
- **等待期间**什么也不占用，不需要 triggerer；其他月份的通报照常起草。
- **印发以后的更正**：写入下一期的“对以往通报的更正”，原为多少、现为多少；已印发的不再改动。
- **粉色（已跳过）**：没有要起草的。
- **没有人答复就被中断的**：没有别的运行在等待时，下一次运行（或清除“起草”任务）就同一稿再问一次。
- **一个县不能起草**：其他县的照常起草、决定；“不能起草的”变红，写明原因。
- **变红怎么办**：看任务日志的最后一行；多为模板有误，或草稿已由别人决定。处理后清除任务，或手工重新起草。
- **没有 Airflow 时**：`minsheng bulletin draft`、`approve`、`refuse`、`list` 做同样的事。
"""

from __future__ import annotations

from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import CronTriggerTimetable, Param, dag, task, task_group
from airflow.sdk.exceptions import AirflowSkipException

from minsheng_bulletins import (
    APPROVED,
    DECLINED,
    DRAFT_NAME,
    REASON,
    Asked,
    approvers,
    fail_for_undrafted,
    record,
    wanted_drafts,
)
from minsheng_ending import end_of_run
from minsheng_wiring import AS_OF_PARAM, DEFAULT_ARGS, IS_SCHEDULED, ISSUED, TAGS, ZONE

_ASKED = "{{ ti.xcom_pull(task_ids='draft')[ti.map_index]['%s'] }}"
_REASON_PARAM = Param("", type="string", title="意见", description="不同意印发的，请写明原因")
_PERIOD_PARAM = Param(
    None, type=["null", "string"], title="月份", description="哪个月的通报，如 2022-05；不填则为刚定稿的"
)


@task(task_display_name="起草")
def draft() -> list[Asked]:
    """A draft of each month that calls for one."""
    if found := wanted_drafts():
        return found
    raise AirflowSkipException("没有要起草的通报：没有定稿，或者已经起草、印发")


@task(task_display_name="不能起草的")
def draft_faults() -> None:
    """Red where a county's bulletin could not be drafted; those of the others are decided on all the same."""
    fail_for_undrafted()


@task(task_display_name="印发", map_index_template=DRAFT_NAME, outlets=[ISSUED])
def issue(asked: Asked, answer: Any) -> dict[str, Any]:
    """What was decided of the draft, written down; what was approved is numbered, kept and announced."""
    return record(asked, answer)


@task_group(prefix_group_id=False, group_display_name="决定和印发")
def settle(asked: Any) -> Any:
    """A person decides of one draft; none waits for another."""
    approval = HITLOperator(
        task_id="approve",
        task_display_name="待签发",
        subject=_ASKED % "subject",
        body=_ASKED % "body",
        options=[APPROVED, DECLINED],
        params={REASON: _REASON_PARAM},
        assigned_users=approvers(),
        execution_timeout=None,
    )
    return issue(asked, approval.output)


@dag(
    dag_id="issue_bulletin",
    dag_display_name="⑧ 通报",
    description="定稿以后起草通报，由人同意后编号印发",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("30 8,19 * * *", timezone=ZONE) if IS_SCHEDULED else None,
    catchup=False,
    max_active_runs=16,  # a run waits as long as its draft does, and holds up no other month
    is_paused_upon_creation=False,
    default_args=DEFAULT_ARGS,
    tags=TAGS,
    params={"as_of": AS_OF_PARAM, "period": _PERIOD_PARAM},
)
def issue_bulletin() -> None:
    """draft → a person's word → issue."""
    drafted: Any = draft()
    told: Any = draft_faults()
    settled: Any = settle.expand(asked=drafted)
    drafted >> told
    end_of_run(drafted, told, settled)


issue_bulletin()
