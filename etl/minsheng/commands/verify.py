"""``minsheng verify``: what is lost or damaged in a home, and how each is mended."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from minsheng.core.errors import DamagedError
from minsheng.verify import Hurt
from minsheng.verify import verify as verify_installation
from minsheng.views.terminal import CountyOption, HomeDir, console, existing_installation


def verify(
    home: HomeDir,
    county: CountyOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """Say what is lost or damaged in a home, and how it is mended; changes nothing. Exit 1 if anything is."""
    found = hurts(home, county)
    if as_json:
        print(json.dumps([asdict(one) | {"remedy": one.remedy} for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            console.print(f"{one.where}：{one.problem}（{one.kind}）\n    → {one.remedy}", markup=False, soft_wrap=True)
        summary = f"{len(found)} 处丢失或损坏，修复办法另见 docs/runbook.md" if found else "完好，没有丢失或损坏"
        console.print(summary)
    raise typer.Exit(1 if found else 0)


def hurts(home: Path, county: str | None = None) -> list[Hurt]:
    """What is hurt in a county, or in all of an installation, beginning at the door."""
    try:
        installation = existing_installation(home)
    except DamagedError as error:
        return [Hurt("layout_damaged", Path(error.where).name, "没有写明安装目录的版本")]
    counties = [county] if county else installation.counties
    return verify_installation(installation, counties)
