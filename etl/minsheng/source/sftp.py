"""SFTP, by asyncssh. Not by the back end fsspec has: it takes any host key, and gives no deadline to what it does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from minsheng.core.access import Access
from minsheng.source.entries import EntryKind
from minsheng.source.memory import Mark
from minsheng.source.store import ANSWER_SECONDS, CHUNK_BYTES, Listed
from minsheng.source.troubles import StoreError, store_error

if TYPE_CHECKING:
    import asyncssh

T = TypeVar("T")
_PORT = 22


@contextmanager
def open_sftp(access: Access) -> Iterator[SftpStore]:
    """Log in with password or key, to the one server whose key is given; raises StoreError."""
    with asyncio.Runner() as runner:
        store = SftpStore(runner, access)
        try:
            yield store
        finally:
            store.close()


@dataclass
class SftpStore:
    """One connection, and the one loop in which it lives: nothing happens on it but while we wait for an answer."""

    runner: asyncio.Runner
    access: Access
    connection: asyncssh.SSHClientConnection | None = None
    client: asyncssh.SFTPClient | None = None

    def entries(self, path: str) -> Iterable[Listed]:
        """What lies in a folder; links are told as links."""
        folder = path or "."
        found = self._wait(self._client().readdir(folder))
        names = (one for one in found if one.filename not in (".", ".."))
        return [_listed(folder, _text(one.filename), one.attrs) for one in names]

    def chunks(self, path: str) -> Iterator[bytes]:
        """A file from its beginning on."""
        file = self._wait(self._client().open(path, "rb"))
        try:
            while chunk := self._wait(file.read(CHUNK_BYTES)):
                yield chunk if isinstance(chunk, bytes) else chunk.encode()
        finally:
            with suppress(Exception):
                self._wait(file.close())

    def rename(self, path: str, folder: str, name: str, *, is_ours: bool) -> None:
        """Give a file another place; where the name is ours, by the way that replaces and is one step everywhere."""
        import asyncssh

        target = f"{folder.rstrip('/')}/{name}" if folder else name
        if self._wait(self._client().lexists(target)):
            raise FileExistsError(target)
        try:
            self._wait(self._renamed(path, target, is_ours))
        except asyncssh.SFTPError as error:  # the protocol has no word for a name that is taken
            if self._wait(self._client().lexists(target)):
                raise FileExistsError(target) from error
            raise

    def state(self, path: str) -> Mark:
        """Size and time of a file."""
        return _mark(self._wait(self._client().lstat(path)))

    async def _renamed(self, path: str, target: str, is_ours: bool) -> None:
        import asyncssh

        if is_ours:
            with suppress(asyncssh.SFTPOpUnsupported):
                await self._client().posix_rename(path, target)
                return
        await self._client().rename(path, target)

    def remove(self, path: str) -> None:
        """Delete a file."""
        self._wait(self._client().remove(path))

    def make_folder(self, path: str) -> None:
        """Make a folder; no-op if it is there."""
        self._wait(self._client().makedirs(path, exist_ok=True))

    def close(self) -> None:
        """Hang up, and wait no longer than a moment for the other side."""
        if self.connection:
            self.connection.abort()
            with suppress(Exception):
                self._wait(self.connection.wait_closed())

    def _client(self) -> asyncssh.SFTPClient:
        if self.client is None:
            try:
                self.connection = self._wait(_connected(self.access))
                self.client = self._wait(_sftp(self.connection))
            except Exception as error:
                raise self._refused(store_error(error)) from error
        return self.client

    def _refused(self, error: StoreError) -> StoreError:
        """A key that is not the one we know is told with its fingerprint, so that it can be held against theirs."""
        if error.trouble != "host_key":
            return error
        shown = self._wait(_shown_key(self.access))
        return StoreError("host_key", f"对方出示的是 {shown}")

    def _wait(self, answer: Awaitable[T]) -> T:
        async def within() -> T:
            return await asyncio.wait_for(answer, ANSWER_SECONDS)

        return self.runner.run(within())


async def _connected(access: Access) -> asyncssh.SSHClientConnection:
    import asyncssh

    passphrase = access.extra.get("private_key_passphrase")
    written = access.extra.get("private_key")
    keys = [asyncssh.import_private_key(written, passphrase)] if written else None
    return await asyncssh.connect(
        access.host,
        access.port or _PORT,
        username=access.login,
        password=access.password or None,
        client_keys=keys,
        known_hosts=_known_hosts(access),
        agent_path=None,
        config=None,
        gss_host=None,
        connect_timeout=ANSWER_SECONDS,
        login_timeout=ANSWER_SECONDS,
    )


async def _sftp(connection: asyncssh.SSHClientConnection) -> asyncssh.SFTPClient:
    # Names that are not UTF-8 come and go as the bytes they are.
    return await connection.start_sftp_client(path_encoding="utf-8", path_errors="surrogateescape")


async def _shown_key(access: Access) -> str:
    import asyncssh

    key = await asyncssh.get_server_host_key(access.host, access.port or _PORT, config=None)
    return f"{key.get_algorithm()} {key.get_fingerprint()}" if key else "-"


def _known_hosts(access: Access) -> Any:
    """The keys by which the server is known; raises StoreError when none are given."""
    import asyncssh

    if key := access.extra.get("host_key"):
        return [asyncssh.import_public_key(_typed(key))], [], []
    if path := access.extra.get("known_hosts"):
        return asyncssh.read_known_hosts(str(Path(path)))
    raise StoreError("host_key_unset", "")


def _typed(key: str) -> str:
    """Airflow's connections also take a key without its kind, which then is RSA."""
    return key if " " in key.strip() else f"ssh-rsa {key.strip()}"


def _text(name: str | bytes) -> str:
    return name if isinstance(name, str) else name.decode("utf-8", "surrogateescape")


def _listed(folder: str, name: str, attributes: asyncssh.SFTPAttrs) -> Listed:
    changed = attributes.mtime
    return Listed(
        name.encode("utf-8", "surrogateescape"),
        f"{folder.rstrip('/')}/{name}",
        _kind(attributes),
        _mark(attributes),
        None if changed is None else datetime.fromtimestamp(changed, UTC),
    )


def _mark(attributes: asyncssh.SFTPAttrs) -> Mark:
    return Mark(attributes.size, "" if attributes.mtime is None else str(attributes.mtime))


def _kind(attributes: asyncssh.SFTPAttrs) -> EntryKind:
    import asyncssh

    kinds: dict[int, EntryKind] = {
        asyncssh.FILEXFER_TYPE_REGULAR: "file",
        asyncssh.FILEXFER_TYPE_DIRECTORY: "folder",
        asyncssh.FILEXFER_TYPE_SYMLINK: "link",
    }
    return kinds.get(attributes.type, "special")
