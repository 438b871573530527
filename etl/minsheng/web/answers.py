"""A reply as it is told: to programs as JSON, to people in the words of the mail."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from minsheng.core.clock import county_time
from minsheng.flows.handing_in import Decided, Reply
from minsheng.mail.answer import forecast_text
from minsheng.words.display import moment

_TAKEN = "文件“{name}”已收到：{at}，编号 {reference}。正式结论在下一次整点核对后以邮件告知。"
_KNOWN = "文件“{name}”此前已经收到：{at}，编号 {reference}，没有重复存放。"
_WITHHELD = "文件没有保存，只记下了收到时间（{at}，编号 {reference}）。"
_NOT_TAKEN = "文件没有报送，只作了核对。"


def receipt_words(reply: Reply) -> str:
    """Whether the file has been taken, when, and under which number."""
    receipt = reply.receipt
    if receipt is None:
        return _NOT_TAKEN
    words = _WITHHELD if receipt.withheld else _TAKEN if reply.is_new else _KNOWN
    at = moment(county_time(receipt.received_at))
    return words.format(name=receipt.file_name, at=at, reference=receipt.submission_id)


def as_json(reply: Reply) -> dict[str, Any]:
    """An entry of ``check --json``, with what became of the file and the whole answer as a text."""
    receipt = reply.receipt
    return asdict(reply.checked) | {
        "submission_id": receipt.submission_id if receipt else None,
        "received_at": receipt.received_at.isoformat() if receipt else None,
        "is_new": reply.is_new,
        "is_stored": receipt is not None and receipt.withheld is None,
        "text": f"{receipt_words(reply)}\n{forecast_text(reply.checked.verdict, reply.checked.findings)}",
    }


def judged_json(decided: Decided) -> dict[str, Any]:
    """A file that was handed in: null for verdict and findings while it waits to be judged."""
    receipt, checked = decided.receipt, decided.checked
    told = asdict(checked) if checked else {"file": receipt.file_name, "unit_code": receipt.unit_code, "verdict": None}
    return told | {"submission_id": receipt.submission_id, "received_at": receipt.received_at.isoformat()}
