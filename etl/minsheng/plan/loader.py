"""A plan folder becomes a plan, or is refused with all its faults at once."""

from __future__ import annotations

from pathlib import Path

from minsheng.core.contracts import refuse
from minsheng.core.errors import UserError
from minsheng.plan import crosscheck
from minsheng.plan.folder import Folder, file_faults, read_folder, sha256_of
from minsheng.plan.models import Plan


def load_plan(folder: Path) -> Plan:
    """Read ``plans/<plan_id>/``; raises one UserError that names every fault with file, line and key.

    Faults between files are looked for once each file by itself holds what its contract asks.
    """
    if not folder.is_dir():
        raise UserError("plan_folder_missing", folder)
    if not (folder / "plan.yaml").is_file():
        raise UserError("plan_file_missing", folder)
    parts = read_folder(folder)
    refuse(folder, parts.faults)
    plan = _assemble(parts, sha256_of(folder))
    refuse(folder, [*file_faults(folder, plan.text), *crosscheck.faults(plan, parts)])
    return plan


def _assemble(parts: Folder, sha256: str) -> Plan:
    return Plan(
        **dict(parts.header.value),
        items=tuple(sorted((part.value for part in parts.items), key=lambda item: item.number)),
        units=parts.units.value,
        registers=tuple(part.value for part in parts.registers),
        calendar=parts.calendar.value,
        readings=parts.readings.value,
        waivers=parts.waivers.value,
        sha256=sha256,
    )
