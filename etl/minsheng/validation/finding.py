"""One fault of one file, as its unit is told of it."""

from __future__ import annotations

from dataclasses import dataclass

from minsheng.core.codes import Severity
from minsheng.validation.wording import tidy

_LONGEST_QUOTE = 60


@dataclass(frozen=True)
class Finding:
    """One fault of one file. ``cell`` null: it concerns the file, a sheet or a line as a whole.

    ``found``, ``message`` and ``remedy`` may quote the unit and are for it alone; ``title`` is the rule's, for anybody.
    ``about``: what stands there by name, as ``窨井设施维护改造数 · 本月数``; null: nothing of an indicator.
    ``explained_by``: the reference of the fault it follows from; null: it stands for itself.
    ``asks_why``: it is a doubt that wants the unit's explanation; ``explanation``: what the unit says, null: nothing.
    """

    rule: str
    severity: Severity
    sheet: str | None
    cell: str | None
    found: str | None
    message: str
    remedy: str
    title: str = ""
    about: str | None = None
    explained_by: str | None = None
    asks_why: bool = False
    explanation: str | None = None

    @property
    def reference(self) -> str:
        """Rule and place, as others of the same file refer to it: ``R13 填报!F6``."""
        return f"{self.rule} {self.sheet or ''}!{self.cell or ''}"


def quoted(text: str) -> str:
    """A unit's own words fit to stand in a sentence: one line, no control characters, not too long."""
    line = tidy(" ".join("".join(char if char.isprintable() else " " for char in text).split()))
    return line if len(line) <= _LONGEST_QUOTE else line[:_LONGEST_QUOTE] + "…"
