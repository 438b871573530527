"""What keeps an installation in order over the years: looked through, copied, and rid of what nobody needs any more."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from minsheng.backup.making import drop_old, make_backup
from minsheng.backup.settings import metadata_address, settings_files
from minsheng.core.errors import UserError
from minsheng.core.home import Installation, Publisher
from minsheng.core.outcome import Outcome, StageResult
from minsheng.core.settings import Settings
from minsheng.publication.retention import Keep, prune
from minsheng.verify import verify

_ALL = "全部"
_MEGABYTE = 1_000_000


def examine(installation: Installation) -> StageResult:
    """Every byte of every home held against what it must be; what is hurt is an outcome ``failed`` with its remedy."""
    hurts = verify(installation, installation.counties)
    found = [Outcome(hurt.where, "failed", f"{hurt.problem}；{hurt.remedy}") for hurt in hurts]
    return StageResult("examine", tuple(found) or (Outcome(_ALL, "passed"),))


def back_up(installation: Installation, settings: Settings, now: datetime) -> StageResult:
    """A new backup where the settings say; raises UserError when they do not, or something is lost already."""
    address = metadata_address(settings.metadata)
    made = make_backup(installation, backups_folder(settings), now, address, settings_files(settings))
    told = f"{made.files} 个文件，{made.size / _MEGABYTE:,.1f} MB，已读回核对"
    without = "" if address else "；没有设置 MINSHENG_METADATA，不含 Airflow 元数据"
    return StageResult("back_up", (Outcome(made.folder, "made", told + without),))


def drop_backups(settings: Settings) -> StageResult:
    """All backups but the newest, as many as the settings keep."""
    gone = drop_old(backups_folder(settings), settings.backups_kept)
    return StageResult("drop_backups", tuple(Outcome(folder.name, "removed") for folder in gone))


def drop_revisions(installation: Installation, settings: Settings, now: datetime) -> StageResult:
    """The revisions that nothing keeps, of every county and of all together."""
    keep = Keep(settings.revisions_kept, settings.revisions_days)
    publishers: dict[str, Publisher] = {county: installation.home(county) for county in installation.counties}
    gone = [
        Outcome(f"{name}/{revision.name}", "removed")
        for name, publisher in (publishers | {_ALL: installation}).items()
        if publisher.published.exists()
        for revision in prune(publisher, keep, now)
    ]
    return StageResult("drop_revisions", tuple(gone))


def drop_logs(folder: Path, before: datetime) -> StageResult:
    """The logs that nobody has written to since ``before``; of each folder that is empty then nothing stays."""
    gone = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_mtime < before.timestamp()]
    freed = sum(path.stat().st_size for path in gone)
    for path in gone:
        path.unlink()
    for path in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()
    told = f"{len(gone)} 个日志，{freed / _MEGABYTE:,.1f} MB"
    return StageResult("drop_logs", (Outcome(str(folder), "removed", told),) if gone else ())


def backups_folder(settings: Settings) -> Path:
    """Where backups go; raises UserError when the settings do not say."""
    if settings.backups is None:
        raise UserError("backups_unset", "MINSHENG_BACKUPS")
    return settings.backups
