"""The contract of a plan's units and registers."""

from __future__ import annotations

from datetime import date

from minsheng.core.contracts import Day, Flag, Strict
from minsheng.plan.dated import Code, PeriodText


class Alias(Strict):
    """Another spelling of a unit's name; ``accept`` false means: understood, but with a warning."""

    name: str
    accept: Flag = True


class LaterName(Strict):
    """What a unit is called from a day on."""

    name: str
    full_name: str
    valid_from: Day


class Unit(Strict):
    """A responsible unit; valid_to null: still valid.

    ``name`` is the one the plan's text uses. After ``valid_to`` the ``successor`` owes what this unit owed.
    """

    code: Code
    name: str
    short_name: str
    full_name: str
    full_name_is_presumed: Flag
    type: str
    valid_from: Day
    valid_to: Day | None = None
    successor: Code | None = None
    later_names: tuple[LaterName, ...] = ()
    aliases: tuple[Alias, ...] = ()
    note: str = ""

    def name_on(self, day: date) -> str:
        """What the unit is called on a day."""
        taken = [later for later in self.later_names if later.valid_from <= day]
        return max(taken, key=lambda later: later.valid_from).name if taken else self.name


class Member(Strict):
    """A place or thing in a register, from and to the months given, both included; null: ever since, and still.

    ``document_no``: by which it came or went; null only where it neither did.
    """

    code: str
    name: str
    valid_from: PeriodText | None = None
    valid_to: PeriodText | None = None
    document_no: str | None = None

    def is_there(self, period: str) -> bool:
        """Whether it counts in a month."""
        return (self.valid_from or period) <= period <= (self.valid_to or period)


class Register(Strict):
    """A dated list. ``members`` null: not known, and nothing may be judged against it.

    It becomes known with the first of its members, where all of them have a ``valid_from``.
    """

    code: str
    name: str
    source: str
    as_of: Day | None
    note: str = ""
    members: tuple[Member, ...] | None

    @property
    def known_from(self) -> str | None:
        """The first month it is known in; null: ever since, or never (``members`` null)."""
        begins = [member.valid_from for member in self.members or ()]
        return min((each for each in begins if each), default=None) if all(begins) else None

    def at(self, period: str) -> Register:
        """The register as it is in a month."""
        if self.members is None or (self.known_from or period) > period:
            return self.model_copy(update={"members": None})
        there = tuple(member for member in self.members if member.is_there(period))
        return self.model_copy(update={"members": there})
