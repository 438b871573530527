"""Handing mails to the mail server: the one door to SMTP.

A mail leaves ``pending/`` when every address has its final answer. A server that takes it for some addresses and
asks to wait for others is asked again for those only. A crash after the server's answer sends the mail again under
the same Message-ID: more SMTP does not allow.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from etl.errors import BusyError, UserError
from etl.home import Home
from etl.mail.contacts import Contacts
from etl.mail.folders import Replies, is_taken, keep_replies, listed, mails, replies, settle
from etl.mail.message import read_message, recipients

# Replies after which an address is not asked for again: taken, or refused for good.
_FINAL = ("2", "5")
# To MAIL FROM this speaks of the mail, which is too large, and not of the sender (RFC 1870).
_TOO_LARGE = 552
_WAITING = "mails wait in outbox/pending and are tried again"


@dataclass(frozen=True)
class Server:
    """Where mail is handed in. ``timeout`` seconds is how long one answer of the server may take."""

    host: str
    port: int
    login: str = ""
    password: str = ""
    timeout: float = 30
    is_ssl: bool = False
    is_starttls: bool = False
    is_verified: bool = True

    @property
    def name(self) -> str:
        """How it is called in messages."""
        return f"mail server {self.host}:{self.port}"


class RefusedMail(UserError):  # noqa: N818 - says what happened
    """A server will never take the mail for some address: trying again cannot help."""


def pending(home: Home) -> list[Path]:
    """Mails waiting to be sent."""
    return mails(home, "pending")


def sent(home: Home) -> list[Path]:
    """Mails a server has taken."""
    return mails(home, "sent")


def unaddressed(home: Home) -> list[Path]:
    """Mails that wait for a contacts file."""
    return mails(home, "unaddressed")


def describe(eml: Path, contacts: Contacts | None) -> str:
    """Who a waiting mail would go to, and under which subject."""
    message = read_message(eml.read_bytes(), eml.parent.name, contacts)
    return f"{', '.join(recipients(message))} {message['Subject']} ({eml.stem})"


def deliver(server: Server, eml: Path, home: Home, contacts: Contacts | None = None) -> None:
    """Send one waiting mail, then move it to ``sent/``, or to ``refused/`` when no address would have it.

    Raises RefusedMail for addresses refused for good, after the mail has been moved; BusyError for what may pass
    and UserError for what a person must put right first, and then the mail stays.
    """
    message = read_message(eml.read_bytes(), eml.parent.name, contacts)
    if not recipients(message):
        raise UserError(str(eml), "has no address", "name the unit in the file given by MINSHENG_CONTACTS")
    said = replies(eml)
    answers = _hand_in(server, message, [address for address in recipients(message) if address not in said])
    final = said | {address: reply for address, reply in answers.items() if reply.startswith(_FINAL)}
    if set(final) >= set(recipients(message)):
        settle(eml, "sent" if any(map(is_taken, final.values())) else "refused", final, home)
        _tell_refused(server, eml.stem, final)
        return
    if final != said:
        keep_replies(eml, final)
    raise BusyError(server.name, f"it puts off mail {eml.stem} ({listed(answers)})", _WAITING)


def _tell_refused(server: Server, mail_id: str, said: Replies) -> None:
    refused = {address: reply for address, reply in said.items() if not is_taken(reply)}
    if not refused:
        return
    remedy = "correct the address in the file given by MINSHENG_CONTACTS, or ask who runs the mail server"
    if len(refused) == len(said):
        again = f"{remedy}; then `minsheng mail resend {mail_id}`"
        raise RefusedMail(server.name, f"it refuses mail {mail_id} for good ({listed(refused)})", again)
    raise RefusedMail(server.name, f"it took mail {mail_id}, but not for every address ({listed(refused)})", remedy)


def _hand_in(server: Server, message: EmailMessage, addresses: list[str]) -> dict[str, str]:
    """What the server answers for each address; nothing is asked when there is nobody left to ask for."""
    if not addresses:
        return {}
    with _connected(server) as client:
        try:
            refused = client.send_message(message, to_addrs=addresses)
        except smtplib.SMTPRecipientsRefused as error:
            return {address: _reply(*reply) for address, reply in error.recipients.items()}
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            if _is_about_us(error):
                raise
            return dict.fromkeys(addresses, _reply(error.smtp_code, error.smtp_error))
    taken = dict.fromkeys(addresses, "250 OK")
    return taken | {address: _reply(*reply) for address, reply in refused.items()}


@contextmanager
def _connected(server: Server) -> Iterator[smtplib.SMTP]:
    """A client logged in; whatever breaks the connection meanwhile is told in plain words."""
    try:
        with closing(_open(server)) as client:
            if server.is_starttls and not server.is_ssl:
                client.starttls(context=_context(server))
            if server.login:
                client.login(server.login, server.password)
            yield client
    except OSError as error:  # SMTPException is one
        raise _told(server, error) from error


def _open(server: Server) -> smtplib.SMTP:
    if server.is_ssl:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=_context(server))
    return smtplib.SMTP(server.host, server.port, timeout=server.timeout)


def _context(server: Server) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not server.is_verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _told(server: Server, error: OSError) -> UserError:
    """A login, sender or certificate that is wrong does not come right by waiting; anything else may."""
    if _is_about_us(error) or isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLCertVerificationError):
        is_sender = isinstance(error, smtplib.SMTPSenderRefused)
        problem = "it refuses us as sender" if is_sender else "it does not let us in"
        remedy = "correct the connection minsheng_smtp, then clear the task; mails wait in outbox/pending"
        return UserError(server.name, f"{problem} ({_words(error)})", remedy)
    return BusyError(server.name, f"cannot be reached, or broke off ({_words(error)})", _WAITING)


def _is_about_us(error: OSError) -> bool:
    """Whether the server will have nothing from us, whoever it is for: it says nothing about any address."""
    if not isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPSenderRefused):
        return False
    return error.smtp_code >= 500 and error.smtp_code != _TOO_LARGE


def _reply(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"


def _words(error: OSError) -> str:
    """The server's own words, or the system's, without Python's dress."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return error.strerror or str(error) or type(error).__name__
