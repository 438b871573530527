"""One thing that needs a person, and what a look at everything found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from minsheng.core.codes import Cause
from minsheng.words import display
from minsheng.words.chinese import chinese

RUNBOOK = "docs/runbook.md"


@dataclass(frozen=True)
class Condition:
    """``about`` tells it from others of the same cause and county: which task, which source, which mail.

    ``detail`` says in Chinese what was found, without a personal address. ``county`` null: of the whole installation;
    ``period`` null: of no month.
    """

    cause: Cause
    about: str
    detail: str
    county: str | None = None
    period: str | None = None

    @property
    def key(self) -> str:
        """By which it is the same condition the next time."""
        return "|".join((self.cause, self.county or "", self.about))


@dataclass(frozen=True)
class Observed:
    """What a look found; ``unknown``: causes, of a county or of the installation (null), that could not be looked at.

    ``titles``: what the counties are called. ``only``: the one cause that was looked for, null: every one.
    """

    conditions: tuple[Condition, ...]
    unknown: frozenset[tuple[Cause, str | None]] = frozenset()
    titles: Mapping[str, str] = field(default_factory=dict)
    only: Cause | None = None

    def is_known(self, condition: Condition) -> bool:
        """Whether a condition that was not found is not there."""
        was_sought = self.only in (None, condition.cause)
        return was_sought and (condition.cause, condition.county) not in self.unknown

    def title(self, county: str | None) -> str:
        """What a county is called; empty for the whole installation."""
        return self.titles.get(county, county) if county else ""


def headline(cause: Cause, county: str, period: str | None) -> str:
    """``邮件被拒收（鲁山县，2022年5月）``."""
    month = display.month_name(period) if period else ""
    about = "，".join(filter(None, (county, month)))
    return chinese().cause[cause] + (f"（{about}）" if about else "")


def runbook_entry(cause: Cause) -> str:
    """Where the runbook speaks of it; a test holds its headings against this."""
    return f"{RUNBOOK}#{cause}-{chinese().cause[cause]}"
