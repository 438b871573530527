"""``minsheng token``: who may hand in files over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from minsheng.commands.moments import moment_of
from minsheng.core.errors import UserError
from minsheng.plan.county import County, as_county
from minsheng.plan.loader import load_plan
from minsheng.views.terminal import CountyOption, HomeDir, PlanDirs, console, existing
from minsheng.words import display

token_app = typer.Typer(no_args_is_help=True)


@token_app.command("new", help="给一个单位发一个口令；只显示这一次，系统不留存。")
def new(
    plan: PlanDirs,
    home: HomeDir,
    unit: Annotated[str, typer.Option(help="单位编码", show_default=False)],
    signer: Annotated[bool, typer.Option("--signer", help="审签口令：只能审签，不能报送")] = False,
) -> None:
    """Make a token for a unit, and show it this once."""
    from minsheng.web.tokens import new_token

    county = as_county(load_plan(folder) for folder in plan)
    if unit not in county.unit_codes:
        raise UserError("unit_unknown", "--unit", unit=unit, known=sorted(county.unit_codes))
    secret = new_token(existing(home, county.name), unit, moment_of(None), is_signer=signer)
    kind, person = ("审签口令", "审签人") if signer else ("口令", "填报人")
    told = f"{_unit_name(county, unit)}（{unit}）的{kind}，只显示这一次，请当面或密封交给{person}："
    console.print(told, soft_wrap=True)
    print(secret)


@token_app.command("list", help="发过的口令：编号、单位、何时发放、何时作废。")
def list_tokens(home: HomeDir, county: CountyOption = None) -> None:
    """Every token there has been, by number, unit and time; never the token itself."""
    from minsheng.web.tokens import read_tokens

    table = Table(box=None, title_justify="left")
    for heading in ("编号", "单位", "用途", "发放", "作废"):
        table.add_column(heading, no_wrap=True)
    for one in read_tokens(existing(home, county)):
        purpose = "审签" if one.is_signer else "报送"
        table.add_row(one.token_id, one.unit_code, purpose, display.moment(one.made_at), display.moment(one.revoked_at))
    console.print(table)


@token_app.command(help="作废一个口令；正在用它的页面随即退出。")
def revoke(
    token_id: Annotated[str, typer.Argument(metavar="TOKEN_ID", show_default=False)],
    home: HomeDir,
    county: CountyOption = None,
) -> None:
    """Have a token open nothing from now on."""
    from minsheng.web.tokens import revoke_token

    revoked = revoke_token(existing(home, county), token_id, moment_of(None))
    console.print(f"{revoked.token_id}（{revoked.unit_code}）已作废", soft_wrap=True)


def _unit_name(county: County, code: str) -> str:
    """A unit's name by the latest plan that has it."""
    return next(unit.name for plan in reversed(county.plans) for unit in plan.units if unit.code == code)
