"""Windows shares, by smbprotocol. Opened so that whoever has a file open there is not disturbed."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from minsheng.core.access import Access
from minsheng.source.entries import EntryKind
from minsheng.source.memory import Mark
from minsheng.source.store import ANSWER_SECONDS, CHUNK_BYTES, Listed

if TYPE_CHECKING:
    from smbclient._os import SMBDirEntry

T = TypeVar("T")
_PORT = 445


@contextmanager
def open_smb(access: Access) -> Iterator[SmbStore]:
    """Log in; ``where`` is the share and the folder in it. Raises what smbprotocol raises."""
    store = SmbStore(access)
    try:
        yield store
    finally:
        store.close()


@dataclass
class SmbStore:
    """One connection of its own: the library's common ones would give the files of one login to another."""

    access: Access
    cache: dict[str, Any] = field(default_factory=dict)

    def entries(self, path: str) -> Iterable[Listed]:
        """What lies in a folder."""
        return _within(lambda: self._entries(path))

    def chunks(self, path: str) -> Iterator[bytes]:
        """A file from its beginning on."""
        import smbclient

        file = _within(lambda: smbclient.open_file(self._unc(path), "rb", share_access="rwd", **self._login()))
        try:
            while chunk := _within(lambda: file.read(CHUNK_BYTES)):
                yield chunk
        finally:
            with suppress(Exception):
                _within(file.close)

    def rename(self, path: str, folder: str, name: str, *, is_ours: bool) -> None:
        """Give a file another place; what is there is never replaced."""
        import smbclient

        try:
            _within(lambda: smbclient.rename(self._unc(path), self._unc(f"{folder}/{name}"), **self._login()))
        except OSError as error:
            if error.errno == errno.EEXIST:
                raise FileExistsError(name) from error
            raise

    def state(self, path: str) -> Mark:
        """Size and time of a file."""
        import smbclient

        found = _within(lambda: smbclient.stat(self._unc(path), **self._login()))
        return Mark(found.st_size, str(found.st_mtime_ns))

    def remove(self, path: str) -> None:
        """Delete a file."""
        import smbclient

        _within(lambda: smbclient.remove(self._unc(path), **self._login()))

    def make_folder(self, path: str) -> None:
        """Make a folder; no-op if it is there."""
        import smbclient

        with suppress(FileExistsError):
            _within(lambda: smbclient.makedirs(self._unc(path), exist_ok=True, **self._login()))

    def close(self) -> None:
        """Hang up."""
        import smbclient

        with suppress(Exception):
            _within(lambda: smbclient.reset_connection_cache(fail_on_error=False, connection_cache=self.cache))

    def _entries(self, path: str) -> list[Listed]:
        import smbclient

        with smbclient.scandir(self._unc(path), **self._login()) as found:
            return [_listed(path, one) for one in found]

    def _login(self) -> dict[str, Any]:
        return {
            "username": self.access.login,
            "password": self.access.password,
            "port": self.access.port or _PORT,
            "connection_timeout": ANSWER_SECONDS,
            "connection_cache": self.cache,
        }

    def _unc(self, path: str) -> str:
        inside = path.strip("/").replace("/", "\\")
        return rf"\\{self.access.host}\{inside}"


def _within(call: Callable[[], T]) -> T:
    """A call that is given up when there is no answer: the library itself waits for ever."""
    answers: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(call())
        except BaseException as error:
            errors.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(2 * ANSWER_SECONDS)
    if errors:
        raise errors[0]
    if not answers:
        raise TimeoutError(f"{2 * ANSWER_SECONDS:.0f} s")
    return answers[0]


def _listed(folder: str, entry: SMBDirEntry) -> Listed:
    info = entry.smb_info
    changed = info.last_write_time
    return Listed(
        entry.name.encode("utf-8", "surrogatepass"),
        f"{folder.rstrip('/')}/{entry.name}",
        _kind(entry),
        Mark(info.end_of_file, changed.isoformat()),
        changed.replace(tzinfo=UTC) if changed.tzinfo is None else changed,
    )


def _kind(entry: SMBDirEntry) -> EntryKind:
    if entry.is_symlink():
        return "link"
    return "folder" if entry.is_dir() else "file"
