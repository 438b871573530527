"""The wheel, installed where there is no repository: forms are handed out, a file is judged, a month is closed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from minsheng.core.declarations import code_version

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
Ended = subprocess.CompletedProcess[str]
Command = Callable[..., Ended]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip installed the wheel, and a plan beside it."""
    place = tmp_path_factory.mktemp("elsewhere")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(place / "dist")]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = (place / "dist").glob("*.whl")
    offline = ("--no-index", "--no-deps", "--quiet", "--disable-pip-version-check")
    install = [sys.executable, "-m", "pip", "install", *offline, "--target", str(place / "site"), str(wheel)]
    subprocess.run(install, cwd=place, check=True, capture_output=True)
    shutil.copytree(ROOT / "plans" / "lushan-2022", place / "plan")
    return place


@pytest.fixture
def python(site: Path) -> Command:
    """Python that finds the installed package before any other."""

    def run(*arguments: object) -> Ended:
        environment = os.environ | {"PYTHONPATH": str(site / "site")}
        command = [sys.executable, *map(str, arguments)]
        return subprocess.run(command, cwd=site, env=environment, capture_output=True, text=True)

    return run


@pytest.fixture
def minsheng(site: Path, python: Command) -> Command:
    """The installed command itself."""
    return lambda *arguments: python(site / "site" / "bin" / "minsheng", *arguments)


def test_it_is_the_installed_package_and_the_same_version_as_its_source(site: Path, python: Command) -> None:
    code = "from minsheng.core import declarations as d; print(d.ROOT, d.code_version())"
    assert python("-c", code).stdout.split() == [f"{site}/site/minsheng/declarations", code_version()]


def test_forms_are_handed_out_and_an_empty_one_is_sent_back(site: Path, minsheng: Command) -> None:
    made = minsheng("template", "--plan", "plan", "--period", "2022-05", "--out", "forms")
    assert (made.returncode, made.stderr) == (0, "")
    assert len(list((site / "forms").rglob("*.xlsx"))) > 30
    judged = minsheng("check", next((site / "forms").rglob("CGJ*.xlsx")), "--plan", "plan", "--json")
    (verdict,) = json.loads(judged.stdout)
    assert (judged.returncode, verdict["unit_code"], verdict["verdict"]) == (1, "CGJ", "rejected")
    assert {finding["sheet"] for finding in verdict["findings"]} >= {"填报"}


def test_a_month_is_closed(site: Path, minsheng: Command) -> None:
    for unit in ("CGJ", "CMCC"):
        shutil.copytree(ROOT / "examples" / "lushan-2022" / "2022-02-07T1730" / unit, site / "inbox" / unit)
    basis = ("--plan", "plan", "--period", "2022-01", "--inbox", "inbox", "--home", "home")
    ended = minsheng("run", *basis, "--as-of", "2022-02-08T09:00")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert list((site / "home").rglob("pub_indicator_completion_v1.parquet"))
