"""What is told and when: once, once a day, once when it is mended; nothing twice and nothing for ever."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta

import pytest

from minsheng.core.errors import UserError
from minsheng.watch import looking, telling
from minsheng.watch.runs import RunEnd, TaskFault, note_run
from minsheng.watch.silences import Silence, keep_silent
from tests.unit.mail.servers import nobody
from tests.watch.conftest import Watching, text_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def fail(watching: Watching, *tasks: str, dag_id: str = "build_marts", county: str | None = None) -> None:
    """The last run of a DAG failed at these tasks; none: it ended well."""
    faults = tuple(TaskFault(task, f"任务{task}", f"{task} 出错", county) for task in tasks)
    state = "failed" if faults else "success"
    end = RunEnd(dag_id, "生成", f"run {watching.now}", state, watching.now, 3.0, faults=faults)  # type: ignore[arg-type]
    note_run(watching.installation, end)


def subjects(watching: Watching) -> list[str]:
    return [str(letter["Subject"]).partition("（编号")[0] for letter in watching.letters()]


def test_where_nothing_is_wrong_nobody_is_written_to(watching: Watching) -> None:
    assert watching.look().alarms == ()
    assert watching.letters() == []


def test_a_condition_is_told_once_then_daily_then_when_it_is_mended_then_never(watching: Watching) -> None:
    fail(watching, "build")
    watching.look()
    (letter,) = watching.letters()
    assert str(letter["To"]) == "data@lushan.example"
    assert "新的情况 1 项：任务出错" in str(letter["Subject"])
    for said in (
        "build 出错",
        "照常的：其他任务、其他县照常",
        "怎么办：看该任务日志",
        "docs/runbook.md#task_red-任务出错",
    ):
        assert said in text_of(letter)

    for hours in (1, 1, 10, 11):
        watching.look(hours * HOUR)
    assert watching.letters() == []
    watching.look(HOUR)
    assert subjects(watching) == ["【民生实事值守】仍未恢复 1 项：任务出错"]
    watching.look(DAY)
    assert len(watching.letters()) == 1

    fail(watching)
    watching.look(HOUR)
    assert subjects(watching) == ["【民生实事值守】已经恢复 1 项：任务出错"]
    for _ in range(3):
        watching.look(DAY)
    assert watching.letters() == []


def test_all_that_is_news_at_one_look_is_one_letter(watching: Watching) -> None:
    fail(watching, *(f"task_{number}" for number in range(158)))
    watching.look()
    (letter,) = watching.letters()
    assert "158 项" in str(letter["Subject"])
    assert "另有 128 项" in text_of(letter)


def test_what_begins_while_something_lasts_is_told_alone(watching: Watching) -> None:
    fail(watching, "build")
    watching.look()
    watching.letters()
    fail(watching, "build", "publish")
    watching.look(HOUR)
    (letter,) = watching.letters()
    assert "publish 出错" in text_of(letter) and "build 出错" not in text_of(letter)


def test_what_comes_and_goes_does_not_fill_the_mailbox(watching: Watching) -> None:
    for _ in range(4):
        fail(watching, "build")
        watching.look(HOUR)
        fail(watching)
        watching.look(HOUR)
    told = subjects(watching)
    assert len(told) == 2
    fail(watching, "build")
    watching.look(DAY)
    assert subjects(watching) == ["【民生实事值守】仍未恢复 1 项：任务出错"]


def test_a_silence_names_a_reason_and_ends_by_itself(watching: Watching) -> None:
    keep_silent(
        watching.installation,
        Silence("task_red", "等新硬盘", watching.now, watching.now + 2 * DAY, about="build_marts.build"),
    )
    fail(watching, "build", "copy")
    watched = watching.look(HOUR)
    (letter,) = watching.letters()
    assert "copy 出错" in text_of(letter) and "build 出错" not in text_of(letter)
    assert [alarm.condition.about for alarm in watched.alarming(watching.now)] == ["build_marts.copy"]

    watching.look(2 * DAY)
    assert "build 出错" in text_of(watching.letters()[0])


@pytest.mark.parametrize(
    ("reason", "days", "code"),
    [(" ", 3, "silence_unfounded"), ("x", 32, "silence_endless"), ("x", 0, "silence_endless")],
)
def test_a_silence_without_a_reason_or_an_end_is_refused(watching: Watching, reason: str, days: int, code: str) -> None:
    silent = Silence("disk_low", reason, watching.now, watching.now + days * DAY)
    with pytest.raises(UserError) as raised:
        keep_silent(watching.installation, silent)
    assert raised.value.code == code


def test_silences_that_cannot_be_read_hide_nothing_and_are_told_themselves(watching: Watching) -> None:
    silent = Silence("task_red", "等新硬盘", watching.now, watching.now + 2 * DAY)
    keep_silent(watching.installation, silent)
    (watching.installation.watch / "silences.json").write_text("{", encoding="utf-8")
    fail(watching, "build")
    watched = watching.look()
    (letter,) = watching.letters()
    assert "build 出错" in text_of(letter) and "静默记录读不出来" in text_of(letter)
    assert [alarm.condition.cause for alarm in watched.standing] == ["home_damaged", "task_red"]
    with pytest.raises(UserError, match="静默记录读不出来"):
        keep_silent(watching.installation, silent)


def test_a_letter_that_found_no_server_goes_later_and_once(watching: Watching) -> None:
    fail(watching, "build")
    with nobody() as away:
        watched = watching.look(server=away)
    assert "mail_server_away" in watched.unsent[0]
    assert watching.letters() == []
    assert watching.look(HOUR).unsent == ()
    watching.look(HOUR)
    assert len(watching.letters()) == 1


def test_a_look_killed_before_it_noted_what_it_told_tells_it_once(watching: Watching) -> None:
    """The alarm was raised and its letter lies in the outbox; that it was told is lost."""
    fail(watching, "build")
    watching.look()
    memory = watching.installation.watch / "alarms.json"
    known = json.loads(memory.read_text(encoding="utf-8"))
    memory.write_text(json.dumps([{**one, "told_at": None} for one in known]), encoding="utf-8")
    fail(watching, "build", "publish")
    watching.look(HOUR)
    first, second = map(text_of, watching.letters())
    assert "build 出错" in first and "publish 出错" in second and "build 出错" not in second


def test_what_is_mended_is_told_once_by_the_next_look_when_the_one_that_saw_it_was_killed(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> bool:
        raise KeyboardInterrupt

    fail(watching, "build")
    watching.look()
    watching.letters()
    fail(watching)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(telling, "_queue", killed)
        watching.look(HOUR)
    for _ in range(3):
        watching.look(HOUR)
    assert subjects(watching) == ["【民生实事值守】已经恢复 1 项：任务出错"]


def test_a_memory_that_cannot_be_read_tells_again_rather_than_never(watching: Watching) -> None:
    fail(watching, "build")
    watching.look()
    (watching.installation.watch / "alarms.json").write_text("{", encoding="utf-8")
    watching.look(HOUR)
    assert len(watching.letters()) == 2


def test_each_data_team_is_told_of_its_own_county_and_of_what_concerns_all(watching: Watching) -> None:
    folder = watching.county.folder
    shutil.copytree(folder / "lushan", folder / "baofeng")
    watching.contacts.rename(folder / "lushan.yaml")
    watching.contacts.mkdir()
    (folder / "lushan.yaml").rename(watching.contacts / "lushan.yaml")
    (watching.contacts / "baofeng.yaml").write_text("data_team: data@baofeng.example\n", encoding="utf-8")
    fail(watching, "load", dag_id="receive_submissions", county="baofeng")
    fail(watching, "roll_up")
    watching.look()
    told = {str(letter["To"]): text_of(letter) for letter in watching.letters()}
    assert "load 出错" in told["data@baofeng.example"] and "load 出错" not in told["data@lushan.example"]
    assert all("roll_up 出错" in text for text in told.values())


def test_a_check_that_stumbles_is_told_and_keeps_no_other(watching: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> None:
        raise ZeroDivisionError("ours")

    fail(watching, "build")
    watching.look()
    watching.letters()
    monkeypatch.setitem(looking.PREMISES_CHECKS, "task_red", stumble)
    watched = watching.look(HOUR)
    (letter,) = watching.letters()
    assert "无法检查" in str(letter["Subject"]) and "ZeroDivisionError: ours" in text_of(letter)
    assert [alarm.condition.cause for alarm in watched.standing] == ["task_red", "unwatched"]
