"""A county whose plan folder changes while its months are reported, and what recovering makes of it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from examples.filling import handed_out
from minsheng.core.declarations import ROOT
from minsheng.core.home import Installation
from minsheng.core.outcome import StageResult
from minsheng.core.period import Period
from minsheng.flows.pipeline import run_stages
from minsheng.flows.recovery import recover
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.template.month import month_forms
from minsheng.template.names import workbook_path
from tests.workbooks import as_bytes, cell, sign, table_rows, unmerged

ZONE = ZoneInfo("Asia/Shanghai")


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2022, month, day, hour, tzinfo=ZONE)


class Received:
    """A county, its folder of plans, and its home; ``edit`` changes a file of the plan as an editor would.

    ``looked_at``: the units whose workbooks are made when a month is opened.
    """

    def __init__(self, folder: Path, looked_at: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.looked_at = looked_at
        self.plan = folder / "plans" / "lushan-2022"
        self.home = Installation(folder / "home").home("lushan")
        self.last = at(1, 1)
        self._deliveries = 0
        shutil.copytree(ROOT / "plans" / "lushan-2022", self.plan)

    def with_plan_in(self, folder: Path) -> Received:
        """The same home with a copy of the plan, so that no other test sees what is edited."""
        other = Received(folder)
        other.home = self.home
        return other

    def copied_to(self, folder: Path) -> Received:
        """All of it once more, for a test that goes on from here."""
        other = copy(self)
        other.folder = shutil.copytree(self.folder, folder, symlinks=True)
        other.plan = folder / "plans" / "lushan-2022"
        other.home = Installation(folder / "home").home("lushan")
        return other

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.plan / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{file} has no {old}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def add(self, file: str, text: str) -> None:
        path = self.plan / file
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(before + text, encoding="utf-8")

    def run(self, moment: datetime) -> Run:
        return Run(self.home, as_county([load_plan(self.plan)]), moment, f"run-{moment:%m%dT%H%M}")

    def take(self, month: int, moment: datetime, *files: tuple[str, bytes]) -> list[StageResult]:
        """All stages of a month at a moment, with these files (unit, content) left in the inbox."""
        self._deliveries += 1
        self.last = moment
        inbox = self.folder / f"inbox-{self._deliveries}"
        inbox.mkdir()
        stand_in_for_forms(self.run(moment), Period(2022, month), self.looked_at)
        for unit, content in files:
            (inbox / unit).mkdir(exist_ok=True)
            (inbox / unit / f"{month}月-{self._deliveries}.xlsx").write_bytes(content)
        return list(run_stages(self.run(moment), Period(2022, month), inbox, None))

    def report(self, unit: str, month: int, numbers: Mapping[tuple[str, str], object]) -> tuple[str, bytes]:
        """A unit's workbook by the plan as it lies in the folder, filled in; every place has a facility and 60 beds."""
        period = str(Period(2022, month))
        workbook = handed_out(month_forms(load_plan(self.plan), period), unit)
        for (code, heading), number in numbers.items():
            cell(workbook, code, heading).value = number  # type: ignore[assignment]
        for row in table_rows(workbook["配合事项"]) if "配合事项" in workbook.sheetnames else ():
            for heading, value in (("本月数", 0), ("累计数", 0), ("零报送", "是")):
                if row["指标编码"].value:
                    unmerged(row[heading]).value = value
        for row in table_rows(workbook["明细"]) if "明细" in workbook.sheetnames else ():
            unmerged(row["数量"]).value = 1 if row["指标编码"].value == "M06-01" else 60
        sign(workbook)
        return unit, as_bytes(workbook)

    def manholes(self, month: int, grown: int, total: int, unit: str = "CGJ") -> tuple[str, bytes]:
        """The shortest report there is: M03-01 alone."""
        return self.report(unit, month, {("M03-01", "本月数"): grown, ("M03-01", "累计数"): total})

    @property
    def content(self) -> str:
        """What readers see, as a hash."""
        return self.home.current.resolve().name.split("-")[1]

    def published(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with duckdb.connect(self.home.current.resolve() / "marts.duckdb", read_only=True) as connection:
            return connection.execute(sql, parameters).fetchall()

    def recovered(self) -> str:
        """The hash of what a warehouse made anew from landing alone publishes."""
        again = Installation(self.folder / f"again-{self._deliveries}").home("lushan")
        shutil.copytree(self.home.landing, again.landing)
        list(recover(replace(self.run(self.last), home=again)))
        return again.current.resolve().name.split("-")[1]


def stand_in_for_forms(run: Run, period: Period, looked_at: tuple[str, ...] = ()) -> None:
    """Empty files where the month's workbooks would be made, which takes longest of all; but for those looked at."""
    plan = run.county.require_plan_of(period)
    folder = run.home.templates / plan.plan_id / str(period)
    folder.mkdir(parents=True, exist_ok=True)
    for unit in plan.units:
        if unit.code not in looked_at:
            workbook_path(folder, plan, unit.code, str(period)).touch()


def verdicts(results: list[StageResult]) -> dict[str, int]:
    """How many files were accepted and rejected."""
    (judged,) = (result for result in results if result.stage == "validate")
    return {result: count for result in ("accepted", "rejected") if (count := judged.count(result))}
