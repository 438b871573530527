"""A trace: everything between a published figure and the cells it was read from, as facts without words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from minsheng.core.codes import CellReading, Severity, Verdict
from minsheng.trace.judgement import FigureJudgement, MemberValue, Values, Yardstick
from minsheng.warehouse.connection import Row


@dataclass(frozen=True)
class Stamp:
    """The publication the trace starts from.

    ``found_sha256`` is taken anew from the database as it lies there now; ``inputs`` are the accepted submissions
    it rests on. ``is_issued``: a bulletin was made of it, which what the plan says since does not touch.
    """

    plan_id: str
    plan_title: str
    revision: str
    as_of: datetime
    code_version: str
    plan_sha256: str
    database_sha256: str
    found_sha256: str
    inputs: frozenset[str]
    is_issued: bool = False

    @property
    def is_intact(self) -> bool:
        """Whether the database is still the one its manifest speaks of."""
        return self.database_sha256 == self.found_sha256


@dataclass(frozen=True)
class RegisterMember:
    """A member of the register an indicator is reported by."""

    code: str
    name: str


@dataclass(frozen=True)
class Cell:
    """One cell of a unit's file, as it was read. ``heading`` is what stands above it in that file."""

    submission_id: str
    section: str
    sheet: str
    ref: str
    field: str
    member_code: str | None
    heading: str | None
    raw_text: str | None
    number: Decimal | None
    text: str | None
    reading: CellReading

    @property
    def place(self) -> str:
        """Where it stands, as spreadsheets write it."""
        return f"{self.sheet}!{self.ref}"


@dataclass(frozen=True)
class Fault:
    """A finding; ``indicator_code`` null: it stands in no indicator's row."""

    submission_id: str
    rule_code: str
    severity: Severity
    sheet: str | None
    ref: str | None
    found: str | None
    message: str
    indicator_code: str | None


@dataclass(frozen=True)
class RuleOutcome:
    """How one rule fared with the file. ``title`` is empty if today's rules know the code no more."""

    rule_code: str
    title: str
    severity: str
    applied_count: int
    fired_count: int
    unjudged_count: int

    @property
    def is_passed(self) -> bool:
        """Whether every fact it applied to could be judged, and none broke it."""
        return self.fired_count == 0 and self.unjudged_count == 0


@dataclass(frozen=True)
class GrantedWaiver:
    """A rule the unit was excused from when the file came."""

    rule_code: str
    reason: str
    document_no: str
    expires_on: date


@dataclass(frozen=True)
class Original:
    """The bytes in landing: where they belong, and what hash they have now; null: they are not there."""

    path: str
    found_sha256: str | None


@dataclass(frozen=True)
class File:
    """One file of the unit for this month. ``verdict`` null: not judged yet; ``period`` null: none could be read.

    ``counted_at`` null: it is not accepted, or has to be signed and is not. ``source_name`` null: it was handed in over
    HTTP, or nobody knows any more.
    """

    submission_id: str
    file_name: str
    sha256: str
    byte_count: int
    received_at: datetime
    period: str | None
    template_version: str | None
    verdict: Verdict | None
    accepted_at: datetime | None
    rules_version: str | None
    counted_at: datetime | None
    signed_at: datetime | None
    signed_by: str | None
    source_name: str | None
    is_published: bool


@dataclass(frozen=True)
class Version:
    """A value as it was believed from ``known_from`` to ``known_to`` (null: still), from the publication."""

    revision_no: int
    submission_id: str
    actual_value: float | None
    known_from: datetime
    known_to: datetime | None
    reason: str | None


@dataclass(frozen=True)
class OpeningFigure:
    """What the plan said had been reached before the county's first month, and where it had that from."""

    period: str
    value: Decimal | None
    basis: str


@dataclass(frozen=True)
class Trace:
    """The whole way.

    ``figure`` is the published row, ``duty`` the published row of its unit's report (null: it owed none).
    ``files``, ``cells`` and ``faults`` are those of the unit and month, oldest first; ``source`` and ``original``
    are null when nothing stands behind the figure, and so is ``judgement``. ``opening``: what it goes on from where no
    month was accepted before, as the plan said when ``source`` came; null: one was, or the plan said nothing.
    ``values`` are those of each accepted file that says something of the indicator, ``member_values`` those of
    ``source``.
    """

    stamp: Stamp
    figure: Row
    duty: Row | None
    due_at: datetime
    yardstick: Yardstick
    judgement: FigureJudgement | None
    values: Mapping[str, Values]
    member_values: tuple[MemberValue, ...]
    members: tuple[RegisterMember, ...]
    opening: OpeningFigure | None
    source: File | None
    original: Original | None
    files: tuple[File, ...]
    cells: tuple[Cell, ...]
    faults: tuple[Fault, ...]
    rule_results: tuple[RuleOutcome, ...]
    current_rules_version: str
    waivers: tuple[GrantedWaiver, ...]
    versions: tuple[Version, ...]

    @property
    def unpublished(self) -> tuple[File, ...]:
        """Files the publication does not know of."""
        return tuple(file for file in self.files if not file.is_published)

    def file(self, submission_id: str) -> File:
        """The file with this id; raises KeyError."""
        return {file.submission_id: file for file in self.files}[submission_id]

    def cells_of(self, submission_id: str) -> Sequence[Cell]:
        """The indicator's cells in one file, as the file is read."""
        return [cell for cell in self.cells if cell.submission_id == submission_id]

    def faults_of(self, submission_id: str) -> Sequence[Fault]:
        """What was found in one file, gravest first."""
        return [fault for fault in self.faults if fault.submission_id == submission_id]
