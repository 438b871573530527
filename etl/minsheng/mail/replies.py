"""What a mail server's reply means for the mail: done, later, without its attachment, or never.

A reply is its code and its words on one line: ``550 5.1.1 no such user``. The table is ``replies.yaml``. Where a
reply is unclear it errs towards ``later``: a mail tried too often costs little, one given up costs a person's time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from minsheng.core.contracts import Strict, load

Meaning = Literal["taken", "later", "smaller", "us", "never"]

TABLE = Path(__file__).with_name("replies.yaml")
_STATUS = re.compile(r"^\d{3}[ -](?:\S{0,20} )?[245]\.(\d{1,3}\.\d{1,3})\b")
_UNKNOWN = "服务器拒收"
_WAIT = "服务器要求稍后再试"


class ReplyRule(Strict):
    """One kind of refusal: how it is recognised, what it means, what the data team is told."""

    meaning: Meaning
    reason: str
    codes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    words: tuple[str, ...] = Field(min_length=1)

    def fits(self, reply: str) -> bool:
        """Whether the reply is of this kind."""
        if self.meaning == "never" and not reply.startswith("5"):
            return False
        said = reply.casefold()
        return reply[:3] in self.codes or _status(reply) in self.statuses or any(word in said for word in self.words)


@dataclass(frozen=True)
class Told:
    """A reply understood."""

    meaning: Meaning
    reason: str


def understand(reply: str) -> Told:
    """The meaning of a reply, with the reason in Chinese."""
    if reply.startswith("2"):
        return Told("taken", "")
    fitting = next((row for row in rows() if row.fits(reply)), None)
    if fitting:
        return Told(fitting.meaning, fitting.reason)
    return Told("later", _WAIT) if reply.startswith("4") else Told("never", _UNKNOWN)


@cache
def rows() -> tuple[ReplyRule, ...]:
    """The table, in the order in which its rows are tried."""
    return load(TABLE, tuple[ReplyRule, ...], TABLE.name)


def _status(reply: str) -> str | None:
    found = _STATUS.match(reply)
    return found[1] if found else None
