"""Tokens: shown once, kept only as a hash, of one unit of one county, and dead as soon as they are revoked."""

from __future__ import annotations

import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from minsheng.commands.token import token_app
from minsheng.core.declarations import ROOT
from minsheng.core.errors import DamagedError, UserError
from minsheng.core.home import Home, Installation
from minsheng.web.tokens import Sender, is_good, new_token, read_tokens, revoke_token, sender_of
from tests.county import IN_TIME, ZONE, County

PLAN = ("--plan", str(ROOT / "plans" / "lushan-2022"))


@pytest.fixture
def homes(tmp_path: Path) -> dict[str, Home]:
    found = {name: Installation(tmp_path).home(name) for name in ("lushan", "yexian")}
    for home in found.values():
        home.root.mkdir()
    return found


def test_a_token_speaks_for_its_unit_of_its_county_and_only_its_hash_is_kept(homes: dict[str, Home]) -> None:
    secret = new_token(homes["lushan"], "CGJ", IN_TIME)
    (kept,) = read_tokens(homes["lushan"])
    assert sender_of(secret, homes) == Sender("lushan", "CGJ", kept.token_id)
    assert secret.rpartition(".")[2] not in homes["lushan"].tokens.read_text()
    assert stat.S_IMODE(homes["lushan"].tokens.stat().st_mode) == 0o600


def test_a_token_changed_in_any_part_speaks_for_nobody(homes: dict[str, Home]) -> None:
    for home in homes.values():
        new_token(home, "MZJ", IN_TIME)
    secret = new_token(homes["lushan"], "CGJ", IN_TIME)
    county, unit, drawn = secret.split(".")
    other = "A" if drawn[-1] != "A" else "B"
    for wrong in (
        "",
        ".",
        drawn,
        f"{county}.{unit}.",
        f"yexian.{unit}.{drawn}",
        f"{county}.MZJ.{drawn}",
        f"../{county}.{unit}.{drawn}",
        f"{county}.{unit}.{drawn[:-1]}{other}",
        secret + " ",
        secret * 20,
        "\udc80",
        read_tokens(homes["lushan"])[-1].sha256,
    ):
        assert sender_of(wrong, homes) is None, wrong


def test_a_revoked_token_opens_nothing_and_its_unit_may_have_another(homes: dict[str, Home]) -> None:
    home = homes["lushan"]
    first, second = new_token(home, "CGJ", IN_TIME), new_token(home, "CGJ", IN_TIME)
    sender = sender_of(first, homes)
    assert sender and is_good(sender, home)
    revoke_token(home, sender.token_id, IN_TIME + timedelta(days=1))
    assert sender_of(first, homes) is None and not is_good(sender, home)
    assert sender_of(second, homes) is not None
    again = revoke_token(home, sender.token_id, IN_TIME + timedelta(days=2))
    assert again.revoked_at == IN_TIME + timedelta(days=1)


def test_a_damaged_file_of_tokens_is_a_fault_of_ours_and_lets_nobody_in(homes: dict[str, Home]) -> None:
    secret = new_token(homes["lushan"], "CGJ", IN_TIME)
    homes["lushan"].tokens.write_text("[{}]")
    with pytest.raises(DamagedError, match="口令文件已损坏"):
        sender_of(secret, homes)


# the command


def call(*arguments: str) -> list[str]:
    ended = CliRunner().invoke(token_app, arguments, env={"COLUMNS": "120"})
    if ended.exception and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended.output.splitlines()


def test_the_command_makes_lists_and_revokes(tmp_path: Path) -> None:
    county = County(tmp_path)
    at_home = ("--home", str(tmp_path))
    told, secret = call("new", *PLAN, *at_home, "--unit", "CGJ")
    assert told == "县城管局（CGJ）的口令，只显示这一次，请当面或密封交给填报人："
    (kept,) = read_tokens(county.home)
    assert sender_of(secret, {"lushan": county.home}) == Sender("lushan", "CGJ", kept.token_id)
    today = f"{datetime.now(ZONE):%Y-%m-%d}"
    assert call("list", *at_home)[1].split()[:4] == [kept.token_id, "CGJ", "报送", today]
    assert call("revoke", kept.token_id, *at_home) == [f"{kept.token_id}（CGJ）已作废"]
    assert sender_of(secret, {"lushan": county.home}) is None
    assert secret not in "".join(call("list", *at_home))


def test_there_is_no_token_for_a_unit_the_plan_does_not_know(tmp_path: Path) -> None:
    County(tmp_path)
    with pytest.raises(UserError, match="方案中没有单位“XXX”"):
        call("new", *PLAN, "--home", str(tmp_path), "--unit", "XXX")
    with pytest.raises(UserError, match="没有编号为“12345678”的口令"):
        call("revoke", "12345678", "--home", str(tmp_path))
