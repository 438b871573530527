"""A message that compares says both figures: the bound, last month's number, the sum that was expected."""

from __future__ import annotations

from string import Formatter

import pytest

from minsheng.core.declarations import RULES
from minsheng.validation.rules import Rule, load_rules

# What a column was compared with or made from, and so what a message must show beside the number itself.
FIGURES = {
    "over_exists": {"number_value", "exists_value"},
    "over_target": {"number_value", "most_value"},
    "over_least": {"number_value", "least_value"},
    "over_growth": {"number_value", "prior_value", "most_of_history"},
    "over_shrinkage": {"number_value", "prior_value", "most_of_history"},
    "level_change": {"level_value", "prior_level"},
    "level_share": {"level_value", "prior_level", "level_share"},
    "cumulative_difference": {"cumulative_value", "prior_level", "month_value", "expected_cumulative"},
    "increment_share": {"month_value", "target_value", "increment_share"},
    "gap_difference": {"cumulative_value", "prior_level", "month_value"},
    "numerator_change": {"numerator", "prior_numerator"},
    "denominator_change": {"denominator", "prior_denominator"},
    "ratio_change": {"ratio", "prior_ratio"},
    "unchanged_months": {"figures"},
    "next_difference": {"level_value", "next_month_value", "next_level"},
    "over_next": {"level_value", "next_figures", "over_next"},
    "numerator_over_next": {"numerator", "next_numerator"},
    "denominator_over_next": {"denominator", "next_denominator"},
    "target_difference": {"target_value", "written_target"},
    "month_over_cumulative": {"month_value", "cumulative_value"},
    "numerator_excess": {"numerator", "denominator", "ratio", "max_ratio_reject"},
    "numerator_excess_warn": {"numerator", "denominator", "ratio", "max_ratio_warn"},
    "twin_share": {"cumulative_value", "twin_cumulative", "twin_share"},
    "contribution_excess": {"cumulative_value", "contributed_total"},
    "content_count": {"content_count"},
    "is_changed": {"standing_figures"},
    "is_as_before": {"former_value", "number_value"},
    "is_true_total": {"number_value", "sum_of_lines"},
    "is_first_of_swapped": {"month_value", "cumulative_value", "prior_level"},
    "is_cut_off_at_month_end": {"cut_off_date", "period"},
    "is_month_of_title": {"raw_text", "period"},
}
# Whether there is a line, or how many signatures are wanting: nothing is measured.
UNMEASURED = {"line_count", "unsigned_fields"}
COMPARING = tuple(
    rule
    for rule in load_rules(RULES).rules
    if "_between" in rule.expect.type or "pair" in rule.expect.type or rule.expect.columns[0] in FIGURES
)


@pytest.mark.parametrize("rule", COMPARING, ids=lambda rule: rule.code)
def test_both_figures_stand_in_the_message(rule: Rule) -> None:
    missing = {frozenset(_needed(rule, column)) - _shown(rule) for column in rule.expect.columns} - {frozenset()}
    assert not missing, rule.message


@pytest.mark.parametrize("rule", COMPARING, ids=lambda rule: rule.code)
def test_a_bound_that_is_no_column_stands_in_the_message(rule: Rule) -> None:
    """0 is said in words: less than, more than, not the same."""
    for role in ("min_value", "max_value"):
        bound = rule.expect.arguments.get(role)
        if isinstance(bound, float):
            assert f"{abs(bound):.0%}" in rule.message or f"{abs(bound) * 100:.0f} 个百分点" in rule.message


def _needed(rule: Rule, column: str) -> set[str]:
    if column in UNMEASURED:
        return set()
    return FIGURES.get(column, {column})


def _shown(rule: Rule) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(rule.message) if name}
