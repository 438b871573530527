"""One door per outside thing, and layers that only look down."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.pipeline import STAGES
from etl.repository import ROOT

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
        ("duckdb", "etl/warehouse/connection.py"),
        ("smtplib", "etl/mail/smtp.py"),
        ("pydantic_settings", "etl/settings.py"),
        ("python_calamine", "etl/reader/workbook.py"),
    ],
)
def test_each_outside_thing_has_one_door(package: str, door: str) -> None:
    assert importers(package) == {door}


def test_great_expectations_has_two_doors() -> None:
    """One judges, the other draws its Data Docs of what was judged."""
    assert importers("great_expectations") == {"etl/judging/expectations.py", "etl/judging/datadocs.py"}


def test_only_dags_know_airflow() -> None:
    assert {Path(name).parts[0] for name in importers("airflow")} == {"dags"}


@pytest.mark.parametrize("door", ["expectations.py", "datadocs.py"])
def test_great_expectations_is_imported_where_it_is_used_and_not_before(door: str) -> None:
    modules = dict(imported(ROOT / "etl" / "judging" / door))
    assert not any(top for module, top in modules.items() if module.startswith("great_expectations"))


def test_the_environment_and_the_clock_are_read_at_the_edge_only() -> None:
    pattern = re.compile(r"os\.environ|getenv|\.now\(|\.today\(|time\.time\(")
    edge = (ROOT / "etl" / "cli.py", *(ROOT / "etl" / "commands").iterdir())
    inside = [path for path in SOURCES if path.is_relative_to(ROOT / "etl") and path not in edge]
    assert [path.name for path in inside if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_every_stage_is_a_module_with_a_function_of_its_name() -> None:
    for stage in STAGES:
        tree = ast.parse((ROOT / "etl" / "stages" / f"{stage}.py").read_text(encoding="utf-8"))
        public = [n.name for n in tree.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
        assert stage in public


def test_only_what_is_made_from_the_plan_takes_a_unit_for_granted() -> None:
    """Everywhere else a code may be the name of any folder: it is looked up with the code itself to fall back on."""
    asking = {path.relative_to(ROOT).parts[1:3] for path in SOURCES if ".unit(" in path.read_text(encoding="utf-8")}
    assert asking <= {("plan", "check.py"), ("stages", "open.py"), ("template", "workbook.py")}
