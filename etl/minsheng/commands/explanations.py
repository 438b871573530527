"""``minsheng explanations``: what units say of doubtful numbers, and what the data team makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from minsheng.commands.moments import moment_of
from minsheng.core.codes import ReviewCode
from minsheng.core.errors import UserError
from minsheng.core.settings import read_settings
from minsheng.landing.editions import received_county
from minsheng.landing.reviews import Review, record_review
from minsheng.mail.contacts import county_contacts
from minsheng.mail.letters import queue_letters
from minsheng.mail.questions import question_letter
from minsheng.plan.run import Run
from minsheng.views.terminal import CountyOption, HomeDir, console, existing
from minsheng.warehouse.connection import open_to_read, open_warehouse, transaction
from minsheng.warehouse.explanations import StandingDoubt, standing_doubts, state_reviews
from minsheng.words import display
from minsheng.words.chinese import chinese
from minsheng.words.letters import county_wording

explanations_app = typer.Typer(no_args_is_help=True)

Reference = Annotated[str, typer.Argument(metavar="REFERENCE", help="list 所列的编号", show_default=False)]
Who = Annotated[str, typer.Option("--by", help="审阅人", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="理由；请再说明的，写要问什么", show_default=False)]


@explanations_app.command("list", help="现行报表中请单位说明的疑问，按月份和单位列出；没有说明的在前。")
def list_explanations(
    home: HomeDir,
    county: CountyOption = None,
    period: Annotated[str | None, typer.Option("--period", help="只看一个报送期，YYYY-MM")] = None,
) -> None:
    """Every doubt about the files in force, and how far its explanation has got."""
    run = _run(home, county)
    with open_to_read(run.home.warehouse) as connection:
        found = standing_doubts(connection, run.county.plan_ids)
    shown = [one for one in found if period in (None, one.doubt.period)]
    for one in sorted(shown, key=lambda one: (one.doubt.period, one.doubt.unit_code, one.state != "unexplained")):
        for line in _lines(one):
            console.print(line, markup=False, soft_wrap=True)
    waiting = sum(one.state == "explained" for one in shown)
    silent = sum(one.state == "unexplained" for one in shown)
    console.print(f"共 {len(shown)} 处，其中没有说明 {silent} 处，待审阅 {waiting} 处", soft_wrap=True)


@explanations_app.command(help="认可一处说明；以后同样的数、同样的说明不再列为待审阅。")
def accept(reference: Reference, home: HomeDir, by: Who, reason: Reason, county: CountyOption = None) -> None:
    """Agree with what a unit says of a number."""
    _review(_run(home, county), reference, "agreed", by, reason)


@explanations_app.command(help="请单位再说明，写一封信；--reason 写要问什么。")
def ask(reference: Reference, home: HomeDir, by: Who, reason: Reason, county: CountyOption = None) -> None:
    """Ask a unit again, once for the same question."""
    _review(_run(home, county), reference, "asked", by, reason)


def _review(run: Run, reference: str, review_code: ReviewCode, by: str, reason: str) -> None:
    contacts = county_contacts(read_settings().contacts, run.home.county)
    with open_warehouse(run.home.warehouse) as connection:
        one = _named(standing_doubts(connection, run.county.plan_ids), reference)
        if review_code == "agreed" and one.doubt.explanation is None:
            raise UserError("explanation_missing", reference)
        if review_code == "asked":  # before it is noted that the unit was asked: there is one letter, however often
            enquiries = run.wording.enquiries(contacts.telephone if contacts else None)
            with transaction(connection):
                queue_letters(connection, run, [question_letter(run, one.doubt, reason, enquiries)])
        record_review(run.home, Review(one.doubt, review_code, by, reason, run.as_of))
        with transaction(connection):
            state_reviews(connection, run.home, run.county.plan_ids, run.as_of)
    told = "已写信，下次发信时寄出" if review_code == "asked" else "已记录，下次汇总时计入"
    console.print(f"{reference} {chinese().explanation_state[review_code]}；{told}", soft_wrap=True)


def _named(found: list[StandingDoubt], reference: str) -> StandingDoubt:
    for one in found:
        if one.reference == reference:
            return one
    raise UserError("explanation_unknown", reference)


def _lines(one: StandingDoubt) -> Iterator[str]:
    doubt = one.doubt
    state = chinese().explanation_state[one.state]
    where = f"（{one.sheet}!{one.cell}）" if one.sheet and one.cell else ""
    yield f"{one.reference}  {display.month_name(doubt.period)} {doubt.unit_code} {state}"
    yield f"  {doubt.about or ''}{where}：{doubt.message}"
    if doubt.explanation:
        yield f"  单位说明：{doubt.explanation}"
    if one.reason:
        yield f"  {one.reviewed_by}：{one.reason}"


def _run(home: Path, county: str | None) -> Run:
    here = existing(home, county)
    moment = moment_of(None, here)
    wording = county_wording(read_settings().letters, here.county)
    return Run(here, received_county(here, moment), moment, f"cli-{moment.isoformat()}", wording=wording)
