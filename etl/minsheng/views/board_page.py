"""The board as a page, and the page of all counties; both stand alone, without a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from minsheng.core.clock import county_time
from minsheng.views.board import Board, BoardMonth, RunLine, UnitStanding
from minsheng.watch.alarms import Alarm
from minsheng.watch.silences import Silence, silenced
from minsheng.words import display
from minsheng.words.chinese import chinese


@dataclass(frozen=True)
class Links:
    """Where the page's links lead: the county's reports, the runbook, Airflow, all counties (empty: no such link).

    ``evidence``: below which letters and files are served; null: nowhere.
    """

    reports: str = "reports"
    runbook: str = "../runbook"
    airflow: str = ""
    others: str = ""
    evidence: str | None = None


def board_page(board: Board, links: Links) -> str:
    """A county's board."""

    def quiet(alarm: Alarm) -> Silence | None:
        return silenced(alarm.condition, board.watched.silences, board.moment)

    template = _environment().get_template("board.html.j2")
    told = {"links": links.reports, "runbook": links.runbook, "airflow": links.airflow, "others": links.others}
    return template.render(board=board, quiet=quiet, evidence=links.evidence, **told)


def boards_page(boards: Sequence[Board]) -> str:
    """A line for each county."""
    return _environment().get_template("boards.html.j2").render(boards=boards)


def standing_in_words(each: UnitStanding) -> str:
    """``已接收（迟报）``; empty: nothing is owed."""
    if each.status is None:
        return ""
    late = f"（{chinese().timing['late']}）" if each.is_late else ""
    waits = "，有待校验" if each.has_unjudged else ""
    return f"{chinese().submission_status[each.status]}{late}{waits}"


def due_in_words(board: Board, month: BoardMonth) -> str:
    """``还有 3 天截止``, ``今天 18:00 截止``, ``已截止，还有 2 天定稿``."""
    today = board.moment.date()
    if month.due_at >= board.moment:
        days = month.days_left(today)
        return f"还有 {days} 天截止" if days else f"今天 {display.hour_in_words(month.due_at)} 截止"
    if month.freeze_at >= board.moment:
        return f"已截止，还有 {(month.freeze_at.date() - today).days} 天定稿"
    return "定稿时间已过"


def all_well_in_words(board: Board) -> str:
    """What is said where nothing is wrong; something may wait for a person's word all the same."""
    waiting = len(board.decisions)
    return f"运行正常；等待决定的 {waiting} 项，见下" if waiting else "一切正常，没有需要处理的"


def run_in_words(run: RunLine) -> str:
    """What came of a DAG's last run, or at which tasks it failed."""
    last = run.record.last
    faults = "；".join(f"“{fault.title}”出错：{fault.line}" for fault in last.faults)
    return faults or last.note or "没有要做的"


def _moment(moment: datetime | None) -> str:
    return display.moment(county_time(moment) if moment else None)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("minsheng.views", "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {"moment": display.moment, "county_moment": _moment, "month_name": display.month_name}
    words = {
        "standing": standing_in_words,
        "due_words": due_in_words,
        "run_result": run_in_words,
        "all_well": all_well_in_words,
    }
    environment.globals |= {"chinese": chinese(), **words}
    return environment
