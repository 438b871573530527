"""``minsheng publication``: what has been published, going back, and clearing out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from minsheng.commands.moments import AsOfOption, moment_of
from minsheng.core.errors import UserError
from minsheng.core.files import atomic_write
from minsheng.core.home import Home, Publisher
from minsheng.core.settings import read_settings
from minsheng.publication import fewer, retention, rollback
from minsheng.publication.hold import held_text, hold_in_force
from minsheng.publication.revisions import DATABASE, find, open_revision, require_current
from minsheng.publication.superset import ADDRESS, Database
from minsheng.publication.superset import dashboard as superset_dashboard
from minsheng.stages.roll_up import roll_up
from minsheng.views.publication import shown_at
from minsheng.views.publication_terminal import exceptions_table, revisions_table
from minsheng.views.terminal import CountyOption, HomeDir, console, existing, existing_installation

publication_app = typer.Typer(no_args_is_help=True)

Newest = Annotated[int, typer.Option(min=1, help="保留最新的几个")]
Days = Annotated[int, typer.Option(min=0, help="保留最近几天的")]
RULE = retention.Keep()


@publication_app.command("list", help="各发布版本：读者在哪个，各因何保留，退回之后有什么等待展示。")
def list_revisions(
    home: HomeDir, county: CountyOption = None, newest: Newest = RULE.newest, days: Days = RULE.days
) -> None:
    """Every revision, which of them readers are on, and why each is kept."""
    here = existing(home, county)
    console.print(revisions_table(here, retention.sort_out(here, retention.Keep(newest, days), moment_of(None))))
    if hold := hold_in_force(here):
        _say(held_text(here, hold))


@publication_app.command("at", help="某一时刻读者看到的是哪个版本：自何时起，在哪里，说了什么。")
def at(
    moment: Annotated[str, typer.Argument(help="如 2022-07-15 09:00", show_default=False)],
    home: HomeDir,
    county: CountyOption = None,
) -> None:
    """Which revision readers were on at a moment; of an installation of several counties, all of them together."""
    for line in shown_at(_publisher(home, county), moment_of(moment, where="时刻")):
        _say(line)


@publication_app.command(
    "diff", help="两个版本有什么不同：逐项指标、逐表逐行，原为多少、现为多少。有不同的，退出码为 1。"
)
def diff(
    before: Annotated[str, typer.Argument(help="前一个版本名或序号", show_default=False)],
    after: Annotated[str, typer.Argument(help="后一个版本名或序号", show_default=False)],
    home: HomeDir,
    county: CountyOption = None,
    rows: Annotated[int, typer.Option(min=0, help="每张表最多逐行列出多少行")] = 20,
) -> None:
    """What the later of two revisions says otherwise; exit 1 when it says anything otherwise."""
    from minsheng.publication.differences import find_both
    from minsheng.views.difference import difference_lines

    here = existing(home, county)
    lines = difference_lines(here, *find_both(here, before, after), rows)
    for line in lines or ["两个版本没有不同"]:
        _say(line)
    raise typer.Exit(1 if lines else 0)


@publication_app.command(
    "exceptions", help="更正与例外：改过的数、勘误、迟报、延期、重新开放、撤回的审签、豁免，谁、何时、为何。"
)
def exceptions(home: HomeDir, county: CountyOption = None) -> None:
    """Everything of the published years that did not go its ordinary way, as on the page."""
    from minsheng.landing.decisions import decisions_at
    from minsheng.landing.editions import received_county
    from minsheng.publication.details import read_details
    from minsheng.publication.publication import read_publication
    from minsheng.views.exceptions import YearOfExceptions
    from minsheng.views.report.pages import rule_titles

    here = existing(home, county)
    revision = require_current(here)
    plans = received_county(here, revision.as_of)
    for plan_id in sorted({*revision.manifest["plans"]} & {*plans.plan_ids}):
        told = (read_details(revision, plan_id), decisions_at(here, plan_id, revision.as_of), rule_titles())
        publication = read_publication(here, plan_id, revision)
        for one in YearOfExceptions(plans.plan(plan_id), publication, *told).lists():
            console.print(exceptions_table(one) if one.rows else f"{one.title}：没有")


@publication_app.command("rollback", help="退回到以前的版本；在撤销退回之前，以后的版本都只等待，不展示。")
def roll_back(
    home: HomeDir,
    revision: Annotated[str | None, typer.Argument(help="版本名或序号；不填为上一个，已在退回中的必须写明")] = None,
    reason: Annotated[str, typer.Option(help="原因，记入操作记录")] = "",
    county: CountyOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Send readers back to an earlier revision, and hold them there until that is released."""
    here = existing(home, county)
    target = rollback.roll_back(here, revision, moment_of(as_of), reason)
    _show(here)
    _say(f"读者现在看到的是 {target.name}，直到 minsheng publication release；页面在下一次出页面（report）时跟着换")


@publication_app.command(help="撤销退回：读者重新看到最新的版本。")
def release(home: HomeDir, county: CountyOption = None, as_of: AsOfOption = None) -> None:
    """Give up a roll-back: readers see the newest revision again."""
    here = existing(home, county)
    newest = rollback.release(here, moment_of(as_of))
    _show(here)
    _say(f"读者现在看到的是 {newest.name}")


@publication_app.command(help="把现行（或指名的）版本抄送到 PostgreSQL：错过的、不完整的都补齐。")
def copy(
    home: HomeDir,
    revision: Annotated[str | None, typer.Option(help="版本名或序号；不填为现行版本")] = None,
) -> None:
    """Bring a revision into PostgreSQL whole, whatever is there of it."""
    from minsheng.publication.postgres import copy_current

    url = read_settings().postgres_url
    if not url:
        raise UserError("postgres_not_set", "MINSHENG_POSTGRES_URL")
    publisher = _publisher(home, None)
    outcome = copy_current(publisher, url, find(publisher, revision) if revision else None, anew=True)
    _say(f"PostgreSQL 现在是 {outcome.detail}，{outcome.item_count:,} 行")


@publication_app.command(help="问已发布的数据：一条 SELECT，可问各县；设置了 MINSHENG_SPARK 的，在那里算，结果相同。")
def ask(
    question: Annotated[str, typer.Argument(help="SELECT，表名、列名用英文或中文", show_default=False)],
    home: HomeDir,
) -> None:
    """The rows of one SELECT over what readers see, of one county or of all."""
    from minsheng.publication.asking import ask as answer_to

    answer = answer_to(existing_installation(home), question, read_settings().spark)
    table = Table(*map(escape, answer.names), box=None)
    for row in answer.rows:
        table.add_row(*map(escape, row))
    console.print(table)


@publication_app.command(help="生成 Superset 看板的导入包：在 Superset 中“导入看板”即可，再导入则更新。")
def dashboard(
    home: HomeDir,
    out: Annotated[Path, typer.Option(help="写到哪个文件，如 minsheng.zip", show_default=False)],
    address: Annotated[
        str | None, typer.Option(help="Superset 中的数据库地址；不填为本机的发布文件，PostgreSQL 的口令请导入后再填")
    ] = None,
) -> None:
    """Write the dashboard of this installation, its own items and all, for Superset to import."""
    installation = existing_installation(home)
    default = ADDRESS.format(database=(installation.current / DATABASE).absolute())
    source = Database(address or default, "minsheng" if (address or "").startswith("postgresql") else "main")
    with open_revision(require_current(installation)) as connection:
        atomic_write(out, superset_dashboard(connection, source))
    _say(f"已写入 {out}；在 Superset 的“看板 → 导入”中选它")


@publication_app.command(
    help="数据站点：每张表、每一列、规则和指标，从单元格到发布表的来历；一个文件夹，不联网也能看。"
)
def site(out: Annotated[Path, typer.Option(help="写到哪个文件夹", show_default=False)]) -> None:
    """Write the site of the data, from what is declared; it holds no figures, and asks for no home."""
    from minsheng.views.site.writing import write_site

    count = write_site(out)
    _say(f"已写入 {count} 页，请打开 {out / 'index.html'}")


@publication_app.command("accept-fewer", help="同意下一次发布比上一次少；不同意的，发布会停下。")
def accept_fewer(
    home: HomeDir,
    reason: Annotated[str, typer.Option(help="为何减少是对的，记入操作记录和发布说明", show_default=False)],
    county: CountyOption = None,
) -> None:
    """Let the next publication hold fewer months or reports than the last one: publish stops before that otherwise."""
    last = fewer.accept_fewer(existing(home, county), moment_of(None), reason)
    _say(f"{last.name} 之后的一次发布可以减少；请重新发布")


@publication_app.command(help="清理不再需要的版本；每月最后一个和定稿时的版本永久保留。")
def prune(
    home: HomeDir,
    county: CountyOption = None,
    newest: Newest = RULE.newest,
    days: Days = RULE.days,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只说会清理什么")] = False,
) -> None:
    """Remove the revisions that nothing keeps: the last of each month not taken back stays for ever."""
    here, keep, now = existing(home, county), retention.Keep(newest, days), moment_of(None)
    if dry_run:
        gone = [entry.revision for entry in retention.sort_out(here, keep, now) if not entry.reasons]
    else:
        gone = retention.prune(here, keep, now)
    for revision in gone:
        _say(revision.name)
    _say(f"{'会' if dry_run else '已'}清理 {len(gone)} 个版本")


def _publisher(home: HomeDir, county: str | None) -> Publisher:
    """The county named or the only one; of several, none named, the installation for all."""
    installation = existing_installation(home)
    return installation if county is None and len(installation.counties) > 1 else existing(home, county)


def _show(home: Home) -> None:
    """Let all who read more than this county follow: the roll-up, and PostgreSQL where there is one."""
    for outcome in roll_up(home.installation, read_settings().spark).outcomes:
        if outcome.result in ("failed", "outdated"):
            console.print(f"{outcome.input}：{outcome.detail}", style="red", markup=False, soft_wrap=True)
    if url := read_settings().postgres_url:
        from minsheng.publication.postgres import copy_current

        copy_current(home.installation, url)


def _say(line: str) -> None:
    console.print(line, markup=False, soft_wrap=True)
