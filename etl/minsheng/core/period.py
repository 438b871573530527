"""The reporting month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from minsheng.core.errors import UserError

_PATTERN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True)
class Period:
    """A calendar month, written ``YYYY-MM`` everywhere."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``YYYY-MM``; raises UserError for anything else."""
        match = _PATTERN.fullmatch(text)
        if match is None:
            raise UserError("month_malformed", "报送期", text=text)
        return cls(int(match[1]), int(match[2]))

    @property
    def previous(self) -> Period:
        """The month before."""
        return Period(self.year - (self.month == 1), (self.month - 2) % 12 + 1)

    @property
    def next(self) -> Period:
        """The month after this one."""
        return Period(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def first_day(self) -> date:
        """The first calendar day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last calendar day of the month."""
        return self.next.first_day - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
