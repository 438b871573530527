"""What the example run consists of: months opened and deliveries received, in the order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from minsheng.core.errors import UserError
from minsheng.core.files import digest
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.landing import all_receipts
from minsheng.stages.pull import is_known

_OPENING_HOUR = time(8)
_FOLDER_FORMAT = "%Y-%m-%dT%H%M"


@dataclass(frozen=True)
class Step:
    """One run of a DAG at a moment: ``period`` is opened, or ``inbox`` is received."""

    as_of: datetime
    period: Period | None = None
    inbox: Path | None = None

    @property
    def dag_id(self) -> str:
        """The DAG that takes the step."""
        return "open_period" if self.period else "receive_submissions"

    @property
    def title(self) -> str:
        """For the person watching."""
        what = f"开月 {self.period}" if self.period else "收件"
        return f"{self.as_of:%Y-%m-%d %H:%M} {what}"

    @property
    def conf(self) -> dict[str, str]:
        """The parameters of the DAG run."""
        return {"as_of": self.as_of.isoformat()} | ({"inbox": str(self.inbox)} if self.inbox else {})


def steps(examples: Path, zone: ZoneInfo) -> list[Step]:
    """All steps, every month being opened that a delivery can speak of; raises UserError when there is no delivery."""
    deliveries = [Step(_moment(folder, zone), inbox=folder) for folder in sorted(examples.glob("*/"))]
    if not deliveries:
        raise UserError("examples_missing", examples)
    months = sorted({_month_before(step.as_of) for step in deliveries})
    openings = [Step(datetime.combine(period.next.first_day, _OPENING_HOUR, zone), period=period) for period in months]
    return sorted(openings + deliveries, key=lambda step: step.as_of)


def left_to_do(all_steps: Sequence[Step], home: Home) -> Sequence[Step]:
    """From the last delivery that landed: what followed its landing may have been cut short."""
    known = 0
    for number, step in enumerate(all_steps):
        if step.inbox is None:
            continue
        if not is_known(home, step.inbox, step.as_of):
            break
        known = number
    return all_steps[known:]


def is_all_known(all_steps: Sequence[Step], home: Home) -> bool:
    """Whether every file of every delivery has landed."""
    return all(is_known(home, step.inbox, step.as_of) for step in all_steps if step.inbox is not None)


def require_home_of_examples(all_steps: Sequence[Step], home: Home) -> None:
    """Raises UserError when anything else has landed there: made-up reports must never get among real ones."""
    ours = {digest(file) for step in all_steps if step.inbox for file in step.inbox.rglob("*") if file.is_file()}
    others = [one for one in all_receipts(home) if one.sha256 not in ours]
    if others:
        raise UserError("home_of_others", home.root, count=len(others), first=others[0].file_name)


def _month_before(moment: datetime) -> Period:
    """The month units report on in these days."""
    return Period(moment.year - (moment.month == 1), (moment.month - 2) % 12 + 1)


def _moment(folder: Path, zone: ZoneInfo) -> datetime:
    try:
        return datetime.strptime(folder.name, _FOLDER_FORMAT).replace(tzinfo=zone)
    except ValueError:
        raise UserError("examples_name_malformed", folder) from None
