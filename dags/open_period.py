"""
### 开月：登记应报事项，生成填报表

每月 1 日 08:00 为**上一个月**开月：写入该月各单位的应报事项，为每个单位生成一份填报表
（`templates/<方案>/<报送期>/`），并重建该月统计结果，此时各项指标均为“未报送”。

- **分区键**即报送期，如 `2022-05`。
- **补开往月**：`airflow backfill create --dag-id open_period --from-date 2022-02-01 --to-date 2022-07-01`，
  或在触发时填写分区键。重复开月不会改动已有内容。
- **变红怎么办**：看 `open` 任务日志的最后一行；多为方案文件有误，改正后清除该任务即可重跑。
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import CronPartitionTimetable, Param, dag, task

from minsheng_counties import BATCH_NAME, BATCHES, faults_of
from minsheng_ending import end_of_run
from minsheng_stages import perform
from minsheng_wiring import AS_OF_PARAM, DEFAULT_ARGS, POOL, SUBMISSIONS, TAGS, ZONE, announce, period_to_open


@dag(
    dag_id="open_period",
    dag_display_name="① 开月",
    description="每月初登记应报事项，生成各单位填报表",
    doc_md=__doc__,
    schedule=CronPartitionTimetable("0 8 1 * *", timezone=ZONE, run_offset=-1, key_format="%Y-%m"),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=DEFAULT_ARGS,
    tags=TAGS,
    params={
        "as_of": AS_OF_PARAM,
        "period": Param(None, type=["null", "string"], title="报送期", description="没有分区键时使用，如 2022-05"),
    },
)
def open_period() -> None:
    """Write what is owed and the workbooks, then have the marts rebuilt."""

    @task(
        task_id="open",
        pool=POOL,
        task_display_name="登记应报，生成填报表",
        outlets=[SUBMISSIONS],
        map_index_template=BATCH_NAME,
    )
    def open_month(counties: list[str]) -> dict[str, Any]:
        from minsheng.stages.open import open_period as stage

        period = period_to_open()
        # Of a county without a plan for the month there is nothing to open: a plan's year is over some time.
        told = perform(
            counties, lambda run: stage(run, period) if run.county.plan_of(period) else None, receives_plan=True
        )
        announce({county: [str(period)] for county in told["done"]})
        return told

    opened = open_month.expand(counties=BATCHES)
    end_of_run(opened, *faults_of(opened))


open_period()
