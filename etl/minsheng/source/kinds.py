"""From a declaration to the source it declares; what a kind needs of libraries is imported when it is opened."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit

from minsheng.core.access import Access, FindAccess
from minsheng.core.errors import UserError
from minsheng.source.database import DatabaseSource
from minsheng.source.declared import DeclaredSource
from minsheng.source.delivery import Opened, Source
from minsheng.source.folder import FolderSource
from minsheng.source.ftp import open_ftp
from minsheng.source.http import open_http
from minsheng.source.mailbox import NOBODY, Correspondents, MailboxSource
from minsheng.source.memory import Memory
from minsheng.source.putting_away import Away
from minsheng.source.remote import RemoteSource
from minsheng.source.s3 import open_s3
from minsheng.source.sftp import open_sftp
from minsheng.source.smb import open_smb
from minsheng.source.store import Connect, Store
from minsheng.source.webdav import open_webdav

_OPENING: dict[str, Callable[[Access], AbstractContextManager[Store]]] = {
    "sftp": open_sftp,
    "webdav": open_webdav,
    "http": open_http,
    "s3": open_s3,
    "smb": open_smb,
}


def make_source(declared: DeclaredSource, find_access: FindAccess, known: Correspondents = NOBODY) -> Source:
    """The source, not opened yet. One that cannot be entered says so when it is. ``known``: who writes to mailboxes."""
    if declared.kind == "folder":
        return FolderSource(Path(declared.where), declared.name, declared.senders, _away(declared))
    try:
        access = find_access(declared.connection or "")
    except UserError as error:
        return FaultySource(declared.name, error)
    if declared.kind in ("imap", "imaps"):
        return MailboxSource(declared.name, access, declared.where, known, declared.kind == "imaps")
    if declared.kind == "database":
        dialect, unit = declared.dialect or "", declared.unit or ""
        return DatabaseSource(declared.name, unit, declared.where, declared.key, dialect, access)
    place = f"{declared.kind}://{place_of(access)}/{declared.where.lstrip('/')}"
    root = quote(declared.where) if declared.kind == "http" else declared.where
    connect = _connect(declared, access)
    return RemoteSource(declared.name, place, root, declared.senders, connect, away=_away(declared))


@dataclass(frozen=True)
class FaultySource:
    """A source that cannot even be tried: it keeps no other waiting."""

    name: str
    fault: UserError

    @property
    def is_declared(self) -> bool:
        """It always is."""
        return True

    def open(self, memory: Memory) -> AbstractContextManager[Opened]:
        """Raises what is wrong with it."""
        raise self.fault


def place_of(access: Access) -> str:
    """Host and port as they may be shown; what may stand before the host in an address is left out."""
    host = urlsplit(access.host).hostname if "://" in access.host else access.host
    return f"{host}:{access.port}" if access.port else str(host)


def _away(declared: DeclaredSource) -> Away:
    return Away(declared.after_fetch, declared.moved_to or "")


def _connect(declared: DeclaredSource, access: Access) -> Connect:
    if declared.kind in ("ftp", "ftps"):
        return partial(open_ftp, access, is_secure=declared.kind == "ftps")
    return partial(_OPENING[declared.kind], access)
