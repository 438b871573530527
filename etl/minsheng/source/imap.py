"""Speaking IMAP: logging in, opening a folder to read it only, and what a server's answers mean."""

from __future__ import annotations

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from minsheng.core.access import Access
from minsheng.source.store import ANSWER_SECONDS
from minsheng.source.troubles import StoreError, store_error

_PORT, _TLS_PORT = 143, 993
_DAY = re.compile(rb'INTERNALDATE "[^"]*"')

# What is written as it is, and what is not.
_RUNS = re.compile(r"[\x20-\x7e]+|[^\x20-\x7e]+")


@contextmanager
def logged_in(access: Access, is_secure: bool) -> Iterator[imaplib.IMAP4]:
    """A session; ``is_secure``: by TLS from the beginning. Raises StoreError, and what imaplib and sockets raise."""
    server = _connected(access, is_secure)
    try:
        _log_in(server, access)
        if "ID" in server.capabilities:  # some providers let nobody in who does not say what he is
            with suppress(imaplib.IMAP4.error):
                server.xatom("ID", '("name" "minsheng")')
        yield server
    finally:
        with suppress(Exception):
            server.logout()


def _connected(access: Access, is_secure: bool) -> imaplib.IMAP4:
    context = ssl.create_default_context(cafile=access.extra.get("ca_file"))
    if is_secure:
        port = access.port or _TLS_PORT
        return imaplib.IMAP4_SSL(access.host, port, ssl_context=context, timeout=ANSWER_SECONDS)
    server = imaplib.IMAP4(access.host, access.port or _PORT, timeout=ANSWER_SECONDS)
    if access.flag("starttls", default=False):
        server.starttls(context)
    return server


def _log_in(server: imaplib.IMAP4, access: Access) -> None:
    try:
        if token := access.extra.get("access_token"):
            words = f"user={access.login}\x01auth=Bearer {token}\x01\x01"
            server.authenticate("XOAUTH2", lambda _: words.encode())
        elif access.password.isascii():
            server.login(access.login, access.password)
        else:
            server.authenticate("PLAIN", lambda _: f"\0{access.login}\0{access.password}".encode())
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise StoreError("login", _words(error)) from error


def selected(server: imaplib.IMAP4, folder: str) -> str:
    """Open a folder to read it only; gives its UIDVALIDITY."""
    try:
        answered(server.select(f'"{encoded_folder(folder or "INBOX")}"', readonly=True))
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise StoreError("missing", _words(error)) from error
    _, found = server.response("UIDVALIDITY")
    return (found[0] or b"").decode() if found else ""


def encoded_folder(name: str) -> str:
    """A folder's name as IMAP writes it: RFC 3501, modified UTF-7."""
    written = ""
    for run in _RUNS.findall(name):
        packed = base64.b64encode(run.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
        written += run.replace("&", "&-") if run.isascii() else f"&{packed}-"
    return written.replace("\\", "\\\\").replace('"', '\\"')


def answered(answer: tuple[str, list[Any]]) -> list[Any]:
    """What the server gave, as imaplib parts it: bytes, and pairs of bytes; raises imaplib's error when it refused."""
    kind, found = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(found[0] if found else kind)
    return found


def received_at_of(told: bytes) -> datetime | None:
    """When the server got a message, by its answer about it."""
    found = _DAY.search(told)
    moment = imaplib.Internaldate2tuple(found[0]) if found else None
    return datetime(*moment[:6]).astimezone(UTC) if moment else None


def imap_error(error: Exception) -> StoreError:
    """What went wrong, of whatever is raised while one speaks to a server."""
    if isinstance(error, imaplib.IMAP4.abort):
        return StoreError("cut_off", _words(error))
    if isinstance(error, imaplib.IMAP4.error):
        return StoreError("other", _words(error))
    return store_error(error)


def _words(error: Exception) -> str:
    """The server's own words, which imaplib hands on as bytes."""
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
