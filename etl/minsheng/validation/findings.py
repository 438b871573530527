"""Facts that break a rule, turned into words a clerk can act on: where, what stands there, why not, what instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from string import Formatter
from typing import TYPE_CHECKING, Any, get_args

from minsheng.core.codes import Severity
from minsheng.spreadsheet.numbers import plain
from minsheng.validation.expectations import Judgement
from minsheng.validation.finding import Finding, quoted
from minsheng.validation.rules import Rule
from minsheng.validation.waivers import InForce, waiver_for
from minsheng.validation.wording import WORDS, exactly
from minsheng.warehouse.connection import Connection
from minsheng.words.chinese import chinese

if TYPE_CHECKING:
    import pandas as pd

_SEVERITIES: tuple[Severity, ...] = get_args(Severity)
_NOTHING_TO_DO = "不必处理。"
_REST_HIDDEN = "表中各数这次没有能够校验，重新报送后一并校验。"
_EXPLAINED = "已收到说明“{explanation}”，由数据组审阅。"
_NOT_KEPT = "文件没有保存，其中的说明没有收到：请把说明写在重新报送的文件里。"
UNEXPLAINED = "数属实的，请在“说明”一列（没有这一列的，在“备注”）写明为什么，重新报送整份表。"

# Where a cell stands and what is in it, by submission, sheet, row and field; headers by submission and field.
CellPlaces = Mapping[tuple[str, str | None, int | None, str], tuple[str, str | None, str | None]]


@dataclass(frozen=True)
class FoundFault:
    """A finding with the rule and the fact it came from."""

    rule: Rule
    fact: Mapping[str, Any]
    finding: Finding


def findings(
    facts: pd.DataFrame, judgements: Iterable[Judgement], places: CellPlaces, waivers: Sequence[InForce] = ()
) -> dict[str, list[FoundFault]]:
    """All faults by submission: refusals before warnings before notes, each from top to bottom of the file.

    A fault that falls under a waiver is a note that says so.
    """
    known = _broken_facts(facts, judgements)
    by_submission: dict[str, list[FoundFault]] = {}
    for judgement in judgements:
        for fact in (known[fact_id] for fact_id in judgement.fired):
            finding = _finding(judgement.rule, fact, places)
            if judgement.rule.waivable:
                finding = _waived(finding, fact, waivers)
            by_submission.setdefault(fact["submission_id"], []).append(FoundFault(judgement.rule, fact, finding))
    return {key: sorted(found, key=lambda one: _order(one.finding)) for key, found in by_submission.items()}


def recorded_findings(connection: Connection, submission_ids: Sequence[str]) -> dict[str, list[Finding]]:
    """The faults on record by submission, in the order in which they were found; none: left out."""
    rows = connection.execute(
        """
        select submission_id, rule_code, severity, sheet_name, cell_ref, found, message, remedy, rule_title, about,
            explained_by, coalesce(asks_why, false), explanation
        from raw.finding
        where list_contains(?, submission_id)
        order by submission_id, finding_no
        """,
        [list(submission_ids)],
    ).fetchall()
    recorded: dict[str, list[Finding]] = {}
    for submission_id, *words in rows:
        recorded.setdefault(submission_id, []).append(Finding(*words))
    return recorded


def read_places(connection: Connection, submission_ids: list[str]) -> CellPlaces:
    """Where everything stands in these files."""
    rows = connection.execute(
        """
        select submission_id, section, sheet_name, row_no, field, cell_ref, raw_text
        from raw.cell
        where list_contains(?, submission_id) and section not in ('file', 'heading')
        order by submission_id, sheet_name desc, row_no desc, cell_ref desc
        """,
        [submission_ids],
    ).fetchall()
    return {
        (submission_id, *((None, None) if section in ("header", "signature") else (sheet, row_no)), field): (
            sheet,
            cell_ref,
            raw_text,
        )
        for submission_id, section, sheet, row_no, field, cell_ref, raw_text in rows
    }


def _broken_facts(facts: pd.DataFrame, judgements: Iterable[Judgement]) -> dict[int, dict[str, Any]]:
    """The facts some rule fired on by their id, with null as None."""
    import pandas as pd

    wanted = sorted({fact_id for judgement in judgements for fact_id in judgement.fired})
    records = facts.loc[wanted].to_dict("records")
    return {
        fact_id: {str(name): None if pd.isna(value) else value for name, value in record.items()}
        for fact_id, record in zip(wanted, records, strict=True)
    }


def _order(finding: Finding) -> tuple[int, str, int, int, str, str]:
    """By severity, then as the file is read: whole file, whole sheet, then line by line, column by column."""
    cell = finding.cell or ""
    column = cell.rstrip("0123456789")
    row = int(cell[len(column) :] or 0)
    return _SEVERITIES.index(finding.severity), finding.sheet or "", row, len(column), column, finding.rule


def _finding(rule: Rule, fact: dict[str, Any], places: CellPlaces) -> Finding:
    field, (sheet, cell, found) = _place(rule, fact, places)
    words = _Words(fact | {"cell": cell, "found": found})
    asks_why = rule.asks_why and rule.severity == "warn"
    explanation = fact["explanation"] if asks_why else None
    return Finding(
        rule.code,
        rule.severity,
        sheet,
        cell,
        None if found is None else quoted(found),
        _WORDING.vformat(rule.message, (), words),
        _WORDING.vformat(rule.remedy, (), words) + _beside(rule, explanation, asks_why=asks_why),
        rule.title,
        _about(fact, field),
        asks_why=asks_why,
        explanation=None if explanation is None or _is_withheld(explanation) else explanation,
    )


def _beside(rule: Rule, explanation: str | None, *, asks_why: bool) -> str:
    """What is said behind a remedy, whatever the rule: that it may be explained, or that nothing else was judged."""
    if rule.hides_rest:
        return _REST_HIDDEN
    return _why(explanation) if asks_why else ""


def _why(explanation: str | None) -> str:
    """What becomes of a doubt: it is read by the data team, or still to be explained."""
    if explanation is None:
        return UNEXPLAINED
    return _NOT_KEPT if _is_withheld(explanation) else _EXPLAINED.format(explanation=quoted(explanation))


def _is_withheld(explanation: str) -> bool:
    """Whether the words themselves stood in a file that was not kept."""
    return chinese().thing["withheld text"] in explanation


def _about(fact: dict[str, Any], field: str | None) -> str | None:
    """The indicator, the member of a register and the column, by the names a clerk knows them by."""
    if (indicator := fact["indicator_name"]) is None:
        return None
    member = fact["register_member_name"] or fact["member_name"]
    line = f"{indicator}（{member}）" if member else indicator
    return " · ".join(filter(None, (line, chinese().field.get(field or ""))))


def _waived(finding: Finding, fact: dict[str, Any], waivers: Sequence[InForce]) -> Finding:
    waiver = waiver_for(waivers, fact["submission_id"], finding.rule, fact["indicator_code"])
    if waiver is None:
        return finding
    message = finding.message + waiver.words
    return replace(finding, severity="note", message=message, remedy=_NOTHING_TO_DO, asks_why=False)


def _place(
    rule: Rule, fact: dict[str, Any], places: CellPlaces
) -> tuple[str | None, tuple[str | None, str | None, str | None]]:
    """The column, and its sheet, its cell and what stands there."""
    if rule.scope == "cell":
        return fact["field"], (fact["sheet_name"], fact["cell_ref"], fact["raw_text"])
    row = None if fact["row_no"] is None else int(fact["row_no"])
    for field in rule.at:
        key = (fact["submission_id"], fact["sheet_name"], row, field)
        if key in places:
            return field, places[key]
    return None, (fact["sheet_name"], None, None)


class _Words(dict[str, Any]):
    """What a message may name: the fact's columns, and what is made of them when it is named."""

    def __missing__(self, name: str) -> str:
        return WORDS[name](self)


class _Wording(Formatter):
    """Placeholders as people write them; ``{ratio:.1%}`` and the like as Python does."""

    def format_field(self, value: Any, format_spec: str) -> str:
        return _shown(value) if not format_spec or value is None else format(value, format_spec)


_WORDING = _Wording()


def _shown(value: Any) -> str:
    if value is None:
        return "（空）"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return plain(exactly(value))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else quoted(str(value))
