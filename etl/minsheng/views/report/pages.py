"""The pages of a plan, drawn from its publication."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from minsheng import __version__
from minsheng.core.declarations import RULES
from minsheng.landing.decisions import Decision
from minsheng.plan.indicators import Indicator, Item
from minsheng.plan.models import Plan
from minsheng.publication.details import Details
from minsheng.publication.freezes import Freeze
from minsheng.publication.publication import Month, Publication
from minsheng.validation.rules import load_rules
from minsheng.views import explain
from minsheng.views.amendments import amendments
from minsheng.views.exceptions import YearOfExceptions
from minsheng.views.report import chart
from minsheng.views.report.indicator import by_month, sources
from minsheng.views.report.news import compared, news
from minsheng.views.report.requests import alike, requests
from minsheng.views.report.standing import Freezes, standing
from minsheng.views.report.tiles import shortfall, tiles
from minsheng.warehouse.connection import Row
from minsheng.words import display
from minsheng.words.chinese import chinese


@dataclass(frozen=True)
class Pages:
    """Every page of one plan: the whole month, the month on a page, an indicator, and all lines."""

    plan: Plan
    publication: Publication
    freezes: Freezes

    def month(self, month: Month) -> bytes:
        """A month with all its tables."""
        return self._draw("completion.html.j2", self._of_month(month) | {"is_issued": False})

    def issued(self, month: Month) -> bytes:
        """The same as it was issued at the freeze, for good."""
        return self._draw("completion.html.j2", self._of_month(month) | {"is_issued": True})

    def front(self, month: Month, links: str = "") -> bytes:
        """A month on one page, for a leader and a meeting; ``links`` leads from it to the plan's pages."""
        return self._draw("front.html.j2", self._of_month(month, links))

    def indicator(self, indicator: Indicator, now: Month, details: Details) -> bytes:
        """An indicator through its year; ``now``: the month that is shown as its state."""
        rows, item = self._rows(indicator), self._item(indicator)
        shown = {
            "indicator": indicator,
            "item": item,
            "rows": rows,
            "now": _row(now, indicator),
            "details": details,
            "digest": self.digest(indicator, now, details),
            "chart": self.line(indicator),
            "shortfall": shortfall(_row(now, indicator), indicator),
            "request": self._request(indicator, now),
            "supporters": [self.plan.unit(code).name for code in item.at(now.period).supporting_units],
            "is_rate": indicator.kind in ("ratio", "coverage"),
            "members": by_month(details.members, "member_code", "member_name", "member_value"),
            "contributions": by_month(details.contributions, "unit_code", "unit_name", "cumulative_value"),
            "sources": sources(details.cells),
        }
        return self._draw("indicator.html.j2", shown)

    def exceptions(self, now: Month, details: Mapping[str, Details], decisions: Sequence[Decision]) -> bytes:
        """Everything of the year that did not go its ordinary way; ``decisions``: those made by the publication."""
        year = YearOfExceptions(self.plan, self.publication, details, decisions, rule_titles())
        known = {row["indicator_code"] for row in now.indicators}
        return self._draw("exceptions.html.j2", {"now": now, "lists": year.lists(), "known": known})

    def lines(self, now: Month) -> bytes:
        """The lines of all indicators, by item."""
        items = [
            (item, [(_row(now, one), self.line(one)) for one in item.indicators if _has(now, one)])
            for item in self.plan.items
        ]
        return self._draw("lines.html.j2", {"items": items, "now": now})

    def digest(self, indicator: Indicator, now: Month, details: Details) -> str:
        """What an indicator's page is made from, as a hash: equal hashes are equal pages."""
        plan = (self.plan.county_name, self.plan.year, self._item(indicator))
        made_from = (_drawn_by(), plan, now.period, self._rows(indicator), details)
        return hashlib.sha256(repr(made_from).encode()).hexdigest()

    def line(self, indicator: Indicator) -> str:
        """The drawing of an indicator, made once."""
        if indicator.code not in self._lines:
            drawn = chart.draw(chart.course(self._rows(indicator), indicator, self.plan.year))
            self._lines[indicator.code] = drawn
        return self._lines[indicator.code]

    @cached_property
    def _lines(self) -> dict[str, str]:
        return {}

    def _item(self, indicator: Indicator) -> Item:
        return next(item for item in self.plan.items if indicator in item.indicators)

    def _rows(self, indicator: Indicator) -> list[Row]:
        return [_row(month, indicator) for month in self.publication.months if _has(month, indicator)]

    def _request(self, indicator: Indicator, now: Month) -> object:
        asked = requests(self.plan, now, self.publication.months)
        return next((one for one in asked if one.row["indicator_code"] == indicator.code), None)

    def _of_month(self, month: Month, links: str = "") -> dict[str, object]:
        months = [one for one in self.publication.months if one.period <= month.period]
        before = months[-2] if len(months) > 1 else None
        frozen = self._freeze(month)
        asked = requests(self.plan, month, months)
        since = self._settled_at(before) if before else None
        indicators = {one.code: one for one in self.plan.indicators}
        return {
            "month": month,
            "compared": compared(month, before),
            "links": links,
            "frozen": frozen,
            "standing": standing(self.publication, month, frozen),
            "tiles": tiles(self.plan, month),
            "news": news(month, before, months, since, frozen.freeze_at if frozen else None),
            "requests": asked,
            "alike": alike(asked),
            "shortfall": lambda row: shortfall(row, indicators.get(row["indicator_code"])),
        }

    def _freeze(self, month: Month) -> Freeze | None:
        return self.freezes.get((self.publication.plan_id, month.period))

    def _settled_at(self, month: Month) -> datetime | None:
        frozen = self._freeze(month)
        return frozen.freeze_at if frozen else month.due_at

    def _draw(self, name: str, shown: Mapping[str, object]) -> bytes:
        known = {"plan": self.plan, "publication": self.publication}
        return _environment().get_template(name).render(known | dict(shown)).encode()


def _has(month: Month, indicator: Indicator) -> bool:
    return any(row["indicator_code"] == indicator.code for row in month.indicators)


def _row(month: Month, indicator: Indicator) -> Row:
    return next(row for row in month.indicators if row["indicator_code"] == indicator.code)


@cache
def _drawn_by() -> str:
    """The version of the program and of its templates: another one draws every page anew."""
    folder = files("minsheng.views") / "pages"
    texts = sorted((file.name, file.read_text(encoding="utf-8")) for file in folder.iterdir())
    return __version__ + hashlib.sha256(repr(texts).encode()).hexdigest()


def rule_titles() -> dict[str, str]:
    """What each rule there is now is called, by its code."""
    return {rule.code: rule.title for rule in load_rules(RULES).rules}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("minsheng.views", "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {
        "percent": display.percent,
        "points": display.points,
        "quantity": display.quantity,
        "rounded": display.rounded,
        "moment": display.moment,
        "month_name": display.month_name,
    }
    environment.globals |= {
        "display": display,
        "chinese": chinese(),
        "explain": explain,
        "amendments": amendments,
        "rule_titles": defaultdict(str, rule_titles()),
    }
    return environment
