"""The commands are listed without being imported, and are what the list says."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from typer.main import get_command

from minsheng.commands.main import app
from minsheng.core.declarations import ROOT
from minsheng.core.layout import enter, enter_home
from minsheng.core.period import Period
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.stages.open import open_period
from minsheng.stages.receive_plan import receive_plan
from tests.county import ZONE

PLAN = ROOT / "plans" / "lushan-2022"

# What `minsheng --help` has no use for.
_HEAVY = "{'duckdb', 'pydantic', 'yaml', 'xlsxwriter', 'jinja2'}"


def test_what_is_listed_is_what_is_called() -> None:
    group = get_command(app)
    assert len(group.commands) > 20  # type: ignore[attr-defined]
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        listed = group.get_command(None, name)  # type: ignore[attr-defined]
        assert (listed.name, listed.help) == (command.name, command.help)


def test_a_command_nobody_named_is_none() -> None:
    assert get_command(app).get_command(None, "no-such") is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(("typed", "offered"), [("no-such", "publication"), ("publication", "rollback")])
def test_a_shell_that_asks_how_a_line_may_end_is_answered(typed: str, offered: str) -> None:
    asked = {"_MINSHENG_COMPLETE": "complete_bash", "COMP_WORDS": f"minsheng {typed} ", "COMP_CWORD": "2"}
    command = [sys.executable, "-m", "minsheng"]
    done = subprocess.run(command, env=os.environ | asked, capture_output=True, text=True, check=True)
    assert offered in done.stdout.split() and not done.stderr


@pytest.mark.parametrize("arguments", [["--help"], []])
def test_a_list_of_all_commands_imports_none(arguments: list[str]) -> None:
    assert heavy_imports(arguments, "命令") == "set()"


def test_a_board_is_drawn_without_what_its_answers_have_no_use_for(tmp_path: Path) -> None:
    plan, moment = load_plan(PLAN), datetime(2022, 1, 20, 9, tzinfo=ZONE)
    home = enter_home(enter(tmp_path), "lushan")
    run = Run(home, as_county([plan]), moment, "test")
    receive_plan(run)
    open_period(run, Period(2022, 1))
    heavy = heavy_imports(["status", "--home", str(tmp_path)], plan.unit("CGJ").name, "{'pandas', 'xlsxwriter'}")
    assert heavy == "set()"


def heavy_imports(arguments: list[str], shown: str, heavy: str = _HEAVY) -> str:
    """Which of these a call imports that prints ``shown``."""
    code = (
        "import sys\nfrom minsheng.commands.main import main\n"
        f"sys.argv[1:] = {arguments}\ntry:\n    main()\nexcept SystemExit:\n    print({heavy} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown in done.stdout
    return done.stdout.splitlines()[-1]
