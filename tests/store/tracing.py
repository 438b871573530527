"""Follows a process's writes below a folder, and says what a power cut could take that was already told as done."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

# What may be lost at any time: made again from the rest, and known when it is torn. DuckDB sees to its own files.
EXEMPT = ("books", "warehouse.duckdb", ".warehouse.duckdb")
# Written only after everything it speaks of is on the disk.
PROMISES = ("receipts", "openings", "current", "sent", "refused")

State = tuple[int, int]


class Tracer:
    """Call ``watch`` once, in a process of its own; ``faults`` then fills with sentences.

    ``is_blind``: it sees no sync, as if there were none.
    """

    def __init__(self, root: Path, *, is_blind: bool = False) -> None:
        self.root = root
        self.is_blind = is_blind
        self.synced: dict[int, State] = {path.stat().st_ino: _state(path) for path in self._files()}
        self.unsynced_folders: dict[Path, str] = {}
        self.faults: list[str] = []
        self.renames = 0

    def watch(self) -> None:
        real = os.fsync

        def fsync(descriptor: int) -> None:
            real(descriptor)
            self._synced(Path(f"/proc/self/fd/{descriptor}").readlink())

        os.fsync = fsync  # type: ignore[assignment]
        sys.addaudithook(self._hear)
        sys.setprofile(self._see)

    def ended(self, what: str) -> None:
        """What has been called has come back: all of it must be on the disk."""
        self._require_folders(what)
        for path in self._files():
            if self.synced.get(path.stat().st_ino) != _state(path):
                self.faults.append(f"{what} leaves {self._named(path)} unsynced")

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        """Audit events are raised before the change is made."""
        changes: dict[str, Callable[..., None]] = {
            "os.rename": self._rename,
            "os.mkdir": self._entry,
            "os.remove": self._entry,
            "os.symlink": lambda target, link, *_: self._entry(link),
        }
        if event in changes:
            changes[event](*arguments)

    def _see(self, _: object, event: str, function: object) -> None:
        """A commit says in the warehouse that something is done."""
        if event == "c_call" and getattr(function, "__name__", "") == "commit":
            self._require_folders("a commit")

    def _rename(self, source: object, target: object, *_: object) -> None:
        old, new = _path(source), _path(target)
        if not self._is_ours(new):
            return
        self.renames += 1
        files = [path for path in old.rglob("*") if path.is_file()] if old.is_dir() else [old]
        for path in files:
            if not path.is_symlink() and self.synced.get(path.stat().st_ino) != _state(path):
                self.faults.append(f"{self._named(new)} is renamed into place before its content is synced")
        if any(part in PROMISES for part in new.relative_to(self.root).parts):
            self._require_folders(self._named(new))
        for folder in {old.parent, new.parent}:
            self.unsynced_folders[folder] = self._named(new)

    def _entry(self, path: object, *_: object) -> None:
        """Something appears in, or goes from, a folder; what bears a hidden name is on its way."""
        entry = _path(path)
        if self._is_ours(entry) and not entry.name.startswith("."):
            self.unsynced_folders[entry.parent] = self._named(entry)

    def _synced(self, path: Path) -> None:
        if self.is_blind:
            return
        if path.is_dir():
            self.unsynced_folders.pop(path, None)
        elif path.exists():
            self.synced[path.stat().st_ino] = _state(path)

    def _require_folders(self, what: str) -> None:
        for folder, entry in self.unsynced_folders.items():
            self.faults.append(f"{what} comes before {folder} is synced, where {entry} is new")
        self.unsynced_folders.clear()

    def _is_ours(self, path: Path) -> bool:
        inside = path.is_relative_to(self.root)
        return inside and not any(part.startswith(EXEMPT) for part in path.relative_to(self.root).parts)

    def _files(self) -> list[Path]:
        found = (path for path in self.root.rglob("*") if path.is_file() and not path.is_symlink())
        return [path for path in found if self._is_ours(path)]

    def _named(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def _state(path: Path) -> State:
    """Changes with every write: a file is synced as long as it is as it was when it was synced."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _path(argument: object) -> Path:
    return Path(os.fsdecode(argument)).absolute()  # type: ignore[arg-type]
