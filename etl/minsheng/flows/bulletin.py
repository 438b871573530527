"""A month's bulletin: drafted from the revision it was frozen on, approved or declined by a named person, then issued.

Each step may be killed and made again: a draft is one, a decision is one, and a number is given once (docs/adr/0052).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from minsheng.core.clock import county_time
from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.flows.bulletin_files import Means, files_of, frozen_month
from minsheng.publication.bulletins import (
    BulletinDecision,
    BulletinDraft,
    DecidedDraft,
    IssuedBulletin,
    deciding,
    hashes,
    issued,
    keep_decision,
    keep_draft,
    keep_issued,
    last_draft,
    last_number,
    lay_out,
    next_number,
    require_undecided,
    template_of_draft,
    unfinished,
)
from minsheng.publication.chain import chain_head
from minsheng.publication.freezes import Freeze
from minsheng.views.bulletin.document import font_hashes
from minsheng.words import display


def draft_bulletin(home: Home, plan_id: str, period: str, made_at: datetime, means: Means) -> BulletinDraft:
    """Draft the bulletin of a frozen month; the draft that waits already, if it would be the same.

    Raises UserError for a month that is not frozen by then, or of which a bulletin was issued, and for a template that
    cannot be filled in, be it as a draft or as what is issued.
    """
    with deciding(home, plan_id):
        finish(home, plan_id)
        _require_unissued(home, plan_id, period)
        draft = _draft(home, frozen_month(home, plan_id, period), made_at, means)
        last = last_draft(home, plan_id, period)
        if last and last.decision is None and _is_same(last.draft, draft):
            return last.draft
        draft = replace(draft, draft_no=last.draft.draft_no + 1 if last else 1)
        files_of(home, draft, means, _approved_now(home, draft))
        files = files_of(home, draft, means, None)
        draft = replace(draft, files=hashes(files))
        keep_draft(home, draft, files, means.template)
    return draft


def _draft(home: Home, frozen: Freeze, made_at: datetime, means: Means) -> BulletinDraft:
    """The first draft of a month, as yet without files."""
    _require_order(made_at, frozen.freeze_at, "定稿")
    return BulletinDraft(
        plan_id=frozen.plan_id,
        period=frozen.period,
        draft_no=1,
        made_at=made_at,
        revision=frozen.revision,
        template_sha256=sha256(means.template).hexdigest(),
        head=chain_head(home).hash,
        files={},
        follows=last_number(home, frozen.plan_id),
        fonts=font_hashes(means.fonts),
        office=means.office,
        telephone=means.telephone,
    )


def _approved_now(home: Home, draft: BulletinDraft) -> BulletinDecision:
    """As if somebody approved the draft at once: what a template says only then is tried while it can be mended."""
    return BulletinDecision("approved", draft.office, draft.made_at, "", next_number(home, draft.plan_id))


def decide(
    home: Home, plan_id: str, period: str, decision: BulletinDecision, means: Means, draft_no: int | None = None
) -> IssuedBulletin | None:
    """Approve the newest draft of a month, which issues the bulletin, or decline it; gives the bulletin, null: none.

    ``draft_no``: which draft the person has seen. Said again of one that is approved, approval changes nothing. Raises
    UserError when there is no draft, a newer or a later one than was seen, or it was decided otherwise.
    """
    with deciding(home, plan_id):
        finish(home, plan_id)
        found = _draft_seen(home, plan_id, period, draft_no)
        if found.decision and found.decision.verdict == decision.verdict:
            return _issued_of(home, found)
        require_undecided(found)
        _require_order(decision.decided_at, found.draft.made_at, "起草")
        if decision.verdict == "approved":
            decision = _laid_out(home, found.draft, decision, means)
        keep_decision(home, found.draft, decision)
        finish(home, plan_id)
        return _issued_of(home, replace(found, decision=decision))


def _laid_out(home: Home, draft: BulletinDraft, decision: BulletinDecision, means: Means) -> BulletinDecision:
    """The approval with its number, once all files of the bulletin are made and written: none is left to fail."""
    _require_unissued(home, draft.plan_id, draft.period)
    _require_current(home, draft, means)
    decision = replace(decision, number=next_number(home, draft.plan_id))
    files = files_of(home, draft, replace(means, template=template_of_draft(home, draft)), decision)
    assert decision.number
    lay_out(home, draft.plan_id, decision.number, files)
    return replace(decision, files=hashes(files))


def finish(home: Home, plan_id: str) -> None:
    """Issue the bulletins that were approved and then cut short; the caller has the plan's bulletins to himself."""
    for one in unfinished(home, plan_id):
        decision, draft = one.decision, one.draft
        assert decision and decision.number
        issue = IssuedBulletin(
            plan_id,
            draft.period,
            decision.number,
            decision.decided_at,
            decision.decided_by,
            draft.revision,
            decision.files,
        )
        keep_issued(home, issue)


def _is_same(last: BulletinDraft, draft: BulletinDraft) -> bool:
    """Whether both were made of the same; when, and with which head of the chain, is none of it."""
    return last == replace(draft, draft_no=last.draft_no, made_at=last.made_at, head=last.head, files=last.files)


def _require_unissued(home: Home, plan_id: str, period: str) -> None:
    for one in issued(home, plan_id):
        if one.period == period:
            raise UserError("bulletin_issued", period, number=one.number, who=one.issued_by)


def _require_current(home: Home, draft: BulletinDraft, means: Means) -> None:
    """What it says of corrections rests on the bulletins before it, its look on the fonts."""
    where = f"{draft.period} 草稿 {draft.draft_no}"
    if last_number(home, draft.plan_id) != draft.follows:
        raise UserError("bulletin_draft_old", where)
    if font_hashes(means.fonts) != draft.fonts:
        raise UserError("bulletin_fonts_changed", where)


def _require_order(moment: datetime, earlier: datetime, what: str) -> None:
    """Raises UserError for a moment before what it follows on, such as an approval before its draft."""
    if moment < earlier:
        raise UserError("bulletin_too_early", "--as-of", moment=_minute(moment), what=what, earlier=_minute(earlier))


def _minute(moment: datetime) -> str:
    return display.moment(county_time(moment))


def _draft_seen(home: Home, plan_id: str, period: str, draft_no: int | None) -> DecidedDraft:
    found = last_draft(home, plan_id, period)
    if found is None:
        raise UserError("bulletin_undrafted", "--period", period=period)
    if draft_no not in (None, found.draft.draft_no):
        raise UserError("bulletin_draft_newer", f"{period} 草稿 {draft_no}", newest=found.draft.draft_no)
    return found


def _issued_of(home: Home, found: DecidedDraft) -> IssuedBulletin | None:
    assert found.decision
    number = found.decision.number
    return next((one for one in issued(home, found.draft.plan_id) if one.number == number), None)
