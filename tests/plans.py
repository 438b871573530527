"""The plan of Lushan as another county's, or another year's."""

from __future__ import annotations

import shutil
from pathlib import Path

from minsheng.core.declarations import ROOT

_CALENDAR = """
source: 通知
covers_from: {year}-01-01
covers_to: {after}-01-31
holidays: []
working_weekends: []
"""


def plan_as(plan_id: str, plans: Path, county_code: str = "410423", county_name: str = "鲁山县") -> Path:
    """Its folder below ``plans``: the year is that of the id, and has no holidays."""
    folder = Path(shutil.copytree(ROOT / "plans" / "lushan-2022", plans / plan_id))
    year = int(plan_id[-4:])
    for path in folder.rglob("*.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("2022", str(year)), encoding="utf-8")
    (folder / "calendar.yaml").write_text(_CALENDAR.format(year=year, after=year + 1), encoding="utf-8")
    header = (folder / "plan.yaml").read_text(encoding="utf-8")
    header = header.replace(f"plan_id: lushan-{year}", f"plan_id: {plan_id}").replace("410423", county_code)
    header = header.replace("county_name: 鲁山县", f"county_name: {county_name}")
    (folder / "plan.yaml").write_text(header, encoding="utf-8")
    return folder
