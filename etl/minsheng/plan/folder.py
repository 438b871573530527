"""The files of a plan folder, each read on its own against its contract."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from minsheng.core.contracts import Document, Part, read_part, read_text
from minsheng.core.errors import UserError
from minsheng.plan.indicators import Item
from minsheng.plan.models import Calendar, Closure, Erratum, PlanHeader, Reading, Waiver
from minsheng.plan.units import Register, Unit

T = TypeVar("T")

WAIVERS = "waivers.yaml"
CLOSURES = "closures.yaml"
ERRATA = "errata.yaml"
GUIDE = "plans/README.md"


@dataclass(frozen=True)
class Folder:
    """All parts of a plan."""

    header: Part[PlanHeader]
    items: tuple[Part[Item], ...]
    units: Part[tuple[Unit, ...]]
    registers: tuple[Part[Register], ...]
    calendar: Part[Calendar]
    readings: Part[tuple[Reading, ...]]
    waivers: Part[tuple[Waiver, ...]]
    closures: Part[tuple[Closure, ...]]
    errata: Part[tuple[Erratum, ...]]

    @property
    def parts(self) -> tuple[Part[Any], ...]:
        """All of them, in the order in which people are told of them."""
        parts: tuple[Part[Any], ...] = (self.header, *self.items, self.units, *self.registers)
        return (*parts, self.calendar, self.readings, self.waivers, self.closures, self.errata)

    @property
    def faults(self) -> Iterator[UserError]:
        """What keeps single files from being read, file by file."""
        for part in self.parts:
            yield from part.faults


def read_folder(folder: Path) -> Folder:
    """Every file of the plan, faulty or not; raises nothing for a fault inside a file."""
    return Folder(
        header=_read(folder, "plan.yaml", PlanHeader),
        items=tuple(_read(folder, name, Item) for name in _yaml_names(folder, "items")),
        units=_read(folder, "units.yaml", tuple[Unit, ...]),
        registers=tuple(_read(folder, name, Register) for name in _yaml_names(folder, "registers")),
        calendar=_read(folder, "calendar.yaml", Calendar),
        readings=_read(folder, "readings.yaml", tuple[Reading, ...]),
        waivers=_read_if_there(folder, WAIVERS, Waiver),
        closures=_read_if_there(folder, CLOSURES, Closure),
        errata=_read_if_there(folder, ERRATA, Erratum),
    )


def _read_if_there(folder: Path, name: str, contract: type[T]) -> Part[tuple[T, ...]]:
    """A list that a plan can do without: most counties excuse nobody, and nothing is closed in spring."""
    if (folder / name).exists():
        return read_part(folder, name, tuple[contract, ...], GUIDE)  # type: ignore[valid-type]
    return Part(Document(name), contract, content=())


def _read(folder: Path, name: str, contract: type[T]) -> Part[T]:
    return read_part(folder, name, contract, GUIDE)


def file_faults(folder: Path, text: str) -> Iterator[UserError]:
    """Files nobody would read (a misspelt name, most likely), and a plan text that cannot be read."""
    known = {"plan.yaml", "units.yaml", "calendar.yaml", "readings.yaml", WAIVERS, CLOSURES, ERRATA, text}
    known |= {*_yaml_names(folder, "items"), *_yaml_names(folder, "registers")}
    for name in _file_names(folder):
        if name not in known:
            yield UserError("plan_file_unknown", name)
    try:
        read_text(folder, text, GUIDE)
    except UserError as fault:
        yield fault


def read_files(folder: Path) -> dict[str, bytes]:
    """The bytes of every file of a plan by its name, in the order of the names."""
    return {name: (folder / name).read_bytes() for name in _file_names(folder)}


def sha256_of(files: Mapping[str, bytes]) -> str:
    """Identity of a plan: name, length and bytes of every file, in the order of the names."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _yaml_names(folder: Path, part: str) -> list[str]:
    return [name for name in _file_names(folder) if name.startswith(f"{part}/") and name.endswith(".yaml")]


def _file_names(folder: Path) -> list[str]:
    """Files below the folder, sorted; hidden ones (editors, file managers) are not part of the plan."""
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(name.as_posix() for name in names if not any(part.startswith(".") for part in name.parts))
