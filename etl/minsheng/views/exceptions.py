"""更正与例外: everything of a year that did not go its ordinary way, with who, when and why, as a page and in lines.

The figures and errata are those published; what people decided is read from landing, as of the publication.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from minsheng.core.clock import county_time
from minsheng.core.codes import DecisionKind
from minsheng.landing.decisions import Decision
from minsheng.plan.models import Plan
from minsheng.publication.details import Details
from minsheng.publication.publication import Publication
from minsheng.views import explain
from minsheng.warehouse.connection import Row
from minsheng.words import display
from minsheng.words.chinese import chinese

_EXTENSIONS: tuple[DecisionKind, ...] = ("extended", "extension_ended")
_MONTHS: tuple[DecisionKind, ...] = ("closed", "closing_ended", "reopened", "reopening_ended")
_SIGNATURES: tuple[DecisionKind, ...] = ("signature_withdrawn",)
_RULES: tuple[DecisionKind, ...] = ("rule_off", "rule_on")
_DECIDED = ("月份", "单位", "指标", "决定", "至", "原因", "文号", "谁定的", "何时")


@dataclass(frozen=True)
class ExceptionRow:
    """One of them, a cell a column; ``indicator_code``: to whose page the column 指标 leads, empty: to none."""

    cells: tuple[str, ...]
    indicator_code: str = ""


@dataclass(frozen=True)
class ExceptionList:
    """All of one kind; no rows: there was none."""

    title: str
    head: tuple[str, ...]
    rows: tuple[ExceptionRow, ...]


@dataclass(frozen=True)
class YearOfExceptions:
    """What the lists of a plan are made from; ``decisions``: those made by the moment of the publication."""

    plan: Plan
    publication: Publication
    details: Mapping[str, Details]
    decisions: Sequence[Decision]
    rule_titles: Mapping[str, str]

    def lists(self) -> list[ExceptionList]:
        """Every kind, newest first within each."""
        corrected = ("月份", "指标", "单位", "原为", "现为", "原因", "接收")
        errata = ("月份", "指标", "改动", "原为", "现为", "原因", "文号", "自何时起")
        late = ("月份", "单位", "情况", "截止时间", "首次接收")
        waived = ("规则", "单位", "指标", "月份", "至", "理由", "文号")
        switched = ("规则", "决定", "原因", "文号", "谁定的", "何时")
        return [
            ExceptionList("更正", corrected, _newest(self._corrections())),
            ExceptionList("方案勘误", errata, _newest(self._errata())),
            ExceptionList("迟报、补报和未报送", late, _newest(self._late())),
            ExceptionList("延期", _DECIDED, _newest(self._decided(_EXTENSIONS))),
            ExceptionList("关闭和重新开放的月份", _DECIDED, _newest(self._decided(_MONTHS))),
            ExceptionList("撤回的审签", _DECIDED, _newest(self._decided(_SIGNATURES))),
            ExceptionList("豁免", waived, tuple(self._waivers())),
            ExceptionList("停用、恢复的规则", switched, _newest(self._switched())),
        ]

    def _corrections(self) -> Iterator[ExceptionRow]:
        for row in (row for month in self.publication.months for row in month.indicators):
            for one in self.details.get(row["indicator_code"], Details()).versions:
                if one["period"] == row["period"] and one["is_correction"]:
                    yield ExceptionRow(_correction(row, one), row["indicator_code"])

    def _errata(self) -> Iterator[ExceptionRow]:
        for row in (row for month in self.publication.months for row in month.indicators):
            for one in row["errata"]:
                told = (one["column_label"], one["value_before"] or display.NOTHING, one["value_after"])
                why = (one["reason"], one["document_no"] or display.NOTHING, display.moment(one["known_from"]))
                cells = (row["period"], row["indicator_name"], *told, *why)
                yield ExceptionRow(_plain(cells), row["indicator_code"])

    def _late(self) -> Iterator[ExceptionRow]:
        ordinary = (chinese().timing["on_time"], chinese().submission_status["not_due"])
        for month in self.publication.months:
            for row in month.required:
                if (arrival := explain.arrival(row)) not in ordinary:
                    moments = (display.moment(row["due_at"]), display.moment(row["accepted_at"]))
                    yield ExceptionRow((month.period, row["unit_name"], arrival, *moments))

    def _decided(self, kinds: tuple[DecisionKind, ...]) -> Iterator[ExceptionRow]:
        for one in (one for one in self.decisions if one.kind in kinds):
            code = one.indicator_code or ""
            until = display.moment(county_time(one.until_at) if one.until_at else None)
            about = (one.period, self._unit(one.unit_code), self._indicator(code))
            cells = (*about, chinese().decision_kind[one.kind], until, one.reason, one.document_no, *_by(one))
            yield ExceptionRow(_plain(cells), code)

    def _switched(self) -> Iterator[ExceptionRow]:
        for one in (one for one in self.decisions if one.kind in _RULES):
            title = self.rule_titles.get(one.rule_code or "", "以前的规则")
            yield ExceptionRow(
                _plain((title, chinese().decision_kind[one.kind], one.reason, one.document_no, *_by(one)))
            )

    def _waivers(self) -> Iterator[ExceptionRow]:
        for one in self.plan.waivers:
            span = f"{display.month_name(one.valid_from)}至{display.month_name(one.valid_to)}"
            about = (self._unit(one.unit), self._indicator(one.indicator or ""), span, f"{one.expires_on}")
            title = self.rule_titles.get(one.rule, "以前的规则")
            yield ExceptionRow((title, *about, one.reason, one.document_no), one.indicator or "")

    def _unit(self, code: str | None) -> str:
        names = {unit.code: unit.name for unit in self.plan.units}
        return names.get(code, code) if code else "各单位"

    def _indicator(self, code: str) -> str:
        names = {one.code: one.name for one in self.plan.indicators}
        return names.get(code, code) if code else "全部"


def _correction(row: Row, one: Row) -> tuple[str, ...]:
    unit = row["unit_of_measure"]
    old, new = (display.measured(value, unit) for value in (one["previous_value"], one["actual_value"]))
    cells = (row["period"], row["indicator_name"], row["lead_unit_name"], old, new, one["reason"])
    return _plain((*cells, display.moment(one["known_from"])))


def _by(one: Decision) -> tuple[str, str]:
    return one.decided_by, display.moment(county_time(one.decided_at))


def _plain(cells: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(cell or display.NOTHING for cell in cells)


def _newest(rows: Iterator[ExceptionRow]) -> tuple[ExceptionRow, ...]:
    """Newest month first; within one, and of what is of no month, the last first."""
    last_first = [*rows][::-1]
    return tuple(sorted(last_first, key=_month, reverse=True))


def _month(row: ExceptionRow) -> str:
    first = row.cells[0]
    return first if first[:1].isdigit() else ""
