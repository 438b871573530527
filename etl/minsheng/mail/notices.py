"""A lead unit is told when supporting units have since come to more than its total.

A contribution that came before the lead's report, or with it, is told in the answer to that (rule R40); one that comes
later would be told to nobody. Each state of affairs is told once: its figures make the mail's id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from minsheng.core.clock import county_time
from minsheng.core.period import Period
from minsheng.mail.letters import Addressed, Letter, queue_letters
from minsheng.mail.senders import unit_name
from minsheng.plan.run import Run
from minsheng.spreadsheet.numbers import plain
from minsheng.warehouse.connection import Connection
from minsheng.words import display
from minsheng.words.filling import fill

_EXCESSES = """
    select
        excess.plan_id, excess.period, excess.indicator_code, indicator.indicator_name,
        coalesce(lead.unit_code, excess.unit_code) as unit_code,
        excess.submission_id, excess.cumulative_value, excess.contributor_count, excess.contributed_total
    from staging.stg_contribution_excess as excess
    inner join raw.indicator as indicator
        on excess.plan_id = indicator.plan_id and excess.indicator_code = indicator.indicator_code
    left join raw.lead as lead
        on
            excess.plan_id = lead.plan_id
            and excess.indicator_code = lead.indicator_code
            and lead.period = $month
    where list_contains($plan_ids, excess.plan_id) and last_contributed_at >= $since
    order by all
"""


@dataclass(frozen=True)
class Excess:
    """By how much supporting units exceed what the lead unit reported; ``unit_code`` is who leads the indicator now."""

    plan_id: str
    period: str
    indicator_code: str
    indicator_name: str
    unit_code: str
    submission_id: str
    cumulative_value: Decimal
    contributor_count: int
    contributed_total: Decimal

    @property
    def identity(self) -> tuple[str, ...]:
        """The figures told: as long as they are the same it is the same letter."""
        told = (self.plan_id, self.period, self.indicator_code, self.submission_id, plain(self.contributed_total))
        return ("excess", *told)

    @property
    def words(self) -> dict[str, object]:
        """What the letter says, by the names it uses."""
        return vars(self) | {
            "month": display.month_name(self.period),
            "cumulative": plain(self.cumulative_value),
            "contributed": plain(self.contributed_total),
            "excess": plain(self.contributed_total - self.cumulative_value),
        }


def queue_notices(connection: Connection, run: Run, since: datetime) -> None:
    """Write the letters that contributions received at ``since`` or later give cause for, and that are not written."""
    queue_letters(connection, run, [excess_letter(run, excess) for excess in _excesses(connection, run, since)])


def _excesses(connection: Connection, run: Run, since: datetime) -> Iterator[Excess]:
    day = county_time(run.as_of).date()
    asked = {"plan_ids": list(run.county.plan_ids), "since": since, "month": str(Period(day.year, day.month))}
    return (Excess(*row) for row in connection.execute(_EXCESSES, asked).fetchall())


def excess_letter(run: Run, excess: Excess) -> Addressed:
    """By how much others exceed the unit, and what to do about it."""
    said, words = run.wording.excess, excess.words
    words |= {"unit_name": unit_name(run, excess.plan_id, excess.unit_code)}
    letter = Letter(fill(said.opening, words), fill(said.closing, words))
    subject = fill(said.subject, words)
    return Addressed("notice", excess.plan_id, excess.unit_code, excess.period, subject, excess.identity, letter)
