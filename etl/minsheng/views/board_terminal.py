"""The board in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from minsheng.core.clock import county_time
from minsheng.views.board import Board
from minsheng.views.board_page import all_well_in_words, due_in_words, run_in_words, standing_in_words
from minsheng.words import display
from minsheng.words.chinese import chinese

_COLOURS = {"accepted": "green", "rejected": "yellow", "missing": "red", "not_due": "bright_black"}
_NAMED = 4


def print_board(board: Board, console: Console) -> None:
    """What needs a person first, then the months, who was sent back, the units, the sources and the runs."""
    console.print(f"[bold]{board.title}民生实事看板[/] {display.moment(board.moment)}")
    for line in _head(board):
        console.print(line, markup=False, soft_wrap=True)
    if board.refusals:
        console.print(_refusals(board))
    if board.decisions:
        console.print(_decisions(board))
    if board.doubts:
        console.print(_doubts(board))
    if board.months:
        console.print(_units(board))
    if board.sources:
        console.print(_sources(board))
    if board.runs:
        console.print(_runs(board))


def print_boards(boards: Sequence[Board], console: Console) -> None:
    """A line for each county."""
    table = _table("各县", "县", "最近一月", "截止", *chinese().submission_status.values(), "需要处理")
    for board in boards:
        month = board.months[-1] if board.months else None
        counts = [str(board.count(month.period, status)) if month else "" for status in chinese().submission_status]
        due = (month.period, due_in_words(board, month)) if month else (display.NOTHING, "")
        table.add_row(escape(board.title), *due, *counts, str(len(board.alarms)))
    console.print(table)


def _head(board: Board) -> Iterator[str]:
    yield from (f"! {board.watched.headline(alarm)}" for alarm in board.alarms)
    yield all_well_in_words(board) if not board.alarms else "怎么办：minsheng watch"
    for month in reversed(board.months[-2:]):
        counts = [
            f"{word} {count}"
            for status, word in chinese().submission_status.items()
            if (count := board.count(month.period, status))
        ]
        yield f"{display.month_name(month.period)}：{due_in_words(board, month)}；{'，'.join(counts)}"
    if board.publication:
        new = board.publication.new_files
        told = f"，新增 {len(new)} 份：{'、'.join(new[:_NAMED])}{'等' if len(new) > _NAMED else ''}" if new else ""
        yield f"最近发布：{board.publication.revision}，{display.moment(board.publication.shown_at)} 起展示{told}"
    yield "邮件：" + "，".join(f"{chinese().mail_state[state]} {count}" for state, count in board.mail_counts)


def _refusals(board: Board) -> Table:
    table = _table("退回后还没有收到合格的", "月份", "单位", "最后一份", "原因")
    for line in board.refusals:
        one = line.refusal
        rules = "；".join(one.rules[:_NAMED]) + ("等" if len(one.rules) > _NAMED else "")
        file = f"{one.file_name}（{display.day_and_hour(one.received_at)}）"
        table.add_row(one.period, escape(line.unit_name), escape(file), escape(rules))
    return table


def _decisions(board: Board) -> Table:
    table = _table("等待决定的", "事项", "自", "怎么办")
    for one in board.decisions:
        table.add_row(escape(one.subject), display.moment(one.since), escape(one.remedy))
    return table


def _doubts(board: Board) -> Table:
    table = _table("等待说明的", "月份", "单位", "疑问", "进展", "催问")
    for line in board.doubts:
        doubt = line.standing.doubt
        about, state = f"{doubt.rule} {doubt.about or ''}", chinese().explanation_state[line.standing.state]
        table.add_row(doubt.period, escape(line.unit_name), escape(about), state, line.remedy)
    return table


def _units(board: Board) -> Table:
    table = _table("各单位各月", "单位", *(f"{int(month.period[5:])}月" for month in board.months))
    for unit in board.units:
        cells = (
            f"[{_COLOURS[each.status]}]{standing_in_words(each)}[/]" if each.status else "" for each in unit.standings
        )
        table.add_row(escape(unit.unit_name), *cells)
    return table


def _sources(board: Board) -> Table:
    table = _table("来源", "来源", "种类", "上次连通", "上次来件", "不通自")
    for line in board.sources:
        moments = (line.history.answered_at, line.history.delivered_at, line.history.down_since)
        shown = (display.moment(county_time(moment) if moment else None) for moment in moments)
        table.add_row(escape(line.source.name), line.source.kind, *shown)
    return table


def _runs(board: Board) -> Table:
    table = _table("运行", "DAG", "上次结束", "秒", "结果")
    for run in board.runs:
        last = run.record.last
        seconds = f"{last.seconds:.0f}" + (f"（慢，平常 {run.usual_seconds:.0f}）" if run.is_slow else "")
        table.add_row(last.title, display.moment(county_time(last.ended_at)), seconds, escape(run_in_words(run)))
    return table


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_style="bold", title_justify="left", box=box.SIMPLE_HEAD)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
