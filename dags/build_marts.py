"""
### 生成并发布统计结果：生成并核对 → 发布 → 出页面、汇总各县、抄送数据库

某报送期有新报送（或刚开月）时自动运行，一个报送期一次；同时到达的报送合并为一次。

- **分区键**是引起本次运行的报送期；各已开报送期的结果一并重算，保证前后一致。
- **核对不通过**：“生成并核对”变红并列出问题，统计表和已发布的结果都保持不变，BI 与页面不受影响。
- **汇总各县**：只有一个县的，`published/current` 指向该县的发布；有多个县的，把各县现行版本并成一份发布。
  一个县出错，其他县照常生成和发布，“查各县出错”变红并写明是哪个县。设置了 Spark 的，在那里汇总；连不上只有这一步变红，
  各县自己的发布不受影响，清除该任务即可重试。
- **写信**：回执写明各指标的完成率和亮灯，生成之后才写；到时的其他信也在这时写，见 DAG“写信”。
- **抄送数据库**：设置了 PostgreSQL 的，把当前发布版本原样写入；连不上只有这一步变红，文件和页面已经发布，
  清除该任务即可重试。
- **退回期间**：有人退回了已发布的版本的，新的版本照常生成，但只等待，读者停在退回到的版本；“发布”和“汇总各县”的日志写明
  有什么在等待。`minsheng publication release` 之后才展示。
- **资产 `marts`**：每发布一个新版本记一次，附有县、版本、内容散列和各表行数；别的 DAG 可以按它触发。
- **重跑安全**：内容没有变化就不产生新的发布版本。
- **手工重算**：直接触发；`as_of` 不填则按现在判断应报与迟报。
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import PartitionedAssetTimetable, dag, task, task_group

from minsheng_counties import BATCH_NAME, BATCHES, WHATEVER_HAPPENED, faults_of, touched_counties
from minsheng_ending import end_of_run
from minsheng_faults import plain_errors
from minsheng_mail import notify_outbox
from minsheng_stages import perform, perform_once
from minsheng_wiring import (
    AS_OF_PARAM,
    DEFAULT_ARGS,
    POOL,
    PUBLISHED,
    SUBMISSIONS,
    TAGS,
    announce_revision,
    contacts,
    installation,
    settings,
)

if TYPE_CHECKING:
    from minsheng.core.outcome import StageResult
    from minsheng.plan.run import Run


# Any: what perform handed on in a run, but a reference to it while the DAG is wired.
@task(pool=POOL, task_display_name="生成并核对", map_index_template=BATCH_NAME)
def build(counties: list[str]) -> dict[str, Any]:
    """Marts, made and checked in one transaction, of the counties of which something is new."""
    from minsheng.flows.freezing import after_freezing
    from minsheng.stages.build import build as stage

    return perform(touched_counties(counties), after_freezing(stage), receives_plan=True)


@task(pool=POOL, task_display_name="发布", map_index_template=BATCH_NAME, outlets=[PUBLISHED])
def publish(built: Any) -> dict[str, Any]:
    """What was built, as a revision; each that readers came onto is an event of the asset ``marts``."""
    from minsheng.stages.publish import publish as stage

    shown: list[Run] = []

    def stage_and_note(run: Run) -> StageResult:
        result = stage(run)
        if result.count("published") or result.count("switched"):
            shown.append(run)
        return result

    told = perform(built["done"], stage_and_note)
    for run in shown:
        announce_revision(run.home)
    return told


@task(pool=POOL, task_display_name="出页面", map_index_template=BATCH_NAME)
def report(published: Any) -> dict[str, Any]:
    """The pages of what was published."""
    from minsheng.stages.report import report as stage

    return perform(published["done"], stage)


@task_group(prefix_group_id=False, group_display_name="生成到出页面")
def conclude(counties: list[str]) -> Any:
    """What is built of a county is published, whatever becomes of others."""
    built = build(counties)
    published = publish(built)
    return [built, published, report(published)]


@task(task_display_name="汇总各县", trigger_rule=WHATEVER_HAPPENED)
def roll_up() -> None:
    """What all counties have published, as one."""
    from minsheng.stages.roll_up import roll_up as stage

    with plain_errors():
        perform_once(stage(installation(), settings().spark))


@task(pool=POOL, task_display_name="写信", map_index_template=BATCH_NAME, trigger_rule=WHATEVER_HAPPENED)
def chase(counties: list[str]) -> dict[str, Any]:
    """Receipts, which tell what was built, and whatever else is due."""
    from minsheng.stages.chase import chase as stage

    return perform(touched_counties(counties), lambda run: stage(run, contacts(run.county.name)))


@task(task_display_name="抄送数据库")
def copy() -> None:
    """What readers see, into PostgreSQL too."""
    from minsheng.stages.copy import copy as stage

    url = settings().postgres_url  # read here: among the arguments Airflow would show it, and it may hold a password
    with plain_errors():
        perform_once(stage(installation(), url or ""))


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
    """build → publish → report, roll up and copy; a check that fails leaves the old publication standing."""
    told: Any = conclude.expand(counties=BATCHES)
    _, published, reported = told
    rolled_up = roll_up()
    [published, reported] >> rolled_up
    copied = [rolled_up >> copy()] if settings().postgres_url else []
    written: Any = chase.expand(counties=BATCHES)
    notified = notify_outbox()
    rolled_up >> written >> notified
    end_of_run(*told, rolled_up, written, notified, *copied, *faults_of(*told, written))


build_marts()
