"""What a person sees in the terminal when a run is over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich import box
from rich.cells import set_cell_size
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from minsheng.core.home import Home
from minsheng.mail.delivery import pending, sent
from minsheng.plan.models import Plan
from minsheng.publication.publication import Month, Publication, read_publication
from minsheng.views import explain
from minsheng.warehouse.connection import Row
from minsheng.words import display
from minsheng.words.chinese import chinese

# No upright lines: many Chinese terminals draw them two cells wide.
_BOX = box.SIMPLE_HEAD
_ROOM_FOR_LEAD_UNITS = 116
_COLOURS = {"blue": "blue", "green": "green", "yellow": "yellow", "red": "red", "grey": "bright_black"}


def print_summary(home: Home, plan: Plan, console: Console, seconds: Mapping[str, float] | None = None) -> None:
    """The last period's completion table, what came in, what it took, and where everything lies."""
    publication = read_publication(home, plan.plan_id)
    console.print(_completion_table(publication, publication.months[-1], console.width))
    console.print(_arrivals_table(publication))
    if seconds:
        console.print("各阶段用时（秒）：" + "  ".join(f"{stage} {spent:.1f}" for stage, spent in seconds.items()))
    states = ((chinese().mail_state["sent"], sent(home)), (chinese().mail_state["pending"], pending(home)))
    console.print("邮件：" + "，".join(f"{word} {len(mails)} 封" for word, mails in states))
    _print_paths(home, publication, console)


def print_status(home: Home, plan_id: str | None, period: str, console: Console) -> None:
    """One month: every indicator and why, where those behind are heading, and how every unit's report came in."""
    publication = read_publication(home, plan_id)
    month = publication.month(period)
    console.print(_completion_table(publication, month, console.width))
    console.print(_shares_line(month))
    if month.behind:
        console.print(_behind_table(month))
    if month.last_behind:
        console.print(explain.last_behind(month.last_behind))
    console.print(_units_table(month))
    console.print(_ranking_table(month))


def _completion_table(publication: Publication, month: Month, width: int) -> Table:
    """A line an indicator and, where its light needs one, a second with the reason; lead units where there is room."""
    title = f"{publication.title} {display.month_name(month.period)}完成情况"
    table = Table(title=title, title_style="bold", box=_BOX)
    table.add_column("编码", no_wrap=True)
    table.add_column("指标", overflow="fold")
    for heading in ("目标", "累计", "完成率", "差距"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("状态", no_wrap=True)
    is_wide = width >= _ROOM_FOR_LEAD_UNITS
    if is_wide:
        table.add_column("牵头单位", overflow="fold")
    for row in month.indicators:
        table.add_row(*_completion_cells(row), *([escape(row["lead_unit_name"])] if is_wide else []))
    return table


def _completion_cells(row: Row) -> tuple[str, ...]:
    unit = row["unit_of_measure"]
    note = explain.explanation(row)
    return (
        row["indicator_code"],
        escape(row["indicator_name"]) + (f"\n[dim]{escape(note)}[/]" if note else ""),
        display.target(row),
        display.measured(row["actual_value"], unit),
        display.percent(row["completion_ratio"]),
        display.points(row["gap_pp"]),
        f"[{_COLOURS[row['light']]}]●[/] {row['status_label']}",
    )


def _shares_line(month: Month) -> str:
    counts = [
        f"{row['status_label']} {row['indicator_count']}（{display.percent(row['share_ratio'])}）"
        for row in month.statuses
    ]
    return f"共 {len(month.indicators)} 项：" + "、".join(counts)


def _behind_table(month: Month) -> Table:
    table = Table(title=f"滞后指标（{len(month.behind)} 项）", title_style="bold", box=_BOX)
    table.add_column("指标与牵头单位", overflow="fold")
    table.add_column("补上所需", no_wrap=True)
    table.add_column("近三月每月", justify="right", no_wrap=True)
    table.add_column("照近三月速度预计", overflow="fold")
    for row in month.behind:
        name, pace = escape(f"{row['indicator_code']}\n{row['lead_unit_name']}"), display.rounded(row["pace_recent"])
        table.add_row(name, explain.needed(row), pace, explain.forecast(row))
    return table


def _arrivals_table(publication: Publication) -> Table:
    table = Table(title="各月报送情况（应报单位数）", title_style="bold", box=_BOX)
    table.add_column(chinese().thing["period"])
    # Most plans ask for no second signature: a column of zeros would only be asked about.
    is_signed = any(month.arrivals["unsigned"] for month in publication.months)
    shown = {status: word for status, word in chinese().submission_status.items() if is_signed or status != "unsigned"}
    for heading in (
        "应报",
        "收到",
        *shown.values(),
        f"其中{chinese().timing['late']}",
        chinese().timing["supplementary"],
    ):
        table.add_column(heading, justify="right")
    for month in publication.months:
        received = sum(row["first_received_at"] is not None for row in month.required)
        late = [sum(row["timing"] == timing for row in month.required) for timing in ("late", "supplementary")]
        statuses = (month.arrivals[status] for status in shown)
        table.add_row(month.period, *map(str, (len(month.required), received, *statuses, *late)))
    return table


def _units_table(month: Month) -> Table:
    # Single units may have been given longer.
    due = f"，截止 {display.moment(min(row['due_at'] for row in month.required))}" if month.required else ""
    table = Table(title=f"报送情况与报送质量排名{due}", title_style="bold", box=_BOX)
    table.add_column("名次", justify="right", no_wrap=True)
    table.add_column("单位", overflow="fold")
    for heading in ("本期", "首次收到", "接收"):
        table.add_column(heading, no_wrap=True)
    for heading in ("问题", "年内按时", "一次通过率"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in month.reporting:
        table.add_row(*_unit_cells(row))
    return table


def _unit_cells(row: Row) -> tuple[str, ...]:
    times = [display.day_and_hour(row[at]) for at in ("first_received_at", "accepted_at")]
    on_time = f"{row['on_time_month_count']}/{row['due_month_count']}" if row["due_month_count"] else display.NOTHING
    return (
        str(row["timeliness_rank_no"] or display.NOTHING),
        escape(row["unit_name"]),
        explain.arrival(row),
        *times,
        str(row["reject_count"]),
        on_time,
        display.percent(row["first_pass_ratio"]),
    )


def _ranking_table(month: Month) -> Table:
    table = Table(title="牵头单位完成排名", title_style="bold", box=_BOX)
    table.add_column("名次", justify="right")
    table.add_column("单位", no_wrap=True)
    table.add_column("得分", justify="right")
    table.add_column("计分指标", justify="right")
    for row in (*month.ranked, *month.unranked):
        place = str(row["rank_no"] or display.NOTHING)
        cells = (place, escape(row["unit_name"]), display.percent(row["score"]), str(row["scored_count"]))
        table.add_row(*cells)
    return table


def _print_paths(home: Home, publication: Publication, console: Console) -> None:
    paths = {
        "发布的数据库": home.installation.current / publication.database.name,
        "页面": home.reports / "index.html",
        "发出的报表": home.templates,
        "邮件": home.outbox,
    }
    for label, path in paths.items():
        console.print(f"{set_cell_size(label, 14)}{shown(path)}", soft_wrap=True)


def shown(path: Path) -> Path:
    """A path as one would type it here: relative where it lies below the working folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
