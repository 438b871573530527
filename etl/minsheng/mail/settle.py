"""What became of the mails, from the outbox's folders into the warehouse: it must know even if the outbox is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

from minsheng.core.errors import DamagedError
from minsheng.core.home import Home
from minsheng.core.outcome import Outcome, StageResult
from minsheng.mail.folders import mails, refusal_reason
from minsheng.plan.run import Run
from minsheng.warehouse.connection import Connection, open_to_read, open_warehouse, transaction
from minsheng.warehouse.ledger import record

SettledState = Literal["sent", "refused"]


def settle_mail(run: Run) -> StageResult:
    """Write into ``raw.mail`` what has been sent or refused since the last call; ``run.as_of`` stands for when.

    No-op where there is no warehouse, or nothing new: then it is not even opened for writing. Raises DamagedError, when
    all others are written, for a mail of which it can no longer be read what servers answered.
    """
    if not run.home.warehouse.exists() or not _has_news(run.home):
        return StageResult("settle_mail")
    damaged: list[DamagedError] = []
    with open_warehouse(run.home.warehouse) as connection, transaction(connection):
        outcomes = (outcome for state in get_args(SettledState) for outcome in _settle(connection, run, state, damaged))
        result = StageResult("settle_mail", tuple(outcomes))
        record(connection, run, result)
    if damaged:
        raise damaged[0]
    return result


def _has_news(home: Home) -> bool:
    with open_to_read(home.warehouse) as connection:
        return any(_unrecorded(connection, home, state) for state in get_args(SettledState))


def _unrecorded(connection: Connection, home: Home, state: SettledState) -> list[Path]:
    """The mails in this state of which the warehouse does not know it."""
    query = f"select mail_id from raw.mail where {state}_at is null"
    waiting = {mail_id for (mail_id,) in connection.execute(query).fetchall()}
    return [eml for eml in mails(home, state) if eml.stem in waiting]


def _settle(connection: Connection, run: Run, state: SettledState, damaged: list[DamagedError]) -> Iterator[Outcome]:
    """A mail is in one state: one that was refused, taken back and sent is no longer refused."""
    for eml in _unrecorded(connection, run.home, state):
        try:
            reason = refusal_reason(eml)
        except DamagedError as error:
            damaged.append(error)
            continue
        moments = [run.as_of if state == each else None for each in get_args(SettledState)]
        connection.execute(
            "update raw.mail set sent_at = ?, refused_at = ?, refusal_reason = ? where mail_id = ?",
            [*moments, reason or None, eml.stem],
        )
        yield Outcome(f"mail/{eml.parent.name}/{eml.stem}", state, reason)
