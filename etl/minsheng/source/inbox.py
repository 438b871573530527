"""What pull tells of an inbox beside its files: strangers, silence, what stays shut, and how it stands to the clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from minsheng.core.clock import county_time, require_near
from minsheng.core.codes import Stage
from minsheng.core.outcome import Outcome, StageResult
from minsheng.landing import all_receipts
from minsheng.plan.county import County
from minsheng.plan.likely import likely_unit
from minsheng.plan.run import Run
from minsheng.source.delivery import Opened
from minsheng.warehouse.connection import Connection
from minsheng.warehouse.ledger import record

_SHUT = "连续两次取件都读不到：{detail}。请检查权限，或请占用它的人关闭文件"
_NO_UNIT = "不是方案中的单位代码，其中的文件按来源不明退回"
_LIKELY = "；看来是 {code}（{name}），请改为这个名称，或把文件移到该单位的文件夹"
_SILENT = (
    "收件目录里一个单位的文件夹也没有，而 {at:%Y-%m-%d %H:%M} 取件时有 {count} 个：共享目录可能没有挂上；"
    "如确已另行建立，请先建好各单位的文件夹"
)
# The stage under which the ledger keeps how many folders an inbox had.
_SEEN: Stage = "inbox"


def newest_arrivals(run: Run) -> dict[str, datetime]:
    """When each sender's newest file came; raises UserError when that is long after this run's moment."""
    newest: dict[str, datetime] = {}
    for receipt in all_receipts(run.home):
        newest[receipt.unit_code] = max(receipt.received_at, newest.get(receipt.unit_code, receipt.received_at))
    if newest:
        require_near("as_of", run.as_of, max(newest.values()), "文件的收到时间是")
    return newest


def unit_folders(county: County, opened: Opened) -> int | None:
    """How many of the folders of a source are a unit's; null: senders have no folders there."""
    return None if opened.senders is None else len(county.unit_codes.intersection(opened.senders))


def unknown_senders(county: County, opened: Opened) -> Iterator[Outcome]:
    """Folders that are no unit's; most are a unit's whose name was typed otherwise."""
    for code in opened.senders or ():
        if code not in county.unit_codes:
            unit = likely_unit(county.plans[-1], code)
            likely = _LIKELY.format(code=unit.code, name=unit.name) if unit else ""
            yield Outcome(code, "unknown_sender", f"{_NO_UNIT}{likely}")


def silence(run: Run, connection: Connection, source_name: str, folder_count: int) -> list[Outcome]:
    """Tell of a source without any unit's folder that had some before: it looks like one with nothing to do.

    What it had is kept in the ledger, by its name; the caller holds the transaction.
    """
    if folder_count:
        record(connection, run, StageResult(_SEEN, (Outcome(source_name, "listed", "", folder_count),)))
        return []
    query = """
        select as_of, item_count
        from raw.outcome
        where stage = ? and input = ?
        order by as_of desc
        limit 1
    """
    seen = connection.execute(query, [_SEEN, source_name]).fetchone()
    return [Outcome(".", "silent", _SILENT.format(at=county_time(seen[0]), count=seen[1]))] if seen else []


def shut_for_long(run: Run, connection: Connection, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """What could not be read in the run before either is ``shut``: once may be a file that somebody has open."""
    query = """
        select input
        from raw.outcome
        where stage = 'pull' and result in ('unreadable', 'shut') and run_id = (
            select run_id
            from raw.outcome
            where stage = 'pull' and run_id <> $run_id and as_of <= $as_of
            order by as_of desc
            limit 1
        )
    """
    rows = connection.execute(query, {"run_id": run.run_id, "as_of": run.as_of}).fetchall()
    shut = {label for (label,) in rows}
    for one in outcomes:
        is_shut = one.result == "unreadable" and one.input in shut
        yield replace(one, result="shut", detail=_SHUT.format(detail=one.detail)) if is_shut else one
