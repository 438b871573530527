"""What a trace is asked about: an indicator, a unit, a month or an issued bulletin, each by its code or its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.publication.bulletins import IssuedBulletin, issued
from minsheng.publication.revisions import Revision, find, open_revision, require_current
from minsheng.warehouse.connection import Connection, Row, rows_of
from minsheng.words import display

_FIGURES = """
    select period, indicator_code, indicator_name, lead_unit_code
    from pub_indicator_completion_v1
    where plan_id = $plan_id
    order by period, indicator_code
"""
_UNITS = """
    select unit_code, unit_name, full_name
    from dim_unit_name
    where plan_id = $plan_id
    union all
    select unit_code, unit_name, full_name
    from dim_unit
    where plan_id = $plan_id and not is_in_plan
    order by unit_code
"""
_MOST_NEAR = 6
_NEAR_ENOUGH = 0.3


@dataclass(frozen=True)
class Question:
    """What is wanted; what is null is not said. ``plan_id`` null: the plan published last.

    ``period`` null: the bulletin's month, or every month published. ``bulletin``: its number or its month.
    """

    plan_id: str | None = None
    period: str | None = None
    indicator: str | None = None
    unit: str | None = None
    bulletin: str | None = None


@dataclass(frozen=True)
class Asked:
    """What that comes to: the figures by month and indicator code, and the revision they are looked up in.

    ``periods``: the months in question; ``indicator_code``, ``unit_code``: what is in question of them, null: all.
    ``senders``: the units whose files are looked at, none: all.
    """

    revision: Revision
    plan_id: str
    subject: str
    periods: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    senders: tuple[str, ...] = ()
    indicator_code: str | None = None
    unit_code: str | None = None
    bulletin: IssuedBulletin | None = None


@dataclass(frozen=True)
class _Known:
    """What the revision knows that could be asked about."""

    figures: list[Row]
    indicators: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def periods(self) -> list[str]:
        return sorted({row["period"] for row in self.figures})


def ask(home: Home, question: Question) -> Asked:
    """Find out what is meant.

    Raises UserError when nothing is published, the month is not open, the bulletin was never issued, or a name fits
    nothing or several things; it then says which names are near.
    """
    current = require_current(home)  # once: the link may move while we read
    plan_id = question.plan_id or str(current.manifest["plan_id"])
    bulletin = _bulletin(home, plan_id, question.bulletin) if question.bulletin else None
    revision = find(home, bulletin.revision) if bulletin else current
    with open_revision(revision) as connection:
        known = _known(connection, plan_id)
    if not known.figures:
        raise UserError("plan_not_published", "--plan", plan=plan_id)
    periods = _periods(question, bulletin, known)
    indicator = question.indicator and _meant("指标", question.indicator, known.indicators)
    unit = question.unit and _meant("--unit", question.unit, known.units)
    rows = [
        row
        for row in known.figures
        if row["period"] in periods
        and indicator in (None, row["indicator_code"])
        and unit in (None, row["lead_unit_code"])
    ]
    figures = tuple((row["period"], row["indicator_code"]) for row in rows)
    senders = (unit,) if unit else tuple({row["lead_unit_code"]: None for row in rows if indicator})
    names = (known.indicators[indicator][0] if indicator else "", known.units[unit][0] if unit else "")
    subject = _subject(bulletin, periods, *names)
    return Asked(revision, plan_id, subject, periods, figures, senders, indicator or None, unit or None, bulletin)


def _known(connection: Connection, plan_id: str) -> _Known:
    figures = rows_of(connection, _FIGURES, {"plan_id": plan_id})
    units = rows_of(connection, _UNITS, {"plan_id": plan_id})
    return _Known(
        figures,
        _names((row["indicator_code"], row["indicator_name"]) for row in reversed(figures)),
        _names((row["unit_code"], name) for row in units for name in (row["unit_name"], row["full_name"])),
    )


def _names(pairs: Iterable[tuple[str, str | None]]) -> Mapping[str, tuple[str, ...]]:
    """Every name of each code, the one it is called by first."""
    names: dict[str, dict[str, None]] = {}
    for code, name in pairs:
        if name:
            names.setdefault(code, {})[name] = None
    return {code: tuple(each) for code, each in names.items()}


def _meant(where: str, word: str, names: Mapping[str, tuple[str, ...]]) -> str:
    """The code of the one thing that is called so, or whose name alone holds the word."""
    exact = [code for code, each in names.items() if word.casefold() == code.casefold() or word in each]
    found = exact or [code for code, each in names.items() if any(word in name for name in each)]
    if len(found) == 1:
        return found[0]
    if found:
        told = [f"{code} {names[code][0]}" for code in sorted(found)]
        raise UserError("name_ambiguous", where, word=word, count=len(found), found=told)
    raise UserError("name_unknown", where, word=word, near=_near(word, names))


def _near(word: str, names: Mapping[str, tuple[str, ...]]) -> list[str]:
    """What could have been meant, the likeliest first; everything there is, where nothing resembles the word."""
    said = {name: code for code, each in sorted(names.items()) for name in (code, *each)}
    near = dict.fromkeys(said[one] for one in get_close_matches(word, said, _MOST_NEAR, _NEAR_ENOUGH))
    return [f"{code} {names[code][0]}" for code in near or sorted(names)]


def _periods(question: Question, bulletin: IssuedBulletin | None, known: _Known) -> tuple[str, ...]:
    if bulletin:
        if question.period not in (None, bulletin.period):
            raise UserError("bulletin_of_another_month", "--period", number=bulletin.number, period=bulletin.period)
        return (bulletin.period,)
    if question.period is None:
        if question.indicator is None and question.unit is None:
            raise UserError("trace_of_nothing", "trace")
        return tuple(known.periods)
    if question.period not in known.periods:
        raise UserError("period_not_open", "--period", period=question.period, known=known.periods)
    return (question.period,)


def _bulletin(home: Home, plan_id: str, said: str) -> IssuedBulletin:
    known = issued(home, plan_id)
    for one in known:
        if said in (str(one.number), one.period, f"第{one.number}期"):
            return one
    told = [f"第 {one.number} 期（{display.month_name(one.period)}）" for one in known]
    raise UserError("bulletin_unknown", "--bulletin", said=said, known=told or ["（还没有印发过通报）"])


def _subject(bulletin: IssuedBulletin | None, periods: tuple[str, ...], indicator: str, unit: str) -> str:
    first, last = display.month_name(periods[0]), display.month_name(periods[-1])
    months = first if len(periods) == 1 else f"{first}至{last}"
    issue = f"第 {bulletin.number} 期通报" if bulletin else ""
    return " ".join(filter(None, (issue, months, unit, indicator))) + ("" if unit or indicator else " 全部指标")
