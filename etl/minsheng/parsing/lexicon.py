"""The words one must know to read a form: template versions, units' names, what an indicator is counted in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from minsheng.core.declarations import FORMS
from minsheng.parsing.reading import NameReading
from minsheng.plan.form import Form, label_key, load_form, versions
from minsheng.plan.indicators import Indicator
from minsheng.plan.models import Plan
from minsheng.plan.units import Member
from minsheng.spreadsheet.numbers import fold

# Other words for 人 behind a number.
_PERSONS = frozenset({"名", "位", "个人"})
_SEAL = re.compile(r"\((?:盖章|公章|章)\)")


@dataclass(frozen=True)
class Measure:
    """What the numbers of an indicator are counted in.

    ``units`` may stand after a number, ``names`` in the column 计量单位; ``whole``: only whole numbers are counted,
    as is presumed where nobody knows; ``fields``: the columns of 填报 in which they stand.
    """

    units: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    whole: bool = True
    fields: tuple[str, ...] = ()

    def may_be_called(self, text: str) -> bool:
        """Whether this is a name of the unit; of an indicator that is not in the plan nobody knows."""
        return not self.names or fold(text) in self.names


@dataclass(frozen=True)
class Lexicon:
    """Everything a reader looks words up in.

    ``names``: key of a unit's name to its code and ``ok`` for a proper name, ``alias`` or ``former_name``.
    ``spellings``: key of a name of an item, indicator or member to how the plan writes it.
    """

    year: int
    county: str
    forms: tuple[Form, ...]
    names: Mapping[str, tuple[str, NameReading]]
    unit_codes: frozenset[str]
    measures: Mapping[str, Measure]
    members: Mapping[str, str]
    spellings: Mapping[str, str]

    def form(self, version: str | None, period: str | None) -> Form:
        """The form of this version if it is one of ours, else the one in force in the month, else the newest."""
        for form in self.forms:
            if form.template_version == version:
                return form
        in_force = [form for form in self.forms if period is not None and form.valid_from <= period]
        return (in_force or list(self.forms))[-1]

    def is_accepted(self, version: str | None, period: str | None) -> bool:
        """Whether a form of this version may be sent for the month: it was in force by then, though another is now.

        A month before all forms has none that would be right.
        """
        first = min(form.valid_from for form in self.forms)
        month = period if period is None or period >= first else None
        return any(
            form.template_version == version and (month is None or form.valid_from <= month) for form in self.forms
        )

    def unit_named(self, text: str) -> tuple[str, NameReading] | None:
        """Code of the unit with exactly this name, and what kind of name it is, see ``names``; None if unknown."""
        key = _SEAL.sub("", label_key(text))
        stems = (key, key.removeprefix(self.county), key.removeprefix("县"), "县" + key.removeprefix(self.county))
        return next((self.names[stem] for stem in stems if stem in self.names), None)

    def spelled(self, text: str) -> str:
        """A name as the plan writes it, if it differs in white space, width or case only."""
        return self.spellings.get(label_key(text), text)

    def measure(self, indicator_code: str | None) -> Measure:
        """How the numbers of this indicator may be written."""
        return self.measures.get(indicator_code or "", Measure())


def plan_lexicon(plan: Plan) -> Lexicon:
    """The words of one plan, and of every template version that ships with the code."""
    forms = (load_form(FORMS, version) for version in versions(FORMS))
    return Lexicon(
        plan.year,
        plan.county_name,
        tuple(sorted(forms, key=lambda form: (form.valid_from, form.template_version))),
        _names(plan),
        frozenset(unit.code for unit in plan.units),
        {indicator.code: _measure(indicator) for indicator in plan.indicators},
        {label_key(member.name): member.code for member in _members(plan)},
        {label_key(name): name for name in _proper_names(plan)},
    )


def _members(plan: Plan) -> tuple[Member, ...]:
    return tuple(member for register in plan.registers for member in register.members or ())


def _proper_names(plan: Plan) -> Iterator[str]:
    yield from (item.name for item in plan.items)
    yield from (indicator.name for indicator in plan.indicators)
    yield from (member.name for member in _members(plan))


def _names(plan: Plan) -> dict[str, tuple[str, NameReading]]:
    """Aliases first, so that where two units claim a word the proper name wins."""
    names: dict[str, tuple[str, NameReading]] = {
        label_key(alias.name): (unit.code, "alias" if alias.accept else "former_name")
        for unit in plan.units
        for alias in unit.aliases
    }
    for unit in plan.units:
        later = (name for each in unit.later_names for name in (each.name, each.full_name))
        proper = (*later, unit.short_name, unit.full_name, unit.name)
        names |= {label_key(name): (unit.code, "ok") for name in proper}
    return names


def _measure(indicator: Indicator) -> Measure:
    names = frozenset(map(fold, (indicator.unit_of_measure, *indicator.unit_aliases)))
    # Of a share the places are counted, which is what the table by member says: 处.
    named = names | {"处"} if "%" in names else names
    units = names | _PERSONS if "人" in names else names
    return Measure(units - {"%"}, named, indicator.value_type == "integer", indicator.fields_owed)
