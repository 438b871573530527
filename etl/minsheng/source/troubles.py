"""What may be wrong with a server that is not ours, in one vocabulary for all libraries that talk to one."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from typing import Literal, get_args

from minsheng.core.errors import BusyError

Trouble = Literal[
    "host_unknown", "no_route", "refused", "timeout", "login", "host_key", "host_key_unset", "certificate", "missing",
    "forbidden", "cut_off", "setup", "other",
]  # fmt: skip

# By the names of what libraries raise, so that naming one does not import it.
_NAMED: dict[str, Trouble] = {
    "HostKeyNotVerifiable": "host_key",
    "PermissionDenied": "login",  # asyncssh: of the log-in; of a file it is SFTPPermissionDenied
    "SFTPNoSuchFile": "missing",
    "SFTPNoSuchPath": "missing",
    "SFTPPermissionDenied": "forbidden",
    "ResourceNotFound": "missing",
    "LogonFailure": "login",
    "AccessDenied": "forbidden",
    "BadNetworkName": "missing",
    "SMBOSError": "other",
    "ConnectTimeout": "timeout",
    "ReadTimeout": "timeout",
    "PoolTimeout": "timeout",
    "ConnectTimeoutError": "timeout",
    "ReadTimeoutError": "timeout",
    "FSTimeoutError": "timeout",
    "RemoteProtocolError": "cut_off",
    "ReadError": "cut_off",
    "ConnectionLost": "cut_off",
    "DisconnectError": "cut_off",
    "SFTPConnectionLost": "cut_off",
    "IncompleteRead": "cut_off",
    "ResponseStreamingError": "cut_off",
    "ClientPayloadError": "cut_off",
    "ServerDisconnectedError": "cut_off",
    "SMBConnectionClosed": "cut_off",
    "KeyImportError": "setup",
    "NoCredentialsError": "login",
}
_STATUS: dict[int, Trouble] = {401: "login", 403: "forbidden", 404: "missing", 408: "timeout", 504: "timeout"}
_S3_CODES: dict[str, Trouble] = {
    "InvalidAccessKeyId": "login",
    "SignatureDoesNotMatch": "login",
    "NoSuchBucket": "missing",
    "NoSuchKey": "missing",
    "404": "missing",
    "AccessDenied": "forbidden",
    "403": "forbidden",
}
_ERRNO: dict[int, Trouble] = {
    errno.EHOSTUNREACH: "no_route",
    errno.ENETUNREACH: "no_route",
    errno.EHOSTDOWN: "no_route",
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.EACCES: "forbidden",
    errno.EPERM: "forbidden",
}
_CUT_OFF = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError, EOFError)


class StoreError(Exception):
    """A server does not give what it is asked for; ``reason`` are its own words, or the library's."""

    def __init__(self, trouble: Trouble, reason: str) -> None:
        self.trouble = trouble
        self.reason = reason
        super().__init__(trouble, reason)


class SourceDownError(BusyError):
    """A source does not answer, or not as it should: it may the next time."""


def store_error(error: BaseException) -> StoreError:
    """What an exception of any library says, as far as it can be told apart."""
    if isinstance(error, StoreError):
        return error
    told = (trouble for each in _chain(error) if (trouble := _trouble(each)))
    found: Trouble = next(told, "other")
    words = str(error).strip() or type(error).__name__
    return StoreError(found, " ".join(words.split())[:300])


def source_down(name: str, place: str, error: StoreError) -> SourceDownError:
    """The same for people: which source, what is wrong, what to do."""
    return SourceDownError(f"source_{error.trouble}", name, place=place, reason=error.reason)


def error_codes() -> tuple[str, ...]:
    """The code of the sentence for each trouble."""
    return tuple(f"source_{trouble}" for trouble in get_args(Trouble))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and what it came of, the last first: libraries wrap, and what happened lies at the bottom."""
    found: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in found:
        found.append(one)
        one = one.__cause__ or one.__context__
    return reversed(found)


def _trouble(error: BaseException) -> Trouble | None:
    if found := _of_system(error):
        return found
    if found := _STATUS.get(getattr(getattr(error, "response", None), "status_code", 0)):
        return found
    if found := _S3_CODES.get(_s3_code(error)):
        return found
    names = (kind.__name__ for kind in type(error).__mro__)
    return next((_NAMED[name] for name in names if name in _NAMED), None)


def _of_system(error: BaseException) -> Trouble | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate"
    if isinstance(error, socket.gaierror):
        return "host_unknown"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, _CUT_OFF):
        return "cut_off"
    return _ERRNO.get(error.errno or 0) if isinstance(error, OSError) else None


def _s3_code(error: BaseException) -> str:
    response = getattr(error, "response", None)
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""
