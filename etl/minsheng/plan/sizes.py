"""How large a number of an indicator may be: the plan's bounds, its own, and what there is to be counted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from minsheng.plan.indicators import Counted, Indicator
from minsheng.plan.models import Plan

_HEADS = frozenset({"人", "户"})
_VISITS = "人次"
_NOT_KNOWN = "（县里尚未提供）"


@dataclass(frozen=True)
class SizeLimit:
    """The bounds of one indicator, see ``Sizes``.

    ``exists_basis`` null: nothing that is counted in the county bounds it; ``exists_value`` null beside a basis: that
    is not known yet, and nothing may be judged against it.
    """

    most_of_target: Decimal
    least_of_target: Decimal
    most_of_history: Decimal
    history_from: Decimal
    exists_value: Decimal | None
    exists_basis: str | None


def size_limit(plan: Plan, indicator: Indicator) -> SizeLimit:
    """The bounds that hold for an indicator."""
    own, general = indicator.sizes, plan.sizes
    exists = own.exists or _inhabitants(plan, indicator)
    return SizeLimit(
        own.most_of_target or general.most_of_target,
        own.least_of_target or general.least_of_target,
        own.most_of_history or general.most_of_history,
        own.history_from or general.history_from,
        exists.value if isinstance(exists, Counted) else None,
        exists.basis if isinstance(exists, Counted) else exists,
    )


def _inhabitants(plan: Plan, indicator: Indicator) -> Counted | str | None:
    """What bounds a count of people: those who live here. The members of a register that is known count themselves."""
    is_share = indicator.kind in ("ratio", "coverage")
    if is_share and (indicator.is_per_member or _has_members(plan, indicator)):
        return None
    if not (is_share or indicator.unit_of_measure in _HEADS or indicator.unit_of_measure == _VISITS):
        return None
    if plan.population is None:
        return f"全县常住人口{_NOT_KNOWN}"
    if indicator.unit_of_measure != _VISITS:
        return plan.population
    times = plan.sizes.visits_per_head
    basis = f"{plan.population.basis}的 {times.normalize():f} 倍"
    return Counted(value=plan.population.value * times, basis=basis)


def _has_members(plan: Plan, indicator: Indicator) -> bool:
    registers = {register.code: register for register in plan.registers}
    register = registers.get(indicator.register_code or "")
    return register is not None and register.members is not None
