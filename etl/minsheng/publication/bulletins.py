"""The bulletins of a plan: drafts, what was decided of each, and those that were issued, numbered, for ever.

``bulletins/<plan>/<period>/1/`` is a month's first draft: its files, the template they were made by, and
``draft.json``, written last; a person's word on it is ``decision.json`` beside it. ``bulletins/<plan>/issued/0001/`` is
the first that was issued: its files are written before the decision, ``issued.json`` after it. The decision gives the
number, so whatever is cut short after it is finished under the same number (docs/adr/0052).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from pydantic import AwareDatetime

from minsheng.core.clock import county_time
from minsheng.core.codes import BulletinVerdict
from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import atomic_write, digest, locked, make_folder
from minsheng.core.home import Home
from minsheng.core.notes import Note, UnreadableError
from minsheng.words.chinese import chinese

TEMPLATE = "template.docx"
_DRAFT, _DECISION, _ISSUED = "draft.json", "decision.json", "issued.json"
_ISSUED_MODE = 0o440  # nobody writes over it by mistake
_OTHERWISE = "与记下的校验值不符"
T = TypeVar("T")


@dataclass(frozen=True)
class BulletinDraft:
    """What was laid before whoever decides: made from ``revision`` by a template, its ``files`` by name with hash.

    ``head``: of the chain of evidence as it stood then; empty: there was none. ``follows``: the number of the bulletin
    issued last before it, 0: none was. What else it was made with is kept, since it is issued as it was drafted:
    ``fonts``, the hash of each font file by name, and what it says of its ``office``.
    """

    plan_id: str
    period: str
    draft_no: int
    made_at: AwareDatetime
    revision: str
    template_sha256: str
    head: str
    files: dict[str, str]
    follows: int
    fonts: dict[str, str]
    office: str
    telephone: str | None


@dataclass(frozen=True)
class BulletinDecision:
    """What a person decided of a draft, and why; ``number`` of the bulletin it became, null: declined.

    ``files``: of that bulletin by name, with their hashes; they lie in its folder before the decision is written.
    """

    verdict: BulletinVerdict
    decided_by: str
    decided_at: AwareDatetime
    reason: str
    number: int | None = None
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class IssuedBulletin:
    """A bulletin that was issued; ``files`` by name, with their hashes."""

    plan_id: str
    period: str
    number: int
    issued_at: AwareDatetime
    issued_by: str
    revision: str
    files: dict[str, str]


@dataclass(frozen=True)
class DecidedDraft:
    """A draft and what was decided of it; null: nobody has decided yet."""

    draft: BulletinDraft
    decision: BulletinDecision | None


_DRAFTS, _DECISIONS, _ISSUES = Note(BulletinDraft), Note(BulletinDecision), Note(IssuedBulletin)


@contextmanager
def deciding(home: Home, plan_id: str) -> Iterator[None]:
    """Nobody else drafts or decides of this plan meanwhile."""
    make_folder(_folder(home, plan_id))
    with locked(_folder(home, plan_id)):
        yield


def drafts(home: Home, plan_id: str, period: str | None = None) -> list[DecidedDraft]:
    """Every draft of a plan, or of one of its months, in order; raises DamagedError when one cannot be read."""
    return [read_draft(folder) for folder in draft_folders(home, plan_id, period)]


def draft_folders(home: Home, plan_id: str, period: str | None = None) -> list[Path]:
    """Where the drafts of a plan lie, or of one of its months, in order."""
    notes = _folder(home, plan_id).glob(f"{period or '*'}/*/{_DRAFT}")
    return sorted((path.parent for path in notes if path.parent.name.isdecimal()), key=_place)


def read_draft(folder: Path) -> DecidedDraft:
    """The draft in a folder, and what was decided of it; raises DamagedError when either cannot be read."""
    path = folder / _DECISION
    return DecidedDraft(_read(_DRAFTS, folder / _DRAFT), _read(_DECISIONS, path) if path.exists() else None)


def whole_folders(home: Home) -> list[Path]:
    """Every draft and every issued bulletin of all plans: a folder without its note is still being written."""
    return sorted(path.parent for note in (_DRAFT, _ISSUED) for path in home.bulletins.glob(f"*/*/*/{note}"))


def last_draft(home: Home, plan_id: str, period: str) -> DecidedDraft | None:
    """The newest draft of a month; None: there is none."""
    return next(reversed(drafts(home, plan_id, period)), None)


def issued(home: Home, plan_id: str) -> list[IssuedBulletin]:
    """Every bulletin that was issued, by number."""
    return [_read(_ISSUES, path) for path in sorted((_folder(home, plan_id) / "issued").glob(f"*/{_ISSUED}"))]


def unfinished(home: Home, plan_id: str) -> list[DecidedDraft]:
    """The drafts that were approved and whose bulletin is not written yet."""
    done = {one.number for one in issued(home, plan_id)}
    return [one for one in drafts(home, plan_id) if one.decision and one.decision.number not in (None, *done)]


def keep_draft(home: Home, draft: BulletinDraft, files: Mapping[str, bytes], template: bytes) -> None:
    """Write a draft, its note last: without it, there is none."""
    folder = draft_folder(home, draft)
    for name, content in {**files, TEMPLATE: template}.items():
        atomic_write(folder / name, content)
    atomic_write(folder / _DRAFT, _DRAFTS.written(draft))


def keep_decision(home: Home, draft: BulletinDraft, decision: BulletinDecision) -> None:
    """Write what was decided: from now on it is so."""
    atomic_write(draft_folder(home, draft) / _DECISION, _DECISIONS.written(decision))


def lay_out(home: Home, plan_id: str, number: int, files: Mapping[str, bytes]) -> None:
    """Write the files of a bulletin that is about to be approved; what an approval cut short has left is taken out."""
    folder = _numbered(home, plan_id, number)
    for path in folder.glob("*"):
        path.unlink()
    for name, content in files.items():
        atomic_write(folder / name, content, _ISSUED_MODE)


def keep_issued(home: Home, bulletin: IssuedBulletin) -> None:
    """Write the note of a bulletin, which makes it issued; raises DamagedError where its files are not as approved."""
    folder = issued_folder(home, bulletin)
    for name, value in bulletin.files.items():
        path = folder / name
        if not path.is_file() or digest(path) != value:
            raise DamagedError("bulletin_damaged", path, reason=_OTHERWISE)
    atomic_write(folder / _ISSUED, _ISSUES.written(bulletin), _ISSUED_MODE)


def last_number(home: Home, plan_id: str) -> int:
    """The number of the bulletin issued last; 0: none was."""
    return max((one.number for one in issued(home, plan_id)), default=0)


def next_number(home: Home, plan_id: str) -> int:
    """The number of the next bulletin: one more than was ever given, written already or not, its draft lost or not."""
    given = (one.decision.number or 0 for one in drafts(home, plan_id) if one.decision)
    return max([last_number(home, plan_id), *given]) + 1


def require_undecided(found: DecidedDraft) -> None:
    """Raises UserError when somebody has decided of the draft already."""
    if one := found.decision:
        at = f"{county_time(one.decided_at):%Y-%m-%d %H:%M}"
        deed = chinese().bulletin_verdict[one.verdict] + (f"（{one.reason}）" if one.reason else "")
        raise UserError("bulletin_decided", _named(found.draft), who=one.decided_by, at=at, deed=deed)


def template_of_draft(home: Home, draft: BulletinDraft) -> bytes:
    """The template the draft was made by; raises DamagedError when it is lost or changed."""
    path = draft_folder(home, draft) / TEMPLATE
    content = path.read_bytes() if path.exists() else b""
    if sha256(content).hexdigest() != draft.template_sha256:
        raise DamagedError("bulletin_damaged", path, reason=_OTHERWISE)
    return content


def draft_folder(home: Home, draft: BulletinDraft) -> Path:
    """Where a draft lies."""
    return _folder(home, draft.plan_id) / draft.period / str(draft.draft_no)


def issued_folder(home: Home, bulletin: IssuedBulletin) -> Path:
    """Where a bulletin lies that was issued."""
    return _numbered(home, bulletin.plan_id, bulletin.number)


def hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """The sha256 of each file by its name."""
    return {name: sha256(content).hexdigest() for name, content in files.items()}


def _folder(home: Home, plan_id: str) -> Path:
    return home.bulletins / plan_id


def _numbered(home: Home, plan_id: str, number: int) -> Path:
    return _folder(home, plan_id) / "issued" / f"{number:04}"


def _place(folder: Path) -> tuple[str, int]:
    return folder.parent.name, int(folder.name)


def _named(draft: BulletinDraft) -> str:
    return f"{draft.period} 通报草稿 {draft.draft_no}"


def _read(kind: Note[T], path: Path) -> T:
    try:
        return kind.read(path)
    except UnreadableError as error:
        raise DamagedError("bulletin_damaged", path, reason=error) from error
