"""A folder copied while others go on writing in it, as it stood at one moment."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from minsheng.backup.manifest import CopiedFile
from minsheng.core.errors import BusyError
from minsheng.core.files import make_folder, naming, sync_folder

_PIECE = 1 << 20
# A home in which files come every second is still between two passes that follow each other at once.
_TRIES = 60
_PAUSE = 0.5

# Which state of a file it was: number on the disk, size, moment of its last change.
Stamp = tuple[int, int, int]


@dataclass
class Copying:
    """``source`` on its way to ``target``; of the names in ``left_out`` nothing is taken.

    Files with a dot first are not either: somebody is still writing them, or they serve this machine alone.
    """

    source: Path
    target: Path
    left_out: Collection[str] = ()
    files: dict[str, CopiedFile] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    _seen: dict[str, Stamp] = field(default_factory=dict)

    def until_still(self) -> None:
        """Copy until a whole pass finds nothing changed since the pass before: between the two, all stood like this.

        Raises BusyError when there is no such moment.
        """
        for _ in range(_TRIES):
            self.catch_up()
            if not self.catch_up():
                return
            time.sleep(_PAUSE)
        raise BusyError("backup_restless", self.source)

    def catch_up(self) -> bool:
        """One pass: copy what is new or has changed, drop what has gone; whether there was any."""
        found = dict(self._found())
        changed = [name for name, stamp in found.items() if self._seen.get(name) != stamp]
        gone = self._seen.keys() - found.keys()
        for name in gone:
            self._drop(name)
        for name in changed:
            with suppress(FileNotFoundError):  # gone meanwhile: the next pass sees where to
                self._copy(name)
        self._seen = found
        return bool(changed or gone)

    def take(self, file: BinaryIO, name: str) -> None:
        """Copy a file that is open, from its beginning."""
        target = self.target / name
        make_folder(target.parent)
        total = hashlib.sha256()
        file.seek(0)
        with naming(target), target.open("wb") as copy:
            while piece := file.read(_PIECE):
                total.update(piece)
                copy.write(piece)
            size = copy.tell()
        shutil.copystat(file.name, target)
        self.files[name] = CopiedFile(total.hexdigest(), size)

    def _copy(self, name: str) -> None:
        source, target = self.source / name, self.target / name
        self._drop(name)
        if source.is_symlink():
            make_folder(target.parent)
            self.links[name] = str(source.readlink())
            target.symlink_to(self.links[name])
        else:
            with source.open("rb") as file:
                self.take(file, name)

    def _drop(self, name: str) -> None:
        self.files.pop(name, None)
        self.links.pop(name, None)
        (self.target / name).unlink(missing_ok=True)

    def _found(self) -> Iterator[tuple[str, Stamp]]:
        """Every file and link there is now, with its stamp."""
        for folder, folders, files in os.walk(self.source, onerror=_unless_gone):
            here = Path(folder)
            folders[:] = [name for name in folders if self._is_taken(here / name)]
            for path in (here / name for name in (*files, *_links(here, folders))):
                with suppress(FileNotFoundError):
                    found = path.lstat()
                    if self._is_taken(path) and (stat.S_ISREG(found.st_mode) or stat.S_ISLNK(found.st_mode)):
                        yield str(path.relative_to(self.source)), (found.st_ino, found.st_size, found.st_mtime_ns)

    def _is_taken(self, path: Path) -> bool:
        return str(path.relative_to(self.source)) not in self.left_out and not path.name.startswith(".")


def settle_folders(source: Path, target: Path) -> None:
    """Give every folder of a copy rights and moment of the one it was copied from, and make its names last."""
    for name, _, _ in os.walk(target, topdown=False):
        folder = Path(name)
        with suppress(FileNotFoundError):  # of a copy that is older than its source by now
            shutil.copystat(source / folder.relative_to(target), folder)
        sync_folder(folder)


def _links(here: Path, folders: list[str]) -> list[str]:
    """Those of the folders that are links to some; ``os.walk`` does not go into them."""
    return [name for name in folders if (here / name).is_symlink()]


def _unless_gone(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error
