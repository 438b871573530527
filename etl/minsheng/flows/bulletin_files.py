"""The files of a bulletin: what they are made with, and what they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from minsheng.core.clock import county_time
from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.core.settings import Settings
from minsheng.landing.editions import received_county
from minsheng.mail.contacts import county_contacts
from minsheng.publication.bulletins import BulletinDecision, BulletinDraft, draft_folder, issued
from minsheng.publication.freezes import Freeze, freezes
from minsheng.publication.problems import problems_of
from minsheng.publication.publication import Publication, read_publication
from minsheng.publication.revisions import find
from minsheng.views.bulletin.content import Issuing, bulletin_of
from minsheng.views.bulletin.corrections import corrections, last_told
from minsheng.views.bulletin.document import fill_in, template_of
from minsheng.views.bulletin.names import Bulletin
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


def frozen_month(home: Home, plan_id: str, period: str) -> Freeze:
    """The freeze of a month; raises UserError for one that is not frozen."""
    known = freezes(home)
    if (plan_id, period) not in known:
        raise UserError("month_not_frozen", "--period", period=period, known=[month for _, month in known])
    return known[plan_id, period]


def files_of(home: Home, draft: BulletinDraft, means: Means, decision: BulletinDecision | None) -> dict[str, bytes]:
    """The bulletin in Word and as PDF, by file name."""
    from minsheng.views.bulletin.fonts import fonts_in
    from minsheng.views.bulletin.pdf import to_pdf

    document = fill_in(means.template, _bulletin(home, draft, decision))
    number = f"第{decision.number}期" if decision else f"草稿{draft.draft_no}"
    name = f"{display.month_name(draft.period)}通报（{number}）"
    return {f"{name}.docx": document, f"{name}.pdf": to_pdf(document, name, fonts_in(means.fonts))}


def _bulletin(home: Home, draft: BulletinDraft, decision: BulletinDecision | None) -> Bulletin:
    frozen = frozen_month(home, draft.plan_id, draft.period)
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
        draft.office,
        draft.telephone,
        draft.head[:_SHOWN],
        draft.revision,
    )
    return bulletin_of(plan, now.month(draft.period), frozen, issuing, changed, problems)


def text_of(home: Home, draft: BulletinDraft) -> str:
    """What a draft says, paragraph by paragraph, for whoever decides in another place than on paper."""
    from docx import Document

    (name,) = [name for name in draft.files if name.endswith(".docx")]
    paragraphs = Document(str(draft_folder(home, draft) / name)).paragraphs
    return "\n\n".join(paragraph.text for paragraph in paragraphs if paragraph.text.strip())
