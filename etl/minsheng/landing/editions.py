"""The editions of a plan: its folder as it was received, file by file, and the moment from which it was in force.

``landing/<plan>/editions/0001.json`` names the files of the first edition and their hashes, under which their bytes lie
in ``files/`` beside it. The note is written last: an edition without one was never received. What is judged is judged
by the edition that was in force when it came (docs/adr/0028).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from pydantic import AwareDatetime

from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import atomic_write
from minsheng.core.home import Home
from minsheng.core.notes import Note, UnreadableError
from minsheng.landing.content import keep_at, read_whole
from minsheng.landing.receipts import plans
from minsheng.plan.county import County, as_county
from minsheng.plan.loader import reread_plan
from minsheng.plan.models import Plan
from minsheng.plan.run import Run


@dataclass(frozen=True)
class Correction:
    """One thing that had been published of an indicator's month, put right by an erratum; null: nothing was said."""

    erratum_code: str
    period: str
    indicator_code: str
    column_name: str
    value_before: str | None
    value_after: str | None


@dataclass(frozen=True)
class Edition:
    """A plan folder as it was received. ``sha256`` is that of the whole, ``files`` the hash of each by its name.

    ``corrections``: what its errata put right of the edition before.
    """

    plan_id: str
    number: int
    sha256: str
    received_at: AwareDatetime
    files: dict[str, str]
    corrections: tuple[Correction, ...] = ()


_EDITION = Note(Edition)


def land_edition(home: Home, plan: Plan, received_at: datetime, corrections: tuple[Correction, ...] = ()) -> Edition:
    """Keep the files of a plan, then the note that it was received: from ``received_at`` on it is in force."""
    number = max((int(path.stem) for path in edition_files(home, plan.plan_id)), default=0) + 1
    files = {name: sha256(content).hexdigest() for name, content in plan.files.items()}
    edition = Edition(plan.plan_id, number, plan.sha256, received_at, files, corrections)
    keep_files(home, plan)
    atomic_write(edition_path(home, plan.plan_id, number), _EDITION.written(edition))
    return edition


def keep_files(home: Home, plan: Plan) -> None:
    """Keep the files of a plan that are not kept already, or no longer as they were."""
    for content in plan.files.values():
        path = edition_file(home, plan.plan_id, sha256(content).hexdigest())
        if not is_kept(path):
            keep_at(path, content)


def is_kept(path: Path) -> bool:
    """Whether a file of an edition is there, and still what was received."""
    try:
        read_whole(path)
    except DamagedError:
        return False
    return True


def edition_file(home: Home, plan_id: str, digest: str) -> Path:
    """Where the file of an edition with this hash lies."""
    return home.landing / plan_id / "editions" / "files" / digest


def editions(home: Home, plan_id: str) -> list[Edition]:
    """Every edition received of a plan, in order; raises DamagedError when one of them can no longer be read."""
    return [read_edition(path) for path in edition_files(home, plan_id)]


def edition_files(home: Home, plan_id: str) -> list[Path]:
    """Where the notes of the editions of a plan lie."""
    return sorted((home.landing / plan_id / "editions").glob("*.json"))


def edition_path(home: Home, plan_id: str, number: int) -> Path:
    """Where the note of an edition lies."""
    return home.landing / plan_id / "editions" / f"{number:04}.json"


def read_edition(path: Path) -> Edition:
    """One edition; raises DamagedError when its note can no longer be read."""
    try:
        edition = _EDITION.read(path)
    except UnreadableError as error:
        raise DamagedError("edition_damaged", path, reason=error) from error
    if f"{edition.number:04}" != path.stem:
        raise DamagedError("edition_damaged", path, reason="写的是另一版")
    return edition


def edition_plan(home: Home, edition: Edition) -> Plan:
    """The plan as that edition has it; raises DamagedError when a file of it is not as it was received."""
    return _reread(home, edition.plan_id, tuple(edition.files.items()))


def edition_at(home: Home, plan_id: str, moment: datetime) -> Edition | None:
    """The edition in force at a moment; the first one also serves all that came before it. None: none was received."""
    found = editions(home, plan_id)
    in_force = [edition for edition in found if edition.received_at <= moment]
    return next(iter(in_force[-1:] or found[:1]), None)


def as_received(run: Run) -> Run:
    """The same run by the editions in force at its moment; a plan of which none was received stays as it is."""
    plans = (_plan_at(run.home, plan, run.as_of) for plan in run.county.plans)
    return replace(run, county=County(tuple(plans)))


def received_county(home: Home, moment: datetime) -> County:
    """The county of a home by the editions in force at a moment; raises UserError where none was received yet."""
    found = [edition for plan_id in plans(home) if (edition := edition_at(home, plan_id, moment))]
    if not found:
        raise UserError("county_not_begun", home.county)
    return as_county(edition_plan(home, edition) for edition in found)


@dataclass(frozen=True)
class Span:
    """A time in which the same editions were in force: up to, and without, ``until``; null: still."""

    county: County
    until: datetime | None


def spans(run: Run, since: datetime | None) -> Iterator[Span]:
    """The spans in which what came since a moment is to be judged, oldest first; the last one is of the run's county.

    ``since`` null: nothing came.
    """
    begun = sorted({each.received_at for plan_id in run.county.plan_ids for each in editions(run.home, plan_id)})
    begun = [moment for moment in begun if moment <= run.as_of]
    first = bisect_right(begun, since or run.as_of)
    bounds = begun[max(first - 1, 0) :]
    for begins, ends in pairwise(bounds):
        yield Span(as_received(replace(run, as_of=begins)).county, ends)
    yield Span(run.county, None)


def _plan_at(home: Home, plan: Plan, moment: datetime) -> Plan:
    edition = edition_at(home, plan.plan_id, moment)
    return plan if edition is None or edition.sha256 == plan.sha256 else edition_plan(home, edition)


@lru_cache(maxsize=16)
def _reread(home: Home, plan_id: str, files: tuple[tuple[str, str], ...]) -> Plan:
    return reread_plan({name: read_whole(edition_file(home, plan_id, digest)) for name, digest in files})
