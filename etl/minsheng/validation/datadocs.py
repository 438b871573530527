"""Quality pages for the data team: Great Expectations' own Data Docs of each month, on a page that needs no network.

The library draws each expectation, its counts and its unexpected values; its page around them loads
styles and scripts from half a dozen hosts, which an intranet does not reach, so the page is ours.
Like ``expectations``, it imports the library inside the functions that need it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from minsheng.core.codes import Scope
from minsheng.core.declarations import RULES
from minsheng.core.files import atomic_write
from minsheng.plan.models import Plan
from minsheng.plan.run import Run
from minsheng.validation.expectations import quiet
from minsheng.validation.facts import SCOPES
from minsheng.validation.lean import leanly
from minsheng.validation.quality import MonthRecord, RuleRecord, read_month
from minsheng.validation.rules import Rule, load_rules
from minsheng.warehouse.connection import Connection
from minsheng.words.chinese import chinese

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.render.components import RenderedDocumentContent

_PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class RuleEntry:
    """A rule on the page. ``blocks``: what Great Expectations draws of it; ``rule`` null: it is in force no more."""

    record: RuleRecord
    rule: Rule | None
    blocks: tuple[Mapping[str, Any], ...] = ()

    @property
    def is_passed(self) -> bool:
        """Nothing fired, and everything could be judged."""
        return not self.record.fired_count and not self.record.unjudged_count


def quality_pages(connection: Connection, run: Run) -> None:
    """Write the page of every opened month whose page does not say what is on record; the others stay as they are."""
    opened = ((plan, period) for plan in run.county.plans for period in _opened(connection, plan.plan_id))
    for plan, period in opened:
        month = read_month(connection, plan.plan_id, period)
        path = run.home.reports / plan.plan_id / "quality" / f"{period}.html"
        if month.verdicts and not _says(path, month):
            with quiet():
                content = page(month, plan, run.as_of)
            atomic_write(path, content.encode())


def _opened(connection: Connection, plan_id: str) -> list[str]:
    query = "select period from raw.period where plan_id = ? order by period"
    return [period for (period,) in connection.execute(query, [plan_id]).fetchall()]


def _says(path: Path, month: MonthRecord) -> bool:
    return path.exists() and month.digest in path.read_text(encoding="utf-8")


def page(month: MonthRecord, plan: Plan, as_of: datetime) -> str:
    """The page as HTML; it names no other host."""
    with leanly():
        from great_expectations.render.view.view import DefaultJinjaPageView

    rules = {rule.code: rule for rule in load_rules(RULES).rules}
    entries = [_entry(record, rules.get(record.rule_code)) for record in month.rules]
    document = _drawn([_result(entry.record, entry.rule) for entry in entries if entry.rule])
    view = DefaultJinjaPageView(custom_views_directory=str(_PAGES))
    moment = as_of.astimezone(ZoneInfo(plan.timezone))
    words = {"chinese": chinese(), "plan": plan, "month": month, "as_of": moment, "groups": _groups(entries)}
    return str(view.render(document, template="quality.html.j2", **words))  # type: ignore[no-untyped-call]


def _entry(record: RuleRecord, rule: Rule | None) -> RuleEntry:
    """A rule with what stands under its heading on the library's own page."""
    if rule is None:
        return RuleEntry(record, None)
    _, section = _drawn([_result(record, rule)]).sections
    return RuleEntry(record, rule, tuple(block.to_json_dict() for block in section.content_blocks[1:]))


def _groups(entries: Iterable[RuleEntry]) -> dict[Scope | None, list[RuleEntry]]:
    """By scope; last those that belong to no rule any more."""
    groups: dict[Scope | None, list[RuleEntry]] = {scope: [] for scope in (*SCOPES, None)}
    for entry in entries:
        groups[entry.rule.scope if entry.rule else None].append(entry)
    return {scope: found for scope, found in groups.items() if found}


def _drawn(results: list[ExpectationValidationResult]) -> RenderedDocumentContent:
    """The library's page about a validation: an overview, then a section for each column."""
    from great_expectations.core import ExpectationSuiteValidationResult
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer

    passed = sum(bool(result.success) for result in results)
    statistics = {
        "evaluated_expectations": len(results),
        "successful_expectations": passed,
        "unsuccessful_expectations": len(results) - passed,
        "success_percent": _percent(passed, len(results)),
    }
    whole = ExpectationSuiteValidationResult(
        success=passed == len(results), results=results, suite_name="rules", statistics=statistics, meta={}
    )
    document: RenderedDocumentContent = ValidationResultsPageRenderer().render(whole)
    return document


def _result(record: RuleRecord, rule: Rule) -> ExpectationValidationResult:
    """What was judged file by file, as if it had been one validation of the whole month."""
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    meta = {"code": rule.code}
    return ExpectationValidationResult(
        success=not record.fired_count and not record.unjudged_count,
        expectation_config=ExpectationConfiguration(type=rule.expect.type, kwargs=rule.expect.arguments, meta=meta),
        result=_counts(record),
    )


def _counts(record: RuleRecord) -> dict[str, Any]:
    """The counts under the library's names; an address stands where it would show the value found there.

    Escaped, because the library puts it on the page as it is, and a unit names its sheets as it likes.
    """
    judged = record.applied_count - record.unjudged_count
    found = [{"value": escape(address), "count": count} for address, count in record.addresses.items()]
    return {
        "element_count": record.applied_count,
        "missing_count": record.unjudged_count,
        "missing_percent": _percent(record.unjudged_count, record.applied_count),
        "unexpected_count": record.fired_count,
        "unexpected_percent": _percent(record.fired_count, judged),
        "unexpected_percent_total": _percent(record.fired_count, record.applied_count),
        "unexpected_percent_nonmissing": _percent(record.fired_count, judged),
        "partial_unexpected_list": [one["value"] for one in found],
        "partial_unexpected_counts": found,
    }


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0
