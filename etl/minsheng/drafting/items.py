"""The items of a new plan with their indicators: from the office's table and the plan's own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from minsheng.core.errors import UserError
from minsheng.core.text import unspaced
from minsheng.drafting.indicators import Surroundings, indicator_entry
from minsheng.drafting.passages import Passage, passage_of
from minsheng.drafting.tables import TableRow, names_in
from minsheng.drafting.units import UnitBook, UnitDraft
from minsheng.drafting.yaml_lines import Noted
from minsheng.plan.left_open import LEFT_OPEN


@dataclass
class ItemsDraft:
    """The items as they will stand in their files, and every fault that was found on the way."""

    entries: list[dict[str, object]] = field(default_factory=list)
    faults: list[UserError] = field(default_factory=list)


@dataclass(frozen=True)
class _ItemRows:
    """The lines of one item, and what the plan's text says of it."""

    number: int
    rows: tuple[TableRow, ...]
    passage: Passage

    @property
    def code(self) -> str:
        return f"M{self.number:02}"

    @property
    def quote(self) -> str:
        return self.rows[0]["item_quote"] or self.passage.task

    def unit_words(self, column: str) -> str:
        """The units as the plan's text names them, else as the table does."""
        said = self.passage.lead_units if column == "lead_units" else self.passage.supporting_units
        return said or "、".join(names_in(self.rows[0][column]))


def unit_names(rows: Sequence[TableRow], text: str) -> list[str]:
    """The names of all units that the items say."""
    said = (item.unit_words(column) for item in _items(rows, text) for column in ("lead_units", "supporting_units"))
    own = (row["indicator_lead"] for row in rows)
    return [name for words in (*said, *own) for name in names_in(words)]


def draft_items(rows: Sequence[TableRow], text: str, units: UnitBook, year: int, document_no: str) -> ItemsDraft:
    """All items, in the order of the table."""
    draft = ItemsDraft()
    for item in _items(rows, text):
        draft.entries.append(_entry(item, units, year, document_no, draft.faults))
    return draft


def blank_item(year: int, document_no: str) -> dict[str, object]:
    """An item of which nothing is known yet."""
    open_keys = ("name", "quote", "lead_units_quote", "responsible_units_quote")
    around = Surroundings("M01", 1, "", (), year, document_no, UnitBook(()))
    return {
        "code": "M01",
        "number": 1,
        **dict.fromkeys(open_keys, LEFT_OPEN),
        "lead_units": [LEFT_OPEN],
        "supporting_units": [],
        "lead_assignment": LEFT_OPEN,
        "indicators": [indicator_entry(None, around, [])],
    }


def _items(rows: Sequence[TableRow], text: str) -> Iterator[_ItemRows]:
    groups = groupby(rows, key=lambda row: unspaced(row["item"]))
    for number, (_, lines) in enumerate(groups, start=1):
        of_one = tuple(lines)
        yield _ItemRows(number, of_one, passage_of(text, of_one[0]["item"]))


def _entry(item: _ItemRows, units: UnitBook, year: int, document_no: str, faults: list[UserError]) -> dict[str, object]:
    leads = _units(item, "lead_units", units, faults)
    supporting = _units(item, "supporting_units", units, faults)
    takes = any(row["contributions"] == "是" for row in item.rows)
    entries = []
    for number, row in enumerate(item.rows, start=1):
        around = Surroundings(item.code, number, item.quote, tuple(leads), year, document_no, units)
        entries.append(indicator_entry(row, around, faults))
    entry: dict[str, object] = {
        "code": item.code,
        "number": item.number,
        "name": item.rows[0]["item"],
        "quote": item.quote or LEFT_OPEN,
        "lead_units_quote": item.unit_words("lead_units") or LEFT_OPEN,
        "responsible_units_quote": item.unit_words("supporting_units"),
        "lead_units": [Noted(unit.code, unit.name) for unit in leads] or [LEFT_OPEN],
        "supporting_units": [Noted(unit.code, unit.name) for unit in supporting],
    }
    entry |= {"takes_contributions": True} if takes else {}
    return entry | {"lead_assignment": _assignment(leads), "indicators": entries}


def _units(item: _ItemRows, column: str, units: UnitBook, faults: list[UserError]) -> list[UnitDraft]:
    found: list[UnitDraft] = []
    for name in names_in(item.unit_words(column)):
        if unit := units.find(name):
            found.append(unit)
        else:
            faults.append(item.rows[0].fault(column, "unit_not_listed", name=name, near=units.like(name)))
    return found


def _assignment(leads: Sequence[UnitDraft]) -> str:
    if not leads:
        return LEFT_OPEN
    names = "、".join(unit.name for unit in leads)
    return f"方案：全部指标由{names}牵头。" if len(leads) == 1 else f"方案列{names}为牵头单位，各指标由谁牵头见指标表。"
