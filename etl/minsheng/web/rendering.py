"""The page's states as HTML: plain, so that it works without a script, from any telephone, by keyboard and by ear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request

from minsheng.core.codes import Verdict
from minsheng.flows.explaining import doubt_key
from minsheng.flows.handing_in import Reply, ToSign
from minsheng.mail.answer import parts
from minsheng.mail.faults import follow_on, place, stands_there
from minsheng.mail.signing import told_of
from minsheng.spreadsheet.container import MAX_BYTES
from minsheng.validation.causes import ToldOnce, told_once
from minsheng.validation.finding import Finding
from minsheng.validation.findings import UNEXPLAINED
from minsheng.warehouse.signing import Signing
from minsheng.web.answers import receipt_words
from minsheng.web.months import MonthStanding, Standing
from minsheng.web.refusals import Refused
from minsheng.web.service import Caller, service_of
from minsheng.words import display
from minsheng.words.chinese import chinese
from minsheng.words.letters import shipped

_MEGABYTE = 1 << 20
# What a file is called that was only looked at.
_CHECKED: Mapping[Verdict, str] = {
    "accepted": "核对通过，还没有报送",
    "rejected": "核对没有通过，没有报送",
    "duplicate": "重复报送：同样的文件此前已经收到",
}
_GOOD = "没有发现问题，请按“报送这份文件”。"
_QUESTIONS = "可以报送；请先看一看下面的事项。"
_REJECTED = "这份文件报送后会被退回，请按下面的提示在原表中改正，一次改完后再拿来核对。"
_DUPLICATE = "贵单位已经报送过这份文件，无需再报。"

Tone = Literal["accepted", "rejected", "duplicate", "refused"]


@dataclass(frozen=True)
class Result:
    """What the page says about the file it was given last."""

    tone: Tone
    title: str
    sentences: tuple[str, ...]
    file_name: str = ""
    findings: tuple[Finding, ...] = ()
    can_send: bool = False
    can_mark: bool = False
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def to_explain(self) -> dict[Finding, str]:
        """The doubts that may be explained here, with what has been said of each; none of a file handed in."""
        doubts = (one.finding for one in told_once(self.findings) if one.finding.asks_why) if self.can_mark else ()
        said = {one: self.said.get(doubt_key(one), "") for one in doubts}
        return {one: why for one, why in said.items() if why or not one.explanation}

    @property
    def parts(self) -> list[tuple[str, tuple[ToldOnce, ...]]]:
        """Headings with what is told under them, as in the mail."""
        return list(parts(self.findings))


def result_of(reply: Reply, said: Mapping[str, str]) -> Result:
    """What is said of a file that was looked at or handed in; ``said``: what its unit says of its doubts."""
    verdict, receipt, found = reply.checked.verdict, reply.receipt, reply.checked.findings
    is_withheld = receipt is not None and receipt.withheld is not None
    if receipt is not None:
        title = "没有保存" if is_withheld else "已报送" if reply.is_new else "此前已报送"
        return Result(verdict, title, (receipt_words(reply),), reply.checked.file, found)
    sentences = {
        "accepted": _QUESTIONS if any(finding.severity == "warn" for finding in found) else _GOOD,
        "rejected": _REJECTED,
        "duplicate": _DUPLICATE,
    }
    can_mark = any(finding.sheet or finding.cell for finding in found)
    can_send = verdict == "accepted"
    return Result(
        verdict, _CHECKED[verdict], (sentences[verdict],), reply.checked.file, found, can_send, can_mark, said
    )


def signing_result(signing: Signing) -> Result:
    """What is said of a report that was to be signed."""
    is_signed = signing.result == "signed"
    title = "已审签" if is_signed else "没有审签"
    return Result("accepted" if is_signed else "refused", title, (told_of(shipped().signing, signing),))


def refusal(refused: Refused) -> Result:
    """What is said where nothing was looked at."""
    sentences = tuple(
        filter(None, (f"{refused.error.problem}。", refused.error.remedy and f"{refused.error.remedy}。"))
    )
    return Result("refused", "没有办成", sentences)


def sign_in_page(refused: Refused | None = None) -> str:
    """Where a clerk gives the token."""
    return _page("sign_in.html.j2", result=refusal(refused) if refused else None)


def desk_page(
    request: Request,
    caller: Caller,
    standing: Standing,
    cookie: str,
    result: Result | None,
    to_sign: Sequence[ToSign] = (),
) -> str:
    """Where a clerk hands files in, and where who signs for the unit does so."""
    return _page(
        "desk.html.j2",
        unit_name=caller.unit_name,
        county_name=caller.county.title,
        moment=caller.moment,
        standing=standing,
        current=standing.current,
        form_key=service_of(request).sessions.form_key(cookie),
        most=MAX_BYTES // _MEGABYTE,
        result=result,
        is_signer=caller.is_signer,
        to_sign=to_sign,
    )


def error_page(refused: Refused) -> str:
    """A refusal where there is nothing else to show."""
    return _page("refused.html.j2", result=refusal(refused))


def _state(month: MonthStanding) -> str:
    """How a month stands, in words."""
    told = chinese().submission_status[month.submission_status]
    return f"{told}（{chinese().timing[month.timing]}）" if month.timing else told


def _remedy_alone(finding: Finding) -> str:
    """What to do besides explaining, for which there is a field below."""
    return finding.remedy.removesuffix(UNEXPLAINED)


def _page(template: str, **values: object) -> str:
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    loader = PackageLoader("minsheng.web", "pages")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "place": place,
        "key": doubt_key,
        "stands_there": stands_there,
        "follow_on": follow_on,
        "remedy_alone": _remedy_alone,
        "moment": display.moment,
        "short_moment": display.day_and_hour,
        "state": _state,
        "month_name": display.month_name,
    }
    return environment
