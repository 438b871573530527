"""The outbox as folders: ``<state>/<unit_code>/<mail_id>.eml``; a mail lies in one of them at a time.

``pending`` waits for a server, ``unaddressed`` for a contacts file; ``sent`` and ``refused`` are settled, with
what the server said beside the mail in ``<mail_id>.json``. A mail that was put off has a note beside it, see
``waiting``.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import get_args

from minsheng.core.codes import MailState
from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import atomic_write, move, remove
from minsheng.core.home import Home
from minsheng.core.notes import Note, UnreadableError
from minsheng.mail.waiting import forget_wait

STATES: tuple[MailState, ...] = get_args(MailState)

_ADDRESS = re.compile(r"<?(?<![\w.%+=~-])[\w.%+=~-]++@[\w.-]++>?", re.ASCII)

# What a server answered about each address: the code and its words, ``550 no such mailbox``.
Replies = Mapping[str, str]
_REPLIES: Note[dict[str, str]] = Note(dict[str, str])


def mails(home: Home, state: MailState, unit_code: str | None = None) -> list[Path]:
    """The mails in one state, of one unit or of all."""
    folder = home.outbox / state
    return sorted(folder.glob("*/*.eml") if unit_code is None else (folder / unit_code).glob("*.eml"))


def mail_path(home: Home, state: MailState, unit_code: str, mail_id: str) -> Path:
    """Where a mail lies while it is in this state."""
    return home.outbox / state / unit_code / f"{mail_id}.eml"


def replies(eml: Path) -> dict[str, str]:
    """What servers have said about this mail so far; an address nobody answered for is not in it.

    Raises DamagedError when what was written down can no longer be read.
    """
    journal = eml.with_suffix(".json")
    if not journal.exists():
        return {}
    try:
        return _REPLIES.read(journal)
    except UnreadableError as error:
        raise DamagedError("replies_damaged", journal, reason=error) from error


@contextmanager
def claimed(eml: Path) -> Iterator[bool]:
    """Whether a waiting mail is ours alone until the block ends: another run may be sending it, or have sent it."""
    with ExitStack() as stack:
        yield _lock(eml, stack)


def _lock(eml: Path, stack: ExitStack) -> bool:
    try:
        file = stack.enter_context(eml.open("r+b"))
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(file.fileno()), eml.stat())
    except (BlockingIOError, FileNotFoundError):
        return False


def is_taken(reply: str) -> bool:
    """Whether the server has taken the mail for the address it answered about."""
    return reply.startswith("2")


def refusal(eml: Path) -> str:
    """The addresses a mail was refused for, and in which words; empty if there are none."""
    return listed({address: reply for address, reply in replies(eml).items() if not is_taken(reply)})


def refusal_reason(eml: Path) -> str:
    """In which words a mail was refused, without a mail address: those stay in the outbox."""
    words = (without_addresses(reply) for reply in replies(eml).values() if not is_taken(reply))
    return "; ".join(dict.fromkeys(words))


def without_addresses(words: str) -> str:
    """A server's words with every mail address left out."""
    return _ADDRESS.sub("<…>", words)


def listed(said: Replies) -> str:
    """Replies on one line."""
    return "; ".join(f"{address}: {reply}" for address, reply in said.items())


def keep_replies(eml: Path, said: Replies) -> None:
    """Write down what servers said about a mail that stays where it is."""
    atomic_write(eml.with_suffix(".json"), _REPLIES.written(dict(said)))


def settle(eml: Path, state: MailState, said: Replies, home: Home) -> None:
    """Move a mail that is done with; what was said goes first, so that a mail never lies there without it."""
    target = mail_path(home, state, eml.parent.name, eml.stem)
    keep_replies(target, said)
    _move(eml, target)


def take_back(home: Home, mail_id: str) -> Path:
    """Have a refused mail tried again, for every address; the first digits of its id will do.

    Raises UserError for one that was not refused.
    """
    found = [eml for eml in mails(home, "refused") if eml.stem.startswith(mail_id)]
    if len(found) != 1:
        raise UserError("mail_not_refused", mail_id)
    target = mail_path(home, "pending", found[0].parent.name, found[0].stem)
    _move(found[0], target)
    return target


def _move(eml: Path, target: Path) -> None:
    move(eml, target)
    remove(eml.with_suffix(".json"))
    forget_wait(eml)
