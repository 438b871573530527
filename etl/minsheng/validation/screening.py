"""Which rules can fire at all: asked before Great Expectations is, which takes its time over each of them.

Only what is certain counts: a rule is passed over when every fact it applies to meets the expectation by the plain
comparison that it stands for. An expectation, or an argument, that is not known here can always fire.
``tests/corpus`` holds this against Great Expectations, rule by rule and row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from minsheng.validation.rules import Expect

if TYPE_CHECKING:
    import pandas as pd

    # The columns an expectation looks at, by their names.
    Seen = Mapping[str, pd.Series[Any]]

_Meets = Callable[["Seen", Mapping[str, Any]], bool]


def can_fire(expect: Expect, seen: Seen) -> bool:
    """Whether any of these facts may break the expectation; ``seen`` has no nulls."""
    known = _KNOWN.get(expect.type)
    given = expect.arguments
    if known is None or not known.needs <= given.keys() <= known.needs | known.takes:
        return True
    if given.get("ignore_row_if", _EITHER) != _EITHER:
        return True
    try:
        return not known.meets(seen, given)
    except TypeError:  # values that cannot be compared: what that means, Great Expectations says
        return True


def _all_in_set(seen: Seen, given: Mapping[str, Any]) -> bool:
    return bool(seen[given["column"]].isin(given["value_set"]).all())


def _none_in_set(seen: Seen, given: Mapping[str, Any]) -> bool:
    return not seen[given["column"]].isin(given["value_set"]).any()


def _all_between(seen: Seen, given: Mapping[str, Any]) -> bool:
    column = seen[given["column"]]
    is_within = True
    if "min_value" in given:
        least = given["min_value"]
        is_within = bool((column > least if given.get("strict_min") else column >= least).all())
    if is_within and "max_value" in given:
        most = given["max_value"]
        is_within = bool((column < most if given.get("strict_max") else column <= most).all())
    return is_within


def _all_equal(seen: Seen, given: Mapping[str, Any]) -> bool:
    return bool((seen[given["column_A"]] == seen[given["column_B"]]).all())


def _all_greater(seen: Seen, given: Mapping[str, Any]) -> bool:
    first, second = seen[given["column_A"]], seen[given["column_B"]]
    return bool((first >= second if given.get("or_equal") else first > second).all())


@dataclass(frozen=True)
class _Known:
    """Whether all facts meet an expectation; the arguments that must be given, and those that may be."""

    meets: _Meets
    needs: frozenset[str]
    takes: frozenset[str] = frozenset()


_EITHER = "either_value_is_missing"
_SET = frozenset({"column", "value_set"})
_BOUNDS = frozenset({"min_value", "max_value", "strict_min", "strict_max"})
_PAIR = frozenset({"column_A", "column_B", "ignore_row_if"})
_KNOWN = {
    "expect_column_values_to_be_in_set": _Known(_all_in_set, _SET),
    "expect_column_values_to_not_be_in_set": _Known(_none_in_set, _SET),
    "expect_column_values_to_be_between": _Known(_all_between, frozenset({"column"}), _BOUNDS),
    "expect_column_pair_values_to_be_equal": _Known(_all_equal, _PAIR),
    "expect_column_pair_values_a_to_be_greater_than_b": _Known(_all_greater, _PAIR, frozenset({"or_equal"})),
}
