"""A month's bulletin: drafted from the revision it was frozen on, approved or declined by a named person, then issued.

Each step may be killed and made again: a draft is one, a decision is one, and a number is given once (docs/adr/0052).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from minsheng.core.clock import county_time
from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.core.settings import Settings
from minsheng.landing.editions import received_county
from minsheng.mail.contacts import county_contacts
from minsheng.publication.bulletins import (
    BulletinDecision,
    BulletinDraft,
    DecidedDraft,
    IssuedBulletin,
    deciding,
    draft_folder,
    hashes,
    issued,
    keep_decision,
    keep_draft,
    keep_issued,
    last_draft,
    next_number,
    require_undecided,
    template_of_draft,
    unfinished,
)
from minsheng.publication.chain import chain_head
from minsheng.publication.freezes import Freeze, freezes
from minsheng.publication.problems import problems_of
from minsheng.publication.publication import Publication, read_publication
from minsheng.publication.revisions import find
from minsheng.views.bulletin.content import Bulletin, Issuing, bulletin_of
from minsheng.views.bulletin.corrections import corrections, last_told
from minsheng.views.bulletin.document import fill_in, template_of
from minsheng.words import display
from minsheng.words.letters import county_wording

_SHOWN = 16  # digits of the head of the chain: enough to tell it from any other


@dataclass(frozen=True)
class Means:
    """What a bulletin is made with: a template in Word and the fonts of its PDF; and what it says of its office."""

    template: bytes
    fonts: Path | None
    office: str
    telephone: str | None = None


def means_of(home: Home, settings: Settings) -> Means:
    """What this installation makes a county's bulletins with; raises UserError for a faulty file."""
    contacts = county_contacts(settings.contacts, home.county)
    office = county_wording(settings.letters, home.county).common.supervision_office
    template = template_of(settings.bulletin, home.county)
    return Means(template, settings.fonts, office, contacts.telephone if contacts else None)


def draft_bulletin(home: Home, plan_id: str, period: str, made_at: datetime, means: Means) -> BulletinDraft:
    """Draft the bulletin of a frozen month; the draft that waits already, if it would be the same.

    Raises UserError for a month that is not frozen, or of which a bulletin was issued.
    """
    with deciding(home, plan_id):
        finish(home, plan_id, means)
        _require_unissued(home, plan_id, period)
        frozen = _frozen(home, plan_id, period)
        last = last_draft(home, plan_id, period)
        draft = BulletinDraft(
            plan_id,
            period,
            1,
            made_at,
            frozen.revision,
            sha256(means.template).hexdigest(),
            chain_head(home).hash,
            {},
            len(issued(home, plan_id)),
        )
        if last and last.decision is None and _is_same(last.draft, draft):
            return last.draft
        draft = replace(draft, draft_no=last.draft.draft_no + 1 if last else 1)
        files = _files(home, draft, means, None)
        draft = replace(draft, files=hashes(files))
        keep_draft(home, draft, files, means.template)
    return draft


def decide(
    home: Home, plan_id: str, period: str, decision: BulletinDecision, means: Means, draft_no: int | None = None
) -> IssuedBulletin | None:
    """Approve the newest draft of a month, which issues the bulletin, or decline it; gives the bulletin, null: none.

    ``draft_no``: which draft the person has seen. Said again of one that is approved, approval changes nothing. Raises
    UserError when there is no draft, a newer one than was seen, or it was decided otherwise.
    """
    with deciding(home, plan_id):
        finish(home, plan_id, means)
        found = _draft_seen(home, plan_id, period, draft_no)
        if found.decision and found.decision.verdict == decision.verdict:
            return _issued_of(home, found)
        require_undecided(found)
        if decision.verdict == "approved":
            _require_unissued(home, plan_id, period)
            _require_current(home, found.draft)
            decision = replace(decision, number=next_number(home, plan_id))
        keep_decision(home, found.draft, decision)
        finish(home, plan_id, means)
        return _issued_of(home, replace(found, decision=decision))


def finish(home: Home, plan_id: str, means: Means) -> None:
    """Write the bulletins that were approved and then cut short; the caller has the plan's bulletins to himself."""
    for one in unfinished(home, plan_id):
        decision, draft = one.decision, one.draft
        assert decision and decision.number
        files = _files(home, draft, replace(means, template=template_of_draft(home, draft)), decision)
        issue = IssuedBulletin(
            plan_id,
            draft.period,
            decision.number,
            decision.decided_at,
            decision.decided_by,
            draft.revision,
            hashes(files),
        )
        keep_issued(home, issue, files)


def _files(home: Home, draft: BulletinDraft, means: Means, decision: BulletinDecision | None) -> dict[str, bytes]:
    """The bulletin in Word and as PDF, by file name."""
    from minsheng.views.bulletin.fonts import fonts_in
    from minsheng.views.bulletin.pdf import to_pdf

    document = fill_in(means.template, _bulletin(home, draft, means, decision))
    number = f"第{decision.number}期" if decision else f"草稿{draft.draft_no}"
    name = f"{display.month_name(draft.period)}通报（{number}）"
    return {f"{name}.docx": document, f"{name}.pdf": to_pdf(document, name, fonts_in(means.fonts))}


def _bulletin(home: Home, draft: BulletinDraft, means: Means, decision: BulletinDecision | None) -> Bulletin:
    frozen = _frozen(home, draft.plan_id, draft.period)
    revision = find(home, draft.revision).require_whole()
    plan = received_county(home, frozen.freeze_at).plan(draft.plan_id)

    @cache
    def read(name: str) -> Publication:
        return read_publication(home, draft.plan_id, find(home, name))

    now = read(draft.revision)
    before = [one for one in issued(home, draft.plan_id) if one.number <= draft.follows]
    changed = corrections(last_told(before, revision), now, read)
    problems = problems_of(revision, draft.plan_id, draft.period)
    issuing = Issuing(
        county_time(decision.decided_at if decision else draft.made_at),
        decision.number if decision else None,
        decision.decided_by if decision else None,
        means.office,
        means.telephone,
        draft.head[:_SHOWN],
        draft.revision,
    )
    return bulletin_of(plan, now.month(draft.period), frozen, issuing, changed, problems)


def _is_same(last: BulletinDraft, draft: BulletinDraft) -> bool:
    return (last.revision, last.template_sha256, last.follows) == (draft.revision, draft.template_sha256, draft.follows)


def _frozen(home: Home, plan_id: str, period: str) -> Freeze:
    known = freezes(home)
    if (plan_id, period) not in known:
        raise UserError("month_not_frozen", "--period", period=period, known=[month for _, month in known])
    return known[plan_id, period]


def _require_unissued(home: Home, plan_id: str, period: str) -> None:
    for one in issued(home, plan_id):
        if one.period == period:
            raise UserError("bulletin_issued", period, number=one.number, who=one.issued_by)


def _require_current(home: Home, draft: BulletinDraft) -> None:
    """What it says of corrections rests on the bulletins before it."""
    if len(issued(home, draft.plan_id)) != draft.follows:
        raise UserError("bulletin_draft_old", f"{draft.period} 草稿 {draft.draft_no}")


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


def undrafted(home: Home) -> list[tuple[str, str]]:
    """The frozen months that call for a bulletin, by plan and period: those after the last one that was drafted.

    Where nothing was ever drafted it is the newest alone: nobody asks for last year's.
    """
    frozen = list(freezes(home))
    drafted = [place for place, key in enumerate(frozen) if last_draft(home, *key)]
    return frozen[max(drafted, default=len(frozen) - 2) + 1 :]


def text_of(home: Home, draft: BulletinDraft) -> str:
    """What a draft says, paragraph by paragraph, for whoever decides in another place than on paper."""
    from docx import Document

    (name,) = [name for name in draft.files if name.endswith(".docx")]
    paragraphs = Document(str(draft_folder(home, draft) / name)).paragraphs
    return "\n\n".join(paragraph.text for paragraph in paragraphs if paragraph.text.strip())
