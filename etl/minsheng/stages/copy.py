"""copy: bring what readers see into PostgreSQL too, where an installation has one. Changes no file."""

from __future__ import annotations

from minsheng.core.outcome import StageResult
from minsheng.plan.run import Run
from minsheng.publication.postgres import copy_current
from minsheng.warehouse.ledger import keep


def copy(run: Run, postgres_url: str) -> StageResult:
    """Make PostgreSQL hold the current revision; a no-op if it does.

    Raises BusyError when the server cannot be reached, UserError when it refuses: what was published stays
    published, and the next call tries again.
    """
    return keep(run, StageResult("copy", (copy_current(run.home, postgres_url),)))
