"""Why a unit may have no figure to report, declared once in ``expectations/reasons.yaml`` (docs/adr/0035)."""

from __future__ import annotations

from functools import cache, cached_property
from typing import Literal

from pydantic import Field, model_validator

from minsheng.core.contracts import Flag, Strict, load
from minsheng.core.declarations import REASONS
from minsheng.plan.form import label_key, refuse_shared_keys

GUIDE = "expectations/README.md"


class Reason(Strict):
    """One reason. ``goes_with``: whether its numbers are 0 or left empty; ``counts_against``: whether they are owed."""

    code: str = Field(pattern=r"^[A-Z_]+$")
    label: str
    aliases: tuple[str, ...] = ()
    goes_with: Literal["zero", "nothing"]
    counts_against: Flag
    meaning: str

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every spelling by which the reason is known, ready for comparison."""
        return frozenset(map(label_key, (self.label, *self.aliases)))


class Reasons(Strict):
    """All of them, in the order in which a clerk chooses among them; no name means two."""

    reasons: tuple[Reason, ...]

    @model_validator(mode="after")
    def _names_are_unambiguous(self) -> Reasons:
        refuse_shared_keys("没有数的原因", (reason.keys for reason in self.reasons))
        return self

    def named(self, text: str) -> Reason | None:
        """The reason called so; None when it is none of the list."""
        key = label_key(text)
        return next((reason for reason in self.reasons if key in reason.keys), None)


@cache
def no_data_reasons() -> Reasons:
    """The reasons that ship with the forms."""
    return load(REASONS, Reasons, GUIDE)
