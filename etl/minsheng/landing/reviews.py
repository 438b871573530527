"""What the data team has made of units' explanations: a note each, beside the files they speak of.

A review is about what was said and of which number, not about the file that said it: a file sent again with the same
words for the same number is not asked again (docs/adr/0036).
"""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass
from pathlib import Path

from pydantic import AwareDatetime

from minsheng.core.codes import ReviewCode
from minsheng.core.errors import DamagedError
from minsheng.core.files import atomic_write
from minsheng.core.home import Home
from minsheng.core.notes import Note, UnreadableError


@dataclass(frozen=True)
class Doubt:
    """What is looked at: the finding of a rule in a unit's month, its words, and what the unit says of it."""

    plan_id: str
    period: str
    unit_code: str
    rule: str
    about: str | None
    message: str
    explanation: str | None


@dataclass(frozen=True)
class Review:
    """Who has made what of a doubt, why and when."""

    doubt: Doubt
    review_code: ReviewCode
    reviewed_by: str
    reason: str
    reviewed_at: AwareDatetime


_NOTE = Note(Review)


def record_review(home: Home, note: Review) -> None:
    """Keep a review; an earlier one of the same doubt stays on record beside it."""
    digest = hashlib.sha256(repr((astuple(note.doubt), note.review_code)).encode()).hexdigest()[:12]
    name = f"{note.reviewed_at:%Y%m%dT%H%M%S}-{digest}.json"
    atomic_write(_folder(home, note.doubt.plan_id) / name, _NOTE.written(note))


def reviews(home: Home, plan_id: str) -> list[Review]:
    """Every review of a plan, the earliest first; raises DamagedError when one can no longer be read."""
    return sorted(map(read_review, review_files(home, plan_id)), key=lambda note: note.reviewed_at)


def review_files(home: Home, plan_id: str) -> list[Path]:
    """Where the reviews of a plan lie."""
    return sorted(_folder(home, plan_id).glob("*.json"))


def read_review(path: Path) -> Review:
    """One review; raises DamagedError when it can no longer be read."""
    try:
        return _NOTE.read(path)
    except UnreadableError as error:
        raise DamagedError("review_damaged", path, reason=error) from error


def _folder(home: Home, plan_id: str) -> Path:
    return home.landing / plan_id / "reviews"
