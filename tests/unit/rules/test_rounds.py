"""How many files are judged at once: all that can be, because a batch costs more than what is in it."""

import random
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from minsheng.core.period import Period
from minsheng.landing import Receipt
from minsheng.spreadsheet.numbers import CellValue
from minsheng.stages.validate import validate
from minsheng.validation import turns
from minsheng.validation.judge import Judged, judge
from minsheng.validation.rounds import Round, Touched, next_rounds, standing
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, open_warehouse
from minsheng.warehouse.plan_rows import open_rows
from tests.county import CONTACTS, IN_MAY, IN_TIME, LATE, ZONE, County
from tests.workbooks import as_bytes, blank, cell, lushan, manholes, streets

pytestmark = pytest.mark.slow


def test_a_delivery_of_all_units_is_one_round_and_one_mail_each(county: County) -> None:
    units = [unit.code for unit in lushan().units]
    forms = {code: as_bytes(blank(code)) for code in ("CGJ", "RSJ", "CL")}
    files = [(code, "报表.xlsx", forms.get(code, forms["CGJ"])) for code in units]
    county.send(*files, judge=False)
    with open_warehouse(county.home.warehouse) as connection:
        (first,) = next_rounds(connection, lushan().plan_id)
        assert len(first) == len(units) == 39
    validate(county.run(), CONTACTS)
    assert county.query("select count(*), count(distinct mail_id) from raw.verdict") == [(39, 39)]
    assert len(list(county.home.outbox.rglob("*.eml"))) == 39


def test_a_second_file_of_a_unit_and_a_later_delivery_wait_for_their_own_round(county: County) -> None:
    county.send(("CGJ", "甲.xlsx", as_bytes(manholes())), ("CGJ", "乙.xlsx", as_bytes(manholes(110))), judge=False)
    county.send(("RSJ", "报表.xlsx", as_bytes(blank("RSJ"))), at=LATE, judge=False)
    with open_warehouse(county.home.warehouse) as connection:
        rounds = next_rounds(connection, lushan().plan_id, 9)
    assert [[(receipt.file_name, receipt.received_at) for receipt, _ in files] for files in rounds] == [
        [("乙.xlsx", IN_TIME)],
        [("甲.xlsx", IN_TIME)],
    ]


def in_order(county: County) -> list[str]:
    """All files in the order they are judged in, as if none but duplicates came."""
    names = []
    with open_warehouse(county.home.warehouse) as connection:
        while rounds := next_rounds(connection, lushan().plan_id):
            for receipt, _ in rounds[0]:
                names.append(receipt.file_name)
                connection.execute("insert into raw.verdict (submission_id) values (?)", [receipt.submission_id])
    return names


def test_a_file_that_came_before_its_month_was_opened_has_its_turn_then(county: County) -> None:
    opened, after = (datetime(2022, 7, day, 9, 0, tzinfo=ZONE) for day in (1, 2))
    with open_warehouse(county.home.warehouse) as connection:
        for number in (6, 7):
            open_rows(connection, county.plan, Period(2022, number), opened)
    for name, month, at in (
        ("early.xlsx", "2022-06", IN_TIME),
        ("of a month to come.xlsx", "2022-07", IN_TIME),
        ("late.xlsx", "2022-05", LATE),
        ("at the opening.xlsx", "2022-06", opened),
        ("after.xlsx", "2022-06", after),
    ):
        county.send(("CGJ", name, as_bytes(manholes(120, 520, month))), at=at, judge=False)
    assert in_order(county) == [
        "of a month to come.xlsx",
        "late.xlsx",
        "early.xlsx",
        "at the opening.xlsx",
        "after.xlsx",
    ]


def contribution(cumulative: CellValue, beds: int = 50) -> bytes:
    """A report of 县民政局 with a contribution to what 县城管局 leads."""
    workbook = streets(beds)
    for heading, value in (("本月数", cumulative), ("累计数", cumulative), ("零报送", None)):
        cell(workbook, "M03-01", heading, "配合事项").value = value
    return as_bytes(workbook)


def files_of_all_kinds(chance: random.Random) -> list[tuple[str, str, bytes]]:
    """Good and bad files of two units, of which one contributes to what the other leads, and of no unit at all."""
    kinds: list[tuple[str, Callable[[], bytes]]] = [
        ("CGJ", lambda: as_bytes(manholes(chance.randrange(100, 130), chance.randrange(500, 530)))),
        ("CGJ", lambda: as_bytes(manholes(100, chance.randrange(400, 430), "2022-04"))),
        ("CGJ", lambda: as_bytes(manholes("约120", 520))),
        ("MZJ", lambda: contribution(chance.choice((0, 300, 600, 9000)))),
        ("MZJ", lambda: contribution(chance.choice((0, 300, 600, 9000, "约300")), beds=-1)),
        ("XYZ", lambda: as_bytes(blank("CGJ"))),
    ]
    made = [(unit, make()) for unit, make in chance.choices(kinds, weights=(4, 2, 2, 4, 1, 1), k=11)]
    files = [(unit, f"{number:02}.xlsx", content) for number, (unit, content) in enumerate(made)]
    again = [(unit, f"{name}-again.xlsx", content) for unit, name, content in files[::4]]
    return files + again


def verdicts(county: County) -> list[list[tuple[object, ...]]]:
    """All that judging has written."""
    tables = {"verdict": "* exclude mail_id", "finding": "*", "rule_result": "*"}
    return [county.query(f"select {columns} from raw.{table} order by all") for table, columns in tables.items()]


def test_what_is_judged_at_once_is_judged_as_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, county = random.Random(0), County(tmp_path / "county")
    county.send(("CGJ", "4月.xlsx", as_bytes(manholes(100, 400, "2022-04"))), at=IN_MAY, judge=False)
    county.send(*files_of_all_kinds(chance), judge=False)
    at_once, one_by_one = (County(tmp_path / folder) for folder in ("at-once", "one-by-one"))
    for other in (at_once, one_by_one):
        shutil.copytree(county.home.root, other.home.root, dirs_exist_ok=True)
    validate(at_once.run(), CONTACTS)
    monkeypatch.setattr(turns, "_MOST_FILES", 1)  # then a batch is one round
    validate(one_by_one.run(), CONTACTS)
    assert verdicts(at_once) == verdicts(one_by_one)
    assert {verdict for verdict, *_ in at_once.query("select distinct verdict from raw.verdict")} == {
        "accepted",
        "rejected",
        "duplicate",
    }


def rounds_of(*names: str) -> list[Round]:
    """A round a word, a unit a letter; what each file is called is its submission's id, too."""
    return [
        [(Receipt(f"{unit}{number}", "p", unit, "f", "", 0, IN_TIME), None) for unit in units]
        for number, units in enumerate(names)
    ]


@pytest.mark.parametrize(
    ("accepted", "about", "count"),
    [
        ("", {}, 3),
        ("B0 C0", {}, 3),
        ("A0", {}, 1),
        ("A1", {}, 2),
        ("", {"A0": Touched(contributed=frozenset("x")), "B1": Touched(led=frozenset("x"))}, 1),
        ("", {"A0": Touched(contributed=frozenset("x")), "B1": Touched(led=frozenset("y"))}, 3),
        ("", {"A1": Touched(contributed=frozenset("x")), "B1": Touched(led=frozenset("x"))}, 3),
        ("C0", {"C0": Touched(contributed=frozenset("x")), "B1": Touched(led=frozenset("x"))}, 3),
        ("C0", {"C0": Touched(led=frozenset("x")), "B1": Touched(led=frozenset("x"))}, 1),
        ("C0", {"C0": Touched(led=frozenset("x")), "B1": Touched(led=frozenset("y"))}, 3),
    ],
)
def test_rounds_stand_until_something_they_are_held_against_has_changed(
    accepted: str, about: dict[str, Touched], count: int
) -> None:
    rounds = rounds_of("ABC", "AB", "A")
    verdicts = {receipt.submission_id: "rejected" for files in rounds for receipt, _ in files}
    if accepted == "B0 C0":
        rounds = rounds_of("ABC", "A", "A")
    assert standing(rounds, verdicts | dict.fromkeys(accepted.split(), "accepted"), about) == count


def test_what_a_files_verdict_can_change_is_what_rounds_reckon_with() -> None:
    """Another view that looks at verdicts may make one unit's file depend on another's: see validation.rounds."""
    reading = {
        source: {
            view.name for layer in sqlfiles.VIEWS for view in sqlfiles.declared(layer) if source in sqlfiles.reads(view)
        }
        for source in (
            "raw.verdict",
            "staging.stg_submission",
            "staging.stg_version",
            "staging.stg_contribution_excess",
            "facts.standing",
            "facts.accepted",
        )
    }
    assert reading == {
        "raw.verdict": {"stg_submission", "stg_unjudged", "stg_unpublished"},  # the last: for builds and freezes
        # file: when it came; stg_unit_month: for letters
        "staging.stg_submission": {
            *("stg_version", "stg_contribution_excess", "stg_unit_month", "contributed", "file"),
            *("stg_counted", "stg_unsigned"),  # of signatures judging knows nothing
        },
        "staging.stg_version": {"standing", "stg_contribution_excess", "stg_doubt", "stg_unsigned", "file"},
        # file: its own unit's; stg_doubt: for letters and freezes
        "staging.stg_contribution_excess": set(),  # for letters: nothing is judged by it
        "facts.standing": {"accepted", "compared"},
        # each joins what was accepted of its indicators, and of contributions its own unit's
        "facts.accepted": {"cell", "history"},
    }


def test_many_files_of_one_unit_take_few_batches(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch costs a second however little is in it: 32 files one after the other made a run of minutes."""
    judged: list[int] = []

    def counting(connection: Connection, submission_ids: Sequence[str]) -> list[Judged]:
        judged.append(len(submission_ids))
        return judge(connection, submission_ids)

    monkeypatch.setattr(turns, "judge", counting)
    faulty = [("CGJ", f"{number:02}.xlsx", as_bytes(manholes(f"约{number}"))) for number in range(32)]
    county.send(*faulty, ("RSJ", "报表.xlsx", as_bytes(blank("RSJ"))), judge=False)
    assert validate(county.run(), CONTACTS).count("rejected") == 33
    assert judged == [17, 16]


def test_a_unit_that_sends_more_than_a_run_judges_holds_up_nobody_else(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "MOST_BATCHES_OF_A_UNIT", 2)
    good = [("CGJ", f"{number}.xlsx", as_bytes(manholes(100 + number, 500 + number))) for number in range(5)]
    county.send(*good, judge=False)
    county.send(("RSJ", "报表.xlsx", as_bytes(blank("RSJ"))), at=LATE, judge=False)
    result = validate(county.run(LATE), CONTACTS)
    assert (result.count("accepted"), result.count("rejected")) == (2, 1)
    told = [(one.input, one.detail, one.item_count) for one in result.outcomes if one.result == "postponed"]
    assert told == [("CGJ", "本次已校验到上限，其余 3 份下次校验", 3)]
    assert [validate(county.run(LATE), CONTACTS).count(each) for each in ("accepted", "accepted")] == [2, 1]
    assert not validate(county.run(LATE), CONTACTS).outcomes


def test_a_run_ends_whatever_waits(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "MOST_BATCHES", 1)
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes())), judge=False)
    county.send(("RSJ", "报表.xlsx", as_bytes(blank("RSJ"))), at=LATE, judge=False)
    assert validate(county.run(LATE), CONTACTS).counts == {"accepted": 1, "postponed": 1}
    assert validate(county.run(LATE), CONTACTS).counts == {"rejected": 1, "queued": 1}
