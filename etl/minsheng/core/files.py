"""The one door for writing files that must last: a reader, or a power cut, sees the old one or the new one, whole.

The order is the same everywhere: content, its fsync, the rename into place, the fsync of the folder. Whatever says
that something is done (a receipt, a mail that has gone, the link to a revision) is written after what it speaks of.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

# What units sent and what we answered is nobody's business but the data team's, who share a group.
FILE_MODE = 0o640
FOLDER_MODE = 0o750


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """A full disk only says that it is full; say where."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def atomic_write(path: Path, content: bytes, mode: int = FILE_MODE) -> None:
    """Put ``content`` at ``path`` durably; parent folders are made."""
    make_folder(path.parent)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with naming(path), os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def replace_file(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Put ``content`` at ``path`` for good or not at all, but for a power cut; parent folders are made.

    For what can be made again and is known when torn, and so need not wait for the disk.
    """
    make_folder(path.parent)
    with naming(path), tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(content)
            file.close()
            Path(file.name).chmod(mode)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def append_line(path: Path, line: str) -> None:
    """Add a line durably; one that a power cut left half written is ended first."""
    is_new = not path.exists()
    with naming(path), path.open("a+b") as file:
        file.write(b"\n" * _is_torn(file) + line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        path.chmod(FILE_MODE)
        sync_folder(path.parent)


def make_folder(folder: Path, mode: int = FOLDER_MODE) -> None:
    """Make a folder, and the parents it lacks, durably; one that is there stays as it is."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        folder.mkdir()
    except FileExistsError:
        if not folder.is_dir():  # else another process was faster
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from None
        return
    folder.chmod(mode)  # whatever the umask
    sync_folder(folder.parent)


def move(source: Path, target: Path) -> None:
    """Rename durably; the folder it arrives in is synced before the one it leaves."""
    make_folder(target.parent)
    source.replace(target)
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)


def remove(path: Path) -> None:
    """Remove a file durably; no-op if there is none."""
    if path.exists():
        path.unlink(missing_ok=True)
        sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Make the content of a file survive a power cut; its name does by ``sync_folder``."""
    _sync(path)


def sync_folder(folder: Path) -> None:
    """Make what was made, renamed or removed inside ``folder`` survive a power cut."""
    _sync(folder)


def switch_link(link: Path, target: Path) -> None:
    """Point the symbolic ``link`` at ``target`` (relative to its folder) in one step."""
    fresh = link.with_name(f".{link.name}.next")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
    sync_folder(link.parent)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait until nobody else has ``folder`` locked, and keep it locked; whoever dies lets go of it. Leaves no file."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def digest(file: Path) -> str:
    """The sha256 of a file, read in pieces."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_torn(file: BinaryIO) -> bool:
    """Whether the last line has no end."""
    if not file.seek(0, os.SEEK_END):
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"
