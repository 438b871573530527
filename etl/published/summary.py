"""What a person sees in the terminal when a run is over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from etl.home import Home
from etl.mail.delivery import pending, sent
from etl.plan.models import Plan
from etl.published import display
from etl.published.publication import Month, Publication, Row, read_publication

# No upright lines: many Chinese terminals draw them two cells wide.
_BOX = box.SIMPLE_HEAD
_COLOURS = {"blue": "blue", "green": "green", "yellow": "yellow", "red": "red", "grey": "bright_black"}


def print_summary(home: Home, plan: Plan, console: Console, seconds: Mapping[str, float] | None = None) -> None:
    """The last period's completion table, what came in, what it took, and where everything lies."""
    publication = read_publication(home, plan.plan_id)
    console.print(_completion_table(publication, publication.months[-1]))
    console.print(_arrivals_table(publication))
    if seconds:
        console.print("Seconds per stage: " + "  ".join(f"{stage} {spent:.1f}" for stage, spent in seconds.items()))
    console.print(f"Mails: {len(sent(home))} sent, {len(pending(home))} waiting")
    _print_paths(home, publication, console)


def print_status(home: Home, plan_id: str | None, period: str, console: Console) -> None:
    """One month: its completion table, then every unit that owes something and how it stands."""
    publication = read_publication(home, plan_id)
    month = publication.month(period)
    console.print(_completion_table(publication, month))
    console.print(_units_table(publication, month))


def _completion_table(publication: Publication, month: Month) -> Table:
    title = f"{publication.title} {display.month_name(month.period)}完成情况"
    table = Table(title=title, title_style="bold", box=_BOX)
    table.add_column("编码", no_wrap=True)
    table.add_column("指标", overflow="fold")
    for heading in ("目标", "累计", "完成率", "差距(百分点)"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("状态", no_wrap=True)
    table.add_column("牵头单位", overflow="fold")
    table.add_column("报送", no_wrap=True)
    for row in month.indicators:
        table.add_row(*_completion_cells(row))
    return table


def _completion_cells(row: Row) -> tuple[str, ...]:
    unit = row["unit_of_measure"]
    strict = "超" if row["comparator"] == "gt" else ""
    colour = _COLOURS[row["light"]]
    return (
        row["indicator_code"],
        row["indicator_name"],
        strict + display.measured(row["target_value"], unit),
        display.measured(row["actual_value"], unit),
        display.percent(row["completion_ratio"]),
        display.points(row["gap_pp"]),
        f"[{colour}]●[/] {row['status_label']}",
        row["lead_unit_name"],
        display.SUBMISSION_STATUS[row["submission_status"]],
    )


def _arrivals_table(publication: Publication) -> Table:
    table = Table(title="各月报送情况（应报单位数）", title_style="bold", box=_BOX)
    table.add_column("报送期")
    for heading in ("应报", "收到", *display.SUBMISSION_STATUS.values(), "其中迟报"):
        table.add_column(heading, justify="right")
    for month in publication.months:
        received = sum(row["first_received_at"] is not None for row in month.required)
        late = sum(bool(row["is_late"]) for row in month.required)
        statuses = (month.arrivals[status] for status in display.SUBMISSION_STATUS)
        table.add_row(month.period, *map(str, (len(month.required), received, *statuses, late)))
    return table


def _units_table(publication: Publication, month: Month) -> Table:
    table = Table(title="报送情况", title_style="bold", box=_BOX)
    for heading in ("单位", "职责", "情况", "截止", "首次收到", "接收"):
        table.add_column(heading, no_wrap=True)
    for row in month.submissions:
        if row["is_required"] or row["first_received_at"]:
            moments = (row["due_at"], row["first_received_at"], row["accepted_at"])
            times = [f"{moment:%m-%d %H:%M}" if moment else display.NOTHING for moment in moments]
            late = "（迟报）" if row["is_late"] else ""
            status = display.SUBMISSION_STATUS[row["submission_status"]] + late
            table.add_row(publication.unit_names[row["unit_code"]], display.ROLE[row["role"]], status, *times)
    return table


def _print_paths(home: Home, publication: Publication, console: Console) -> None:
    paths = {
        "Published": publication.database,
        "Page": home.reports / "index.html",
        "Workbooks handed out": home.templates,
        "Mails": home.outbox,
    }
    for label, path in paths.items():
        console.print(f"{label + ':':<22}{shown(path)}", soft_wrap=True, highlight=False)


def shown(path: Path) -> Path:
    """A path as one would type it here: relative where it lies below the working folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
