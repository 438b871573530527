"""Publishing less than before: it stops until a person has said, with a reason, that it is meant.

The consent is a file beside the revisions and names the one that may be followed by less: it is used up with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import atomic_write
from minsheng.core.home import Publisher
from minsheng.core.notes import Note, UnreadableError
from minsheng.publication.log import log
from minsheng.publication.manifest import Basis
from minsheng.publication.revisions import Revision, last_readable
from minsheng.warehouse.connection import Row
from minsheng.words.chinese import chinese

CONSENT = "consent.json"
_SHOWN = 5


@dataclass(frozen=True)
class Consent:
    """Who follows ``revision`` may hold less than it."""

    revision: str
    at: str
    reason: str


_CONSENT = Note(Consent)


@dataclass(frozen=True)
class Fewer:
    """What the last publication held and the next would not; ``months`` as plan and period."""

    than: str
    months: tuple[tuple[str, str], ...]
    inputs: tuple[Row, ...]

    @property
    def text(self) -> str:
        """The same in words: how much, and the first of it by name."""
        reports = Counter((row["unit_code"], row["period"]) for row in self.inputs)
        told = [
            (self.months, "个已开的月份", (" ".join(month) for month in self.months)),
            (self.inputs, "份已接收的报表", (f"{unit} {period}" for unit, period in sorted(reports))),
        ]
        return "和".join(f"{len(lost)} {what}（{_listed(names)}）" for lost, what, names in told if lost)


def require_no_fewer(publisher: Publisher, basis: Basis) -> dict[str, object] | None:
    """Hold what is to be published against what was published last.

    Gives what the manifest is to say of it when less is published with consent, else None. Raises UserError when
    there is less and nobody has consented.
    """
    last = last_readable(publisher)
    fewer = _fewer(last, basis) if last else None
    if fewer is None:
        return None
    consent = read_consent(publisher)
    if consent is None or consent.revision != fewer.than:
        raise UserError("fewer_published", chinese().stage["publish"], than=fewer.than, lost=fewer.text)
    lost = [row["submission_id"] for row in fewer.inputs]
    return asdict(consent) | {"months": [" ".join(month) for month in fewer.months], "inputs": lost}


def accept_fewer(publisher: Publisher, now: datetime, reason: str) -> Revision:
    """Let the next publication hold less than the last one; raises UserError when nothing is published."""
    last = last_readable(publisher)
    if last is None:
        raise UserError("nothing_published", publisher.published)
    consent = Consent(last.name, now.isoformat(), reason)
    atomic_write(publisher.published / CONSENT, _CONSENT.written(consent))
    log(publisher, now, "fewer accepted", {"than": last.name, "reason": reason})
    return last


def read_consent(publisher: Publisher) -> Consent | None:
    """What people have consented to last; raises DamagedError when it can no longer be read."""
    path = publisher.published / CONSENT
    if not path.exists():
        return None
    try:
        return _CONSENT.read(path)
    except UnreadableError as error:
        raise DamagedError("consent_damaged", path) from error


def _fewer(last: Revision, basis: Basis) -> Fewer | None:
    held = {row["submission_id"] for row in basis.inputs}
    months = tuple(sorted(last.months - basis.months))
    inputs = tuple(row for row in last.inputs if row["submission_id"] not in held)
    return Fewer(last.name, months, inputs) if months or inputs else None


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    return "、".join(listed[:_SHOWN]) + ("、…" if len(listed) > _SHOWN else "")
