"""Which unit a folder is meant for whose name is no unit's code."""

from __future__ import annotations

import re
import unicodedata

from minsheng.plan.models import Plan
from minsheng.plan.units import Unit

_BESIDE_WORDS = re.compile(r"[\W_]+")


def likely_unit(plan: Plan, name: str) -> Unit | None:
    """The one unit whose code or name this is in other case, width or spacing, alone or beside other words.

    ``cgj``, `` CGJ``, ``ＣＧＪ``, ``CGJ_5月`` and ``县城管局`` are all the same unit; None: it may be several, or none.
    """
    words = _words(name)
    meant = {unit.code: unit for unit in plan.units if _is_said(unit, "".join(words), words)}
    return next(iter(meant.values())) if len(meant) == 1 else None


def _is_said(unit: Unit, whole: str, words: list[str]) -> bool:
    names = (unit.code, unit.name, unit.short_name, unit.full_name, *(alias.name for alias in unit.aliases))
    keys = {"".join(_words(each)) for each in names}
    return whole in keys or not keys.isdisjoint(words)


def _words(text: str) -> list[str]:
    """Letters and digits as runs, without regard to case and width."""
    return [word for word in _BESIDE_WORDS.split(unicodedata.normalize("NFKC", text).casefold()) if word]
