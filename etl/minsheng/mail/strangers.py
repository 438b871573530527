"""An answer to who writes from an address that the contacts do not know: politely, and once for each address."""

from __future__ import annotations

from collections.abc import Iterable

from minsheng.mail.contacts import stranger_of
from minsheng.mail.letters import Addressed, Letter, queue_letters
from minsheng.plan.run import Run
from minsheng.warehouse.connection import Connection
from minsheng.words.filling import fill


def queue_stranger_letters(connection: Connection, run: Run, addresses: Iterable[str]) -> None:
    """Write those that are not written yet, inside the caller's transaction."""
    queue_letters(connection, run, [stranger_letter(run, address) for address in addresses])


def stranger_letter(run: Run, address: str) -> Addressed:
    """What was received, why nothing was taken of it, and what to do."""
    said, words = run.wording.stranger, {"address": address, "enquiries": run.wording.enquiries(None)}
    letter = Letter(fill(said.opening, words), fill(said.closing, words))
    plan_id = run.county.plans[-1].plan_id
    return Addressed("stranger", plan_id, stranger_of(address), None, said.subject, ("stranger", address), letter)
