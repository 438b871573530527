"""copy: bring what readers see into PostgreSQL too, where an installation has one. Changes no file."""

from __future__ import annotations

from etl.outcome import StageResult
from etl.published.postgres import copy_current
from etl.run import Run
from etl.warehouse.ledger import keep


def copy(run: Run, postgres_url: str) -> StageResult:
    """Make PostgreSQL hold the current revision; a no-op if it does.

    Raises BusyError when the server cannot be reached, UserError when it refuses: what was published stays
    published, and the next call tries again.
    """
    return keep(run, StageResult("copy", (copy_current(run.home, postgres_url),)))
