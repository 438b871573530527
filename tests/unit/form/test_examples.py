"""The committed examples are the ones the script makes, complete, and plausible in themselves."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import canonicalize
from zipfile import BadZipFile, ZipFile

import pytest
import yaml

from examples.figures import Figures
from examples.make_examples import Parcel, make, with_table
from examples.scenario import Scenario, load_scenario
from minsheng.core.declarations import ROOT
from minsheng.core.period import Period
from minsheng.plan.indicators import Indicator
from minsheng.plan.models import Plan
from minsheng.plan.obligations import obligations

EXAMPLES = ROOT / "examples"
TREE = EXAMPLES / "lushan-2022"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Parcel]]:
    root = tmp_path_factory.mktemp("examples")
    return root, make(root)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(EXAMPLES / "scenario.yaml")


@pytest.mark.slow
def test_the_committed_tree_is_what_the_script_makes(fresh: tuple[Path, list[Parcel]]) -> None:
    root, _ = fresh
    assert _hashes(TREE) == _hashes(root)


@pytest.mark.slow
def test_the_readme_table_is_what_the_script_makes(fresh: tuple[Path, list[Parcel]]) -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert readme == with_table(readme, fresh[1])
    assert "| 2022-07-05T1730 | WGLJ | 2022-06 WGLJ.xlsx | 文件传输不完整，打不开<br>" in readme


def test_every_file_has_an_expected_verdict() -> None:
    rows = yaml.safe_load((TREE / "expected.yaml").read_text(encoding="utf-8"))
    listed = [f"{row['delivery']}/{row['unit']}/{row['file']}" for row in rows]
    assert sorted(listed) == sorted(path.relative_to(TREE).as_posix() for path in TREE.rglob("*.xlsx"))
    verdicts = [row["verdict"] for row in rows]
    assert {verdict: verdicts.count(verdict) for verdict in set(verdicts)} == {
        "accepted": 212,
        "rejected": 12,
        "duplicate": 1,
    }


def test_every_unit_that_owes_is_accepted_except_those_said_to_be_missing(plan: Plan, scenario: Scenario) -> None:
    rows = yaml.safe_load((TREE / "expected.yaml").read_text(encoding="utf-8"))
    accepted = {(row["period"], row["unit"]) for row in rows if row["verdict"] == "accepted"}
    owing = {
        (period, duty.unit_code)
        for period in scenario.periods
        for duty in obligations(plan, Period.parse(period))
        if duty.is_required
    }
    absent = {("2022-03", "GXS"), ("2022-05", "RHZH"), ("2022-06", "CL"), ("2022-06", "JTYSJ")}
    assert owing - accepted == absent


def test_contributions_stay_within_the_county_total(plan: Plan, scenario: Scenario) -> None:
    figures = Figures(plan, scenario)
    for period in scenario.periods:
        totals: dict[str, Decimal] = {}
        for duty in obligations(plan, Period.parse(period)):
            if duty.role == "contribution" and duty.indicator_code:
                added = Decimal(figures.contribution(duty, period)["cumulative"])
                totals[duty.indicator_code] = totals.get(duty.indicator_code, Decimal(0)) + added
        reported = {code: figures.report(_indicator(plan, code), period)["cumulative"] for code in totals}
        assert set(totals) == {"M01-01", "M01-02", "M01-03", "M03-01"}
        assert all(0 < totals[code] <= Decimal(reported[code]) for code in totals), period


def test_contacts_name_every_unit_and_nobody_real(plan: Plan) -> None:
    contacts = yaml.safe_load((EXAMPLES / "contacts.yaml").read_text(encoding="utf-8"))
    assert list(contacts["units"]) == [unit.code for unit in plan.units]
    addresses = [contacts["data_team"], *(address for found in contacts["units"].values() for address in found)]
    assert all(address.endswith(".example") for address in addresses)


def _indicator(plan: Plan, code: str) -> Indicator:
    return next(indicator for indicator in plan.indicators if indicator.code == code)


def _hashes(root: Path) -> dict[str, dict[str, str]]:
    """Every file by its content; workbooks by what is packed in them, so that another zlib or lxml is no difference."""
    return {path.relative_to(root).as_posix(): _content(path) for path in sorted(root.rglob("*")) if path.is_file()}


def _content(path: Path) -> dict[str, str]:
    try:
        with ZipFile(path) as archive:
            return {name: canonicalize(archive.read(name)) for name in archive.namelist()}
    except BadZipFile:
        return {"": "cut off" if path.suffix == ".xlsx" else hashlib.sha256(path.read_bytes()).hexdigest()}
