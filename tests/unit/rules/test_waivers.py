"""A unit excused from a rule: for this rule, this indicator, these months and these days, and on record."""

from datetime import date
from email import message_from_bytes, policy
from typing import Any

import pytest

from minsheng.mail.delivery import pending
from minsheng.plan.models import Waiver
from tests.county import IN_MAY, County
from tests.workbooks import as_bytes, manholes

pytestmark = pytest.mark.slow

WAIVER = {
    "rule": "H04",
    "unit": "CGJ",
    "indicator": "M03-01",
    "valid_from": "2022-05",
    "valid_to": "2022-06",
    "reason": "集中改造一次完工",
    "document_no": "鲁民实办〔2022〕7号",
    "decided_on": date(2022, 6, 1),
    "expires_on": date(2022, 6, 3),
}
WORDS = "（已按鲁民实办〔2022〕7号豁免，理由：集中改造一次完工；2022-06-03（含）以前收到的有效。）"


def waiver(**change: Any) -> Waiver:
    return Waiver.model_validate(WAIVER | change)


def send_too_much(county: County) -> list[tuple[object, ...]]:
    """A month above half the year's target, received on 3 June."""
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes(1500, 1900))))
    return county.query("select rule_code, severity, message, remedy from raw.finding")


def test_a_waived_fault_is_a_note_that_says_why_and_until_when(county: County) -> None:
    county.waive(waiver())
    message = "本月数 1500 占年度目标 2032 的 74%，超过 50%，请确认没有多填。" + WORDS
    assert send_too_much(county) == [("H04", "note", message, "不必处理。")]
    (eml,) = pending(county.home)
    body = message_from_bytes(eml.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    assert WORDS in body.get_content()


@pytest.mark.parametrize(
    "change",
    [
        {"expires_on": date(2022, 6, 2)},
        {"decided_on": date(2022, 6, 4), "expires_on": date(2022, 6, 30)},
        {"valid_from": "2022-06"},
        {"valid_from": "2022-03", "valid_to": "2022-04"},
        {"indicator": "M03-02"},
        {"unit": "ZJJ"},
        {"rule": "H01"},
    ],
    ids=lambda change: ", ".join(change),
)
def test_a_waiver_holds_for_nothing_else(county: County, change: dict[str, Any]) -> None:
    county.waive(waiver(**change))
    ((rule, severity, message, _),) = send_too_much(county)
    assert (rule, severity) == ("H04", "warn")
    assert "豁免" not in str(message)


def test_a_waived_refusal_no_longer_refuses(county: County) -> None:
    county.send(("CGJ", "4月.xlsx", as_bytes(manholes(100, 400, "2022-04"))), at=IN_MAY)
    county.waive(waiver(rule="H01", indicator=None), waiver(rule="H03"))
    assert county.send(("CGJ", "5月.xlsx", as_bytes(manholes(120, 390)))).count("accepted") == 1
    found = county.query("select rule_code, severity from raw.finding order by all")
    assert found == [("H01", "note"), ("H03", "note")]
    assert county.query("select reject_count, note_count from raw.verdict order by all") == [(0, 0), (0, 2)]


def test_a_rule_that_cannot_be_waived_is_not_waived(county: County) -> None:
    county.waive(waiver(rule="R13"))
    assert county.send(("CGJ", "5月.xlsx", as_bytes(manholes(520, 120)))).count("rejected") == 1
    assert county.query("select rule_code, severity from raw.finding") == [("R13", "reject")]
