"""The course of an indicator through its year, drawn as SVG when the page is made (docs/adr/0048)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from minsheng.plan.indicators import Indicator
from minsheng.warehouse.connection import Row
from minsheng.words import display

MONTHS = range(1, 13)

Values = tuple[float | None, ...]

# What pygal adds for its script and for a picture that stands alone; style.css.j2 says how lines look.
_FOR_SCRIPTS = ("script", "style", "desc", "title")
_OVERLAYS = ("tooltip", "text-overlay", "plot text-overlay")
_NAMESPACE = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Course:
    """Twelve values a line, January first; null: no report, or nothing to compare with. Rates are in per cent.

    ``corrected``: the values that replaced others, where they did.
    """

    code: str
    title: str
    unit: str
    actual: Values
    schedule: Values
    target: Values
    last_year: Values
    corrected: Values


def course(rows: Sequence[Row], indicator: Indicator, year: int) -> Course:
    """The lines of an indicator from its months, oldest first, and from its plan; a month not opened is null."""
    scale = 100 if indicator.unit_of_measure == "%" else 1
    by_month = {int(row["period"][-2:]): row for row in rows}
    actual = {number: _scaled(row["actual_value"], scale) for number, row in by_month.items()}
    corrected = {number: actual[number] for number, row in by_month.items() if row["corrections"]}
    periods = [f"{year}-{number:02d}" for number in MONTHS]
    plans = [indicator.at(period) for period in periods]
    targets = [_scaled(indicator.target_for(period).value, scale) for period in periods]
    return Course(
        code=indicator.code,
        title=f"{indicator.name}：各月累计与目标",
        unit=indicator.unit_of_measure,
        actual=_each(actual),
        schedule=tuple(map(_on_time, MONTHS, plans, targets)),
        target=tuple(targets),
        last_year=_each({one.month: _scaled(one.value, scale) for one in plans[-1].last_year}),
        corrected=_each(corrected),
    )


def draw(course: Course) -> str:
    """The lines as one ``<svg>`` with a name and no script; empty when nothing was ever reported."""
    if all(value is None for value in course.actual):
        return ""
    chart = _canvas(course)
    _add(chart, "累计", course.actual)
    for name, values in (("序时", course.schedule), ("目标", course.target), ("上年同期", course.last_year)):
        _add(chart, name, values, show_dots=False)
    _add(chart, "更正过", course.corrected, stroke=False, dots_size=7)
    return str(chart.render(is_unicode=True))


def _add(chart: Any, name: str, values: Values, **looks: object) -> None:
    """A line in its place, by which it is coloured; one of which there is nothing keeps its place and has no name."""
    has_values = any(value is not None for value in values)
    chart.add(name if has_values else None, values, **looks)


def _library() -> Any:
    """pygal without its finder of maps, which is of a kind that Python warns of at every later import that fails."""
    import pygal  # takes as long as ten charts, and most runs of a stage draw none

    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]
    return pygal


def _canvas(course: Course) -> Any:
    chart = _library().Line(
        width=760,
        height=300,
        margin=8,
        margin_bottom=30,  # where the legend stands
        js=(),
        css=(),
        disable_xml_declaration=True,
        legend_at_bottom=True,
        legend_at_bottom_columns=5,
        truncate_legend=-1,
        dots_size=4,
        allow_interruptions=True,  # a month not reported is a gap
        include_x_axis=True,
        max_scale=7,
        value_formatter=_formatter(course.unit),
    )
    chart.uuid = course.code  # the same page for the same figures
    chart.x_labels = [f"{number}月" for number in MONTHS]
    chart.add_xml_filter(lambda root: _plain(root, course.title))
    return chart


def _formatter(unit: str) -> Callable[[float], str]:
    return (lambda value: f"{display.rounded(value)}%") if unit == "%" else display.rounded


def _plain(root: Any, title: str) -> Any:
    """The drawing as an image with a name: without scripts, notes on who drew it, and what only a script would show."""
    for parent in list(root.iter()):
        for child in list(parent):
            is_note = not isinstance(child.tag, str)
            if is_note or child.tag.removeprefix(_NAMESPACE) in _FOR_SCRIPTS or child.get("class") in _OVERLAYS:
                parent.remove(child)
            else:
                child.attrib.pop("id", None)  # the same in every drawing, and a page has many
    root.set("role", "img")
    root.set("aria-label", title)
    return root


def _on_time(number: int, plan: Indicator, target: float | None) -> float | None:
    """Where the line of time stands at a month's end; null for what is not judged along the year."""
    if target is None:
        return None
    if plan.progress_basis == "level_vs_target_with_base" and plan.base_value is not None:
        base = float(plan.base_value)
        return base + (target - base) * number / 12
    is_paced = plan.progress_basis == "linear_month" and plan.polarity == "higher_better"
    return target * number / 12 if is_paced else None


def _scaled(value: Any, scale: int) -> float | None:
    return None if value is None else float(value) * scale


def _each(by_month: dict[int, float | None]) -> Values:
    return tuple(by_month.get(number) for number in MONTHS)
