"""Which counties an installation serves, read off the names of its plan folders alone."""

from __future__ import annotations

from pathlib import Path

from minsheng.core.errors import UserError


def county_of(plan_id: str) -> str:
    """The county of a plan: ``lushan-2022`` → ``lushan``."""
    return plan_id.rpartition("-")[0]


def plan_folders(folder: Path) -> dict[str, list[str]]:
    """The counties of a folder of plans by name, each with its plan folders; raises UserError when there is none."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*-[0-9][0-9][0-9][0-9]/plan.yaml")):
        found.setdefault(county_of(path.parent.name), []).append(path.parent.name)
    if not found:
        raise UserError("plans_missing", folder)
    return found
