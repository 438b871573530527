"""What issue_bulletin does with Airflow around it: drafts for people to decide on, and what they have decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypedDict

from airflow.sdk import get_current_context
from airflow.sdk.execution_time.hitl import HITLUser

from minsheng.core.errors import UserError
from minsheng_counties import BATCH_NAME, name_task
from minsheng_faults import plain_errors
from minsheng_wiring import as_of, installation, served_counties, settings

if TYPE_CHECKING:
    from minsheng.core.codes import BulletinVerdict
    from minsheng.core.home import Home

APPROVED, DECLINED = "同意印发", "不同意印发"
REASON = "reason"
# What a mapped task is called in the UI: county and month of its draft.
DRAFT_NAME = BATCH_NAME
# Whom Airflow calls so where everybody is let in without a name.
_NOBODY = ("", "anonymous")


class Asked(TypedDict):
    """A draft that waits for a decision: which, and what the person who decides is shown."""

    county: str
    plan_id: str
    period: str
    draft_no: int
    subject: str
    body: str


def approvers() -> list[HITLUser] | None:
    """Who alone may decide, by their ids in Airflow; null: whoever may answer a request in this DAG."""
    named = settings().approvers
    return [HITLUser(id=name.strip(), name=name.strip()) for name in named.split(",")] if named else None


def wanted_drafts() -> list[Asked]:
    """The drafts of all counties to be decided on in this run: of the month asked for, or of what was frozen."""
    period = get_current_context()["params"].get("period")
    with plain_errors():
        return [one for county in sorted(served_counties()) for one in _drafts(installation().home(county), period)]


def record(asked: Asked, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Write down what was decided, and issue what was approved; gives what the note of the run says."""
    from minsheng.flows.bulletin import decide, means_of
    from minsheng.publication.bulletins import BulletinDecision
    from minsheng_wiring import now

    name_task(f"{asked['county']} {asked['period']}")
    home = installation().home(asked["county"])
    reason = str((answer.get("params_input") or {}).get(REASON) or "").strip()
    with plain_errors():
        verdict: BulletinVerdict = "approved" if answer["chosen_options"] == [APPROVED] else "declined"
        said = BulletinDecision(verdict, _named(answer), now(), reason)
        means = means_of(home, settings())
        issued = decide(home, asked["plan_id"], asked["period"], said, means, asked["draft_no"])
    told = f"第 {issued.number} 期已印发" if issued else f"{DECLINED}：{reason}"
    return {"done": [asked["county"]], "note": [f"{asked['period']} 通报{told}"]}


def _drafts(home: Home, period: str | None) -> Iterator[Asked]:
    from minsheng.flows.bulletin import draft_bulletin, means_of, text_of, undrafted
    from minsheng.publication.bulletins import draft_folder

    if not home.published.exists():
        return
    months = [(f"{home.county}-{period[:4]}", period)] if period else undrafted(home)
    for plan_id, month in months:
        draft = draft_bulletin(home, plan_id, month, as_of(get_current_context()), means_of(home, settings()))
        files = "\n".join(f"- `{draft_folder(home, draft) / name}`" for name in draft.files)
        yield Asked(
            county=home.county,
            plan_id=plan_id,
            period=month,
            draft_no=draft.draft_no,
            subject=f"{home.county} {month} 通报第 {draft.draft_no} 稿：是否同意印发？",
            body=f"{files}\n\n---\n\n{text_of(home, draft)}",
        )


def _named(answer: Mapping[str, Any]) -> str:
    """Who answered; raises UserError where that has no name: a bulletin is signed by a person."""
    user = answer.get("responded_by_user") or {}
    name = str(user.get("name") or user.get("id") or "")
    if name.lower() in _NOBODY:
        raise UserError("bulletin_nameless", "issue_bulletin")
    return name
