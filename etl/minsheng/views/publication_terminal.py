"""What has been published, as tables in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from minsheng.core.home import Home
from minsheng.publication.retention import Sorted
from minsheng.publication.revisions import current
from minsheng.views.exceptions import ExceptionList
from minsheng.words import display


def exceptions_table(one: ExceptionList) -> Table:
    """What did not go its ordinary way, of one kind."""
    table = Table(box=None, title=f"{one.title}（{len(one.rows)}）", title_justify="left", title_style="bold")
    for heading in one.head:
        table.add_column(heading, overflow="fold")
    for row in one.rows:
        table.add_row(*map(escape, row.cells))
    return table


def revisions_table(home: Home, entries: Sequence[Sorted]) -> Table:
    """Every revision, which of them readers are on, and why each is kept."""
    table = Table(box=None)
    for heading in ("", "版本", "数据时点", "保留的原因"):
        table.add_column(heading, no_wrap=heading != "保留的原因")
    standing = current(home)
    for entry in entries:
        mark = "→" if entry.revision == standing else ""
        moment = display.moment(entry.revision.as_of)
        table.add_row(mark, entry.revision.name, moment, "；".join(entry.reasons) or display.NOTHING)
    return table
