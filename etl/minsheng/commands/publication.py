"""``minsheng publication``: what has been published, going back, and clearing out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from minsheng.core.home import Home
from minsheng.core.settings import read_settings
from minsheng.publication import fewer, retention, rollback
from minsheng.publication.hold import held_text, hold_in_force
from minsheng.publication.revisions import current
from minsheng.stages.roll_up import roll_up
from minsheng.views.terminal import CountyOption, HomeDir, console, existing
from minsheng.words import display

publication_app = typer.Typer(help="Publications: what readers see, going back, clearing out.", no_args_is_help=True)

Newest = Annotated[int, typer.Option(min=1, help="keep this many of the newest")]
Days = Annotated[int, typer.Option(min=0, help="keep all that speak of so many last days")]
RULE = retention.Keep()


@publication_app.command("list")
def list_revisions(
    home: HomeDir, county: CountyOption = None, newest: Newest = RULE.newest, days: Days = RULE.days
) -> None:
    """Every revision, which of them readers are on, and why each is kept."""
    here = existing(home, county)
    console.print(_table(here, retention.sort_out(here, retention.Keep(newest, days), datetime.now(UTC))))
    if hold := hold_in_force(here):
        console.print(held_text(here, hold))


@publication_app.command("rollback")
def roll_back(
    home: HomeDir,
    revision: Annotated[str | None, typer.Argument(help="name or number [default: the one before]")] = None,
    reason: Annotated[str, typer.Option(help="why, for the log")] = "",
    county: CountyOption = None,
) -> None:
    """Send readers back to an earlier revision; what is taken back stays back until released or something is new."""
    here = existing(home, county)
    target = rollback.roll_back(here, revision, datetime.now(UTC), reason)
    _show(here)
    console.print(f"readers are on {target.name}")


@publication_app.command()
def release(home: HomeDir, county: CountyOption = None) -> None:
    """Give up a roll-back: readers see the newest revision again."""
    here = existing(home, county)
    newest = rollback.release(here, datetime.now(UTC))
    _show(here)
    console.print(f"readers are on {newest.name}")


@publication_app.command("accept-fewer")
def accept_fewer(
    home: HomeDir,
    reason: Annotated[str, typer.Option(help="why less is right, for the log and the manifest", show_default=False)],
    county: CountyOption = None,
) -> None:
    """Let the next publication hold fewer months or reports than the last one: publish stops before that otherwise."""
    last = fewer.accept_fewer(existing(home, county), datetime.now(UTC), reason)
    console.print(f"the publication after {last.name} may hold less; publish again")


@publication_app.command()
def prune(
    home: HomeDir,
    county: CountyOption = None,
    newest: Newest = RULE.newest,
    days: Days = RULE.days,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would go")] = False,
) -> None:
    """Remove the revisions that nothing keeps: the last of each month not taken back stays for ever."""
    here, keep, now = existing(home, county), retention.Keep(newest, days), datetime.now(UTC)
    if dry_run:
        gone = [entry.revision for entry in retention.sort_out(here, keep, now) if not entry.reasons]
    else:
        gone = retention.prune(here, keep, now)
    for revision in gone:
        console.print(revision.name)
    console.print(f"{len(gone)} revisions {'would go' if dry_run else 'removed'}")


def _table(home: Home, entries: list[retention.Sorted]) -> Table:
    table = Table(box=None)
    for heading in ("", "revision", "as of", "kept because"):
        table.add_column(heading, no_wrap=heading != "kept because")
    standing = current(home)
    for entry in entries:
        mark = "→" if entry.revision == standing else ""
        moment = display.moment(entry.revision.as_of)
        table.add_row(mark, entry.revision.name, moment, "; ".join(entry.reasons) or display.NOTHING)
    return table


def _show(home: Home) -> None:
    """Let all who read more than this county follow: the roll-up, and PostgreSQL where there is one."""
    for outcome in roll_up(home.installation).outcomes:
        if outcome.result in ("failed", "outdated"):
            console.print(f"{outcome.input}：{outcome.detail}", style="red", markup=False, soft_wrap=True)
    if url := read_settings().postgres_url:
        from minsheng.publication.postgres import copy_current

        copy_current(home.installation, url)
