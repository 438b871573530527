"""
### 生成并发布统计结果：生成并核对 → 发布 → 出页面、抄送数据库

某报告期有新报送（或刚开月）时自动运行，一个报告期一次；同时到达的报送合并为一次。

- **分区键**是引起本次运行的报告期；各已开报告期的结果一并重算，保证前后一致。
- **核对不通过**：“生成并核对”变红并列出问题，统计表和已发布的结果都保持不变，BI 与页面不受影响。
- **抄送数据库**：设置了 PostgreSQL 的，把当前发布版本原样写入；连不上只有这一步变红，文件和页面已经发布，
  清除该任务即可重试。
- **重跑安全**：内容没有变化就不产生新的发布版本。
- **手工重算**：直接触发；`as_of` 不填则按现在判断应报与迟报。
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import PartitionedAssetTimetable, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from minsheng_wiring import AS_OF_PARAM, DEFAULT_ARGS, POOL, SUBMISSIONS, TAGS, perform, settings


@dag(
    dag_id="build_marts",
    dag_display_name="③ 生成并发布统计结果",
    description="生成、核对、发布统计结果，更新页面",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(assets=SUBMISSIONS),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=DEFAULT_ARGS,
    tags=TAGS,
    params={"as_of": AS_OF_PARAM},
)
def build_marts() -> None:
    """build → publish → report and copy; a check that fails leaves the old publication standing."""

    @task(pool=POOL, task_display_name="生成并核对")
    def build() -> dict[str, Any]:
        from minsheng.stages.build import build as stage

        return perform(stage)

    @task(pool=POOL, task_display_name="发布")
    def publish() -> dict[str, Any]:
        from minsheng.stages.publish import publish as stage

        return perform(stage)

    @task(pool=POOL, task_display_name="出页面")
    def report() -> dict[str, Any]:
        from minsheng.stages.report import report as stage

        return perform(stage)

    @task(pool=POOL, task_display_name="抄送数据库")
    def copy() -> dict[str, Any]:
        from minsheng.stages.copy import copy as stage

        url = settings().postgres_url
        if url is None:
            raise AirflowSkipException("没有设置 MINSHENG_POSTGRES_URL，不必抄送")
        return perform(stage, url)

    build() >> publish() >> [report(), copy()]


build_marts()
