"""The drills of docs/extending.md, taken to the letter in a copy of the repository: diffs applied, commands run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from minsheng.core.declarations import ROOT

PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
_SECTION = re.compile(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"^```(diff|sh)\n(.*?)^```", re.DOTALL | re.MULTILINE)
DRILLS = {title: _BLOCK.findall(text) for title, text in _SECTION.findall(PAGE)}

# What is printed when a drill has worked.
SAID = {
    "A rule with a new fact": r"\d+ passed|\[100%\]",
    "A mart": r"All Finished",
    "A county": r"宝丰县.*5月",
    "A year": r"制作 1 份报表",
    "A kind's word": r"阶段任务 3",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The files git knows, as they lie in the working tree, with this interpreter as its virtual environment."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).exists():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def surroundings(copy: Path) -> dict[str, str]:
    """Where the commands of a drill find Python, our code and a virtual environment that is ready."""
    (copy / ".ready").touch()
    commands = Path(sys.executable).parent
    return os.environ | {
        "PATH": f"{commands}:{os.environ['PATH']}",
        "PYTHONPATH": f"{copy / 'etl'}:{copy}",
        "MAKEFLAGS": f"-- BIN={commands} READY=.ready",
    }


def run(copy: Path, kind: str, block: str) -> str:
    """Apply a diff, or run commands until one fails; gives what was printed."""
    command = ["git", "apply", "-"] if kind == "diff" else ["bash", "-eu", "-s"]
    done = subprocess.run(command, cwd=copy, input=block, env=surroundings(copy), capture_output=True, text=True)
    assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_every_drill_ends_in_something_to_see() -> None:
    assert DRILLS.keys() == SAID.keys()
    assert all(blocks and blocks[-1][0] == "sh" for blocks in DRILLS.values())


@pytest.mark.slow
@pytest.mark.parametrize("title", DRILLS)
def test_a_drill_works_to_the_letter(title: str, copy: Path) -> None:
    printed = "".join(run(copy, kind, block) for kind, block in DRILLS[title])
    assert re.search(SAID[title], printed), printed
