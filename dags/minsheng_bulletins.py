"""What issue_bulletin does with Airflow around it: drafts for people to decide on, and what they have decided."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from airflow.sdk import get_current_context
from airflow.sdk.execution_time.hitl import HITLUser

from minsheng.core.errors import UserError
from minsheng_counties import BATCH_NAME, name_task
from minsheng_faults import MayPass, NeedsPerson, plain_errors
from minsheng_wiring import announce_bulletin, as_of, installation, served_counties, settings

if TYPE_CHECKING:
    from minsheng.core.codes import BulletinVerdict
    from minsheng.core.home import Home

log = logging.getLogger("minsheng")
APPROVED, DECLINED = "同意印发", "不同意印发"
REASON = "reason"
# Under which name the faults of counties that could not be drafted for are handed on.
_UNDRAFTED = "undrafted"
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
    """The drafts of all counties to be decided on in this run: of the month asked for, or of what was frozen.

    What cannot be drafted keeps no other draft waiting, and is told by ``fail_for_undrafted``; where nothing could be
    drafted, the task fails itself.
    """
    found: list[Asked] = []
    faults: list[NeedsPerson | MayPass] = []
    for county in sorted(served_counties()):
        try:
            with plain_errors():
                for asked in _drafts(installation().home(county)):
                    found.append(asked)  # what was drafted before one that cannot be is asked about
        except (NeedsPerson, MayPass) as fault:
            log.error("%s：%s", county, fault)
            faults.append(fault)
    if faults and not found:
        raise faults[0]
    get_current_context()["ti"].xcom_push(_UNDRAFTED, [str(fault) for fault in faults])
    return found


def fail_for_undrafted() -> None:
    """Fails the task where a county's bulletin could not be drafted, with what is to be put right."""
    if faults := get_current_context()["ti"].xcom_pull(task_ids="draft", key=_UNDRAFTED):
        raise NeedsPerson("；".join(faults))


def record(asked: Asked, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Write down what was decided, and issue what was approved; gives what the note of the run says."""
    from minsheng.flows.bulletin import decide
    from minsheng.flows.bulletin_files import means_of
    from minsheng.publication.bulletins import BulletinDecision

    name_task(f"{asked['county']} {asked['period']}")
    home = installation().home(asked["county"])
    reason = str((answer.get("params_input") or {}).get(REASON) or "").strip()
    with plain_errors():
        verdict: BulletinVerdict = "approved" if answer["chosen_options"] == [APPROVED] else "declined"
        said = BulletinDecision(verdict, _named(answer), _answered_at(answer), reason)
        means = means_of(home, settings())
        issued = decide(home, asked["plan_id"], asked["period"], said, means, asked["draft_no"])
    if issued:
        announce_bulletin(asked["county"], issued)
    told = f"第 {issued.number} 期已印发" if issued else f"{DECLINED}：{reason}"
    return {"done": [asked["county"]], "note": [f"{asked['period']} 通报{told}"]}


def _drafts(home: Home) -> Iterator[Asked]:
    from minsheng.flows.bulletin import draft_bulletin
    from minsheng.flows.bulletin_files import means_of, text_of
    from minsheng.landing.editions import received_county
    from minsheng.publication.bulletins import draft_folder

    if not home.published.exists():
        return
    moment = as_of(get_current_context())
    for plan_id, month in _months(home, moment):
        draft = draft_bulletin(home, plan_id, month, moment, means_of(home, settings()))
        files = "\n".join(f"- `{draft_folder(home, draft) / name}`" for name in draft.files)
        yield Asked(
            county=home.county,
            plan_id=plan_id,
            period=month,
            draft_no=draft.draft_no,
            subject=f"{received_county(home, moment).title} {month} 通报第 {draft.draft_no} 稿：是否同意印发？",
            body=f"{files}\n\n---\n\n{text_of(home, draft)}",
        )


def _months(home: Home, moment: datetime) -> list[tuple[str, str]]:
    """The months to draft, by plan and period; of the one asked for none where the county has nothing to draft."""
    from minsheng.publication.bulletins_due import is_wanted, undecided, undrafted

    if period := get_current_context()["params"].get("period"):
        plan_id = f"{home.county}-{period[:4]}"
        return [(plan_id, period)] if is_wanted(home, plan_id, period, moment) else []
    return [*(undecided(home, moment) if _asks_again() else ()), *undrafted(home, moment)]


def _asks_again() -> bool:
    """Whether this run asks also about drafts that wait already: it was cleared, or no other run is there to ask."""
    ti = get_current_context()["ti"]
    return ti.try_number > 1 or ti.get_dr_count(ti.dag_id, states=["running"]) <= 1


def _answered_at(answer: Mapping[str, Any]) -> datetime:
    """When the person answered, which may be long before the answer is written down."""
    moment = answer["responded_at"]
    return moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)


def _named(answer: Mapping[str, Any]) -> str:
    """Who answered; raises UserError where that has no name: a bulletin is signed by a person."""
    user = answer.get("responded_by_user") or {}
    name = str(user.get("name") or user.get("id") or "")
    if name.lower() in _NOBODY:
        raise UserError("bulletin_nameless", "issue_bulletin")
    return name
