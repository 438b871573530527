"""A dossier in a terminal, readable in 100 columns."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from minsheng.trace.layout import Dossier, Section, TraceSheet, TraceTable


def print_dossier(dossier: Dossier, console: Console) -> None:
    """Print the cover, where there is one, and the whole way of every figure."""
    for place, sheet in enumerate(dossier.all_sheets):
        if place:
            console.rule(style="bright_black")
        _print_sheet(sheet, console)


def _print_sheet(sheet: TraceSheet, console: Console) -> None:
    console.print(f"[bold]{escape(sheet.title)}[/]  {escape(sheet.subject)}")
    console.print(_facts(sheet.stamp))
    _print_checks(sheet, console)
    for section in sheet.sections:
        _print_section(section, console)
    for line in (sheet.explanation, sheet.footer):
        console.print(line, style="bright_black", markup=False)


def _print_checks(sheet: TraceSheet, console: Console) -> None:
    console.print(f"[bold {'green' if sheet.is_good else 'red'}]{escape(sheet.verdict)}[/]")
    for check in sheet.checks:
        mark = "[green]✓[/]" if check.is_good else "[red]✗[/]"
        console.print(f"  {mark} {escape(check.label)}：{escape(check.result)}")
    for warning in sheet.warnings:
        console.print(f"[yellow]! {escape(warning)}[/]")


def _print_section(section: Section, console: Console) -> None:
    console.print(f"\n[bold]{escape(section.title)}[/]")
    if section.facts:
        console.print(_facts(section.facts))
    for note in section.notes:
        console.print(note, markup=False)
    for table in section.tables:
        _print_table(table, console)


def _print_table(table: TraceTable, console: Console) -> None:
    console.print(f"\n[bold]{escape(table.title)}[/]")
    if not table.rows:
        console.print(f"  {table.empty}", markup=False)
        return
    grid = Grid(
        box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1)
    )  # no upright lines, see etl/minsheng/views/summary.py
    for heading in table.head:
        grid.add_column(heading, overflow="fold")
    for row in table.rows:
        grid.add_row(*map(escape, row))
    console.print(grid)


def _facts(facts: Iterable[tuple[str, str]]) -> Grid:
    grid = Grid.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="bright_black")
    grid.add_column(overflow="fold")
    for label, value in facts:
        grid.add_row(escape(label), escape(value))
    return grid
