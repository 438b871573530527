"""pull: copy what units left in the inbox into landing. Judges nothing and removes nothing."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator
from pathlib import Path

from etl.errors import UserError
from etl.files import readable_name
from etl.guard import storable_name, withhold
from etl.home import Home
from etl.landing import Receipt, acknowledge, digest, has_receipt, land, submission_id
from etl.outcome import Outcome, StageResult
from etl.plan.models import Plan
from etl.reader.container import MAX_BYTES
from etl.reader.lexicon import Lexicon
from etl.run import Run
from etl.stages.parse import plan_lexicon
from etl.warehouse.ledger import keep

# What keeps us from taking any file at all; anything else concerns the one file: a share that is gone, a lock.
_OURS = frozenset({errno.ENOSPC, errno.EROFS, errno.EDQUOT})
# Left behind by Excel, WPS, LibreOffice and file managers while a workbook is open; never a report.
_DEBRIS_PREFIXES = (".", "~$", "~WPS")
_DEBRIS_NAMES = frozenset({"Thumbs.db", "desktop.ini"})


def pull(run: Run, inbox: Path) -> StageResult:
    """Land every file of ``inbox/<unit_code>/…``; files landed before are ``known``.

    Of a file with personal data only the receipt is kept: it is ``withheld``.

    A file outside a unit's folder has no sender: it stays where it is and is reported as
    ``misplaced``. Raises UserError when there is no inbox.
    """
    strays = map(storable_name, _strays(inbox))
    outcomes = [Outcome(name, "misplaced", "放在单位文件夹之外，无法确定报送单位") for name in strays]
    words = plan_lexicon(run.plan)
    outcomes += [_pull_one(run, words, unit_code, file, name) for unit_code, file, name in _files(inbox)]
    return keep(run, StageResult("pull", tuple(outcomes)))


def is_known(home: Home, plan: Plan, inbox: Path) -> bool:
    """Whether every file of the inbox has already landed."""
    return all(
        has_receipt(home, plan.plan_id, submission_id(plan.plan_id, unit_code, storable_name(name), digest(file)))
        for unit_code, file, name in _files(inbox)
    )


def _pull_one(run: Run, words: Lexicon, unit_code: str, file: Path, name: str) -> Outcome:
    """One file that cannot be taken keeps no other waiting: it stays where it is, and the next run tries again."""
    try:
        return _take(run, words, unit_code, file, name)
    except OSError as error:
        if error.errno in _OURS:
            raise
        return Outcome(f"{unit_code}/{storable_name(name)}", "unreadable", f"{error.strerror}，文件仍在收件目录")


def _take(run: Run, words: Lexicon, unit_code: str, file: Path, name: str) -> Outcome:
    size = file.stat().st_size
    content = file.read_bytes() if size <= MAX_BYTES else None
    kept_name = storable_name(name)
    sha256 = digest(file) if content is None else hashlib.sha256(content).hexdigest()
    label = f"{unit_code}/{kept_name}"
    identity = submission_id(run.plan.plan_id, unit_code, kept_name, sha256)
    if has_receipt(run.home, run.plan.plan_id, identity):
        return Outcome(label, "known", identity)
    # What is too large to be opened is refused unread.
    withheld = None if content is None else withhold(content, name, words)
    receipt = Receipt(identity, run.plan.plan_id, unit_code, kept_name, sha256, size, run.as_of, withheld)
    if withheld:
        acknowledge(run.home, receipt)
        return Outcome(label, "withheld", f"{identity} 含个人信息，未保存内容", size)
    if not land(run.home, receipt, file):
        return Outcome(label, "busy", "文件正在写入，下次再取")
    return Outcome(label, "landed", identity, size)


def _files(inbox: Path) -> Iterator[tuple[str, Path, str]]:
    """Unit code, file and name below the unit's folder, in a fixed order."""
    for folder in _entries(inbox):
        if folder.is_dir() and not folder.is_symlink() and not _is_debris(folder):
            for file in sorted(folder.rglob("*")):
                if file.is_file() and not file.is_symlink() and not _is_debris(file):
                    yield storable_name(folder.name), file, readable_name(file.relative_to(folder))


def _strays(inbox: Path) -> list[str]:
    """Files and links that come through no unit's folder; a link may show what its owner must not see."""
    paths = (path for path in _entries(inbox) if path.is_file() or path.is_symlink())
    return [readable_name(path.relative_to(inbox)) for path in paths if not _is_debris(path)]


def require_inbox(inbox: Path) -> None:
    """Raises UserError when there is no inbox."""
    if not inbox.is_dir():
        raise UserError(str(inbox), "the inbox is not a folder", "create it with one sub-folder per unit code")


def _entries(inbox: Path) -> list[Path]:
    require_inbox(inbox)
    return sorted(inbox.iterdir())


def _is_debris(path: Path) -> bool:
    return path.name.startswith(_DEBRIS_PREFIXES) or path.name in _DEBRIS_NAMES
