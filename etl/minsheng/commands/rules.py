"""``minsheng rules``: what a changed rule would have done, before it takes effect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from minsheng.core.counties import county_of
from minsheng.core.declarations import RULES
from minsheng.core.errors import UserError
from minsheng.plan.loader import load_plan
from minsheng.validation.replay import Difference, RecordedFile, Replay, replay
from minsheng.validation.rules import RuleBook, load_rules
from minsheng.views.terminal import HomeDir, PlanDir, console, existing

rules_app = typer.Typer(help="Rules: try them on what was received.", no_args_is_help=True)

_DEEDS = {
    ("new", "reject"): "would be refused for it",
    ("new", "warn"): "would be warned",
    ("new", "note"): "would be told",
    ("gone", "reject"): "would no longer be refused for it",
    ("gone", "warn"): "would no longer be warned",
    ("gone", "note"): "would no longer be told",
}


@rules_app.callback()
def rules() -> None:
    """Rules: try them on what was received."""


@rules_app.command("replay")
def replay_rules(
    plan: PlanDir,
    home: HomeDir,
    folder: Annotated[Path, typer.Option("--rules", help="folder of the rules to try")] = RULES,
    rule: Annotated[str | None, typer.Option(help="show this rule only")] = None,
    ignore_dates: Annotated[bool, typer.Option("--ignore-dates", help="as if it had always been in force")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Hold rules over everything ever received, and say what they would have decided otherwise; changes nothing."""
    book = _book(folder, rule, ignore_dates)
    loaded = load_plan(plan)
    found = replay(existing(home, county_of(loaded.plan_id)), loaded, book)
    shown = found.about(rule) if rule else found
    if as_json:
        print(json.dumps(asdict(shown), ensure_ascii=False, indent=1, default=str))
    else:
        for line in _lines(shown, book):
            console.print(line, markup=False, soft_wrap=True)


def _book(folder: Path, only: str | None, ignore_dates: bool) -> RuleBook:
    """The rules to try; their dates are ignored for the one rule asked about, or for all."""
    book = load_rules(folder)
    codes = [rule.code for rule in book.rules]
    if only is not None and only not in codes:
        raise UserError("rule_unknown", "--rule", rule=only, folder=folder, known=codes)
    if not ignore_dates:
        return book
    always = {"valid_from": None, "valid_to": None}
    rules = (rule.model_copy(update=always) if only in (None, rule.code) else rule for rule in book.rules)
    return book.model_copy(update={"rules": tuple(rules)})


def _lines(found: Replay, book: RuleBook) -> Iterator[str]:
    titles = {rule.code: rule.title for rule in book.rules}
    yield f"{found.file_count} files judged again by rules {found.rules_version}"
    for code in sorted({one.rule for one in found.differences}):
        yield f"\n{code} {titles.get(code, '')}".rstrip()
        yield from _rule_lines([one for one in found.differences if one.rule == code])
    yield f"\n{len(found.changes)} verdicts would change"
    for change in found.changes:
        yield f"  {_named(change.file)}: {change.file.verdict} → {change.verdict}"


def _rule_lines(differences: list[Difference]) -> Iterator[str]:
    """One line a deed with the number of files, of them those accepted then; one line a place."""
    for (kind, severity), words in _DEEDS.items():
        mine = [one for one in differences if (one.kind, one.severity) == (kind, severity)]
        if mine:
            files = {one.file for one in mine}
            accepted = sum(file.verdict == "accepted" for file in files)
            yield f"  {len(files)} files {words} ({accepted} were accepted)"
            yield from (f"    {_named(one.file)} {_place(one)} {one.message}" for one in mine)


def _named(file: RecordedFile) -> str:
    return f"{file.unit_code} {file.period or '-'} {file.file_name}"


def _place(one: Difference) -> str:
    return "!".join(filter(None, (one.sheet, one.cell))) or "-"
