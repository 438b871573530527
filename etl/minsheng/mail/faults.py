"""A fault as it is told: where it is, what stands there, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator

from minsheng.validation.causes import ToldOnce
from minsheng.validation.finding import Finding, quoted


def place(finding: Finding) -> str:
    """What a finding is about and where: ``窨井设施维护改造数 · 本月数（填报!F6）``, the sheet, or the file."""
    sheet = quoted(finding.sheet or "")
    where = f"{sheet}!{finding.cell}" if sheet and finding.cell else sheet or "整个文件"
    return f"{finding.about}（{where}）" if finding.about else where


def follow_on(told: ToldOnce) -> Iterator[str]:
    """What follows from a fault and goes with it, a line each."""
    if same := [place(one) for one in told.follows if one.rule == told.finding.rule]:
        yield f"同样要改的还有{'、'.join(same)}。"
    if others := [one for one in told.follows if one.rule != told.finding.rule]:
        yield "由此引起、一并改正的："
        yield from (f"· {place(one)}：{one.message}" for one in others)


def stands_there(finding: Finding) -> str | None:
    """What stands in the cell, where the message does not say so itself."""
    return finding.found if finding.found and finding.found not in finding.message else None
