"""Every decision on record is named where it was carried out, and no code names one that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RECORDS = {path.name[:4]: path for path in (ROOT / "docs" / "adr").glob("*.md")}
CODE = ("etl/**/*.py", "dags/*.py", "scripts/*.py", "sql/**/*.sql", "Makefile", "Dockerfile", "pyproject.toml", "*.yml")
_NAMED = re.compile(r"docs/adr/(\d{4})")


def named() -> Iterator[tuple[str, str]]:
    """Number of a record, and the file that names it."""
    for pattern in CODE:
        for path in ROOT.glob(pattern):
            for number in _NAMED.findall(path.read_text(encoding="utf-8")):
                yield number, path.relative_to(ROOT).as_posix()


def test_every_decision_is_named_by_the_code_it_decides() -> None:
    assert sorted(RECORDS.keys() - {number for number, _ in named()}) == []


def test_no_code_names_a_decision_that_is_not_on_record() -> None:
    assert [(number, path) for number, path in named() if number not in RECORDS] == []


def test_every_record_says_what_was_decided() -> None:
    for path in RECORDS.values():
        headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert "Decision" in headings or "Decided" in headings, path.name
