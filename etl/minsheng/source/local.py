"""A folder of this machine as a server of files, to put away what has landed; no link is followed on the way."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from minsheng.core.outcome import Outcome
from minsheng.source.content import NotAFileError, read_file
from minsheng.source.memory import Mark
from minsheng.source.putting_away import CHANGED, NOT_PUT_AWAY, Away, ChangedError, Lying, put_away
from minsheng.source.store import Listed
from minsheng.source.troubles import StoreError

_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True)
class LocalStore:
    """Paths are relative to ``root``; whatever the system refuses is an OSError."""

    root: Path

    def entries(self, path: str) -> Iterable[Listed]:
        """The names in a folder."""
        with self._opened(path) as folder, os.scandir(folder) as found:
            names = [entry.name for entry in found]
        return [Listed(os.fsencode(name), f"{path}/{name}" if path else name, "file", Mark()) for name in names]

    def chunks(self, path: str) -> Iterator[bytes]:
        """A file whole."""
        folder, _, name = path.rpartition("/")
        with self._opened(folder) as opened:
            yield read_file(os.fsencode(name), opened).data or b""

    def rename(self, path: str, folder: str, name: str, *, is_ours: bool) -> None:
        """Give a file another place; to a name that is not ours by a link, which replaces nothing."""
        former, _, old = path.rpartition("/")
        with self._opened(former) as source, self._opened(folder) as target:
            if is_ours:
                _require_free(name, target)
                os.rename(old, name, src_dir_fd=source, dst_dir_fd=target)
            else:
                os.link(old, name, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
                os.unlink(old, dir_fd=source)

    def state(self, path: str) -> Mark:
        """Size and time of a file."""
        folder, _, name = path.rpartition("/")
        with self._opened(folder) as opened:
            found = os.stat(name, dir_fd=opened, follow_symlinks=False)
        return Mark(found.st_size, str(found.st_mtime_ns))

    def remove(self, path: str) -> None:
        """Delete a file."""
        folder, _, name = path.rpartition("/")
        with self._opened(folder) as opened:
            os.unlink(name, dir_fd=opened)

    def make_folder(self, path: str) -> None:
        """Make a folder; no-op if it is there."""
        parent, _, name = path.rpartition("/")
        with self._opened(parent) as opened, suppress(FileExistsError):
            os.mkdir(name, dir_fd=opened)

    @contextmanager
    def _opened(self, path: str) -> Iterator[int]:
        """A folder, opened step by step."""
        folder = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for name in filter(None, path.split("/")):
                inside = os.open(name, _FOLDER_FLAGS, dir_fd=folder)
                os.close(folder)
                folder = inside
            yield folder
        finally:
            os.close(folder)


def _require_free(name: str, folder: int) -> None:
    with suppress(FileNotFoundError):
        os.stat(name, dir_fd=folder, follow_symlinks=False)
        raise FileExistsError(name)


@dataclass(frozen=True)
class Leaving:
    """A file or folder of a source, and what becomes of its files; ``path``: from its root, as the system has it."""

    store: LocalStore
    away: Away
    path: str = ""

    def below(self, raw: bytes) -> Leaving:
        """What lies in it under this name, as the system has it and not as it is shown."""
        name = os.fsdecode(raw)
        return replace(self, path=f"{self.path}/{name}" if self.path else name)

    def is_ours(self, name: str) -> bool:
        """Whether this name in it is the folder into which files are moved, or were."""
        return not self.path and self.away.is_ours(name)

    def put_away(self, label: str, unit_code: str, sha256: str) -> Outcome | None:
        """Delete or move it; gives why that could not be done."""
        try:
            raw = os.fsencode(self.path.rpartition("/")[2])
            put_away(self.store, self.away, Lying(self.path, raw, unit_code), sha256)
        except (ChangedError, NotAFileError):
            return Outcome(label, "left", CHANGED)
        except (OSError, StoreError) as error:
            reason = error.reason if isinstance(error, StoreError) else error.strerror or str(error)
            return Outcome(label, "left", NOT_PUT_AWAY.format(reason=reason))
        return None
