"""The units of deploy/systemd, held against systemd itself where it is, and against rules of our own."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from dotenv import dotenv_values

from minsheng.core.declarations import ROOT
from minsheng.core.settings import Settings

UNITS = ROOT / "deploy" / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


class _Unit(configparser.RawConfigParser):
    """Options may stand several times, and keep their letters."""

    def __init__(self) -> None:
        super().__init__(strict=False)

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def unit(path: Path) -> _Unit:
    read = _Unit()
    read.read_string(path.read_text(encoding="utf-8"))
    return read


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_accepts_them(tmp_path: Path) -> None:
    for path in UNITS.iterdir():
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(re.sub(r"/opt/minsheng/\.venv/bin/\w+", "/bin/true", text), encoding="utf-8")
    names = ["minsheng-airflow@scheduler.service", "minsheng.target", "minsheng-web.service", "minsheng-watch.timer"]
    verify = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in names)]
    done = subprocess.run(verify, capture_output=True, text=True)
    told = [line for line in (done.stdout + done.stderr).splitlines() if "minsheng" in line]
    assert (done.returncode, told) == (0, [])


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_each_service_has_bounds_and_few_rights(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["User"] == "minsheng"
    for option, value in {
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "UMask": "0027",
    }.items():
        assert service[option] == value, option
    assert service["MemoryMax"]
    assert service["ReadWritePaths"].startswith("/var/lib/minsheng")
    assert service["ExecStart"].startswith("/opt/minsheng/.venv/bin/")


def test_the_same_components_run_as_under_compose() -> None:
    wanted = unit(UNITS / "minsheng.target")
    text = (UNITS / "minsheng.target").read_text(encoding="utf-8")
    airflow = set(re.findall(r"minsheng-airflow@([\w-]+)\.service", text))
    under_compose = {
        name for name, service in COMPOSE["services"].items() if service.get("command", [None])[0] == "airflow"
    }
    assert airflow == under_compose - {"worker"}
    assert "minsheng-web.service minsheng-watch.timer" in wanted["Unit"]["Wants"]


def test_a_site_names_what_compose_names_and_no_secret() -> None:
    site = dotenv_values(UNITS / "site.env.example")
    scheduler = COMPOSE["services"]["scheduler"]["environment"] | COMPOSE["services"]["api-server"]["environment"]
    airflows = {key for key in scheduler if key.startswith("AIRFLOW__") and "CELERY" not in key}
    assert airflows <= site.keys()
    assert {key for key in site if key.startswith("MINSHENG_")} <= {
        f"MINSHENG_{name.upper()}" for name in Settings.model_fields
    }
    assert [
        key for key in site if re.search("PASSWORD|SECRET|CONN|KEY", key) and not re.search("_CMD$|SECRETS", key)
    ] == []
