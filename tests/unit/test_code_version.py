"""The version in manifests and outcomes: another one for whatever may change a result, and for nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from minsheng import __version__
from minsheng.core.declarations import EXPECTATIONS, PACKAGE, SQL, code_version

NEVER = shutil.ignore_patterns("__pycache__")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("original")
    for source, place in ((PACKAGE, "etl/minsheng"), (EXPECTATIONS, "expectations"), (SQL, "sql")):
        shutil.copytree(source, root / place, ignore=NEVER)
    return root


@pytest.fixture
def tree(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "tree", copy_function=os.link))


def version_of(tree: Path) -> str:
    code = "from minsheng.core.declarations import code_version; print(code_version())"
    environment = {"PYTHONPATH": str(tree / "etl"), "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return ended.stdout.strip()


def test_the_same_code_elsewhere_has_the_same_version(tree: Path) -> None:
    assert version_of(tree) == code_version()
    assert code_version().startswith(f"{__version__}+")


@pytest.mark.parametrize(
    "name",
    [
        "etl/minsheng/stages/load.py",
        "etl/minsheng/views/pages/items.html.j2",
        "etl/minsheng/words/zh.yaml",
        "expectations/rules/row.yaml",
        "expectations/form/2022-01.yaml",
        "sql/marts/indicator_completion.sql",
        "sql/dictionary.yaml",
    ],
)
def test_whatever_decides_a_result_changes_the_version(tree: Path, name: str) -> None:
    text = (tree / name).read_bytes()
    (tree / name).unlink()
    (tree / name).write_bytes(text + b"\n")
    assert version_of(tree) != code_version()


def test_a_renamed_file_changes_the_version(tree: Path) -> None:
    (tree / "sql/marts/item_completion.sql").rename(tree / "sql/marts/items.sql")
    assert version_of(tree) != code_version()


def test_what_decides_nothing_leaves_the_version(tree: Path) -> None:
    (tree / "expectations/NOTES.md").write_text("?", encoding="utf-8")
    (tree / "etl/minsheng/__pycache__").mkdir()
    (tree / "etl/minsheng/__pycache__/x.pyc").write_bytes(b"?")
    os.utime(tree / "sql/dictionary.yaml", (0, 0))
    assert version_of(tree) == code_version()
