"""
### 接收报送：定稿 → 取件 → 解析 → 校验 → 入库 → 换发报表

每天 8 至 19 时每小时（周末也可能调休上班）从收件目录取各单位新报的文件，原样留存、解析、按规则校验，合格的入库；
不合格的连同逐格标注的原文件退回报送单位：每个单位每次一封邮件，由“发送邮件”发出。

- **定稿**：取件之前先看有没有报送期过了定稿时间。有的，按定稿时已收到的报送生成、发布一次，漏报和排名即为定稿时的样子，
  定稿的页面（`reports/<方案>/<报送期>.定稿.html`）从此不再改动；停机期间过了几个就逐个补做。只过了截止时间的，通知重建统计结果。
  都没有的为粉色（已跳过）。它变红不妨碍取件，下一次运行再做。
- **退回不是故障**：文件不合格，任务仍为绿色；红色表示系统自身出错。一个文件损坏不影响其他单位。
- **“查程序出错”变红**：某个文件使程序出错，该单位的文件留待下次处理，或退回邮件没有附标注后的表；
  其他单位已照常处理。请把其中所指任务（“取件”“解析”或“校验”）的日志交程序维护人员。
- **“换发报表”**：目标调整了、上月的数更正了，就为还没有报送的单位重做当月报表，随信发去；没有变化的不动。
- **“查收件目录”变红**：收件目录里有取不到的东西，或整个目录是空的：日志逐项列出。共享没有挂上、权限不对、文件一直
  被人打开、文件夹套得太深、文件太多都在此列；其余文件已照常处理。处理好之后下一次运行即恢复。
- **取件（sftp 等）**：声明了来源（`MINSHENG_SOURCES`）的，按来源分别取件。一个来源不通，只有它变红、写明原因，
  稍后自动再试；其余来源照常取件，报送照常解析、校验、入库。恢复之后补取，一件不漏、一件不重。
  各来源上次何时来件，见资产 `source/县/来源`。
- **粉色（已跳过）**：本次没有新报送，或没有待发邮件。
  没有新报送、也没有别的变化的，取件之后都不做；每天第一次和手工运行总是全做。
- **手工运行或补跑**：触发时可填 `as_of`（按哪个时点判断迟报）与 `inbox`（临时收件目录）。
- **变红怎么办**：看该任务日志的最后一行；处理后清除任务重跑，已处理过的文件不会重复入库。
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import CronTriggerTimetable, Param, dag, task, task_group

from minsheng_counties import BATCH_NAME, BATCHES, WHATEVER_HAPPENED, counties_to_do, fail_for
from minsheng_ending import end_of_run
from minsheng_mail import notify_outbox
from minsheng_sources import DELIVERED, pairs_by_kind, pull_declared
from minsheng_stages import perform
from minsheng_wiring import (
    AS_OF_PARAM,
    DEFAULT_ARGS,
    IS_SCHEDULED,
    POOL,
    SUBMISSIONS,
    TAGS,
    ZONE,
    announce,
    contacts,
    inbox_of,
)

if TYPE_CHECKING:
    from minsheng.core.outcome import StageResult
    from minsheng.plan.run import Run

# Declared sources, by kind; none: the inbox is the only one.
SOURCES = pairs_by_kind()
_INBOX_PARAM = Param(None, type=["null", "string"], title="收件目录", description="不填则用设置中的收件目录")


@task(pool=POOL, task_display_name="定稿", map_index_template=BATCH_NAME, outlets=[SUBMISSIONS])
def freeze(counties: list[str]) -> dict[str, Any]:
    """What the clock alone has changed, before anything is taken; then the marts are called for."""
    from minsheng.flows.freezing import freeze as flow

    told = perform(counties, lambda run: found if (found := flow(run)).outcomes else None)
    if not told["periods"]:
        fail_for("failed", told)
    announce(told["periods"])
    return told


# Any: what perform handed on in a run, but a reference to it while the DAG is wired.
@task(pool=POOL, task_display_name="取件", map_index_template=BATCH_NAME, trigger_rule="all_done")
def pull(counties: list[str]) -> dict[str, Any]:
    """What the counties' units left in the inbox, into landing."""
    from minsheng.stages.pull import pull as stage

    told = perform(counties, lambda run: stage(run, inbox_of(run.county.name)), receives_plan=True)
    return told | {"done": counties_to_do(told["done"])}


@task(trigger_rule="all_done", map_index_template=BATCH_NAME, outlets=[DELIVERED])
def pull_source(county: str, source: str) -> dict[str, Any]:
    """What units left at one declared source, into landing."""
    return pull_declared(county, source)


@task(pool=POOL, task_display_name="解析", map_index_template=BATCH_NAME)
def parse(pulled: Any) -> dict[str, Any]:
    """What has landed, into cells."""
    from minsheng.stages.parse import parse as stage

    return perform(pulled["done"], stage)


@task(task_id="parse", pool=POOL, task_display_name="解析", map_index_template=BATCH_NAME, trigger_rule="all_done")
def parse_landed(counties: list[str]) -> dict[str, Any]:
    """The same, whichever sources answered."""
    from minsheng.stages.parse import parse as stage

    return perform(counties_to_do(counties), stage, receives_plan=True)


@task(pool=POOL, task_display_name="校验", map_index_template=BATCH_NAME)
def validate(parsed: Any) -> dict[str, Any]:
    """What is parsed, to verdicts and answers."""
    from minsheng.stages.validate import validate as stage

    return perform(parsed["done"], lambda run: stage(run, contacts(run.county.name)))


@task(pool=POOL, task_display_name="入库", map_index_template=BATCH_NAME, outlets=[SUBMISSIONS])
def load(judged: Any) -> dict[str, Any]:
    """What is accepted, into the star; then the marts are called for."""
    from minsheng.flows.passes import end_pass
    from minsheng.stages.load import load as stage

    def stage_and_end(run: Run) -> StageResult:
        result = stage(run)
        end_pass(run)
        return result

    told = perform(judged["done"], stage_and_end)
    if not told["periods"]:
        fail_for("failed", told)
    announce(told["periods"])
    return told


@task(pool=POOL, task_display_name="换发报表", map_index_template=BATCH_NAME)
def renew(loaded: Any) -> dict[str, Any]:
    """The workbooks that are out of date now, made again; mails to those who have yet to report."""
    from minsheng.stages.renew import renew as stage

    return perform(loaded["done"], lambda run: stage(run, contacts(run.county.name)))


@task_group(prefix_group_id=False, group_display_name="取件到入库")
def receive(counties: list[str]) -> Any:
    """From the inbox into the star, of the counties of one task; whether or not a month could be frozen before."""
    pulled = pull(counties)
    frozen = freeze(counties)
    frozen >> pulled
    return [frozen, pulled, *conclude(parse(pulled))]


@task_group(prefix_group_id=False, group_display_name="解析到入库")
def receive_landed(counties: list[str]) -> Any:
    """From landing into the star."""
    return conclude(parse_landed(counties))


def conclude(parsed: Any) -> list[Any]:
    """From cells into the star."""
    judged = validate(parsed)
    loaded = load(judged)
    return [parsed, judged, loaded, renew(loaded)]


def wired_by_source() -> Any:
    """The same with declared sources, a mapped task a kind, so that each kind has a pool; a county is judged once."""
    frozen: Any = freeze.expand(counties=BATCHES)
    pulled: Any = [
        pull_source.override(
            task_id=f"pull_{kind}", task_display_name=f"取件（{kind}）", pool=f"source_{kind}"
        ).expand_kwargs(pairs)
        for kind, pairs in SOURCES.items()
    ]
    concluded: Any = receive_landed.expand(counties=BATCHES)
    frozen >> pulled
    pulled >> concluded[0]
    return [frozen, pulled, *concluded]


@task(task_display_name="查程序出错", trigger_rule=WHATEVER_HAPPENED)
def own_faults(*told: Any) -> None:
    """Red when we stumbled over a file or a county ourselves: the others went on."""
    fail_for("failed", *told)


@task(task_display_name="查收件目录", trigger_rule=WHATEVER_HAPPENED)
def inbox_troubles(pulled: Any) -> None:
    """Red while something lies at a source that nobody can take, or nothing where there were files."""
    fail_for("troubles", pulled)


@dag(
    dag_id="receive_submissions",
    dag_display_name="② 接收报送",
    description="取件、解析、校验、入库；不合格的退回",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 8-19 * * *", timezone=ZONE) if IS_SCHEDULED else None,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=DEFAULT_ARGS,
    tags=TAGS,
    params={"as_of": AS_OF_PARAM} | ({} if SOURCES else {"inbox": _INBOX_PARAM}),
)
def receive_submissions() -> None:
    """freeze → pull → parse → validate → load → renew; mail is called for when all to be sent is written."""
    told: Any = wired_by_source() if SOURCES else receive.expand(counties=BATCHES)
    _, pulled, _, judged, _, renewed = told
    troubles, notified, faults = inbox_troubles(pulled), notify_outbox(), own_faults(*told)
    judged >> troubles
    [judged, renewed] >> notified
    end_of_run(*told, troubles, notified, faults)


receive_submissions()
