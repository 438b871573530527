"""The board: what the data team sees at one look, in the terminal, as a page, and kept for Airflow's."""

from __future__ import annotations

import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import typer
from openpyxl import Workbook
from typer.core import TyperGroup
from typer.testing import CliRunner

from minsheng.commands.main import app
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.core.settings import Settings
from minsheng.flows.boards import boards, keep_boards
from minsheng.flows.deciding import MonthOfUnits, Said, close, extend, reopen
from minsheng.mail.folders import mails
from minsheng.publication.bulletins import BulletinDecision, BulletinDraft, keep_decision, keep_draft
from minsheng.views.board import Board
from minsheng.views.board_page import Links, board_page, due_in_words, run_in_words
from minsheng.watch.runs import RunEnd, note_run
from minsheng.watch.silences import Silence, keep_silent
from tests.county import ZONE
from tests.holding import holding
from tests.watch.conftest import Watching
from tests.watch.test_causes import BAD, GOOD, publish_all
from tests.watch.test_news import fail
from tests.workbooks import as_bytes, cell, lushan, manholes

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def board_of(watching: Watching) -> Board:
    settings = Settings(_env_file=None, **watching.settings)  # type: ignore[arg-type]
    (board,) = boards(watching.installation, settings, watching.now)
    return board


def standing(board: Board, unit_code: str, period: str) -> str | None:
    (unit,) = (unit for unit in board.units if unit.unit_code == unit_code)
    (found,) = (each for each in unit.standings if each.period == period)
    return found.status


def assert_can_be_typed(remedy: str) -> None:
    """The command in it, as a person would complete it, is one of ours with all that it needs."""
    _, *words = re.search(r"minsheng [^，；（]+", remedy)[0].split()  # type: ignore[index]
    command = typer.main.get_command(app)
    while isinstance(command, TyperGroup):
        command = command.commands[words.pop(0)]
    command.make_context("minsheng", words)


def explained() -> bytes:
    """A number that is doubted, with what the unit says of it."""
    workbook = manholes(1200, 1600)
    cell(workbook, "M03-01", "说明").value = "5 月集中改造老旧小区的窨井"
    return as_bytes(workbook)


def corrected(workbook: Workbook) -> Workbook:
    cell(workbook, "M03-01", "更正").value = "是"
    cell(workbook, "M03-01", "更正原因").value = "漏计 10 个"
    return workbook


def test_it_says_how_each_unit_stands_with_each_month_and_why_one_was_sent_back(watching: Watching) -> None:
    watching.county.send(("CGJ", "5月.xlsx", BAD))
    board = board_of(watching)
    assert [month.period for month in board.months] == ["2022-03", "2022-04", "2022-05"]
    assert standing(board, "CGJ", "2022-05") == "rejected"
    assert standing(board, "RSJ", "2022-05") == "not_due"
    assert standing(board, "RSJ", "2022-04") == "missing"
    (line,) = board.refusals
    refusal = line.refusal
    assert (line.unit_name, refusal.file_name) == ("县城管局", "5月.xlsx")
    assert any("大约" in rule or "约数" in rule for rule in refusal.rules), refusal.rules
    page = board_page(board, Links(evidence=""))
    assert f'href="files/{refusal.submission_id}"' in page and f'href="letters/{refusal.mail_id}"' in page
    assert refusal.mail_id in {eml.stem for eml in mails(watching.county.home, "pending")}
    assert "files/" not in board_page(board, Links())

    watching.county.send(("CGJ", "5月改.xlsx", GOOD), at=watching.now + HOUR)
    publish_all(watching)
    watching.now += 2 * HOUR
    board = board_of(watching)
    assert standing(board, "CGJ", "2022-05") == "accepted" and board.refusals == ()
    assert board.publication is not None
    assert board.publication.new_files == ("县城管局 2022-05《5月改.xlsx》",)


def test_a_unit_that_was_given_longer_is_late_after_its_own_hour_only(watching: Watching) -> None:
    until, decided = datetime(2022, 6, 8, 18, tzinfo=ZONE), Said(watching.now, "张三", "汛期")
    extend(watching.county.home, lushan(), MonthOfUnits(Period(2022, 5), "CGJ"), until, decided)
    watching.now = datetime(2022, 6, 7, 9, tzinfo=ZONE)
    watching.county.send(("CL", "5月.xlsx", b""), at=watching.now)
    board = board_of(watching)
    assert [standing(board, unit, "2022-05") for unit in ("CGJ", "RSJ")] == ["not_due", "missing"]
    watching.county.send(("CGJ", "5月.xlsx", GOOD), at=watching.now + HOUR)
    watching.now += 2 * HOUR
    (unit,) = (unit for unit in board_of(watching).units if unit.unit_code == "CGJ")
    assert [(each.status, each.is_late) for each in unit.standings if each.period == "2022-05"] == [("accepted", False)]


def test_a_doubt_waits_on_it_for_its_explanation(watching: Watching) -> None:
    watching.county.send(("CGJ", "5月.xlsx", as_bytes(manholes(1200, 1600))))
    (line,) = board_of(watching).doubts
    assert (line.unit_name, line.standing.state, line.standing.doubt.period) == ("县城管局", "unexplained", "2022-05")
    settings = Settings(_env_file=None, **watching.settings)  # type: ignore[arg-type]
    (path,) = keep_boards(watching.installation, settings, watching.now)
    assert "等待说明的（1）" in path.read_text(encoding="utf-8")
    shown = CliRunner().invoke(app, ["status", "--home", str(watching.county.folder)], env={"COLUMNS": "200"})
    assert "没有说明" in shown.output
    assert_can_be_typed(line.remedy)


def test_an_explanation_waits_on_it_for_who_agrees(watching: Watching) -> None:
    watching.county.send(("CGJ", "5月.xlsx", explained()))
    board = board_of(watching)
    (waiting,) = board.decisions
    assert "县城管局的说明待审阅" in waiting.subject and "集中改造" in waiting.subject and board.doubts == ()
    assert f'href="files/{waiting.submission_id}"' in board_page(board, Links(evidence=""))
    assert_can_be_typed(waiting.remedy)


def test_a_correction_of_a_closed_month_waits_on_it_for_who_reopens(watching: Watching) -> None:
    county, period = watching.county, Period(2022, 5)
    county.send(("CGJ", "5月.xlsx", GOOD), at=watching.now)
    watching.now += 14 * DAY
    close(county.home, lushan(), period, Said(watching.now - HOUR, "张三", "年中考核"))
    county.send(("CGJ", "更正.xlsx", as_bytes(corrected(manholes(130, 530)))), at=watching.now)
    (waiting,) = board_of(watching).decisions
    assert waiting.subject == "县城管局要更正已关闭的2022年5月：窨井设施维护改造数"
    assert_can_be_typed(waiting.remedy)
    said = Said(watching.now + HOUR, "李四", "核实漏计")
    reopen(county.home, lushan(), MonthOfUnits(period, "CGJ", "M03-01"), watching.now + DAY, said)
    county.send(("RSJ", "5月.xlsx", b""), at=watching.now + 2 * HOUR)
    watching.now += 2 * HOUR
    assert board_of(watching).decisions == ()


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (0 * DAY, "还有 3 天截止"),
        (3 * DAY, "今天 18:00 截止"),
        (4 * DAY, "已截止，还有 6 天定稿"),
        (11 * DAY, "定稿时间已过"),
    ],
)
def test_when_a_month_is_due_is_told_in_days(watching: Watching, later: timedelta, words: str) -> None:
    watching.now += later
    board = board_of(watching)
    assert due_in_words(board, board.months[-1]) == words


def test_a_run_that_took_much_longer_than_usual_is_slow(watching: Watching) -> None:
    for number, seconds in enumerate([20.0] * 6 + [90.0]):
        end = RunEnd(
            "build_marts", "生成", f"{number}", "success", watching.now + number * HOUR, seconds, "发布 000003"
        )
        note_run(watching.installation, end)
    (run,) = board_of(watching).runs
    assert (run.is_slow, run.usual_seconds, run_in_words(run)) == (True, 20.0, "发布 000003")


def test_the_page_stands_alone_says_what_stands_and_names_nobodys_address(watching: Watching) -> None:
    fail(watching, "build")
    fail(watching, "pull", dag_id="receive_submissions", county="lushan")
    silent = Silence("task_red", "等<新>硬盘", watching.now, watching.now + DAY, about="build_marts.build")
    keep_silent(watching.installation, silent)
    watching.look()
    settings = Settings(_env_file=None, **watching.settings)  # type: ignore[arg-type]
    (path,) = keep_boards(watching.installation, settings, watching.now)
    page = path.read_text(encoding="utf-8")
    assert "pull 出错" in page and "等&lt;新&gt;硬盘" in page
    assert '<p class="quiet"' in page and '<p class="alarm"' in page
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == [] and "<script" not in page
    assert "@lushan.example" not in page
    assert path.stat().st_mode & 0o007 == 0


def test_while_a_stage_writes_the_page_of_before_stays(watching: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(_env_file=None, **watching.settings)  # type: ignore[arg-type]
    (path,) = keep_boards(watching.installation, settings, watching.now)
    before = path.read_bytes()
    monkeypatch.setattr("minsheng.flows.boards._PATIENCE", 0.1)
    with holding(watching.county.home.warehouse):
        assert keep_boards(watching.installation, settings, watching.now) == []
    assert path.read_bytes() == before


def test_the_command_shows_it_in_the_terminal_and_writes_it_as_a_page(watching: Watching, tmp_path: Path) -> None:
    watching.county.send(("CGJ", "5月.xlsx", BAD))
    home = Home(watching.county.folder).root
    shown = CliRunner().invoke(app, ["status", "--home", str(home)], env={"COLUMNS": "200"})
    assert shown.exit_code == 0, shown.output
    assert "鲁山县民生实事看板" in shown.output
    assert re.search(r"县城管局 .*已退回", shown.output) and "5月.xlsx" in shown.output
    page = tmp_path / "board.html"
    written = CliRunner().invoke(app, ["status", "--home", str(home), "--html", str(page)])
    assert written.exit_code == 0 and "县城管局" in page.read_text(encoding="utf-8")


def test_several_counties_have_a_page_of_all_and_each_its_own(watching: Watching) -> None:
    shutil.copytree(watching.county.home.root, watching.county.folder / "baofeng")
    settings = Settings(_env_file=None, **watching.settings)  # type: ignore[arg-type]
    made = keep_boards(watching.installation, settings, watching.now)
    assert sorted(path.name for path in made) == ["baofeng.html", "index.html", "lushan.html"]
    page = made[-1].read_text(encoding="utf-8")
    assert 'href="baofeng/"' in page and 'href="lushan/"' in page
    assert 'href="../"' in made[0].read_text(encoding="utf-8")
    (one,) = keep_boards(watching.installation, settings, watching.now, {"lushan"})
    assert one.name == "lushan.html"

    shown = CliRunner().invoke(app, ["status", "--home", str(watching.county.folder)], env={"COLUMNS": "200"})
    assert shown.exit_code == 0 and shown.output.count("鲁山县") == 2, shown.output


def test_it_says_what_waits_for_a_named_persons_word(watching: Watching) -> None:
    assert board_of(watching).decisions == ()
    plan_id = watching.county.plan.plan_id
    draft = BulletinDraft(plan_id, "2022-05", 1, watching.now, "0001-abc", "sha", "", {}, 0, {}, "督查室", None)
    keep_draft(watching.county.home, draft, {}, b"")
    board = board_of(watching)
    (waiting,) = board.decisions
    assert (waiting.subject, waiting.since) == ("2022年5月通报第 1 稿待签发", watching.now)
    assert_can_be_typed(waiting.remedy)
    assert "运行正常；等待决定的 1 项" in board_page(board, Links()) and "一切正常" not in board_page(board, Links())
    assert 'href="../../required_actions?response_received=false"' in board_page(board, Links(airflow="../.."))

    decision = BulletinDecision("declined", "李科长", watching.now, "错字")
    keep_decision(watching.county.home, draft, decision)
    assert board_of(watching).decisions == ()
