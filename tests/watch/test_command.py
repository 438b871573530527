"""``minsheng watch`` as cron calls it: its exit code, what it prints, and silences."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from minsheng.commands.main import app
from minsheng.core.clock import ZONE
from minsheng.core.errors import UserError
from tests.unit.mail.test_send_command import account_file
from tests.watch.conftest import Watching
from tests.watch.test_news import fail


def call(watching: Watching, *arguments: str) -> Result:
    """The command, now, for a county whose data team has a mail server."""
    env = {
        "COLUMNS": "200",
        "MINSHENG_CONTACTS": str(watching.contacts),
        "MINSHENG_MAIL_SERVER": str(account_file(watching.county.folder, watching.server)),
        "MINSHENG_WATCH_DISK_PERCENT": "0",
    }
    ended = CliRunner().invoke(app, ["watch", *arguments, "--home", str(watching.county.folder)], env=env)
    if ended.exception and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended


def causes(ended: Result) -> dict[str, Any]:
    return {one["cause"]: one for one in json.loads(ended.output)}


def test_it_ends_with_one_while_anything_stands_that_nobody_has_silenced(watching: Watching) -> None:
    for cause in causes(call(watching, "--json")):  # a county of 2022 lacks a backup, at the least
        call(watching, "silence", cause, "--reason", "往年的")
    quiet = call(watching)
    assert quiet.exit_code == 0 and "静默到" in quiet.output
    watching.letters()

    watching.now = datetime.now(ZONE)
    fail(watching, "build")
    red = call(watching, "--json")
    assert red.exit_code == 1
    told = causes(red)["task_red"]
    assert (told["about"], told["word"], told["silenced"]) == ("build_marts.build", "任务出错", None)
    assert told["runbook"] == "docs/runbook.md#task_red-任务出错"
    assert len(watching.letters()) == 1
    assert (watching.installation.watch / "boards" / "lushan.html").exists()

    told = call(watching, "silence", "task_red", "--reason", "等新硬盘", "--days", "2", "--about", "build_marts.build")
    assert "任务出错" in told.output and "等新硬盘" in told.output
    assert call(watching).exit_code == 0
    assert causes(call(watching, "--json"))["task_red"]["silenced"] == "等新硬盘"
    assert watching.letters() == []


def test_a_cause_there_is_not_is_refused_with_those_there_are(watching: Watching) -> None:
    with pytest.raises(UserError, match="disk_low"):
        call(watching, "silence", "disk_lo", "--reason", "x")
