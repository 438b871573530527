"""Replies to our mails that bring no file: a signature, or an answer that says why it is none (docs/adr/0044)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from minsheng.core.errors import UserError
from minsheng.core.outcome import Outcome
from minsheng.landing import all_receipts
from minsheng.mail.contacts import signer_of
from minsheng.mail.folders import STATES, mail_path
from minsheng.mail.letters import letter_id_of, queue_letters
from minsheng.mail.message import answered
from minsheng.mail.signing import request_identity, signing_answer, told_of
from minsheng.plan.run import Run
from minsheng.source.memory import Mark, Seen
from minsheng.source.replies import UnitReply
from minsheng.warehouse.connection import Connection
from minsheng.warehouse.decisions import state_decisions
from minsheng.warehouse.signing import Signer, Signing, sign, unsigned_reports

_BY_MAIL = "回复邮件确认"
_NO_SIGNATURE = "{address} 的回信没有附件，不是报送，也没有审签"
_LATER = "{address} 的审签留待下次取件"
# Something has come, or was decided, after the moment of this run: the next one is later.
_PASSING = frozenset({"decision_before_last", "decision_before_received"})


@dataclass(frozen=True)
class Taken:
    """What became of the replies of one source; ``seen``: those that are done with."""

    outcomes: tuple[Outcome, ...]
    seen: tuple[Seen, ...]


def take_replies(connection: Connection, run: Run, source: str, replies: Sequence[UnitReply]) -> Taken:
    """Sign what is confirmed, and queue the answers, inside the caller's transaction."""
    outcomes: list[Outcome] = []
    seen: list[Seen] = []
    for reply in replies:
        label = f"{source}/{reply.unit_code}"
        try:
            outcomes.append(_take(connection, run, label, reply))
        except UserError as error:
            if error.code not in _PASSING:
                raise
            outcomes.append(Outcome(label, "later", _LATER.format(address=reply.address)))
            continue
        seen.append(Seen(reply.key, Mark(0), None))
    return Taken(tuple(outcomes), tuple(seen))


def _take(connection: Connection, run: Run, label: str, reply: UnitReply) -> Outcome:
    asked = [*_asked_about(run, reply)]
    if not (reply.is_signer and reply.is_confirming and asked):
        if told := _why_not(connection, run, reply, asked):
            _answer(connection, run, label, reply, None, told)
        return Outcome(label, "ignored", _NO_SIGNATURE.format(address=reply.address))
    state_decisions(connection, run.home, run.county.plan_ids, run.as_of)
    signer = Signer(reply.unit_code, reply.address, _BY_MAIL, run.as_of)
    signed = [sign(connection, run.home, submission_id, signer) for submission_id in asked]
    _answer(connection, run, label, reply, signed[0], "\n\n".join(told_of(run.wording.signing, one) for one in signed))
    is_signed = any(one.result == "signed" for one in signed)
    return Outcome(label, "signed" if is_signed else "ignored", told_of(run.wording.signing, signed[0]))


def _why_not(connection: Connection, run: Run, reply: UnitReply, asked: Sequence[str]) -> str | None:
    """Why a reply signs nothing; null: it need not be told, for nothing is waited for."""
    said = run.wording.signing
    waiting = {one.submission_id for one in unsigned_reports(connection, [*run.county.plan_ids], reply.unit_code)}
    if reply.is_signer and reply.is_confirming:
        return said.unrelated
    if not waiting.intersection(asked):
        return None
    if reply.is_signer:
        return said.unclear
    return said.wrong_person if reply.is_confirming else None


def _answer(connection: Connection, run: Run, label: str, reply: UnitReply, signing: Signing | None, told: str) -> None:
    code = signer_of(reply.unit_code) if reply.is_signer else reply.unit_code
    plan_id = (signing.plan_id if signing else None) or run.county.plans[-1].plan_id
    period = signing.period if signing else None
    queue_letters(connection, run, [signing_answer(run, code, plan_id, period, f"{label}/{reply.key}", told)])


def _asked_about(run: Run, reply: UnitReply) -> Iterator[str]:
    """The unit's files that the nearest of our mails it answers asks to sign, or has acknowledged.

    Of a signer only what was sent to him counts: the numbers of the unit's own mails are known to who reports.
    """
    signer = signer_of(reply.unit_code)
    codes = (signer,) if reply.is_signer else (signer, reply.unit_code)
    ids = {
        named: one.submission_id
        for one in (all_receipts(run.home) if reply.references else ())
        if one.unit_code == reply.unit_code
        for named in (one.submission_id, letter_id_of(request_identity(one.submission_id)))
    }
    for reference in reply.references:
        if found := [ids[each] for each in _ids(run, codes, reference) if each in ids]:
            yield from found
            return


def _ids(run: Run, codes: Sequence[str], mail_id: str) -> tuple[str, ...]:
    """What a mail of ours to one of these answers or brings; a number that was another's says nothing."""
    for code in codes:
        for state in STATES:
            path = mail_path(run.home, state, code, mail_id)
            with suppress(FileNotFoundError), path.open("rb") as mail:
                return answered(mail)
    return ()
