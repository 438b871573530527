"""A plan folder becomes a plan, or is refused with all its faults at once."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from minsheng.core.contracts import refuse
from minsheng.core.errors import UserError
from minsheng.plan import crosscheck, meaning, opening
from minsheng.plan.folder import Folder, file_faults, read_files, read_folder, sha256_of
from minsheng.plan.left_open import first_faults
from minsheng.plan.models import Plan


def load_plan(folder: Path) -> Plan:
    """Read ``plans/<plan_id>/``; raises one UserError that names every fault with file, line and key.

    Faults between files are looked for once each file by itself holds what its contract asks, and nothing is left open.
    """
    if not folder.is_dir():
        raise UserError("plan_folder_missing", folder)
    if not (folder / "plan.yaml").is_file():
        raise UserError("plan_file_missing", folder)
    parts = read_folder(folder)
    refuse(folder, first_faults(folder, parts))
    calendar = parts.calendar.value
    plan = _assemble(parts, read_files(folder, calendar))
    refuse(
        folder,
        [
            *file_faults(folder, plan.text, calendar),
            *crosscheck.faults(plan, parts),
            *meaning.faults(plan, parts),
            *opening.faults(plan, parts),
        ],
    )
    return plan


def load_named_plan(folder: Path) -> Plan:
    """The same for a folder that is found by its name; raises UserError for one not named as its plan."""
    plan = load_plan(folder)
    if folder.resolve().name != plan.plan_id:
        raise UserError("plan_in_other_folder", folder, plan_id=plan.plan_id, folder=folder.resolve().name)
    return plan


def reread_plan(files: Mapping[str, bytes]) -> Plan:
    """A plan that was sound when it was received, from its files: what is asked of plans today is not held against it.

    Raises UserError when it breaks the contract of a single file.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content)
        parts = read_folder(folder)
        refuse(sha256_of(files), parts.faults)
        return _assemble(parts, files)


def _assemble(parts: Folder, files: Mapping[str, bytes]) -> Plan:
    return Plan(
        **dict(parts.header.value),
        items=tuple(sorted((part.value for part in parts.items), key=lambda item: item.number)),
        units=parts.units.value,
        registers=tuple(part.value for part in parts.registers),
        calendar=parts.calendar.value.with_national(part.value for part in parts.national),
        readings=parts.readings.value,
        waivers=parts.waivers.value,
        closures=parts.closures.value,
        errata=parts.errata.value,
        opening=parts.opening.value,
        files=files,
        sha256=sha256_of(files),
    )
