"""The files of a plan folder, each read on its own against its contract."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from minsheng.core.contracts import Document, Part, read_part, read_text
from minsheng.core.declarations import CALENDARS
from minsheng.core.errors import UserError
from minsheng.plan.indicators import Item
from minsheng.plan.models import Calendar, CalendarFile, Closure, Erratum, OpeningValue, PlanHeader, Reading, Waiver
from minsheng.plan.units import Register, Unit

T = TypeVar("T")

CALENDAR = "calendar.yaml"
WAIVERS = "waivers.yaml"
CLOSURES = "closures.yaml"
ERRATA = "errata.yaml"
OPENING = "opening.yaml"
GUIDE = "plans/README.md"


@dataclass(frozen=True)
class Folder:
    """All parts of a plan."""

    header: Part[PlanHeader]
    items: tuple[Part[Item], ...]
    units: Part[tuple[Unit, ...]]
    registers: tuple[Part[Register], ...]
    calendar: Part[CalendarFile]
    national: tuple[Part[Calendar], ...]
    readings: Part[tuple[Reading, ...]]
    waivers: Part[tuple[Waiver, ...]]
    closures: Part[tuple[Closure, ...]]
    errata: Part[tuple[Erratum, ...]]
    opening: Part[tuple[OpeningValue, ...]]

    @property
    def parts(self) -> tuple[Part[Any], ...]:
        """All of them, in the order in which people are told of them."""
        parts: tuple[Part[Any], ...] = (self.header, *self.items, self.units, *self.registers)
        return (
            *parts,
            self.calendar,
            *self.national,
            self.readings,
            self.waivers,
            self.closures,
            self.errata,
            self.opening,
        )

    @property
    def faults(self) -> Iterator[UserError]:
        """What keeps single files from being read, file by file."""
        for part in self.parts:
            yield from part.faults


def read_folder(folder: Path) -> Folder:
    """Every file of the plan, faulty or not; raises nothing for a fault inside a file."""
    calendar = _read(folder, CALENDAR, CalendarFile)
    return Folder(
        header=_read(folder, "plan.yaml", PlanHeader),
        items=tuple(_read(folder, name, Item) for name in _yaml_names(folder, "items")),
        units=_read(folder, "units.yaml", tuple[Unit, ...]),
        registers=tuple(_read(folder, name, Register) for name in _yaml_names(folder, "registers")),
        calendar=calendar,
        national=tuple(_read(_home_of(folder, name), name, Calendar) for name in national_files(calendar.content)),
        readings=_read(folder, "readings.yaml", tuple[Reading, ...]),
        waivers=_read_if_there(folder, WAIVERS, Waiver),
        closures=_read_if_there(folder, CLOSURES, Closure),
        errata=_read_if_there(folder, ERRATA, Erratum),
        opening=_read_if_there(folder, OPENING, OpeningValue),
    )


def _read_if_there(folder: Path, name: str, contract: type[T]) -> Part[tuple[T, ...]]:
    """A list that a plan can do without: most counties excuse nobody, and nothing is closed in spring."""
    if (folder / name).exists():
        return read_part(folder, name, tuple[contract, ...], GUIDE)  # type: ignore[valid-type]
    return Part(Document(name), contract, content=())


def _read(folder: Path, name: str, contract: type[T]) -> Part[T]:
    return read_part(folder, name, contract, GUIDE)


def national_files(calendar: CalendarFile | None) -> tuple[str, ...]:
    """The shared calendars a plan takes over, by the names they have among its own files."""
    return tuple(f"calendars/{year}.yaml" for year in calendar.national) if calendar else ()


def _home_of(folder: Path, name: str) -> Path:
    """The folder in which a shared calendar lies: the plan's own (so an edition), the one around it, or what ships."""
    return next((home for home in (folder, folder.parent) if (home / name).is_file()), CALENDARS.parent)


def file_faults(folder: Path, text: str, calendar: CalendarFile) -> Iterator[UserError]:
    """Files nobody would read (a misspelt name, most likely), and a plan text that cannot be read."""
    known = {"plan.yaml", "units.yaml", CALENDAR, "readings.yaml", WAIVERS, CLOSURES, ERRATA, OPENING, text}
    known |= {*_yaml_names(folder, "items"), *_yaml_names(folder, "registers"), *national_files(calendar)}
    for name in _file_names(folder):
        if name not in known:
            yield UserError("plan_file_unknown", name)
    try:
        read_text(folder, text, GUIDE)
    except UserError as fault:
        yield fault


def read_files(folder: Path, calendar: CalendarFile) -> dict[str, bytes]:
    """The bytes of every file of a plan by its name, the shared calendars it takes over among them (docs/adr/0055)."""
    shared = {name: (_home_of(folder, name) / name).read_bytes() for name in national_files(calendar)}
    return shared | {name: (folder / name).read_bytes() for name in _file_names(folder)}


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
