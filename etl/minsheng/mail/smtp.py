"""The one door to SMTP: one connection that hands in many mails, opened when first needed and anew after it broke."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

from minsheng.core.errors import BusyError, UserError
from minsheng.mail.replies import understand
from minsheng.mail.server import Envelope, Server

_SILENT = "no answer in time"
_BLOCK = 1 << 16
_DOT = re.compile(rb"^\.", re.MULTILINE)
# The server ends the connection with this reply, at whatever it was asked.
_CLOSING = "421"


class BrokenOff(BusyError):  # noqa: N818 - says what happened
    """The connection broke while a mail was in hand.

    ``is_handed_over``: the whole mail had gone out, and nobody knows whether it was taken. ``is_timeout``: the server
    still held the connection and said nothing.
    """

    def __init__(self, server: Server, words: str, *, is_handed_over: bool) -> None:
        self.words = words
        self.is_handed_over = is_handed_over
        self.is_timeout = words == _SILENT
        super().__init__("mail_server_broke_off", server.name, reason=words)


class Session:
    """One connection for many mails."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._client: smtplib.SMTP | None = None
        self._has_served = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._client and self._client.sock:
            self._client.sock.settimeout(self._server.patience.farewell)
            with suppress(OSError):
                self._client.quit()
        self._drop()

    def size_limit(self) -> int | None:
        """The bytes of the largest message the server says it takes; None: it does not say."""
        announced = (self._client or self._open()).esmtp_features.get("size", "")
        return int(announced) or None if announced.isdigit() else None

    def hand_in(self, envelope: Envelope) -> dict[str, str]:
        """What the server answers for each address: the code and its words.

        A connection that breaks before the whole mail has gone out is opened again once, if it had served before:
        servers end those that were idle or have done enough. Raises BrokenOff when it breaks again or later,
        BusyError when the server is not to be had, UserError when it will have nothing from us.
        """
        client = self._cleared()
        had_served = self._has_served
        try:
            return self._transact(client, envelope)
        except BrokenOff as broken:
            if not had_served or broken.is_handed_over or broken.is_timeout:
                raise
        return self._transact(self._open(), envelope)

    def _cleared(self) -> smtplib.SMTP:
        """A client with nothing in hand; RSET also shows whether one that has served is still alive."""
        if self._client is None:
            return self._open()
        if self._has_served:
            with suppress(OSError):
                self._wait(self._client, self._server.patience.command)
                if self._client.rset()[0] == 250:
                    return self._client
            return self._open()
        return self._client

    def _open(self) -> smtplib.SMTP:
        self._drop()
        self._client, self._has_served = _opened(self._server), False
        return self._client

    def _drop(self) -> None:
        if self._client:
            self._client.close()
        self._client = None

    def _transact(self, client: smtplib.SMTP, envelope: Envelope) -> dict[str, str]:
        self._has_served = True
        with self._breaking(is_handed_over=False):
            refused = self._introduce(client, envelope)
            if refused:
                return dict.fromkeys(envelope.addresses, refused)
            answers = {address: self._ask(client, client.rcpt, address) for address in envelope.addresses}
            accepted = [address for address, reply in answers.items() if reply.startswith("2")]
            if not accepted:
                return answers
            self._wait(client, self._server.patience.data)
            reply = self._checked(_reply(*client.docmd("DATA")))
            if reply.startswith("3"):
                self._write(client, envelope.content)
        if reply.startswith("3"):
            with self._breaking(is_handed_over=True):
                client.send(b".\r\n")
                self._wait(client, self._server.patience.final)
                reply = self._checked(_reply(*client.getreply()))
        return answers | dict.fromkeys(accepted, reply)

    def _introduce(self, client: smtplib.SMTP, envelope: Envelope) -> str:
        """MAIL FROM; the refusal of this mail, if there is one. Raises UserError when it is us who are refused."""
        options = [f"SIZE={len(envelope.content)}"] if client.has_extn("size") else []
        if not envelope.content.isascii() and client.has_extn("8bitmime"):
            options.append("BODY=8BITMIME")
        reply = self._ask(client, client.mail, envelope.sender, options)
        if understand(reply).meaning in ("never", "us"):
            raise UserError("sender_refused", self._server.name, reply=reply)
        return "" if reply.startswith("2") else reply

    def _ask(self, client: smtplib.SMTP, command: Callable[..., tuple[int, bytes]], *arguments: object) -> str:
        self._wait(client, self._server.patience.command)
        return self._checked(_reply(*command(*arguments)))

    def _write(self, client: smtplib.SMTP, content: bytes) -> None:
        """The message in blocks, each with its own time: a slow line is not a broken one. Its end is not yet sent."""
        self._wait(client, self._server.patience.block)
        ended = b"" if content.endswith(b"\r\n") else b"\r\n"
        stuffed = _DOT.sub(b"..", content) + ended
        for start in range(0, len(stuffed), _BLOCK):
            client.send(stuffed[start : start + _BLOCK])

    @contextmanager
    def _breaking(self, *, is_handed_over: bool) -> Iterator[None]:
        """What breaks the connection drops it and is told in plain words."""
        try:
            yield
        except OSError as error:  # SMTPException is one
            self._drop()
            raise BrokenOff(self._server, _words(error), is_handed_over=is_handed_over) from error

    def _checked(self, reply: str) -> str:
        """The reply, unless the server says with it that it goes, or it is none."""
        if reply.startswith(_CLOSING) or reply[0] not in "2345":
            raise smtplib.SMTPServerDisconnected(reply)
        return reply

    def _wait(self, client: smtplib.SMTP, seconds: float) -> None:
        if client.sock:
            client.sock.settimeout(seconds)


def _opened(server: Server) -> smtplib.SMTP:
    """A connection greeted and logged in; whatever keeps us out is told in plain words."""
    client: smtplib.SMTP | None = None
    try:
        client = _greeted(server)
        assert client.sock is not None
        # Many short questions and answers: held back to be sent together, each would cost forty milliseconds.
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.ehlo_or_helo_if_needed()
        if server.is_starttls and not server.is_ssl:
            client.starttls(context=_context(server))
            client.ehlo()
        if server.login:
            client.login(server.login, server.password)
    except OSError as error:
        if client:
            client.close()
        raise _told(server, error) from error
    return client


def _greeted(server: Server) -> smtplib.SMTP:
    patience = server.patience.greeting
    if server.is_ssl:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=patience, context=_context(server))
    return smtplib.SMTP(server.host, server.port, timeout=patience)


def _context(server: Server) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not server.is_verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _told(server: Server, error: OSError) -> UserError:
    """A login or a certificate that is wrong does not come right by waiting; anything else may."""
    is_login = isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500
    if is_login or isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLCertVerificationError):
        return UserError("login_refused", server.name, reason=_words(error))
    return BusyError("mail_server_away", server.name, reason=_words(error))


def _reply(code: int, words: bytes | str) -> str:
    """A reply on one line; some providers speak GB18030."""
    text = words if isinstance(words, str) else _decoded(words)
    return f"{code} {' '.join(text.split())}"


def _decoded(words: bytes) -> str:
    try:
        return words.decode()
    except UnicodeDecodeError:
        return words.decode("gb18030", "replace")


def _words(error: OSError) -> str:
    """The server's own words, or the system's, without Python's dress."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return _SILENT
    return error.strerror or str(error) or type(error).__name__
