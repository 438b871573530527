"""Trying a source: whether it answers, whose folders are there, and how many files could be taken."""

from __future__ import annotations

from dataclasses import dataclass

from minsheng.core.errors import UserError
from minsheng.core.outcome import Outcome
from minsheng.plan.county import County
from minsheng.source.delivery import Source
from minsheng.source.inbox import unknown_senders

_NO_FOLDERS = "连得上，但没有任何单位的文件夹；请建以单位编码命名的文件夹（如 {example}），或在声明中写 folders、unit"
_FAULT = "程序出错（{error}），请把这一行交程序维护人员"


@dataclass(frozen=True)
class Probed:
    """How a source was found. ``problem`` empty: well. ``notes``: what a person should look at all the same."""

    name: str
    problem: str
    file_count: int = 0
    notes: tuple[str, ...] = ()


def check_source(county: County, source: Source) -> Probed:
    """Open a source and look through it as a pull does, but read and keep nothing."""
    try:
        with source.open({}) as opened:
            if opened.senders is not None and not county.unit_codes.intersection(opened.senders):
                return Probed(source.name, _NO_FOLDERS.format(example=min(county.unit_codes)))
            met = list(opened.deliveries())
            told = (*opened.strays, *unknown_senders(county, opened))
    except UserError as error:
        return Probed(source.name, f"{error.problem} → {error.remedy}")
    except Exception as error:
        return Probed(source.name, _FAULT.format(error=f"{type(error).__name__}: {error}"))
    notes = [f"{one.input}：{one.detail}" for one in (*told, *met) if isinstance(one, Outcome) and one.detail]
    return Probed(source.name, "", sum(not isinstance(one, Outcome) for one in met), tuple(notes))
