"""The units of a new plan: from the office's table or, where there is none, from the names its items say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from minsheng.core.contracts import near
from minsheng.core.errors import UserError
from minsheng.core.text import unspaced
from minsheng.drafting.tables import TableRow, names_in
from minsheng.drafting.yaml_lines import guessed
from minsheng.plan.left_open import LEFT_OPEN
from minsheng.words.chinese import chinese

_CODE = re.compile(r"[A-Z][A-Z0-9-]*")
# What a unit is by the end of its name.
_TYPES = (
    (re.compile(r"公司$"), "enterprise_branch"),
    (re.compile(r"支行$"), "central_bank_branch"),
    (re.compile(r"供销.{0,9}社$"), "cooperative_body"),
    (re.compile(r"(总工会|团.{0,9}委|妇联|残联|工商联|文联|科协|红十字会)$"), "mass_organisation"),
    (re.compile(r"关工委$"), "party_led_committee"),
    (re.compile(r"县委.{0,9}(部|政法委|办公室)$"), "party_organ"),
    (re.compile(r"(中心|医院|学校|站|所)$"), "public_centre"),
    (re.compile(r"(局|委|办|厅|政府)$"), "county_bureau"),
)


@dataclass(frozen=True)
class UnitDraft:
    """A unit as it will stand in ``units.yaml``."""

    code: str
    name: str
    short_name: str
    full_name: str
    is_presumed: bool
    type: str
    aliases: tuple[str, ...] = ()

    def entry(self, year: int) -> dict[str, object]:
        """Its keys and values."""
        entry: dict[str, object] = {
            "code": self.code,
            "name": self.name,
            "short_name": self.short_name,
            "full_name": guessed(self.full_name) if self.is_presumed else self.full_name,
            "full_name_is_presumed": self.is_presumed,
            "type": self.type,
            "valid_from": date(year, 1, 1),
        }
        return entry | ({"aliases": [{"name": name} for name in self.aliases]} if self.aliases else {})


@dataclass(frozen=True)
class UnitBook:
    """The units of a plan, found by any of their names."""

    units: tuple[UnitDraft, ...]

    def find(self, name: str) -> UnitDraft | None:
        """The unit called so; None when it is none of them."""
        return self._by_name.get(unspaced(name))

    def like(self, name: str) -> str:
        """A name that was probably meant, as a question."""
        return near(name, [unit.name for unit in self.units])

    @property
    def _by_name(self) -> Mapping[str, UnitDraft]:
        return {
            unspaced(name): unit
            for unit in reversed(self.units)
            for name in (*unit.aliases, unit.full_name, unit.short_name, unit.name)
        }


def units_of_table(rows: Sequence[TableRow], county_name: str) -> tuple[UnitBook, list[UserError]]:
    """The units of a table, and what is wrong with it."""
    faults = [*_repeated(rows, "name"), *_repeated(rows, "code")]
    for row in rows:
        if row["code"] and not _CODE.fullmatch(row["code"]):
            faults.append(row.fault("code", "unit_code_unfit", code=row["code"]))
        if row["type"] and _type_of(row) is None:
            words = list(chinese().unit_type.values())
            faults.append(row.fault("type", "choice_unknown", word=row["type"], options=words))
    taken = {row["code"] for row in rows}
    fresh = (code for code in (f"U{number:02}" for number in range(1, 1000)) if code not in taken)
    return UnitBook(tuple(_unit(row, row["code"] or next(fresh), county_name) for row in rows)), faults


def units_of_names(names: Iterable[str], county_name: str) -> UnitBook:
    """The units of which nothing but the names is known."""
    known = dict.fromkeys(names)
    return UnitBook(tuple(_named(f"U{n:02}", name, county_name) for n, name in enumerate(known, start=1)))


def _unit(row: TableRow, code: str, county_name: str) -> UnitDraft:
    plain = _named(code, row["name"], county_name)
    return UnitDraft(
        code,
        plain.name,
        row["short_name"] or plain.short_name,
        row["full_name"] or plain.full_name,
        not row["full_name"],
        _type_of(row) or plain.type,
        tuple(name for name in names_in(row["aliases"]) if name != plain.name),
    )


def _named(code: str, name: str, county_name: str) -> UnitDraft:
    """By the name alone: ``县民政局`` of 鲁山县 is 鲁山县民政局, for short 民政局."""
    own = name.removeprefix("县") if name.startswith("县") else name
    full = name if county_name in name or not name.startswith("县") else f"{county_name}{own}"
    kind = next((kind for ending, kind in _TYPES if ending.search(name)), LEFT_OPEN)
    return UnitDraft(code, name, own, full, True, kind)


def _type_of(row: TableRow) -> str | None:
    words = {word: code for code, word in chinese().unit_type.items()}
    return words.get(row["type"], row["type"] if row["type"] in words.values() else None)


def _repeated(rows: Sequence[TableRow], column: str) -> Iterator[UserError]:
    seen: set[str] = set()
    for row in rows:
        if row[column] and row[column] in seen:
            yield row.fault(column, "cell_twice", value=row[column])
        seen.add(row[column])
