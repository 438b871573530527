"""``minsheng month``: what people decide of a month: longer to report it, closed, one figure open again."""

from __future__ import annotations

from typing import Annotated

import typer

from minsheng.commands.decided import By, Document, Reason, plan_and_home, print_decisions
from minsheng.commands.moments import AsOfOption, moment_of, read_moment
from minsheng.core.period import Period
from minsheng.flows.deciding import MonthOfUnits, Said, close, end_closing, end_extension, end_reopening, extend, reopen
from minsheng.flows.signing import end_signature, sign_for
from minsheng.views.terminal import HomeDir, PeriodOption, PlanDir, console

month_app = typer.Typer(no_args_is_help=True)

UnitOption = Annotated[str | None, typer.Option("--unit", help="哪个单位（单位编码）；不写为各单位")]


OneUnit = Annotated[str, typer.Option("--unit", help="哪个单位（单位编码）", show_default=False)]
OneIndicator = Annotated[str, typer.Option("--indicator", help="哪个指标（指标编码）", show_default=False)]


@month_app.callback()
def month() -> None:
    """Months: what people decide of them."""


@month_app.command("extend", help="按文件延长一个单位或各单位的截止时间；在新的时间以前报来的都算按时。")
def extend_month(
    plan: PlanDir,
    home: HomeDir,
    period: PeriodOption,
    until: Annotated[str, typer.Option(help="延到何时，ISO 8601", show_default=False)],
    by: By,
    reason: Reason,
    document: Document = None,
    unit: UnitOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Give a unit, or every unit, longer to report a month."""
    loaded, here = plan_and_home(plan, home)
    said = Said(moment_of(as_of), by, reason, document)
    number = extend(here, loaded, MonthOfUnits(Period.parse(period), unit), read_moment(until, "--until"), said)
    console.print(f"第 {number} 号决定：{period} 的截止时间延长，下一次运行起生效", soft_wrap=True)


@month_app.command("end-extension", help="取消延期。")
def end_month_extension(
    plan: PlanDir,
    home: HomeDir,
    period: PeriodOption,
    by: By,
    reason: Reason,
    document: Document = None,
    unit: UnitOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Take an extension back."""
    loaded, here = plan_and_home(plan, home)
    said = Said(moment_of(as_of), by, reason, document)
    number = end_extension(here, loaded, MonthOfUnits(Period.parse(period), unit), said)
    console.print(f"第 {number} 号决定：{period} 不再延期，下一次运行起生效", soft_wrap=True)


@month_app.command("close", help="定稿以后关闭一个月：已接收的数不再改动，漏报的仍可补报。")
def close_month(
    plan: PlanDir,
    home: HomeDir,
    period: PeriodOption,
    by: By,
    reason: Reason,
    document: Document = None,
    as_of: AsOfOption = None,
) -> None:
    """Declare a frozen month closed: accepted figures are not changed any more."""
    loaded, here = plan_and_home(plan, home)
    number = close(here, loaded, Period.parse(period), Said(moment_of(as_of), by, reason, document))
    console.print(f"第 {number} 号决定：{period} 关闭", soft_wrap=True)


@month_app.command("end-closing", help="取消关闭。")
def end_month_closing(
    plan: PlanDir,
    home: HomeDir,
    period: PeriodOption,
    by: By,
    reason: Reason,
    document: Document = None,
    as_of: AsOfOption = None,
) -> None:
    """Take the closing of a month back."""
    loaded, here = plan_and_home(plan, home)
    number = end_closing(here, loaded, Period.parse(period), Said(moment_of(as_of), by, reason, document))
    console.print(f"第 {number} 号决定：{period} 不再关闭", soft_wrap=True)


@month_app.command("reopen", help="经批准，在一段时间内重新开放已关闭月份中一个单位的一个指标。")
def reopen_figure(
    plan: PlanDir,
    home: HomeDir,
    period: PeriodOption,
    unit: OneUnit,
    indicator: OneIndicator,
    until: Annotated[str, typer.Option(help="开放到何时，ISO 8601", show_default=False)],
    by: By,
    reason: Reason,
    document: Document = None,
    as_of: AsOfOption = None,
) -> None:
    """Let a unit change one figure of a closed month until an hour."""
    loaded, here = plan_and_home(plan, home)
    month = MonthOfUnits(Period.parse(period), unit, indicator)
    number = reopen(here, loaded, month, read_moment(until, "--until"), Said(moment_of(as_of), by, reason, document))
    console.print(f"第 {number} 号决定：{month.title} 重新开放", soft_wrap=True)


@month_app.command("end-reopening", help="提前取消重新开放。")
def end_figure_reopening(
    plan: PlanDir,
    home: HomeDir,
    period: PeriodOption,
    unit: OneUnit,
    indicator: OneIndicator,
    by: By,
    reason: Reason,
    document: Document = None,
    as_of: AsOfOption = None,
) -> None:
    """Take a reopening back before its hour."""
    loaded, here = plan_and_home(plan, home)
    month = MonthOfUnits(Period.parse(period), unit, indicator)
    number = end_reopening(here, loaded, month, Said(moment_of(as_of), by, reason, document))
    console.print(f"第 {number} 号决定：{month.title} 不再开放", soft_wrap=True)


@month_app.command("sign", help="登记一个单位以别的方式作出的审签，如纸质审签单；报表从现在起计入。")
def sign_month(
    plan: PlanDir,
    home: HomeDir,
    period: PeriodOption,
    unit: OneUnit,
    by: Annotated[str, typer.Option("--by", help="谁审签的", show_default=False)],
    reason: Reason,
    document: Document = None,
    as_of: AsOfOption = None,
) -> None:
    """Enter the signature that a unit's second person gave otherwise."""
    loaded, here = plan_and_home(plan, home)
    month = MonthOfUnits(Period.parse(period), unit)
    number = sign_for(here, loaded, month, Said(moment_of(as_of), by, reason, document))
    console.print(f"第 {number} 号决定：{month.title} 审签，下一次运行起计入", soft_wrap=True)


@month_app.command("withdraw-signature", help="定稿以前撤回一个单位的审签；报表不再计入，须重新审签。")
def withdraw_signature(
    plan: PlanDir,
    home: HomeDir,
    period: PeriodOption,
    unit: OneUnit,
    by: By,
    reason: Reason,
    document: Document = None,
    as_of: AsOfOption = None,
) -> None:
    """Take a signature back before the freeze."""
    loaded, here = plan_and_home(plan, home)
    month = MonthOfUnits(Period.parse(period), unit)
    number = end_signature(here, loaded, month, Said(moment_of(as_of), by, reason, document))
    console.print(f"第 {number} 号决定：{month.title} 的审签撤回", soft_wrap=True)


@month_app.command("decisions", help="对报送期所作的决定：何时，谁定的，为什么，依据什么。")
def month_decisions(plan: PlanDir, home: HomeDir) -> None:
    """What was decided of months: when, by whom, why, by which document."""
    print_decisions(plan, home, of_months=True)
