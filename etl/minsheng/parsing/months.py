"""Which plan a file is for: that of the month it names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from minsheng.core.period import Period
from minsheng.parsing.form import named_period
from minsheng.parsing.lexicon import Lexicon
from minsheng.plan.county import County
from minsheng.plan.models import Plan
from minsheng.spreadsheet.book import Book


def plan_named(book: Book, county: County, words: Mapping[str, Lexicon], day: date) -> Plan:
    """The plan of the month a file names, if that has begun at ``day``; else the one reported on at that day.

    A month without a year is one of the latest year in which it has begun: 12月 that arrives in January is of last
    year. ``words``: the lexicon of each plan by its id.
    """
    if len(county.plans) == 1:
        return county.plans[0]
    for plan in reversed(county.plans):
        named = named_period(book, words[plan.plan_id])
        period = Period.parse(named) if named else None
        if period and period.year == plan.year and period.first_day <= day:
            return plan
    return county.plan_at(day)
