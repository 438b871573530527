"""send: hand the mails that wait to the mail server. Writes no mail, and does not open the warehouse.

What became of them is written there by ``minsheng.mail.settle`` afterwards.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from minsheng.core.home import Home
from minsheng.core.outcome import Outcome, StageResult
from minsheng.mail.contacts import Contacts
from minsheng.mail.delivery import deliver, describe, pending
from minsheng.mail.folders import mails
from minsheng.mail.server import Server

log = logging.getLogger(__name__)
_REHEARSAL = "演练，不发出：{described}"


def send(
    home: Home,
    server: Server | None,
    contacts: Contacts | None,
    now: datetime,
    *,
    units: Sequence[str] | None = None,
    even_put_off: bool = False,
) -> StageResult:
    """Send what is due, of some units or of all; ``server`` null: a dry run, which says what would go to whom.

    ``even_put_off``: what was put off is due as well. Each outcome is logged when it is known. Raises BusyError when
    the server is not to be had, UserError when it will have nothing from us; what has gone by then has gone.
    """
    waiting = pending(home) if units is None else [eml for unit in units for eml in mails(home, "pending", unit)]
    if server is None:
        return StageResult("send", tuple(_rehearsed(eml, contacts) for eml in waiting))
    outcomes = []
    for outcome in deliver(server, waiting, home, contacts, now, even_put_off=even_put_off):
        log.info("%s: %s %s", outcome.input, outcome.result, outcome.detail)
        outcomes.append(outcome)
    return StageResult("send", tuple(outcomes))


def _rehearsed(eml: Path, contacts: Contacts | None) -> Outcome:
    described = describe(eml, contacts)
    log.info(_REHEARSAL.format(described=described))
    return Outcome(f"mail/{eml.parent.name}/{eml.stem}", "queued", _REHEARSAL.format(described=described))
