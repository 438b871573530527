"""What is cut short: a small county through two months, step by step, and what has been told as done by then."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from minsheng.core.declarations import ROOT
from minsheng.core.errors import UserError
from minsheng.core.files import digest
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.flows.pipeline import stages
from minsheng.flows.recovery import recover
from minsheng.landing import openings
from minsheng.mail.contacts import load_contacts
from minsheng.mail.folders import STATES, mails, settle
from minsheng.mail.settle import settle_mail
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.publication.revisions import current
from minsheng.stages.open import open_period

_ZONE = ZoneInfo("Asia/Shanghai")
_PLAN = ROOT / "plans" / "lushan-2022"
_EXAMPLES = ROOT / "examples" / "lushan-2022"
_UNITS = ("CGJ", "GAJ", "RSJ")
_MONTHS = (
    (Period(2022, 1), datetime(2022, 2, 7, 17, 30, tzinfo=_ZONE), "2022-02-07T1730"),
    (Period(2022, 2), datetime(2022, 3, 7, 17, 30, tzinfo=_ZONE), "2022-03-07T1730"),
)

Step = tuple[str, Callable[[], object]]


@dataclass(frozen=True)
class Promised:
    """What has been told as done: files received by hash, mails written, mails gone, the revision readers see."""

    files: dict[str, str] = field(default_factory=dict)
    mails: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    revision: int = 0

    def broken(self, home: Home) -> list[str]:
        """What of it a home does not hold."""
        now = promised(home)
        lost = [f"{name} is lost or changed" for name, sha256 in self.files.items() if now.files.get(name) != sha256]
        lost += [f"mail {mail_id} is lost" for mail_id in sorted(self.mails - now.mails)]
        lost += [f"mail {mail_id} has gone and waits again" for mail_id in sorted(self.gone - now.gone)]
        if now.revision < self.revision:
            lost.append(f"readers are on revision {now.revision}, and were on {self.revision}")
        return lost


def promised(home: Home) -> Promised:
    """Read it from a home; a revision counts when it is whole."""
    kept = sorted(path for kind in ("receipts", "objects", "openings") for path in home.landing.glob(f"*/{kind}/[!.]*"))
    files = {path.relative_to(home.root).as_posix(): digest(path) for path in kept}
    written = frozenset(eml.stem for state in STATES for eml in mails(home, state))
    try:
        standing = current(home)
        revision = standing.require_whole().number if standing else 0
    except UserError:
        revision = 0
    return Promised(files, written, frozenset(eml.stem for eml in mails(home, "sent")), revision)


def steps(home: Home, inboxes: Path, run_id: str) -> Iterator[Step]:
    """Every stage of both months in order, and the mails sent after each."""
    plan, contacts = load_plan(_PLAN), load_contacts(ROOT / "examples" / "contacts.yaml")
    for period, moment, folder in _MONTHS:
        run = Run(home, as_county([plan]), moment, f"{run_id}-{period}")
        inbox = inboxes / folder
        yield f"{period} open", lambda run=run, period=period: open_period(run, period)  # type: ignore[misc]
        for name, stage in stages(run, inbox, contacts).items():
            yield f"{period} {name}", stage
        yield f"{period} send", lambda run=run: _send(run)  # type: ignore[misc]


def mend(home: Home) -> None:
    """The remedy for a damaged warehouse, as the runbook has it; where no month was opened there is none to make."""
    for name in (home.warehouse_name, f"{home.warehouse_name}.wal"):
        (home.root / name).unlink(missing_ok=True)
    plan = load_plan(_PLAN)
    opened = {opening.period for opening in openings(home, plan.plan_id)}
    moments = [moment for period, moment, _ in _MONTHS if str(period) in opened]
    if moments:
        list(recover(Run(home, as_county([plan]), max(moments), "recover")))


def lay_inboxes(folder: Path) -> None:
    """What the units left, month by month."""
    for _, _, name in _MONTHS:
        for unit in _UNITS:
            if (_EXAMPLES / name / unit).is_dir():
                shutil.copytree(_EXAMPLES / name / unit, folder / name / unit)


def ending(home: Home) -> tuple[str, list[str]]:
    """How it ends: the content published, and every mail."""
    standing = current(home)
    content = standing.content if standing else ""
    return content, sorted(eml.stem for state in STATES for eml in mails(home, state))


def _send(run: Run) -> None:
    """As the mail server's answer leaves them."""
    for eml in mails(run.home, "pending"):
        settle(eml, "sent", {"someone@lushan.example": "250 OK"}, run.home)
    settle_mail(run)
