"""``minsheng rules``: what a changed rule would have done, and a wrong one switched off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from minsheng.commands.decided import By, Document, Reason, plan_and_home, print_decisions
from minsheng.commands.moments import AsOfOption, moment_of
from minsheng.core.declarations import RULES
from minsheng.core.errors import UserError
from minsheng.flows.deciding import Said, switch_rule
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.validation.replay import Difference, RecordedFile, Replay, replay
from minsheng.validation.rules import RuleBook, load_rules
from minsheng.views.terminal import HomeDir, PlanDir, console, existing
from minsheng.words.chinese import chinese

rules_app = typer.Typer(no_args_is_help=True)

RuleArgument = Annotated[str, typer.Argument(metavar="RULE", help="规则编号，如 H04", show_default=False)]

_DEEDS = {
    ("new", "reject"): "将会退回",
    ("new", "warn"): "将会提醒",
    ("new", "note"): "将会告知",
    ("gone", "reject"): "不再因此退回",
    ("gone", "warn"): "不再提醒",
    ("gone", "note"): "不再告知",
}


@rules_app.callback()
def rules() -> None:
    """Rules: try them on what was received, switch them off and on."""


@rules_app.command("replay", help="用一套规则重新校验收到过的全部文件，说明结论会有什么不同；什么也不改。")
def replay_rules(
    plan: PlanDir,
    home: HomeDir,
    folder: Annotated[Path, typer.Option("--rules", help="要试用的规则目录")] = RULES,
    rule: Annotated[str | None, typer.Option(help="只看这一条规则")] = None,
    ignore_dates: Annotated[bool, typer.Option("--ignore-dates", help="不论生效日期，当作一直有效")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """Hold rules over everything ever received, and say what they would have decided otherwise; changes nothing."""
    book = _book(folder, rule, ignore_dates)
    county = as_county([load_plan(plan)])
    found = replay(Run(existing(home, county.name), county, moment_of(None), "replay"), book)
    shown = found.about(rule) if rule else found
    if as_json:
        print(json.dumps(asdict(shown), ensure_ascii=False, indent=1, default=str))
    else:
        for line in _lines(shown, book):
            console.print(line, markup=False, soft_wrap=True)


@rules_app.command("switch-off", help="停用一条有误的规则，当即生效；被它退回的文件在下一次运行时重新校验，不必重报。")
def switch_off(
    rule: RuleArgument,
    plan: PlanDir,
    home: HomeDir,
    by: By,
    reason: Reason,
    document: Document = None,
    as_of: AsOfOption = None,
) -> None:
    """Take a rule found wrong out of force at once; what it refused is judged again by the next run."""
    _switch(rule, plan, home, Said(moment_of(as_of), by, reason, document), off=True)


@rules_app.command("switch-on", help="恢复一条停用的规则，对此后校验的文件有效。")
def switch_on(
    rule: RuleArgument,
    plan: PlanDir,
    home: HomeDir,
    by: By,
    reason: Reason,
    document: Document = None,
    as_of: AsOfOption = None,
) -> None:
    """Put a rule back in force for what is judged from now on."""
    _switch(rule, plan, home, Said(moment_of(as_of), by, reason, document), off=False)


@rules_app.command("decisions", help="规则的停用和恢复：何时，谁定的，为什么。")
def rule_decisions(plan: PlanDir, home: HomeDir) -> None:
    """Which rules were switched off and on again: when, by whom, and why."""
    print_decisions(plan, home, of_months=False)


def _switch(rule: str, plan: Path, home: Path, said: Said, *, off: bool) -> None:
    loaded, here = plan_and_home(plan, home)
    number = switch_rule(here, loaded, rule, said, off=off)
    console.print(f"第 {number} 号决定：规则 {rule} {'停用' if off else '恢复'}，下一次运行起生效", soft_wrap=True)


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
    yield f"用规则 {found.rules_version} 重新校验了 {found.file_count} 份文件"
    for code in sorted({one.rule for one in found.differences}):
        yield f"\n{code} {titles.get(code, '')}".rstrip()
        yield from _rule_lines([one for one in found.differences if one.rule == code])
    verdict = chinese().verdict
    yield f"\n{len(found.changes)} 份文件的校验结论会改变"
    for change in found.changes:
        yield f"  {_named(change.file)}：{verdict[change.file.verdict]} → {verdict[change.verdict]}"


def _rule_lines(differences: list[Difference]) -> Iterator[str]:
    """One line a deed with the number of files, of them those accepted then; one line a place."""
    for (kind, severity), words in _DEEDS.items():
        mine = [one for one in differences if (one.kind, one.severity) == (kind, severity)]
        if mine:
            files = {one.file for one in mine}
            accepted = sum(file.verdict == "accepted" for file in files)
            yield f"  {len(files)} 份{words}（其中{chinese().verdict['accepted']} {accepted} 份）"
            yield from (f"    {_named(one.file)} {_place(one)} {one.message}" for one in mine)


def _named(file: RecordedFile) -> str:
    return f"{file.unit_code} {file.period or '-'} {file.file_name}"


def _place(one: Difference) -> str:
    return "!".join(filter(None, (one.sheet, one.cell))) or "-"
