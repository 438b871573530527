"""A backup put back into an empty folder; cut short, it is simply called again, and until then nobody works there."""

from __future__ import annotations

import shutil
from pathlib import Path

from minsheng.backup.copying import settle_folders
from minsheng.backup.making import HOMES, METADATA, backups
from minsheng.backup.manifest import NAME, Manifest, read_manifest, require_whole
from minsheng.core.errors import UserError
from minsheng.core.files import atomic_write, make_folder, move, sync_folder
from minsheng.core.home import Installation
from minsheng.core.layout import ROOT_MODE

# In the folder of a restore that goes on: Airflow's metadata are in their database.
_HAS_METADATA = ".metadata"


def find_backup(folder: Path) -> Path:
    """A backup, or the newest of those in a folder; raises UserError when there is none."""
    if (folder / NAME).exists():
        return folder
    found = backups(folder)
    if not found:
        raise UserError("backup_missing", folder)
    return found[-1]


def restore(folder: Path, installation: Installation, metadata: str | None = None) -> Manifest:
    """Put the homes of a backup into an installation that is empty, and Airflow's metadata into its empty database.

    Every file is held against the manifest before anything is put anywhere, and again where it was put. Raises
    UserError when the installation is not empty, DamagedError when the backup is not whole.
    """
    manifest = read_manifest(folder)
    _require_empty(folder, installation)
    require_whole(folder, manifest)
    make_folder(installation.root, ROOT_MODE)
    unfinished = installation.unfinished_restore / folder.name
    make_folder(unfinished)
    _copy(folder, manifest, unfinished, installation)
    if metadata and not (unfinished / _HAS_METADATA).exists():
        from minsheng.backup.metadata import restore_metadata

        restore_metadata(metadata, folder / METADATA)
        atomic_write(unfinished / _HAS_METADATA, b"")
    shutil.rmtree(installation.unfinished_restore)
    sync_folder(installation.root)
    return manifest


def _require_empty(folder: Path, installation: Installation) -> None:
    """What a restore of the same backup, cut short, has put there may be there."""
    unfinished = installation.unfinished_restore
    if unfinished.exists():
        if any(path.name != folder.name for path in unfinished.iterdir()):
            raise UserError("restore_of_another", unfinished)
    elif installation.root.exists() and any(installation.root.iterdir()):
        raise UserError("home_not_empty", installation.root)


def _copy(folder: Path, manifest: Manifest, unfinished: Path, installation: Installation) -> None:
    """Part by part, each moved to its place once it is whole."""
    for part in sorted((folder / HOMES).iterdir()):
        if (installation.root / part.name).exists():
            continue
        copy = unfinished / part.name
        _clear(copy)
        if part.is_dir():
            shutil.copytree(part, copy, symlinks=True)
            settle_folders(part, copy)
        else:
            shutil.copy2(part, copy)
        require_whole(unfinished, manifest.part(f"{HOMES}/{part.name}", HOMES))
        move(copy, installation.root / part.name)
    for county in manifest.counties:
        atomic_write(installation.known_counties / county, b"")


def _clear(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
