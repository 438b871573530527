"""Who is written to: addresses of the units, kept outside the repository."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from minsheng.core.contracts import Day, Strict, load, near, written
from minsheng.plan.dated import Code

GUIDE = "examples/contacts.yaml（文件位置由 MINSHENG_CONTACTS 指定）"

# Who is written to beside the units; no unit has such a code.
DATA_TEAM, SUPERVISION_OFFICE, SUPERIOR, SIGNER = "data-team", "supervision-office", "superior-", "signer-"
LEADERS = "leaders"
STRANGER = "stranger-"

_NOBODY = "{address} 不在本文件的地址中：{near}请写成 units 等处的同一个地址"
_ONE_PERSON = "{address} 在 units 和 signers 中都有：审签的和填报的应是两个人，请只写在一处"
_REVERSED = "{address} 的 last_day 早于 first_day"

# Nothing that could end a header line or begin another address.
Address = Annotated[
    str,
    written(
        re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"), "邮箱地址，如 data-team@lushan.example"
    ),
]
# Nothing that could end the name or the header line.
SenderName = Annotated[str, written(re.compile(r'[^\x00-\x1f<>"@]{1,40}'), '1 至 40 个字，不含 < > " @ 和换行')]
Telephone = Annotated[str, written(re.compile(r"[0-9()（）、，转 +-]{5,60}"), "电话号码，如 0375-5050000 转 801")]


class Absence(Strict):
    """Who is away, both days included, and who has the mail meanwhile."""

    address: Address
    first_day: Day
    last_day: Day
    deputy: Address


class Contacts(Strict):
    """Mail comes from the data team; so do mails of a unit without an address go there.

    ``sender_name`` stands beside its address, null: the county's 民生实事数据组. Answers go to ``reply_to``, null: to
    the data team. ``telephone`` is named in letters. ``superiors``, by unit, and the ``supervision_office`` are written
    to when a report is long overdue; whoever is not named is not. ``leaders`` and that office are sent the bulletins
    that were issued, where the plan wants it. ``signers``, by unit, confirm what the unit reports,
    where the plan asks for it (docs/adr/0044). ``away``: whose mails go to somebody else meanwhile.
    """

    data_team: Address
    sender_name: SenderName | None = None
    reply_to: Address | None = None
    telephone: Telephone | None = None
    supervision_office: tuple[Address, ...] = ()
    leaders: tuple[Address, ...] = ()
    units: dict[Code, tuple[Address, ...]] = Field(default_factory=dict)
    superiors: dict[Code, tuple[Address, ...]] = Field(default_factory=dict)
    signers: dict[Code, tuple[Address, ...]] = Field(default_factory=dict)
    away: tuple[Absence, ...] = ()

    def of(self, code: str, day: date | None = None) -> tuple[str, ...]:
        """The addresses of a unit, of an office, or of who is known by his address alone; empty if none is known.

        Of who is away on ``day`` the deputy's instead; null: nobody is.
        """
        stranger = (code.removeprefix(STRANGER),) if code.startswith(STRANGER) else ()
        addresses = self._known.get(code, stranger)
        return tuple(dict.fromkeys(self._instead(address, day) for address in addresses))

    def knows(self, code: str) -> bool:
        """Whether there is an address."""
        return bool(self.of(code))

    @property
    def _known(self) -> dict[str, tuple[str, ...]]:
        offices: dict[str, tuple[str, ...]] = {
            DATA_TEAM: (self.data_team,),
            SUPERVISION_OFFICE: self.supervision_office,
            LEADERS: self.leaders,
        }
        superiors = {superior_of(code): each for code, each in self.superiors.items()}
        return offices | self.units | superiors | {signer_of(code): each for code, each in self.signers.items()}

    def _instead(self, address: str, day: date | None) -> str:
        absences = (each for each in self.away if each.address == address)
        return next((each.deputy for each in absences if day and each.first_day <= day <= each.last_day), address)

    @model_validator(mode="after")
    def _signers_do_not_report(self) -> Self:
        reporting = {address.lower() for each in self.units.values() for address in each}
        for address in (address for each in self.signers.values() for address in each):
            if address.lower() in reporting:
                raise ValueError(_ONE_PERSON.format(address=address))
        return self

    @model_validator(mode="after")
    def _absences_are_of_somebody(self) -> Self:
        known = {address for each in self._known.values() for address in each}
        for absence in self.away:
            if absence.address not in known:
                raise ValueError(_NOBODY.format(address=absence.address, near=near(absence.address, known)))
            if absence.last_day < absence.first_day:
                raise ValueError(_REVERSED.format(address=absence.address))
        return self


def superior_of(unit_code: str) -> str:
    """The code under which a unit's superior is written to."""
    return f"{SUPERIOR}{unit_code}"


def signer_of(unit_code: str) -> str:
    """The code under which who signs for a unit is written to."""
    return f"{SIGNER}{unit_code}"


def stranger_of(address: str) -> str:
    """The code under which somebody is written to of whom nothing is known but his address."""
    return f"{STRANGER}{address}"


def county_contacts(path: Path | None, county: str) -> Contacts | None:
    """A county's contacts: ``<county>.yaml`` in the folder the settings name, or the file where there is one county.

    None if the settings name nothing. Raises UserError when there is no such file, or it is faulty.
    """
    if path is None:
        return None
    return load_contacts(path / f"{county}.yaml" if path.is_dir() else path)


def load_contacts(path: Path) -> Contacts:
    """Read a contacts file; raises UserError for a faulty one."""
    return load(path, Contacts, GUIDE)
