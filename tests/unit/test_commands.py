"""The commands are listed without being imported, and are what the list says."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.main import get_command

from minsheng.commands.main import app

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


@pytest.mark.parametrize("arguments", [["--help"], []])
def test_a_list_of_all_commands_imports_none(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom minsheng.commands.main import main\n"
        f"sys.argv[1:] = {arguments}\ntry:\n    main()\nexcept SystemExit:\n    print({_HEAVY} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "trace" in done.stdout
    assert "命令" in done.stdout
    assert done.stdout.splitlines()[-1] == "set()"
