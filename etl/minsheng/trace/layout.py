"""What an audit sheet is made of. The terminal and the page only set it."""

from __future__ import annotations

from dataclasses import dataclass

from minsheng.trace.checks import Confirmation

Line = tuple[str, ...]


@dataclass(frozen=True)
class TraceTable:
    """A table with its heading, its column heads and its rows; ``empty`` stands there when it has none.

    ``anchors``: which sheet of the dossier each row leads to, a row each; empty: they lead nowhere.
    """

    title: str
    head: Line
    rows: tuple[Line, ...]
    empty: str = "没有。"
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """One numbered part: facts as label and value, tables, and what must be said beside them."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    tables: tuple[TraceTable, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class TraceSheet:
    """The whole sheet. ``warnings`` is what a reader must not overlook; ``stamp`` says which publication it is of.

    ``anchor``: by which the cover of a dossier leads here.
    """

    title: str
    subject: str
    stamp: tuple[tuple[str, str], ...]
    checks: tuple[Confirmation, ...]
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    explanation: str
    footer: str
    anchor: str

    @property
    def is_good(self) -> bool:
        """Whether every comparison is as it should be."""
        return all(check.is_good for check in self.checks)

    @property
    def verdict(self) -> str:
        """All comparisons in one line."""
        bad = [check.label for check in self.checks if not check.is_good]
        if not bad:
            return f"{len(self.checks)} 项核对全部一致"
        return f"{len(self.checks)} 项核对中 {len(bad)} 项不一致：{'、'.join(bad)}"


@dataclass(frozen=True)
class Dossier:
    """What one question is answered with: a sheet a figure, and in front of several what they have in common."""

    cover: TraceSheet | None
    sheets: tuple[TraceSheet, ...]

    @property
    def all_sheets(self) -> tuple[TraceSheet, ...]:
        """The cover, where there is one, and the sheets, as they are printed."""
        return (self.cover, *self.sheets) if self.cover else self.sheets

    @property
    def title(self) -> str:
        """What the whole is called."""
        first = self.all_sheets[0]
        return f"{first.title} {first.subject}"

    @property
    def footer(self) -> str:
        """What stands below every page: all sheets are of one publication."""
        return self.all_sheets[0].footer
