"""One door per outside thing. That rooms look down only, `make lint` holds; here it is shown that it would notice."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from minsheng.core.declarations import ROOT
from minsheng.flows.pipeline import STAGES

PACKAGE = ROOT / "etl" / "minsheng"
SOURCES = sorted([*(ROOT / "etl").rglob("*.py"), *(ROOT / "dags").rglob("*.py"), *(ROOT / "scripts").rglob("*.py")])


def imported(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module a file imports, and whether it does so when it is imported itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top_level = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in top_level
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, id(node) in top_level


def importers(package: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if any(module.split(".")[0] == package for module, _ in imported(path))
    }


@pytest.mark.parametrize(
    ("package", "door"),
    [
        ("smtplib", "etl/minsheng/mail/smtp.py"),
        ("pydantic_settings", "etl/minsheng/core/settings.py"),
        ("python_calamine", "etl/minsheng/spreadsheet/workbook.py"),
        ("uvicorn", "etl/minsheng/web/serving.py"),
    ],
)
def test_each_outside_thing_has_one_door(package: str, door: str) -> None:
    assert importers(package) == {door}


def test_duckdb_has_two_doors() -> None:
    """One opens databases, the other only has SELECTs read by its parser."""
    assert importers("duckdb") == {"etl/minsheng/warehouse/connection.py", "etl/minsheng/warehouse/selects.py"}


def test_great_expectations_has_two_doors() -> None:
    """One judges, the other draws its Data Docs of what was judged."""
    assert importers("great_expectations") == {
        "etl/minsheng/validation/expectations.py",
        "etl/minsheng/validation/datadocs.py",
    }


@pytest.mark.parametrize("package", ["fastapi", "starlette"])
def test_only_the_service_answers_requests(package: str) -> None:
    assert {Path(name).parent.as_posix() for name in importers(package)} == {"etl/minsheng/web"}


def test_only_dags_know_airflow() -> None:
    assert {Path(name).parts[0] for name in importers("airflow")} == {"dags"}


@pytest.mark.parametrize("door", ["expectations.py", "datadocs.py"])
def test_great_expectations_is_imported_where_it_is_used_and_not_before(door: str) -> None:
    modules = dict(imported(PACKAGE / "validation" / door))
    assert not any(top for module, top in modules.items() if module.startswith("great_expectations"))


def test_the_environment_and_the_clock_are_read_at_the_edge_only() -> None:
    pattern = re.compile(r"os\.environ|getenv|\.now\(|\.today\(|time\.time\(")
    # The package itself sets how openpyxl writes, which is told nowhere else.
    edge = (*(PACKAGE / "commands").iterdir(), PACKAGE / "views" / "terminal.py", PACKAGE / "__init__.py")
    inside = [path for path in SOURCES if path.is_relative_to(PACKAGE) and path not in edge]
    assert [path.name for path in inside if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_every_stage_is_a_module_with_a_function_of_its_name() -> None:
    for stage in STAGES:
        tree = ast.parse((PACKAGE / "stages" / f"{stage}.py").read_text(encoding="utf-8"))
        public = [n.name for n in tree.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
        assert stage in public


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("core/text.py", "import minsheng.stages.pull", "rooms look down only"),
        ("stages/pull.py", "import minsheng.stages.report", "stages import no stage"),
        ("mail/page.py", "import airflow", "only dags/ knows Airflow"),
    ],
)
def test_an_import_that_looks_up_breaks_its_contract(tmp_path: Path, module: str, line: str, broken: str) -> None:
    shutil.copytree(PACKAGE, tmp_path / "minsheng", ignore=shutil.ignore_patterns("__pycache__"))
    changed = tmp_path / "minsheng" / module
    changed.write_text(f"{changed.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    command = (Path(sys.executable).with_name("lint-imports"), "--config", ROOT / "pyproject.toml", "--no-cache")
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": "."}, capture_output=True, text=True)
    assert (done.returncode, f"{broken} BROKEN" in done.stdout) == (1, True), done.stdout


def public_classes() -> dict[str, list[str]]:
    """Where each public class of the package is defined."""
    found: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(path.relative_to(PACKAGE).as_posix())
    return found


def test_one_class_name_means_one_thing() -> None:
    found = public_classes()
    assert len(found) > 100
    assert {name: places for name, places in found.items() if len(places) > 1} == {}
