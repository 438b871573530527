"""Whether a plan folder may follow the edition last received: what it would change of what was published.

Taken as it is: whatever changes nothing published, and what begins, dated, in a month not frozen yet. What else would
change must be put right by an erratum in the plan's own ledger (docs/adr/0028).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.landing.editions import Correction, Edition, edition_plan, editions
from minsheng.plan.additions import without_additions
from minsheng.plan.differences import differences
from minsheng.plan.models import Erratum, Plan
from minsheng.warehouse.connection import open_to_read
from minsheng.warehouse.plan_effect import Effect, effects

_SHOWN = 12
_NOTHING = "（无）"


@dataclass(frozen=True)
class Examined:
    """What an edition would change of published months: by its errata, and by what begins in it.

    ``last``: the edition it was held against; null: it is the first one, or that very edition.
    """

    last: Edition | None = None
    corrections: tuple[Correction, ...] = ()
    begun: tuple[Effect, ...] = ()


def examine(home: Home, plan: Plan, as_of: datetime) -> Examined:
    """Hold a plan against the edition last received in a home, at a moment; raises UserError when it may not follow."""
    received = editions(home, plan.plan_id)
    if not received or received[-1].sha256 == plan.sha256 or not home.warehouse.exists():
        return Examined()
    last = received[-1]
    before = edition_plan(home, last)
    _require_ledger(before, plan)
    whole, silent = effects(home, before, plan, without_additions(plan, before))
    frozen = _frozen(home, plan.plan_id, as_of)
    past = [effect for effect in whole if effect in silent or effect.period in frozen]
    # what an addition hides of a silent change is a change all the same
    past += [effect for effect in silent if effect not in whole]
    known = {erratum.code for erratum in before.errata}
    errata = [erratum for erratum in plan.errata if erratum.code not in known]
    if [effect for effect in past if _erratum_of(effect, errata) is None]:
        raise _refusal(plan, before, last, past, errata)
    corrections = tuple(_correction(effect, errata) for effect in whole if _erratum_of(effect, errata))
    begun = tuple(effect for effect in whole if _erratum_of(effect, errata) is None)
    return Examined(last, corrections, begun)


def _frozen(home: Home, plan_id: str, as_of: datetime) -> set[str]:
    """The months of a plan that are frozen at a moment."""
    query = "select period from raw.period where plan_id = ? and freeze_at < ?"
    with open_to_read(home.warehouse) as connection:
        return {period for (period,) in connection.execute(query, [plan_id, as_of]).fetchall()}


def _require_ledger(before: Plan, plan: Plan) -> None:
    """An erratum that was received stays as it is: what it put right rests on it."""
    if lost := [erratum.code for erratum in before.errata if erratum not in plan.errata]:
        raise UserError("erratum_withdrawn", f"{plan.plan_id}/errata.yaml", codes=lost)


def _erratum_of(effect: Effect, errata: Iterable[Erratum]) -> Erratum | None:
    return next((each for each in errata if each.covers(effect.period, effect.indicator_code)), None)


def _correction(effect: Effect, errata: Iterable[Erratum]) -> Correction:
    code = next(each.code for each in errata if each.covers(effect.period, effect.indicator_code))
    return Correction(code, **vars(effect))


def _refusal(plan: Plan, before: Plan, last: Edition, past: Sequence[Effect], errata: Sequence[Erratum]) -> UserError:
    """Which keys differ, and what that would change in which month."""
    unsaid = [effect for effect in past if _erratum_of(effect, errata) is None]
    names = {indicator.code: indicator.name for each in (before, plan) for indicator in each.indicators}
    changed = [
        UserError("part_rewritten", found.where, before=found.before or _NOTHING, after=found.after or _NOTHING)
        for found in differences(before, plan)
    ]
    told = [_told(effect, names) for effect in unsaid]
    months = len({effect.period for effect in past})
    error = UserError(
        "past_rewritten", plan.plan_id, edition=last.number, months=months, count=len(past), open=len(unsaid)
    )
    return error.listing([*_first(changed), *_first(told)])


def _told(effect: Effect, names: dict[str, str]) -> UserError:
    where = f"{effect.period} {effect.indicator_code} {names[effect.indicator_code]}"
    before, after = effect.value_before or _NOTHING, effect.value_after or _NOTHING
    return UserError("past_of_month", where, label=effect.label, before=before, after=after)


def _first(faults: list[UserError]) -> list[UserError]:
    more = len(faults) - _SHOWN
    return [*faults[:_SHOWN], *([UserError("past_of_more", "……", count=more)] if more > 0 else [])]
