"""What is dated in a plan: what it says in a month, and what is refused of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.plan.loader import load_plan

HEAD = (
    "    changes:\n      - valid_from: {month}\n        document_no: 某办〔2024〕9号\n"
    "        {said}\n    lead_unit: JTJ"
)


def write(yunxi: Path, month: str, said: str) -> None:
    path = yunxi / "items" / "M01.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("    lead_unit: JTJ", HEAD.format(month=month, said=said), 1), encoding="utf-8")


def test_a_change_holds_from_its_month_on(yunxi: Path) -> None:
    write(yunxi, "2024-06", "base_value: 3")
    plan = load_plan(yunxi)
    said = [plan.at(month).indicators[0].base_value for month in ("2024-05", "2024-06", "2024-12")]
    assert said == [plan.indicators[0].base_value, 3, 3]
    assert said[0] != 3


@pytest.mark.parametrize(
    ("month", "said", "code"),
    [
        ("2023-12", "base_value: 3", "month_outside_year"),
        ("2024-06", "base_value: null", "change_of_nothing"),
        ("2024-06", "lead_unit: NOBODY", "unit_not_in_plan"),
        ("2024-06", "lead_unit: CZJ", "lead_not_there"),
        ("2024-06", "leed_unit: JTJ", "key_unknown"),
        ("2024-06", "nodes: [{due_date: 2025-03-01, value: 3}]", "day_outside_year"),
    ],
)
def test_a_change_that_means_nothing_is_refused(yunxi: Path, month: str, said: str, code: str) -> None:
    write(yunxi, month, said)
    with pytest.raises(UserError) as refused:
        load_plan(yunxi)
    assert code in [fault.code for fault in refused.value.faults]
    assert any("indicators[0].changes" in fault.where for fault in refused.value.faults)


ERRATUM = (
    "- {{code: {code}, reason: 误, document_no: 文, decided_on: 2024-05-01, valid_from: {begins}, valid_to: 2024-02}}"
)
ERRATA = {
    "erratum_reversed": ERRATUM.format(code="E01", begins="2024-03"),
    "value_unfit": ERRATUM.format(code="1", begins="2024-01"),
}


@pytest.mark.parametrize(("code", "text"), ERRATA.items(), ids=ERRATA)
def test_an_erratum_that_says_nothing_is_refused(yunxi: Path, code: str, text: str) -> None:
    (yunxi / "errata.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as refused:
        load_plan(yunxi)
    assert [fault.code for fault in refused.value.faults] == [code]
