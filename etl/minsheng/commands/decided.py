"""What commands share in which somebody decides something: who, why, by which document, and what was decided."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from minsheng.core.clock import county_time
from minsheng.core.counties import county_of
from minsheng.core.home import Home
from minsheng.landing.decisions import Decision, decisions
from minsheng.plan.loader import load_plan
from minsheng.plan.models import Plan
from minsheng.views.terminal import console, existing
from minsheng.words.chinese import chinese
from minsheng.words.display import moment

By = Annotated[str, typer.Option("--by", help="谁定的", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="为什么", show_default=False)]
Document = Annotated[str | None, typer.Option("--document", help="依据的文号")]


def plan_and_home(plan: Path, home: Path) -> tuple[Plan, Home]:
    """The plan in a folder, and the home of its county."""
    loaded = load_plan(plan)
    return loaded, existing(home, county_of(loaded.plan_id))


def print_decisions(plan: Path, home: Path, *, of_months: bool) -> None:
    """Every decision of a plan about months, or about rules, a line each."""
    loaded, here = plan_and_home(plan, home)
    for one in decisions(here, loaded.plan_id):
        if (one.rule_code is None) == of_months:
            console.print(_line(one), markup=False, soft_wrap=True)


def _line(one: Decision) -> str:
    about = one.rule_code or " ".join(filter(None, (one.period, one.unit_code or "各单位", one.indicator_code)))
    until = f"至 {moment(county_time(one.until_at))}" if one.until_at else ""
    document = f"（{one.document_no}）" if one.document_no else ""
    deed = chinese().decision_kind[one.kind]
    return f"{moment(county_time(one.decided_at))} {about} {deed}{until}{document}：{one.reason}（{one.decided_by}）"
