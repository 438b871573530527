"""``minsheng bulletin``: a frozen month's bulletin drafted, approved or refused, and what was issued."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from minsheng.commands.decided import By, Reason
from minsheng.commands.moments import AsOfOption, moment_of
from minsheng.core.clock import county_time
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.core.settings import read_settings
from minsheng.publication.bulletins import (
    BulletinDecision,
    BulletinDraft,
    DecidedDraft,
    IssuedBulletin,
    draft_folder,
    drafts,
    issued,
    issued_folder,
)
from minsheng.views.terminal import CountyOption, HomeDir, PeriodOption, console, existing
from minsheng.words.chinese import chinese
from minsheng.words.display import moment

bulletin_app = typer.Typer(no_args_is_help=True)

DraftOption = Annotated[int | None, typer.Option("--draft", help="看过的是第几稿；不写为最新的", show_default=False)]


@bulletin_app.command("draft", help="用定稿的数起草一个月的通报（Word 和 PDF），待人同意。")
def draft(home: HomeDir, period: PeriodOption, county: CountyOption = None, as_of: AsOfOption = None) -> None:
    """Draft the bulletin of a frozen month."""
    from minsheng.flows.bulletin import draft_bulletin
    from minsheng.flows.bulletin_files import means_of

    here, plan_id = _place(home, county, period)
    _show_draft(here, draft_bulletin(here, plan_id, period, moment_of(as_of), means_of(here, read_settings())))


@bulletin_app.command(help="同意印发：通报编号、定稿，永久保存。")
def approve(
    home: HomeDir,
    period: PeriodOption,
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="说明")] = "",
    draft_no: DraftOption = None,
    county: CountyOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Approve the draft: the bulletin is numbered and issued."""
    said = BulletinDecision("approved", by, moment_of(as_of), reason)
    _decide(home, county, period, said, draft_no)


@bulletin_app.command(help="不同意印发，写明原因；改好以后重新起草。")
def refuse(
    home: HomeDir,
    period: PeriodOption,
    by: By,
    reason: Reason,
    draft_no: DraftOption = None,
    county: CountyOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Refuse the draft, with a reason."""
    said = BulletinDecision("declined", by, moment_of(as_of), reason)
    _decide(home, county, period, said, draft_no)


@bulletin_app.command("list", help="各草稿和已印发的各期，由谁、何时、为何决定。")
def list_bulletins(home: HomeDir, county: CountyOption = None) -> None:
    """Every draft and what was decided of it, and every bulletin."""
    here = existing(home, county)
    lines = [line for plan in sorted(here.bulletins.glob("*/")) for line in _lines(here, plan.name)]
    for line in lines or ["还没有起草过通报"]:
        _say(line)


def _decide(home: Path, county: str | None, period: str, said: BulletinDecision, draft_no: int | None) -> None:
    from minsheng.flows.bulletin import decide
    from minsheng.flows.bulletin_files import means_of

    here, plan_id = _place(home, county, period)
    bulletin = decide(here, plan_id, period, said, means_of(here, read_settings()), draft_no)
    if bulletin is None:
        _say(f"{period} 不同意印发：{said.reason}")
    else:
        _show_issued(here, bulletin)


def _place(home: Path, county: str | None, period: str) -> tuple[Home, str]:
    """The home, and the plan the month belongs to."""
    here = existing(home, county)
    year = Period.parse(period).year
    return here, f"{here.county}-{year}"


def _lines(home: Home, plan_id: str) -> Iterator[str]:
    for one in drafts(home, plan_id):
        yield f"{one.draft.period} 草稿 {one.draft.draft_no}：{_decided(one)}"
    for bulletin in issued(home, plan_id):
        at = moment(county_time(bulletin.issued_at))
        yield f"第 {bulletin.number} 期 {bulletin.period}：{at} 印发，签发人 {bulletin.issued_by}，{bulletin.revision}"


def _decided(one: DecidedDraft) -> str:
    if one.decision is None:
        return f"{moment(county_time(one.draft.made_at))} 起草，等待决定"
    reason = f"：{one.decision.reason}" if one.decision.reason else ""
    at = moment(county_time(one.decision.decided_at))
    return f"{at} {one.decision.decided_by} {chinese().bulletin_verdict[one.decision.verdict]}{reason}"


def _show_draft(home: Home, made: BulletinDraft) -> None:
    _say(f"{made.period} 第 {made.draft_no} 稿，等待同意：")
    for name in made.files:
        _say(f"  {draft_folder(home, made) / name}")


def _show_issued(home: Home, bulletin: IssuedBulletin) -> None:
    _say(f"第 {bulletin.number} 期已印发，签发人 {bulletin.issued_by}：")
    for name in bulletin.files:
        _say(f"  {issued_folder(home, bulletin) / name}")


def _say(line: str) -> None:
    console.print(line, markup=False, soft_wrap=True)
