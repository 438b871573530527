"""``minsheng template``: the workbooks units fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from minsheng.core.counties import county_of
from minsheng.core.errors import UserError
from minsheng.core.period import Period
from minsheng.plan.calendar import require_in_plan
from minsheng.plan.loader import load_plan
from minsheng.plan.models import Plan
from minsheng.stages.open import write_templates
from minsheng.template.month import begun_with, month_forms
from minsheng.views.terminal import PeriodOption, PlanDir, console, existing
from minsheng.warehouse.connection import open_to_read
from minsheng.warehouse.totals import accepted_earlier


def template(
    plan: PlanDir,
    period: PeriodOption,
    out: Annotated[Path, typer.Option(help="工作簿放在哪个目录", show_default=False)],
    unit: Annotated[str | None, typer.Option(help="只做一个单位的（单位编码）")] = None,
    home: Annotated[Path | None, typer.Option(help="从这里取上月累计")] = None,
) -> None:
    """Make the workbooks the units fill in."""
    loaded, month = load_plan(plan), Period.parse(period)
    require_in_plan(loaded, month)
    _require_unit(loaded, unit)
    earlier = begun_with(loaded, str(month))
    if home:
        with open_to_read(existing(home, county_of(loaded.plan_id)).warehouse) as connection:
            earlier = accepted_earlier(connection, loaded, month)
    made = write_templates(month_forms(loaded, str(month), earlier), out, unit)
    console.print(f"已在 {out} 制作 {len(made)} 份报表", soft_wrap=True)


def _require_unit(plan: Plan, code: str | None) -> None:
    known = [unit.code for unit in plan.units]
    if code is not None and code not in known:
        raise UserError("unit_unknown", "--unit", unit=code, known=known)
