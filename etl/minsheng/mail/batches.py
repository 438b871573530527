"""Which mails one task hands in over one connection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from minsheng.core.home import Home
from minsheng.mail.folders import mails
from minsheng.mail.waiting import is_due

# Mails in a batch, about; and how many batches a run has at most, however many mails wait.
_SIZE = 100
_MOST = 50


@dataclass(frozen=True)
class Batch:
    """Units of a county whose mails go over one connection, and what the batch is called."""

    county: str
    units: tuple[str, ...]
    label: str


def batches(home: Home, now: datetime | None, names: Mapping[str, str]) -> list[Batch]:
    """The units with a mail that is due, in batches; ``now`` null: those that were put off are due as well."""
    waiting = [eml for eml in mails(home, "pending") if now is None or is_due(eml, now)]
    size = max(_SIZE, -(-len(waiting) // _MOST))
    counted = ((code, len([*found])) for code, found in groupby(eml.parent.name for eml in waiting))
    return [Batch(home.county, units, _label(units, names)) for units in _filled(counted, size)]


def _filled(counted: Iterator[tuple[str, int]], size: int) -> Iterator[tuple[str, ...]]:
    """Units put together until they have ``size`` mails."""
    units: list[str] = []
    mail_count = 0
    for code, count in counted:
        units.append(code)
        mail_count += count
        if mail_count >= size:
            yield tuple(units)
            units, mail_count = [], 0
    if units:
        yield tuple(units)


def _label(units: tuple[str, ...], names: Mapping[str, str]) -> str:
    first = f"{units[0]} {names.get(units[0], '')}".strip()
    return first if len(units) == 1 else f"{first} 等 {len(units)} 个单位"
