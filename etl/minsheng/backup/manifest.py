"""What a backup consists of: every file with its hash, every link. A folder without it is no backup."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import atomic_write, digest
from minsheng.core.notes import Note, UnreadableError

NAME = "manifest.json"
# A later version may lay a backup out otherwise, and then says so.
FORMAT = 1


@dataclass(frozen=True)
class CopiedFile:
    """A file of a backup: its content by hash, and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """A backup as it was made; paths are relative to its folder, and a link leads where it led at home."""

    made_at: datetime
    code_version: str
    counties: tuple[str, ...]
    files: dict[str, CopiedFile]
    links: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def size(self) -> int:
        """All files together, in bytes."""
        return sum(file.size for file in self.files.values())

    def part(self, name: str, above: str) -> Manifest:
        """What it says of the file or folder ``name``, by paths relative to the folder ``above``."""
        files = {_below(path, above): file for path, file in self.files.items() if _is_of(path, name)}
        links = {_below(path, above): target for path, target in self.links.items() if _is_of(path, name)}
        return replace(self, files=files, links=links)


_NOTE = Note(Manifest)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Say what the backup in ``folder`` consists of."""
    atomic_write(folder / NAME, _NOTE.written(manifest))


def read_manifest(folder: Path) -> Manifest:
    """What the backup in ``folder`` consists of; raises UserError when it is none that this version can read."""
    if not (folder / NAME).exists():
        raise UserError("backup_missing", folder)
    try:
        manifest = _NOTE.read(folder / NAME)
    except UnreadableError as error:
        raise DamagedError("backup_manifest_damaged", folder / NAME, reason=error) from error
    if manifest.format > FORMAT:
        raise UserError("backup_later", folder, found=manifest.format, known=FORMAT)
    return manifest


def require_whole(folder: Path, manifest: Manifest) -> None:
    """Raises DamagedError naming every file and link that is not as it was when the backup was made."""
    faults = [DamagedError("backup_file_damaged", path) for path in _differing(folder, manifest)]
    if faults:
        raise DamagedError("backup_damaged", folder, count=len(faults)).listing(faults)


def _differing(folder: Path, manifest: Manifest) -> Iterator[Path]:
    for name, file in manifest.files.items():
        path = folder / name
        if not path.is_file() or _read_anew(path) != file.sha256:
            yield path
    for name, target in manifest.links.items():
        path = folder / name
        if not path.is_symlink() or str(path.readlink()) != target:
            yield path


def _is_of(path: str, name: str) -> bool:
    return path == name or path.startswith(f"{name}/")


def _below(path: str, folder: str) -> str:
    return path.removeprefix(f"{folder}/")


def _read_anew(path: Path) -> str:
    """The hash of what stands on the disk, not of what the system still remembers of it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)
    return digest(path)
