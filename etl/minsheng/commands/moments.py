"""Moments as they are given on the command line."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from minsheng.core.clock import ZONE, require_past, require_steady
from minsheng.core.errors import UserError
from minsheng.core.home import Home, last_written

AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="这样做的时间，如 2022-07-15T09:00；不填为现在", show_default=False)
]


def moment_of(text: str | None, home: Home | None = None, where: str = "--as-of") -> datetime:
    """A moment as it was given, or now; a time without a zone is the county's.

    Raises UserError for one still to come and, where none is given, if the system clock has jumped since ``home`` was
    written.
    """
    now = datetime.now(ZONE)
    if text is None:
        require_steady(now, last_written(home) if home else None)
        return now
    return require_past(where, read_moment(text, where), now)


def read_moment(text: str, where: str) -> datetime:
    """A moment as it was given, past or to come; without a zone it is the county's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UserError("moment_malformed", where, text=text) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
