"""One indicator of a new plan, out of a line of the office's table: what the line does not say is concluded or 待定."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast, get_args

from minsheng.core.codes import Comparator, Kind
from minsheng.core.errors import UserError
from minsheng.drafting.tables import TableRow
from minsheng.drafting.units import UnitBook, UnitDraft
from minsheng.drafting.wording import (
    as_written,
    clause_of,
    comparator_of,
    compared,
    deadline_day,
    deadline_phrase,
    target_value,
)
from minsheng.drafting.yaml_lines import Noted, guessed
from minsheng.plan.left_open import LEFT_OPEN
from minsheng.plan.meaning import BASES
from minsheng.words.chinese import chinese

_MEASURED = frozenset({"公里", "千米", "米", "万元", "元", "吨", "亩", "平方米", "平方公里", "公顷", "%"})


@dataclass(frozen=True)
class Surroundings:
    """What an indicator takes from its item and its plan; ``quote`` empty: the item's words are not known yet."""

    item_code: str
    number: int
    quote: str
    leads: tuple[UnitDraft, ...]
    year: int
    document_no: str
    units: UnitBook

    @property
    def code(self) -> str:
        """``M01-01``."""
        return f"{self.item_code}-{self.number:02}"


@dataclass(frozen=True)
class _Target:
    """What is promised: ``number`` as the plan writes it, ``clause`` in which it stands, the word it compares with."""

    value: Decimal | None
    number: str | None
    clause: str | None
    comparator: Comparator
    is_guessed: bool
    word: str | None


def indicator_entry(row: TableRow | None, around: Surroundings, faults: list[UserError]) -> dict[str, object]:
    """The keys and values of an indicator; without a line everything is 待定. Faults of the line are added."""
    if row is None:
        return _blank(around)
    kind, is_guessed = _kind(row, faults)
    target = _target(row, kind, around, faults)
    entry: dict[str, object] = {
        "code": around.code,
        "name": row["name"],
        "quote": target.clause or LEFT_OPEN,
        "definition": row["definition"] or LEFT_OPEN,
        "kind": guessed(kind) if is_guessed else kind,
        "comparator": guessed(target.comparator) if target.is_guessed else target.comparator,
        "unit_of_measure": row["unit_of_measure"],
    }
    if row["unit_of_measure"] in _MEASURED or (target.value is not None and target.value % 1):
        entry |= {"value_type": "decimal"}
    entry |= {"progress_basis": Noted(BASES[kind][0], ""), "targets": [_target_entry(target, kind, around)]}
    deadline = _deadline(row, target.clause, around, faults)
    entry |= {"deadline": deadline, "lead_unit": _lead(row, around, faults)}
    return entry | _kept(row, kind, faults)


def _blank(around: Surroundings) -> dict[str, object]:
    keys = ("name", "quote", "definition", "kind", "comparator", "unit_of_measure", "progress_basis")
    target = dict.fromkeys(("value", "as_written", "comparator_word"), LEFT_OPEN) | _since(around)
    deadline = {"phrase": None, "source": "方案没有写明，按年底", "date": date(around.year, 12, 31)}
    entry: dict[str, object] = {"code": around.code, **dict.fromkeys(keys, LEFT_OPEN)}
    return entry | {"targets": [target], "deadline": deadline, "lead_unit": LEFT_OPEN}


def _since(around: Surroundings) -> dict[str, str]:
    return {"valid_from": f"{around.year}-01", "document_no": around.document_no}


def _kind(row: TableRow, faults: list[UserError]) -> tuple[Kind, bool]:
    words = {word: code for code, word in chinese().kind.items()} | {code: code for code in get_args(Kind)}
    if row["kind"] and row["kind"] not in words:
        faults.append(row.fault("kind", "choice_unknown", word=row["kind"], options=list(chinese().kind.values())))
    likely: Kind = "ratio" if row["unit_of_measure"] == "%" else "flow"
    return cast(Kind, words.get(row["kind"], likely)), not row["kind"]


def _target(row: TableRow, kind: Kind, around: Surroundings, faults: list[UserError]) -> _Target:
    value = target_value(row["target"], row["unit_of_measure"])
    if row["target"] and value is None:
        faults.append(row.fault("target", "target_unread", text=row["target"]))
    number = as_written(around.quote, value, row["unit_of_measure"]) if value is not None else None
    clause = clause_of(around.quote, number) if number else None
    likely, word = compared(clause, number) if clause and number else ("ge", None)
    named = comparator_of(row["comparator"], chinese().comparator) if row["comparator"] else None
    if row["comparator"] and named is None:
        options = list(chinese().comparator.values())
        faults.append(row.fault("comparator", "choice_unknown", word=row["comparator"], options=options))
    comparator = "gt_last_year" if kind == "trend" else named or likely
    return _Target(value, number, clause, comparator, not row["comparator"] and kind != "trend", word)


def _target_entry(target: _Target, kind: Kind, around: Surroundings) -> dict[str, object]:
    value: object = LEFT_OPEN if target.value is None else target.value
    entry: dict[str, object] = {
        "value": None if kind == "trend" else value,
        "as_written": target.number or LEFT_OPEN,
        "comparator_word": guessed(target.word) if target.word else LEFT_OPEN,
    }
    return entry | _since(around)


def _deadline(row: TableRow, clause: str | None, around: Surroundings, faults: list[UserError]) -> dict[str, object]:
    """By the table's cell, else by the plan's words; a plan that says nothing means the end of its year."""
    own = deadline_phrase(clause or "")
    phrase = own or deadline_phrase(around.quote)
    day = deadline_day(row["deadline"] or phrase or "年底", around.year)
    if day is None:
        faults.append(row.fault("deadline", "deadline_unread", text=row["deadline"] or phrase))
    told = "指标表写明" if row["deadline"] else "方案没有写明，按年底"
    source = "本句写明" if own else "承全句" if phrase else told
    return {"phrase": phrase, "source": source, "date": day or LEFT_OPEN}


def _lead(row: TableRow, around: Surroundings, faults: list[UserError]) -> object:
    if name := row["indicator_lead"]:
        if unit := around.units.find(name):
            return Noted(unit.code, unit.name)
        faults.append(row.fault("indicator_lead", "unit_not_listed", name=name, near=around.units.like(name)))
    elif len(around.leads) == 1:
        return Noted(around.leads[0].code, around.leads[0].name)
    return LEFT_OPEN


def _kept(row: TableRow, kind: Kind, faults: list[UserError]) -> dict[str, object]:
    """What only some kinds have."""
    entry: dict[str, object] = {"takes_contributions": True} if row["contributions"] == "是" else {}
    if kind in ("ratio", "coverage"):
        entry |= {part: row[part] or LEFT_OPEN for part in ("numerator", "denominator")}
    if row["base_value"]:
        value = target_value(row["base_value"], row["unit_of_measure"])
        if value is None:
            faults.append(row.fault("base_value", "target_unread", text=row["base_value"]))
        entry |= {"base_value": value}
    return entry
