"""A backup: all homes of an installation, Airflow's metadata and the settings, in one folder.

Made under another name, read back, and only then given its own: cut short, there is none.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from minsheng.backup.copying import Copying, settle_folders
from minsheng.backup.manifest import CopiedFile, Manifest, require_whole, write_manifest
from minsheng.backup.record import LastBackup, remember_backup
from minsheng.core.clock import county_time
from minsheng.core.declarations import code_version
from minsheng.core.errors import UserError
from minsheng.core.files import digest, locked, make_folder, move
from minsheng.core.home import Home, Installation
from minsheng.core.layout import enter_home, require_new
from minsheng.warehouse.copying import held_still

# What a backup has in its folder, beside the manifest.
HOMES = "homes"
METADATA = "metadata"
SETTINGS = "settings"

_PREFIX = "minsheng-"
_PARTIAL = ".partial-"
# What was read of each file: made again where it is next needed.
_READ_AGAIN = "books"


def make_backup(
    installation: Installation,
    out: Path,
    now: datetime,
    metadata: str | None = None,
    settings: Mapping[str, Path] | None = None,
) -> LastBackup:
    """Make a backup in a folder of its own below ``out``, read it back, and remember it.

    ``metadata``: the address of Airflow's database, if it is to be in it; ``settings``: further files and folders by
    the name they get. The installation may be at work; a writer of a warehouse waits while its last changes are copied.
    Raises UserError when a part of the installation is lost: a backup of that would only push out a better one.
    """
    _require_outside(out, installation)
    counties = [enter_home(installation, county) for county in installation.counties]
    for home in counties:
        require_new(home)
    make_folder(out)
    with locked(out):
        folder = out / f"{_PREFIX}{county_time(now):%Y%m%dT%H%M%S}"
        if folder.exists():
            raise UserError("backup_there", folder)
        partial = _begin(out, folder)
        manifest = _with_parts(_copy(installation, counties, partial, now), partial, metadata, settings or {})
        write_manifest(partial, manifest)
        require_whole(partial, manifest)
        move(partial, folder)
    made = LastBackup(now, str(folder), len(manifest.files), manifest.size)
    remember_backup(installation, made)
    return made


def backups(out: Path) -> list[Path]:
    """The backups in a folder, oldest first."""
    return sorted(path for path in out.glob(f"{_PREFIX}*") if path.is_dir())


def drop_old(out: Path, newest: int) -> list[Path]:
    """Remove all backups but so many of the newest; gives those that are gone.

    A backup is renamed first: cut short, no half one bears a backup's name.
    """
    with locked(out):
        gone = backups(out)[:-newest]
        for folder in gone:
            move(folder, out / f"{_PARTIAL}{folder.name}")
        _clear(out)
    return gone


def _require_outside(out: Path, installation: Installation) -> None:
    """What hits the home must not hit its backup, too, and a backup must not hold itself."""
    if out.resolve().is_relative_to(installation.root.resolve()):
        raise UserError("backup_inside_home", out, home=installation.root)


def _begin(out: Path, folder: Path) -> Path:
    """An empty folder to make it in; what a killed backup left half done is gone."""
    _clear(out)
    partial = out / f"{_PARTIAL}{folder.name}"
    make_folder(partial)
    return partial


def _clear(out: Path) -> None:
    for leftover in out.glob(f"{_PARTIAL}*"):
        shutil.rmtree(leftover)


def _copy(installation: Installation, homes: Iterable[Home], partial: Path, now: datetime) -> Manifest:
    """All homes, one after the other, then what belongs to all of them together."""
    counties = [_copy_home(home, partial / HOMES / home.county) for home in homes]
    rest = Copying(installation.root, partial / HOMES, [copying.source.name for copying in counties])
    with ExitStack() as locks:
        if installation.published.exists():
            locks.enter_context(locked(installation.published))
        rest.until_still()
    settle_folders(installation.root, partial / HOMES)
    copied = [*counties, rest]
    return Manifest(
        made_at=now,
        code_version=code_version(),
        counties=tuple(copying.source.name for copying in counties),
        files={_named(partial, each, name): file for each in copied for name, file in each.files.items()},
        links={_named(partial, each, name): target for each in copied for name, target in each.links.items()},
    )


def _copy_home(home: Home, target: Path) -> Copying:
    """Most of it while all go on, then what has changed meanwhile while nobody writes the warehouse."""
    books = [str(path.relative_to(home.root)) for path in home.landing.glob(f"*/{_READ_AGAIN}")]
    warehouse = [home.warehouse.name, f"{home.warehouse.name}.wal"]
    copying = Copying(home.root, target, [*books, *warehouse])
    copying.catch_up()
    with held_still(home.warehouse) as files:
        # No other lock is waited for meanwhile: stages hold that of the publication and wait for the warehouse.
        for file in files:
            copying.take(file, Path(file.name).name)
        copying.until_still()
    return copying


def _named(partial: Path, copying: Copying, name: str) -> str:
    return str((copying.target / name).relative_to(partial))


def _with_parts(manifest: Manifest, partial: Path, metadata: str | None, settings: Mapping[str, Path]) -> Manifest:
    """The same with Airflow's metadata and the settings beside the homes."""
    if metadata:
        from minsheng.backup.metadata import (
            save_metadata,
        )  # which imports SQLAlchemy, a sixth of what a command imports

        make_folder(partial / METADATA)
        save_metadata(metadata, partial / METADATA)
    for name, path in settings.items():
        _copy_setting(path, partial / SETTINGS / name)
    files = (path for part in (METADATA, SETTINGS) for path in (partial / part).rglob("*") if path.is_file())
    return replace(manifest, files=manifest.files | {str(path.relative_to(partial)): _file(path) for path in files})


def _copy_setting(path: Path, target: Path) -> None:
    make_folder(target.parent)
    if path.is_dir():
        shutil.copytree(path, target)
    else:
        shutil.copy2(path, target)


def _file(path: Path) -> CopiedFile:
    return CopiedFile(digest(path), path.stat().st_size)
