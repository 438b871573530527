"""pull: copy what units left in the inbox into landing. Judges nothing and removes nothing."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from etl.errors import UserError
from etl.files import readable_name
from etl.guard import kept_name, storable_name, unnamed, withhold
from etl.home import Home
from etl.landing import (
    Receipt,
    Withheld,
    acknowledge,
    arrivals,
    digest,
    has_receipt,
    land,
    landed_elsewhere,
    submission_id,
)
from etl.outcome import Outcome, StageResult
from etl.plan.models import Plan
from etl.reader.container import MAX_BYTES
from etl.reader.lexicon import Lexicon
from etl.run import Run
from etl.stages.parse import plan_lexicon
from etl.warehouse.ledger import keep

log = logging.getLogger(__name__)
# What keeps us from taking any file at all, as does a landing we may not write; else it is about the one file: a lock.
_OURS = frozenset({errno.ENOSPC, errno.EROFS, errno.EDQUOT})
_OUR_FAULT = "取件时程序出错，文件仍在收件目录，留待下次取件；详见运行日志"
# Left behind by Excel, WPS, LibreOffice and file managers while a workbook is open; never a report.
_DEBRIS_PREFIXES = (".", "~$", "~WPS")
_DEBRIS_NAMES = frozenset({"Thumbs.db", "desktop.ini"})


def pull(run: Run, inbox: Path) -> StageResult:
    """Land every file of ``inbox/<unit_code>/…``; files landed before, for any plan, are ``known``.

    Of a file with personal data, or that nobody can look into, only the receipt is kept: it is ``withheld``.

    A file outside a unit's folder has no sender: it stays where it is and is reported as
    ``misplaced``. Raises UserError when there is no inbox.
    """
    strays = map(storable_name, _strays(inbox))
    outcomes = [Outcome(name, "misplaced", "放在单位文件夹之外，无法确定报送单位") for name in strays]
    pulling = _Pulling(
        run,
        plan_lexicon(run.plan),
        arrivals(run.home, run.plan.plan_id, run.as_of),
        landed_elsewhere(run.home, run.plan.plan_id),
    )
    shut: list[OSError] = []
    outcomes += [_pull_one(pulling, unit_code, file, name) for unit_code, file, name in _files(inbox, shut.append)]
    outcomes += [_unreadable(storable_name(readable_name(Path(one.filename).relative_to(inbox))), one) for one in shut]
    return keep(run, StageResult("pull", tuple(outcomes)))


def is_known(home: Home, plan: Plan, inbox: Path, by: datetime) -> bool:
    """Whether every file of the inbox had landed by a moment, and nothing else under its name since."""
    arrived = arrivals(home, plan.plan_id, by)
    return all(_is_last(arrived, unit_code, name, digest(file)) for unit_code, file, name in _files(inbox))


@dataclass(frozen=True)
class _Pulling:
    """What the files of one pull are held against."""

    run: Run
    words: Lexicon
    arrived: Mapping[tuple[str, str], Sequence[str]]
    elsewhere: frozenset[tuple[str, str]]


def _is_last(arrived: Mapping[tuple[str, str], Sequence[str]], unit_code: str, name: str, sha256: str) -> bool:
    """Whether these bytes are what came last under this name, or under the one it bears when it is withheld."""
    names = (storable_name(name), unnamed(name))
    return any(arrived.get((unit_code, each), ("",))[-1] == sha256 for each in names)


def _pull_one(pulling: _Pulling, unit_code: str, file: Path, name: str) -> Outcome:
    """One file that cannot be taken keeps no other waiting: it stays where it is, and the next run tries again."""
    label = f"{unit_code}/{storable_name(name)}"
    try:
        return _take(pulling, unit_code, file, name)
    except OSError as error:
        if error.errno in _OURS or _is_landing(pulling.run.home, error.filename):
            raise
        return _unreadable(label, error)
    except Exception:
        log.exception("cannot take %s", label)
        return Outcome(label, "failed", f"{label}：{_OUR_FAULT}")


def _is_landing(home: Home, path: str | None) -> bool:
    return path is not None and Path(path).is_relative_to(home.landing)


def _unreadable(label: str, error: OSError) -> Outcome:
    return Outcome(label, "unreadable", f"{error.strerror}，文件仍在收件目录")


def _take(pulling: _Pulling, unit_code: str, file: Path, name: str) -> Outcome:
    label, status = f"{unit_code}/{storable_name(name)}", file.lstat()
    if not stat.S_ISREG(status.st_mode):  # a link may show what its owner must not see
        return Outcome(label, "misplaced", "是链接或特殊文件，不是报表")
    content = file.read_bytes() if status.st_size <= MAX_BYTES else None
    sha256 = digest(file) if content is None else hashlib.sha256(content).hexdigest()
    if _is_last(pulling.arrived, unit_code, name, sha256) or (unit_code, sha256) in pulling.elsewhere:
        return Outcome(label, "known")
    withheld = withhold(content, name, pulling.words)
    receipt = _receipt(pulling, unit_code, kept_name(name, withheld), sha256, status.st_size, withheld)
    return _land(pulling.run.home, receipt, file)


def _receipt(
    pulling: _Pulling, unit_code: str, name: str, sha256: str, size: int, withheld: Withheld | None
) -> Receipt:
    plan_id, times_before = pulling.run.plan.plan_id, pulling.arrived.get((unit_code, name), []).count(sha256)
    identity = submission_id(plan_id, unit_code, name, sha256, times_before)
    return Receipt(identity, plan_id, unit_code, name, sha256, size, pulling.run.as_of, withheld)


def _land(home: Home, receipt: Receipt, file: Path) -> Outcome:
    label = f"{receipt.unit_code}/{receipt.file_name}"
    if has_receipt(home, receipt.plan_id, receipt.submission_id):
        return Outcome(label, "known", receipt.submission_id)
    if receipt.withheld:
        acknowledge(home, receipt)
        return Outcome(label, "withheld", f"{receipt.submission_id} 未保存内容", receipt.byte_count)
    if not land(home, receipt, file):
        return Outcome(label, "busy", "文件正在写入，下次再取")
    return Outcome(label, "landed", receipt.submission_id, receipt.byte_count)


def _files(inbox: Path, shut: Callable[[OSError], object] | None = None) -> Iterator[tuple[str, Path, str]]:
    """Unit code, file and name below the unit's folder, in a fixed order.

    ``shut`` hears of folders that cannot be listed.
    """
    for folder in _entries(inbox):
        if folder.is_dir() and not folder.is_symlink() and not _is_debris(folder):
            below = (Path(parent, name) for parent, _, names in os.walk(folder, onerror=shut) for name in names)
            for file in sorted(below):
                if not _is_debris(file):
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
