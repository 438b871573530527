"""FTP and FTPS, by the standard library: names as bytes, certificates checked, with and without RFC 3659.

Not by the back end of fsspec: it checks no certificate, and takes ``#`` and ``?`` in a name for parts of an address.
"""

from __future__ import annotations

import ftplib
import re
import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from minsheng.core.access import Access
from minsheng.source.entries import EntryKind
from minsheng.source.memory import Mark
from minsheng.source.store import ANSWER_SECONDS, CHUNK_BYTES, Listed
from minsheng.source.troubles import StoreError, Trouble

# One byte a character: a name comes as it is on the server, whatever it was written in, and goes back the same.
_NAMES = "latin-1"
_STAMP = re.compile(r"\d{14}")
_NOT_LOGGED_IN = "530"
_IMPLICIT_PORT = 990
# The server does not know the command, or not this one.
_UNKNOWN = ("500", "501", "502", "504")


class _Tls(ftplib.FTP_TLS):
    """Servers may ask that data comes in the session of the commands, which ftplib does not do of itself."""

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        session = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
        return self.context.wrap_socket(connection, server_hostname=self.host, session=session), size


class _ImplicitTls(_Tls):
    """Servers of before RFC 4217 speak TLS from the first byte on, at a port of its own. ftplib knows the others."""

    def connect(
        self,
        host: str = "",
        port: int = 0,
        timeout: float = ANSWER_SECONDS,
        source_address: tuple[str, int] | None = None,
    ) -> str:
        self.host = host
        plain = socket.create_connection((host, port), timeout, source_address)
        self.sock = self.context.wrap_socket(plain, server_hostname=host)
        self.af = plain.family
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        return self.welcome


@contextmanager
def open_ftp(access: Access, *, is_secure: bool) -> Iterator[FtpStore]:
    """Log in; ``is_secure``: by TLS, commands and data: asked for (AUTH TLS) or, at port 990, from the beginning.

    Raises StoreError, and what sockets raise.
    """
    connection = _secure(access) if is_secure else ftplib.FTP(timeout=ANSWER_SECONDS, encoding=_NAMES)
    try:
        is_implicit = isinstance(connection, _ImplicitTls)
        connection.connect(access.host, access.port or (_IMPLICIT_PORT if is_implicit else ftplib.FTP_PORT))
        with _told():
            connection.login(_sent(access.login), _sent(access.password))
            if isinstance(connection, ftplib.FTP_TLS):
                connection.prot_p()
        yield FtpStore(connection)
    finally:
        connection.close()


@dataclass
class FtpStore:
    """One connection. A reading that is not finished leaves it unusable, as every failure does."""

    connection: ftplib.FTP

    def entries(self, path: str) -> Iterable[Listed]:
        """What lies in a folder."""
        folder = _sent(path)
        with _told():
            try:
                return [_listed(folder, name, facts) for name, facts in self.connection.mlsd(folder or ".")]
            except ftplib.error_perm as error:
                if not str(error).startswith(_UNKNOWN):
                    raise
            return list(self._one_by_one(folder))

    def chunks(self, path: str) -> Iterator[bytes]:
        """A file from its beginning on."""
        with _told():
            self._binary()
            with self.connection.transfercmd(f"RETR {_sent_path(path)}") as data:
                while chunk := data.recv(CHUNK_BYTES):
                    yield chunk
                if isinstance(data, ssl.SSLSocket):
                    with suppress(OSError):
                        data.unwrap()
            self.connection.voidresp()

    def rename(self, path: str, folder: str, name: str, *, is_ours: bool) -> None:
        """Give a file another place, if the name is ours: most servers replace what bears it."""
        target = f"{_sent_path(folder).rstrip('/')}/{_sent(name)}" if folder else _sent(name)
        with _told():
            self._binary()
            if not is_ours or self._facts(target)["type"] == "file":
                raise FileExistsError(target)
            self.connection.rename(_sent_path(path), target)

    def state(self, path: str) -> Mark:
        """Size and time of a file, as far as the server says."""
        with _told():
            self._binary()
            return _listed("", "", self._facts(_sent_path(path))).mark

    def remove(self, path: str) -> None:
        """Delete a file."""
        with _told():
            self.connection.delete(_sent_path(path))

    def make_folder(self, path: str) -> None:
        """Make a folder; what a server says of one that is there, it says of others too: moving into it will show."""
        with suppress(ftplib.error_perm):
            self.connection.mkd(_sent(path))

    def _one_by_one(self, path: str) -> Iterator[Listed]:
        """Of a server without the listing made for programs: every name is asked about by itself."""
        here = self.connection.pwd()
        self.connection.cwd(path or ".")
        try:
            names = _names(self.connection)
            self._binary()
            found = [(name, self._facts(name)) for name in names]
        finally:
            self.connection.cwd(here)
        return (_listed(path, name, facts) for name, facts in found)

    def _binary(self) -> None:
        """Bytes as they are, and their number: every listing goes back to lines of text."""
        self.connection.voidcmd("TYPE I")

    def _facts(self, name: str) -> dict[str, str]:
        try:
            size = self.connection.size(name)
        except ftplib.error_perm:
            return {"type": "dir"}
        facts = {"type": "file", "size": str(size)}
        with suppress(ftplib.error_perm):
            facts["modify"] = self.connection.voidcmd(f"MDTM {name}")[4:].strip()
        return facts


def _sent(text: str) -> str:
    """Text of ours as it goes over the line: in UTF-8, unless it came from there."""
    return text if all(ord(char) < 256 for char in text) else text.encode().decode(_NAMES)


def _sent_path(path: str) -> str:
    """The same of a path, in which some names may be ours and others from there."""
    return "/".join(map(_sent, path.split("/")))


def _names(connection: ftplib.FTP) -> list[str]:
    """The names in the folder we are in; some servers call an empty one an error."""
    try:
        return [name.rpartition("/")[2] for name in connection.nlst()]
    except ftplib.error_perm as error:
        if str(error).startswith("550"):
            return []
        raise


def _secure(access: Access) -> _Tls:
    context = ssl.create_default_context(cafile=access.extra.get("ca_file"))
    is_implicit = access.flag("implicit", default=access.port == _IMPLICIT_PORT)
    kind = _ImplicitTls if is_implicit else _Tls
    return kind(timeout=ANSWER_SECONDS, encoding=_NAMES, context=context)


def _listed(folder: str, name: str, facts: dict[str, str]) -> Listed:
    stamp = facts.get("modify", "")
    return Listed(
        name.encode(_NAMES),
        f"{folder.rstrip('/')}/{name}" if folder else name,
        _kind(facts.get("type", "file").lower()),
        Mark(int(facts["size"]) if facts.get("size", "").isdigit() else None, stamp, facts.get("unique", "")),
        datetime.strptime(stamp[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if _STAMP.match(stamp) else None,
    )


def _kind(told: str) -> EntryKind:
    if told in ("dir", "cdir", "pdir"):
        return "folder"
    return "file" if told == "file" else "link" if "link" in told else "special"


@contextmanager
def _told() -> Iterator[None]:
    """What the server refuses, by the number of its reply."""
    try:
        yield
    except ftplib.error_perm as error:
        raise StoreError(_refusal(str(error)), str(error)) from error
    except ftplib.error_temp as error:
        raise StoreError("cut_off", str(error)) from error
    except ssl.SSLError:  # is a ValueError as well
        raise
    except ValueError as error:  # a line break in a name
        raise StoreError("forbidden", str(error)) from error


def _refusal(reply: str) -> Trouble:
    if reply.startswith(_NOT_LOGGED_IN):
        return "login"
    if reply.startswith("550"):
        is_denied = any(word in reply.lower() for word in ("permission", "denied", "privilege"))
        return "forbidden" if is_denied else "missing"
    return "other"
