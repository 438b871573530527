"""copy: bring what readers see into PostgreSQL too, where an installation has one. Changes no file."""

from __future__ import annotations

from minsheng.core.home import Publisher
from minsheng.core.outcome import StageResult


def copy(publisher: Publisher, postgres_url: str) -> StageResult:
    """Make PostgreSQL hold what the installation shows, of one county or of all; a no-op if it does.

    Raises BusyError when the server cannot be reached, UserError when it refuses: what was published stays
    published, and the next call tries again.
    """
    from minsheng.publication.postgres import copy_current  # with SQLAlchemy, for the few who have a server

    return StageResult("copy", (copy_current(publisher, postgres_url),))
