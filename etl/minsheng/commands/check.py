"""``minsheng check``: what would become of files if they were sent in."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from minsheng.commands.moments import moment_of
from minsheng.core.counties import county_of
from minsheng.flows.precheck import judge_files
from minsheng.plan.loader import load_plan
from minsheng.views.terminal import PlanDir, console, existing


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", show_default=False)],
    plan: PlanDir,
    period: Annotated[str | None, typer.Option(help="文件应属的报送期")] = None,
    home: Annotated[Path | None, typer.Option(help="按这里已有的历史校验")] = None,
    as_of: Annotated[str | None, typer.Option(help="假定收到的时点 [默认：现在]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """Say what would happen to these files if they were sent in; stores nothing."""

    loaded = load_plan(plan)
    here = existing(home, county_of(loaded.plan_id)) if home else None
    judged = judge_files(files, loaded, here, period, moment_of(as_of))
    if as_json:
        print(json.dumps([asdict(one) for one in judged], ensure_ascii=False, indent=1))
    else:
        for one in judged:
            console.print(one.text(), markup=False, soft_wrap=True)
    raise typer.Exit(1 if any(one.verdict == "rejected" for one in judged) else 0)
