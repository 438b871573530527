"""``minsheng plan``: a plan folder judged, and a new one begun."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from minsheng.commands.moments import moment_of
from minsheng.core.counties import county_of
from minsheng.core.errors import UserError
from minsheng.core.home import Installation
from minsheng.plan.left_open import LEFT_OPEN
from minsheng.plan.loader import load_plan
from minsheng.views.terminal import console, existing

plan_app = typer.Typer(no_args_is_help=True)

# What nobody else can know; what is left out of the others stands as 待定.
_NEEDED = {"county_code": "县的行政区划代码，六位", "county_name": "县的名称，如 鲁山县"}
_WANTED = {"title": "方案的全称", "document_no": "印发方案的文号", "issuer": "印发方案的机关"}


@plan_app.command("check", help="核对工作方案目录：是否合乎约定，引文是否与原文相符。")
def plan_check(
    folder: Annotated[Path, typer.Argument(metavar="PLAN_DIR", show_default=False)],
    home: Annotated[Path | None, typer.Option(help="数据目录：还要与已收到的版本、已发布的月份核对")] = None,
    as_of: Annotated[str | None, typer.Option(help="按哪个时点判断是否已定稿，默认为现在")] = None,
) -> None:
    """Hold a plan folder against its contract and its own text and, with a home, against what was published by it."""
    from minsheng.flows.plan_check import check_followed, check_plan

    summary = check_plan(folder)
    followed: tuple[str, ...] = ()
    if home:
        county = county_of(summary.plan_id)
        is_new = home.is_dir() and county not in Installation(home).counties
        here = Installation(home).home(county) if is_new else existing(home, county)
        followed = check_followed(load_plan(folder), here, moment_of(as_of))
    for line in (*summary.lines(), *followed):
        console.print(line, markup=False, soft_wrap=True)


@plan_app.command("tables", help="制作一份空的工作簿：指标、单位、联系人三张表，填好交给 plan new。")
def plan_tables(
    out: Annotated[Path, typer.Argument(metavar="FILE.xlsx", show_default=False)],
) -> None:
    """Make the workbook in which an office fills in what ``plan new`` reads."""
    from minsheng.core.files import atomic_write
    from minsheng.drafting.blank import blank_workbook

    if out.exists():
        raise UserError("file_there", out)
    atomic_write(out, blank_workbook(), mode=0o644)
    console.print(f"已制作 {out}：点到哪一格，就说明该填什么；深色的列必填", markup=False, soft_wrap=True)


@plan_app.command("new", help="新建方案文件夹：由几件事和办公室已有的表写成，只有人才知道的写作“待定”。")
def plan_new(
    folder: Annotated[Path, typer.Argument(metavar="OUT_DIR", show_default=False)],
    county_code: Annotated[str | None, typer.Option(help="县的行政区划代码", show_default=False)] = None,
    county_name: Annotated[str | None, typer.Option(help="县的名称", show_default=False)] = None,
    title: Annotated[str | None, typer.Option(help="方案的全称", show_default=False)] = None,
    document_no: Annotated[str | None, typer.Option(help="印发方案的文号", show_default=False)] = None,
    issuer: Annotated[str | None, typer.Option(help="印发方案的机关", show_default=False)] = None,
    prefecture: Annotated[str | None, typer.Option(help="所属的市", show_default=False)] = None,
    province: Annotated[str | None, typer.Option(help="所属的省", show_default=False)] = None,
    population: Annotated[int | None, typer.Option(help="全县常住人口", show_default=False)] = None,
    text: Annotated[Path | None, typer.Option(help="方案原文，docx 或 txt", show_default=False)] = None,
    items: Annotated[Path | None, typer.Option(help="项目和指标的表，csv 或 xlsx", show_default=False)] = None,
    units: Annotated[Path | None, typer.Option(help="单位的表，csv 或 xlsx；不给的由项目表中的单位而来")] = None,
    contacts: Annotated[Path | None, typer.Option(help="联系人的表，csv 或 xlsx；在它旁边写成 <县>.yaml")] = None,
) -> None:
    """Write the folder of a new plan, and say what is left to be filled in."""
    from minsheng.drafting.begin import Facts, OfficeFiles, new_plan

    said = {"county_code": county_code, "county_name": county_name, "title": title}
    known = _asked(said | {"document_no": document_no, "issuer": issuer})
    facts = Facts(**known, prefecture_name=prefecture, province_name=province, population=population)
    begun = new_plan(folder, facts, OfficeFiles(text, items, units, contacts))
    lines = [f"已写好 {folder}：{begun.item_count} 个项目，{begun.unit_count} 个单位"]
    if begun.contacts:
        lines.append(f"已写好通讯录 {begun.contacts}（{begun.contact_count} 行）：请移到只有数据组可读的地方")
    for line in (*lines, *_left(folder)):
        console.print(line, markup=False, soft_wrap=True)


def _asked(said: dict[str, str | None]) -> dict[str, str]:
    """The facts, asked for on a terminal where they are missing; raises UserError where nobody can be asked."""
    known = {key: value for key, value in said.items() if value}
    if not sys.stdin.isatty():
        if missing := [f"--{key.replace('_', '-')}（{word}）" for key, word in _NEEDED.items() if key not in known]:
            raise UserError("facts_missing", "plan new", missing=missing)
        return known
    for key, word in _NEEDED.items():
        known[key] = known.get(key) or typer.prompt(word)
    for key, word in _WANTED.items():
        known[key] = known.get(key) or typer.prompt(f"{word}，一时不知道的按回车", LEFT_OPEN, show_default=False)
    return known


def _left(folder: Path) -> list[str]:
    """What a person still has to do, as ``plan check`` says it."""
    from minsheng.flows.plan_check import check_plan

    try:
        check_plan(folder)
    except UserError as error:
        told = f"还有 {len(error.faults)} 处要填写或改正；改好后运行 minsheng plan check {folder}"
        return [told, *(f"  {fault}" for fault in error.faults)]
    return [f"没有待定之处；请核对写着“推定”的地方，再运行 minsheng plan check {folder}"]
