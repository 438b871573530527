"""What the workbooks of units are called, and where they lie."""

from __future__ import annotations

from pathlib import Path

from minsheng.plan.models import Plan


def workbook_path(folder: Path, plan: Plan, unit_code: str, period: str) -> Path:
    """Where in a folder a unit's workbook for a month lies: ``CGJ_城管局_2022-05.xlsx``."""
    return folder / workbook_name(plan, unit_code, period)


def workbook_name(plan: Plan, unit_code: str, about: str) -> str:
    """What a workbook for a unit is called."""
    return f"{unit_code}_{plan.unit(unit_code).short_name}_{about}.xlsx"
