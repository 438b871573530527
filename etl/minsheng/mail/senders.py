"""What senders are called, and what the data team is told of those it cannot write to."""

from __future__ import annotations

import hashlib

from minsheng.core.clock import county_time
from minsheng.mail.contacts import DATA_TEAM, LEADERS, SIGNER, STRANGER, SUPERIOR, SUPERVISION_OFFICE
from minsheng.mail.message import Thread
from minsheng.plan.likely import likely_unit
from minsheng.plan.run import Run
from minsheng.words.filling import fill

_NO_ADDRESS = "（通讯录中没有“{name}”的邮箱，本邮件改发数据组，请转告该单位并补充通讯录。）"
_NO_UNIT = "（收件目录的文件夹“{name}”不是方案中的单位代码，本邮件发给数据组。{remedy}）"
_LIKELY = "看来是 {code}（{unit}）的：请把文件移到文件夹 {code}，或把这个文件夹改名为 {code}，下次取件即按该单位核对。"
_ASK = "请查明是哪个单位的文件，移到该单位的文件夹，下次取件即按该单位核对。"


def unit_name(run: Run, plan_id: str, code: str) -> str:
    """What the unit is called at the moment of the run, or the office; the code of a sender the plan does not know."""
    common, names = run.wording.common, _names(run, plan_id)
    offices = {
        DATA_TEAM: common.data_team,
        SUPERVISION_OFFICE: common.supervision_office,
        LEADERS: common.leaders,
    }
    if code.startswith(SUPERIOR):
        return fill(common.superior, {"unit_name": names.get(code.removeprefix(SUPERIOR), code)})
    if code.startswith(SIGNER):
        return fill(common.signer, {"unit_name": names.get(code.removeprefix(SIGNER), code)})
    if code.startswith(STRANGER):
        return common.stranger
    return (offices | names).get(code, code)


def thread_of(run: Run, plan_id: str, code: str, period: str | None) -> Thread | None:
    """The thread of a mail about a month; null: it is about none."""
    if period is None:
        return None
    root = hashlib.sha256("\n".join((plan_id, code, period)).encode()).hexdigest()[:16]
    return Thread(f"{code}-{period}" if code in _names(run, plan_id) else period, f"{root}.{period}")


def to_data_team(run: Run, plan_id: str, code: str) -> str:
    """What the data team must know when an answer comes to them because no address of the sender is known."""
    if unit_name(run, plan_id, code) != code:
        return _NO_ADDRESS.format(name=unit_name(run, plan_id, code))
    unit = likely_unit(run.county.plan(plan_id), code)
    remedy = _LIKELY.format(code=unit.code, unit=unit_name(run, plan_id, unit.code)) if unit else _ASK
    return _NO_UNIT.format(name=code, remedy=remedy)


def _names(run: Run, plan_id: str) -> dict[str, str]:
    day = county_time(run.as_of).date()
    return {unit.code: unit.name_on(day) for unit in run.county.plan(plan_id).units}
