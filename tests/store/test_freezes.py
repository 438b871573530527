"""A freeze passes and nobody sends anything: the month is right all the same, and its page stays as issued."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from minsheng.core.declarations import ROOT
from minsheng.core.errors import BusyError, UserError
from minsheng.core.home import Installation
from minsheng.core.period import Period
from minsheng.flows.freezing import after_freezing, freeze
from minsheng.flows.pipeline import run_stages
from minsheng.flows.recovery import recover
from minsheng.plan.calendar import due_at, freeze_at
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.publication.freezes import freezes
from minsheng.publication.log import entries
from minsheng.publication.retention import Keep, sort_out
from minsheng.publication.revisions import all_revisions, find
from minsheng.publication.rollback import release, roll_back
from minsheng.publication.spans import in_force, spans
from minsheng.stages.build import build
from minsheng.stages.load import load
from minsheng.stages.open import open_period
from minsheng.stages.parse import parse
from minsheng.stages.publish import publish
from minsheng.stages.pull import pull
from minsheng.stages.report import report
from minsheng.stages.validate import validate
from minsheng.verify.handed_out import verify_pages
from tests.county import ZONE
from tests.holding import holding
from tests.received import stand_in_for_forms
from tests.workbooks import as_bytes, blank, cell, sign

pytestmark = pytest.mark.slow

PLAN = load_plan(ROOT / "plans" / "lushan-2022")
MARCH, APRIL, MAY = (Period(2022, month) for month in (3, 4, 5))
HOUR = timedelta(hours=1)


class Office:
    """A county that is run at chosen moments, each time with what its inbox holds."""

    def __init__(self, folder: Path) -> None:
        self.home = Installation(folder / "home").home("lushan")
        self.inbox = folder / "inbox"
        (self.inbox / "CGJ").mkdir(parents=True)

    def at(self, moment: datetime) -> Run:
        return Run(self.home, as_county([PLAN]), moment, f"run-{moment.isoformat()}")

    def send(self, period: Period, month: int, cumulative: int, why: str | None = None) -> None:
        book = blank("CGJ", str(period))
        cell(book, "M03-01", "本月数").value = month
        cell(book, "M03-01", "累计数").value = cumulative
        cell(book, "M03-01", "说明").value = why
        sign(book)
        (self.inbox / "CGJ" / f"{period}.xlsx").write_bytes(as_bytes(book))

    def run(self, moment: datetime, period: Period) -> dict[str, str]:
        """What the freezing of the run said of each month."""
        stand_in_for_forms(self.at(moment), period)
        results = list(run_stages(self.at(moment), period, self.inbox, None))
        (freezing,) = (result for result in results if result.stage == "freeze")
        return {outcome.input: outcome.result for outcome in freezing.outcomes}

    def open(self, moment: datetime, *periods: Period) -> None:
        for period in periods:
            stand_in_for_forms(self.at(moment), period)
            open_period(self.at(moment), period)

    def missed(self, period: Period, folder: Path | None = None) -> int:
        """How many units readers of a revision are told to have missed a month."""
        (count,) = self.ask(
            f"select count(*) from pub_submission_status_v1 where period = '{period}' and is_missed", folder
        )
        return int(count[0])

    def ask(self, query: str, folder: Path | None = None) -> list[tuple[Any, ...]]:
        with duckdb.connect(
            str((folder or self.home.current.resolve()) / "marts.duckdb"), read_only=True
        ) as connection:
            return connection.execute(query).fetchall()

    def page(self, period: Period) -> Path:
        return self.home.reports / PLAN.plan_id / f"{period}.定稿.html"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """March is open and published, and nobody has sent anything."""
    office = Office(tmp_path_factory.mktemp("begun"))
    office.run(datetime(2022, 4, 1, 8, tzinfo=ZONE), MARCH)
    return office


@pytest.fixture
def office(begun: Office, tmp_path: Path) -> Office:
    copied = Office(tmp_path)
    shutil.copytree(begun.home.root.parent, tmp_path / "home", symlinks=True, dirs_exist_ok=True)
    return copied


def test_when_the_freeze_passes_the_month_is_missed_without_any_file(office: Office) -> None:
    assert office.run(due_at(PLAN, MARCH) + HOUR, MARCH) == {"2022-03": "due"}
    assert (office.missed(MARCH), office.run(freeze_at(PLAN, MARCH), MARCH)) == (0, {})
    assert office.run(freeze_at(PLAN, MARCH) + HOUR, MARCH) == {"2022-03": "frozen"}
    assert office.missed(MARCH) > 10
    assert office.run(freeze_at(PLAN, MARCH) + 2 * HOUR, MARCH) == {}


def test_what_comes_after_the_freeze_is_not_in_what_was_frozen(office: Office) -> None:
    """The run comes days late, and the inbox holds by then what the freeze no longer took."""
    office.send(MARCH, 30, 30)
    moment = freeze_at(PLAN, MARCH) + 30 * HOUR
    assert office.run(moment, MARCH) == {"2022-03": "frozen"}
    (frozen,) = freezes(office.home).values()
    folder = find(office.home, frozen.revision).folder
    value = (
        "select actual_value from pub_indicator_completion_v1 where period = '2022-03' and indicator_code = 'M03-01'"
    )
    assert (office.ask(value, folder), office.ask(value)) == ([(None,)], [(30.0,)])
    assert office.missed(MARCH, folder) == office.missed(MARCH), "a month once missed stays missed"
    issued, later = (
        path.read_text(encoding="utf-8") for path in (office.page(MARCH), office.page(MARCH).with_name("2022-03.html"))
    )
    assert "定稿时已收到的报送，此后不再改动" in issued
    assert "晚于定稿" in later and "2022-03.定稿.html" in later
    assert frozen.revision in issued and frozen.revision not in later


def test_several_freezes_missed_are_made_up_for_one_by_one(office: Office) -> None:
    office.open(datetime(2022, 5, 1, 8, tzinfo=ZONE), APRIL)
    told = office.run(freeze_at(PLAN, APRIL) + 50 * HOUR, MAY)
    assert told == {"2022-03": "frozen", "2022-04": "frozen"}
    march, april = freezes(office.home).values()
    assert office.missed(APRIL, find(office.home, march.revision).folder) == 0
    assert office.missed(APRIL, find(office.home, april.revision).folder) > 10
    assert (march.period, april.period) == ("2022-03", "2022-04")
    assert all(office.page(period).exists() for period in (MARCH, APRIL))


def test_a_month_opened_after_its_freeze_is_missed_by_nobody_and_not_frozen(office: Office) -> None:
    assert office.run(freeze_at(PLAN, APRIL) + HOUR, APRIL) == {"2022-03": "frozen"}
    assert office.run(freeze_at(PLAN, APRIL) + 2 * HOUR, APRIL) == {}
    assert office.missed(APRIL) == 0
    assert not office.page(APRIL).exists()
    reasons = "select distinct reason_label from pub_indicator_outlook_v1 where period = '2022-04'"
    assert office.ask(reasons) == [("未报送：开月晚于定稿，不计漏报",)]


def test_the_issued_page_is_never_written_over_and_comes_back_bit_for_bit(office: Office) -> None:
    office.run(freeze_at(PLAN, MARCH) + HOUR, MARCH)
    issued = office.page(MARCH).read_bytes()
    office.send(MARCH, 30, 30)
    office.run(freeze_at(PLAN, MARCH) + 30 * HOUR, MARCH)
    assert office.page(MARCH).read_bytes() == issued
    assert office.page(MARCH).stat().st_mode & 0o222 == 0
    office.page(MARCH).unlink()
    made = report(office.at(freeze_at(PLAN, MARCH) + 40 * HOUR))
    assert [one.result for one in made.outcomes if one.input == "2022-03.定稿.html"] == ["made"]
    assert office.page(MARCH).read_bytes() == issued


def test_a_freeze_during_a_roll_back_freezes_what_readers_see(office: Office) -> None:
    moment = freeze_at(PLAN, MARCH) - 3 * HOUR
    office.send(MARCH, 30, 30)
    office.run(moment, MARCH)
    back = roll_back(office.home, None, moment, "数据有误")
    assert office.run(freeze_at(PLAN, MARCH) + HOUR, MARCH) == {"2022-03": "frozen"}
    (frozen,) = freezes(office.home).values()
    assert frozen.revision == back.name == office.home.current.resolve().name
    release(office.home, freeze_at(PLAN, MARCH) + 2 * HOUR)
    assert office.missed(MARCH) > 10


def test_what_was_in_force_at_a_freeze_is_never_pruned(office: Office) -> None:
    standing = office.home.current.resolve().name
    office.run(freeze_at(PLAN, MARCH) + HOUR, MARCH)
    (frozen,) = freezes(office.home).values()
    office.send(MARCH, 30, 30)
    office.run(freeze_at(PLAN, MARCH) + 30 * HOUR, MARCH)
    kept = sort_out(office.home, Keep(newest=1, days=0), datetime(2032, 1, 1, tzinfo=ZONE))
    reasons = {entry.revision.name: entry.reasons for entry in kept}
    assert {name for name, why in reasons.items() if "定稿时的版本" in why} == {standing, frozen.revision}


def test_killed_before_the_freeze_was_written_down_it_is_frozen_by_the_next_run(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = freeze_at(PLAN, MARCH) + HOUR
    monkeypatch.setattr("minsheng.flows.freezing.log_frozen", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        freeze(office.at(moment))
    monkeypatch.undo()
    assert freezes(office.home) == {}
    assert freeze(office.at(moment + HOUR)).counts == {"frozen": 1}
    (frozen,) = freezes(office.home).values()
    assert office.missed(MARCH, find(office.home, frozen.revision).folder) > 10


def test_in_a_home_of_before_the_freeze_is_what_readers_were_on_then(office: Office) -> None:
    """Its freezes passed before anybody watched them: the marts were built past them already."""
    standing = office.home.current.resolve().name
    run = office.at(freeze_at(PLAN, MARCH) + HOUR)
    build(run)
    publish(run)
    assert freeze(office.at(run.as_of + HOUR)).counts == {"frozen": 1}
    (frozen,) = freezes(office.home).values()
    assert frozen.revision == standing == all_revisions(office.home)[0].name
    span = in_force(spans(entries(office.home)), frozen.freeze_at)
    assert span is not None and span.revision == standing
    assert span.frozen == (("lushan-2022", "2022-03"),)


def test_a_busy_warehouse_freezes_nothing_and_is_frozen_when_it_is_free(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("minsheng.warehouse.connection.PATIENCE", 0.0)
    moment = freeze_at(PLAN, MARCH) + HOUR
    with holding(office.home.warehouse), pytest.raises(BusyError):
        freeze(office.at(moment))
    assert freezes(office.home) == {}
    assert freeze(office.at(moment + HOUR)).counts == {"frozen": 1}
    assert office.missed(MARCH) > 10


def test_a_month_that_cannot_be_frozen_stops_no_run_and_is_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Run) -> None:
        raise UserError("nothing_published", "试")

    monkeypatch.setattr("minsheng.flows.freezing.publish", fails)
    moment = freeze_at(PLAN, MARCH) + HOUR
    assert freeze(office.at(moment)).counts == {"failed": 1}
    monkeypatch.undo()
    assert freeze(office.at(moment + HOUR)).counts == {"frozen": 1}


def test_an_issued_page_that_is_not_as_it_was_is_named(office: Office) -> None:
    office.run(freeze_at(PLAN, MARCH) + HOUR, MARCH)
    assert list(verify_pages(office.home)) == []
    office.page(MARCH).chmod(0o640)
    office.page(MARCH).write_text("改过", encoding="utf-8")
    (hurt,) = verify_pages(office.home)
    assert (hurt.kind, hurt.where) == ("page_lost", "reports/lushan-2022/2022-03.定稿.html")
    office.page(MARCH).unlink()
    report(office.at(freeze_at(PLAN, MARCH) + 2 * HOUR))
    assert list(verify_pages(office.home)) == []


def test_a_warehouse_made_anew_says_the_same_and_freezes_nothing_again(office: Office) -> None:
    office.send(MARCH, 30, 30)
    last = freeze_at(PLAN, MARCH) + 30 * HOUR
    office.run(last, MARCH)
    before, issued = office.home.current.resolve(), office.page(MARCH).read_bytes()
    office.home.warehouse.unlink()
    list(recover(office.at(last)))
    assert (office.home.current.resolve(), office.page(MARCH).read_bytes()) == (before, issued)
    assert freeze(office.at(last + HOUR)).outcomes == ()


def test_a_warehouse_made_anew_after_a_freeze_nobody_saw_is_frozen_as_of_then(office: Office) -> None:
    """It was lost before the freeze; what came after the freeze is not in what is frozen."""
    office.home.warehouse.unlink()
    late = freeze_at(PLAN, MARCH) + 2 * HOUR
    office.send(MARCH, 30, 30)
    list(recover(office.at(late - HOUR)))
    office.run(late, MARCH)
    (frozen,) = freezes(office.home).values()
    value = "select actual_value from pub_indicator_completion_v1 where indicator_code = 'M03-01'"
    assert office.ask(value, find(office.home, frozen.revision).folder) == [(None,)]
    assert office.ask(value) == [(30,)]


def test_a_hold_outlives_a_warehouse_made_anew(office: Office) -> None:
    office.send(MARCH, 30, 30)
    moment = freeze_at(PLAN, MARCH) - 3 * HOUR
    office.run(moment, MARCH)
    back = roll_back(office.home, None, moment, "数据有误")
    office.home.warehouse.unlink()
    list(recover(office.at(moment)))
    assert office.home.current.resolve().name == back.name
    assert len(all_revisions(office.home)) == 2


def test_no_build_goes_past_a_freeze_unfrozen(office: Office) -> None:
    """Whatever sets a build off, an opening or a person: the months are frozen before it."""
    assert after_freezing(build)(office.at(freeze_at(PLAN, MARCH) + HOUR)).stage == "build"
    (frozen,) = freezes(office.home).values()
    assert office.missed(MARCH, find(office.home, frozen.revision).folder) > 10


def test_a_plan_may_hold_the_freeze_until_doubts_are_explained(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """县城管局 reports two thirds of the year in a month and says nothing of it; then it does."""
    monkeypatch.setitem(globals(), "PLAN", PLAN.model_copy(update={"unexplained_hold_freeze": True}))
    office.send(MARCH, 1300, 1300)
    office.run(freeze_at(PLAN, MARCH) - HOUR, MARCH)
    assert office.run(freeze_at(PLAN, MARCH) + HOUR, MARCH) == {"2022-03": "doubted"}
    assert freezes(office.home) == {}
    office.send(MARCH, 1300, 1300, why="汛期前集中改造，一次完工")
    assert office.run(freeze_at(PLAN, MARCH) + 2 * HOUR, MARCH) == {"2022-03": "doubted"}  # it is read in this run
    assert office.run(freeze_at(PLAN, MARCH) + 3 * HOUR, MARCH) == {"2022-03": "frozen"}
    frozen = freezes(office.home)[PLAN.plan_id, str(MARCH)].revision
    folder = find(office.home, frozen).folder
    states = office.ask("select explanation_state from pub_finding_v1 where rule_code = 'H04'", folder)
    assert sorted(states) == [("explained",), ("unexplained",)]


def test_a_month_that_was_held_is_frozen_with_what_explained_it_however_the_stages_are_called(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Airflow judges what came in one run, and freezes before it builds in the next: nothing is built yet then."""
    monkeypatch.setitem(globals(), "PLAN", PLAN.model_copy(update={"unexplained_hold_freeze": True}))
    office.send(MARCH, 1300, 1300)
    office.run(freeze_at(PLAN, MARCH) - HOUR, MARCH)
    office.send(MARCH, 1300, 1300, why="汛期前集中改造，一次完工")
    come = office.at(freeze_at(PLAN, MARCH) + HOUR)
    assert freeze(come).counts == {"doubted": 1}
    for stage in (lambda run: pull(run, office.inbox), parse, validate, load):
        stage(come)
    told = after_freezing(build)(office.at(come.as_of + timedelta(minutes=3)))
    assert told.stage == "build" and freezes(office.home) == {}
    publish(office.at(come.as_of + timedelta(minutes=4)))
    assert freeze(office.at(come.as_of + HOUR)).counts == {"frozen": 1}
    frozen = freezes(office.home)[PLAN.plan_id, str(MARCH)].revision
    states = "select explanation_state from pub_finding_v1 where rule_code = 'H04'"
    assert ("explained",) in office.ask(states, find(office.home, frozen).folder)
