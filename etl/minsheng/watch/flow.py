"""The watch as one call: from the settings to what stands and what was told."""

from __future__ import annotations

from datetime import datetime

from minsheng.core.home import Installation
from minsheng.core.settings import Settings
from minsheng.mail.server import Server
from minsheng.watch.conditions import Observed
from minsheng.watch.installation_checks import Premises, red_tasks
from minsheng.watch.looking import look
from minsheng.watch.marks import Marks
from minsheng.watch.places import readers, standings, titles
from minsheng.watch.telling import Watched, tell


def watch_installation(installation: Installation, settings: Settings, server: Server | None, now: datetime) -> Watched:
    """Make every check and tell the data team what is news."""
    found = look(Premises(installation, Marks.of(settings), now), standings(installation, settings, now))
    return tell(installation, found, readers(installation, settings), server, now)


def tell_of_runs(installation: Installation, settings: Settings, server: Server | None, now: datetime) -> Watched:
    """Tell at once of the tasks that failed; everything else waits for the next look."""
    conditions = tuple(red_tasks(Premises(installation, Marks.of(settings), now)))
    counties = {condition.county for condition in conditions if condition.county}
    found = Observed(conditions, titles=titles(installation, counties, now), only="task_red")
    return tell(installation, found, readers(installation, settings), server, now)
