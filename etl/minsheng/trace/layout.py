"""What an audit sheet is made of. The terminal and the page only set it."""

from __future__ import annotations

from dataclasses import dataclass

from minsheng.trace.checks import Confirmation

Line = tuple[str, ...]


@dataclass(frozen=True)
class TraceTable:
    """A table with its heading, its column heads and its rows; ``empty`` stands there when it has none."""

    title: str
    head: Line
    rows: tuple[Line, ...]
    empty: str = "没有。"


@dataclass(frozen=True)
class Section:
    """One numbered part: facts as label and value, tables, and what must be said beside them."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    tables: tuple[TraceTable, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class TraceSheet:
    """The whole sheet. ``warnings`` is what a reader must not overlook; ``stamp`` says which publication it is of."""

    title: str
    subject: str
    stamp: tuple[tuple[str, str], ...]
    checks: tuple[Confirmation, ...]
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    explanation: str
    footer: str

    @property
    def verdict(self) -> str:
        """All comparisons in one line."""
        bad = [check.label for check in self.checks if not check.is_good]
        if not bad:
            return f"{len(self.checks)} 项核对全部一致"
        return f"{len(self.checks)} 项核对中 {len(bad)} 项不一致：{'、'.join(bad)}"
