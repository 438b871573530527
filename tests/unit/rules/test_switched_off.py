"""A rule found wrong is switched off at once, and what it refused is judged again without being sent again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.flows.deciding import Said, switch_rule
from minsheng.flows.handing_in import Handed, reception
from minsheng.flows.precheck import judge_files
from minsheng.flows.recovery import recover
from minsheng.landing import record_opening
from minsheng.landing.decisions import decisions, land_decision
from minsheng.mail.folders import mails
from minsheng.stages.receive_plan import receive_plan
from minsheng.stages.validate import validate
from minsheng.verify import verify
from minsheng.warehouse.connection import open_warehouse
from tests.county import CONTACTS, IN_TIME, County
from tests.workbooks import as_bytes, cell, lushan, manholes

LATER = IN_TIME + timedelta(hours=2)
SAID = Said(IN_TIME + timedelta(hours=1), "张三", "目标已另行确定", "鲁民实办〔2022〕9号")


@pytest.fixture
def refused(tmp_path: Path) -> County:
    """A file that one rule alone refuses, and one that two do."""
    county = County(tmp_path)
    county.send(("CGJ", "5月.xlsx", changed_target()), at=IN_TIME)
    return county


def changed_target(month: int | None = 120) -> bytes:
    workbook = manholes(month, 520)
    cell(workbook, "M03-01", "年度目标").value = 2000
    return as_bytes(workbook)


def verdicts(county: County) -> list[tuple[object, ...]]:
    with open_warehouse(county.home.warehouse) as connection:
        return connection.execute(
            "select verdict, accepted_at, mail_id is not null, reject_count from raw.verdict order by submission_id"
        ).fetchall()


def letters(county: County) -> list[tuple[object, ...]]:
    with open_warehouse(county.home.warehouse) as connection:
        return connection.execute("select kind, subject from raw.mail order by queued_at, kind").fetchall()


def test_what_it_refused_is_accepted_as_of_the_day_it_came(refused: County) -> None:
    assert [verdict for verdict, *_ in verdicts(refused)] == ["rejected"]
    assert switch_rule(refused.home, lushan(), "R06", SAID, off=True) == 1
    validate(refused.run(LATER), CONTACTS)
    assert verdicts(refused) == [("accepted", IN_TIME, True, 0)]
    (refusal, reversal) = letters(refused)
    assert refusal[0] == "rejection"
    assert reversal == ("notice", "【民生实事月报】此前退回的报表已接收：县城管局")


def test_the_next_run_does_nothing_more(refused: County) -> None:
    switch_rule(refused.home, lushan(), "R06", SAID, off=True)
    validate(refused.run(LATER), CONTACTS)
    told, judged = letters(refused), verdicts(refused)
    again = validate(refused.run(LATER + timedelta(hours=1)), CONTACTS)
    assert (letters(refused), verdicts(refused)) == (told, judged)
    assert again.count("accepted") == 0


def test_a_run_that_is_cut_off_has_done_nothing(refused: County, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    switch_rule(refused.home, lushan(), "R06", SAID, off=True)
    before = verdicts(refused), letters(refused)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("minsheng.stages.validate.settle_retaken", cut_off)
        validate(refused.run(LATER), CONTACTS)
    assert (verdicts(refused), letters(refused)) == before
    validate(refused.run(LATER), CONTACTS)
    assert [len(verdicts(refused)), len(letters(refused))] == [1, 2]


def test_what_a_run_leaves_for_the_next_stays_refused_until_then_and_is_told(
    refused: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused.send(("CGJ", "又一份.xlsx", changed_target(month=121)), at=IN_TIME + timedelta(minutes=5))
    switch_rule(refused.home, lushan(), "R06", SAID, off=True)
    with monkeypatch.context() as patch:
        patch.setattr("minsheng.validation.turns.MOST_BATCHES_OF_A_UNIT", 1)
        assert validate(refused.run(LATER), CONTACTS).count("postponed") == 1
    assert {verdict for verdict, *_ in verdicts(refused)} == {"accepted", "rejected"}
    validate(refused.run(LATER + timedelta(hours=1)), CONTACTS)
    assert [(verdict, has_mail) for verdict, _, has_mail, _ in verdicts(refused)] == [("accepted", True)] * 2
    assert [kind for kind, _ in letters(refused)] == ["rejection", "rejection", "notice", "notice"]


def test_what_another_rule_refuses_stays_refused_and_is_told_once(tmp_path: Path) -> None:
    county = County(tmp_path)
    county.send(("CGJ", "5月.xlsx", changed_target(month=None)), at=IN_TIME)
    switch_rule(county.home, lushan(), "R06", SAID, off=True)
    validate(county.run(LATER), CONTACTS)
    assert verdicts(county) == [("rejected", None, True, 1)]
    assert [kind for kind, _ in letters(county)] == ["rejection"]


def test_a_decision_of_tomorrow_is_not_known_today(refused: County) -> None:
    switch_rule(refused.home, lushan(), "R06", SAID, off=True)
    validate(refused.run(IN_TIME), CONTACTS)
    assert [verdict for verdict, *_ in verdicts(refused)] == ["rejected"]


def test_who_asks_beforehand_or_hands_in_is_answered_without_it_at_once(refused: County) -> None:
    receive_plan(refused.run())
    path = refused.folder / "CGJ" / "问一问.xlsx"
    path.parent.mkdir()
    path.write_bytes(changed_target(month=121))
    handed = Handed(refused.home, "CGJ", path.name, path.read_bytes(), LATER)
    told = []
    for off in (False, True):
        if off:
            switch_rule(refused.home, lushan(), "R06", SAID, off=True)
        (checked,) = judge_files([path], lushan(), refused.home, None, LATER)
        with reception() as window:
            told.append((checked.verdict, window.check(handed).checked.verdict))
    assert told == [("rejected", "rejected"), ("accepted", "accepted")]


def test_switched_on_again_it_refuses_what_comes_then(refused: County) -> None:
    switch_rule(refused.home, lushan(), "R06", SAID, off=True)
    on_again = Said(LATER, "张三", "核实无误")
    switch_rule(refused.home, lushan(), "R06", on_again, off=False)
    refused.send(("CGJ", "又一份.xlsx", changed_target(month=121)), at=LATER)
    assert [verdict for verdict, *_ in verdicts(refused)] == ["rejected", "rejected"]
    assert [one.kind for one in decisions(refused.home, "lushan-2022")] == ["rule_off", "rule_on"]


@pytest.mark.parametrize(
    ("rule", "off", "problem"), [("R06", False, "没有停用，没有可以恢复的"), ("R99", True, "没有规则“R99”")]
)
def test_what_cannot_be_decided_is_said(refused: County, rule: str, off: bool, problem: str) -> None:
    with pytest.raises(UserError, match=problem):
        switch_rule(refused.home, lushan(), rule, SAID, off=off)


def test_decisions_are_made_in_order(refused: County) -> None:
    switch_rule(refused.home, lushan(), "R06", SAID, off=True)
    with pytest.raises(UserError, match="早于上一个决定"):
        switch_rule(refused.home, lushan(), "R06", Said(IN_TIME, "李四", "补记"), off=False)


def test_no_decision_is_of_before_what_has_come(refused: County) -> None:
    with pytest.raises(UserError, match="以后已收到文件"):
        switch_rule(refused.home, lushan(), "R06", Said(IN_TIME - timedelta(days=1), "李四", "补记"), off=True)
    assert decisions(refused.home, "lushan-2022") == []


def test_of_two_who_decide_at_once_none_is_lost(refused: County) -> None:
    one = SAID.decision("rule_off")

    def decide(number: int) -> int:
        return land_decision(refused.home, "lushan-2022", replace(one, rule_code=f"R{number:02}"))

    with ThreadPoolExecutor(8) as people:
        numbers = [*people.map(decide, range(40))]
    found = decisions(refused.home, "lushan-2022")
    assert sorted(numbers) == [*range(1, 41)]
    assert {decision.rule_code for decision in found} == {f"R{number:02}" for number in range(40)}


def test_a_decision_that_was_lost_leaves_its_number_and_takes_no_other(refused: County) -> None:
    one = SAID.decision("rule_off")
    for number in range(3):
        land_decision(refused.home, "lushan-2022", replace(one, rule_code=f"R{number:02}"))
    (refused.home.landing / "lushan-2022" / "decisions" / "0001.json").unlink()
    assert land_decision(refused.home, "lushan-2022", replace(one, rule_code="R03")) == 4
    assert [decision.rule_code for decision in decisions(refused.home, "lushan-2022")] == ["R01", "R02", "R03"]


@pytest.mark.parametrize("note", ["decisions", "reviews"])
def test_a_note_that_cannot_be_read_is_found(refused: County, note: str) -> None:
    damaged = refused.home.landing / "lushan-2022" / note / "0001.json"
    damaged.parent.mkdir()
    damaged.write_text("{", encoding="utf-8")
    told = [(one.kind, one.where) for one in verify(refused.home.installation, ["lushan"]) if note in one.where]
    assert told == [(f"{note.removesuffix('s')}_damaged", f"lushan/landing/lushan-2022/{note}/0001.json")]


@pytest.mark.slow
def test_a_warehouse_made_anew_knows_of_it(refused: County) -> None:
    for period in ("2022-03", "2022-04", "2022-05"):
        record_opening(refused.home, "lushan-2022", period, IN_TIME)
    switch_rule(refused.home, lushan(), "R06", SAID, off=True)
    validate(refused.run(LATER), CONTACTS)
    known, written = verdicts(refused), mails(refused.home, "pending")
    refused.home.warehouse.unlink()
    list(recover(refused.run(LATER), contacts=CONTACTS))
    assert verdicts(refused) == known
    assert mails(refused.home, "pending") == written
