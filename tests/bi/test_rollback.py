"""Going back, holding back, and which revisions are kept."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from minsheng.commands.publication import publication_app
from minsheng.core.errors import UserError
from minsheng.core.files import switch_link
from minsheng.core.home import Home
from minsheng.publication.hold import hold_in_force, waiting
from minsheng.publication.publication import read_publication
from minsheng.publication.retention import Keep, prune, sort_out
from minsheng.publication.revisions import all_revisions
from minsheng.publication.rollback import release, roll_back
from minsheng.stages.publish import publish
from tests.bi.conftest import AT, Publisher, mark

NOW = AT + timedelta(days=400)


def shown(home: Home) -> int:
    """The number that readers see."""
    with duckdb.connect(home.current / "marts.duckdb", read_only=True) as connection:
        row = connection.execute("select max(revision_no) from pub_indicator_completion_v1").fetchone()
    assert row is not None
    return int(row[0])


def result(publisher: Publisher, number: int) -> str:
    """What becomes of publishing this number."""
    mark(publisher.run.home, number)
    return publish(publisher.run).outcomes[0].result


@pytest.fixture(scope="module")
def published_thrice(built: Publisher, tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    publisher = built.copied_to(tmp_path_factory.mktemp("thrice") / "home")
    for number in (1, 2, 3):
        publisher.publish(number)
    return publisher


@pytest.fixture
def three(published_thrice: Publisher, tmp_path: Path) -> Publisher:
    """Three revisions, of which readers are on the last."""
    return published_thrice.copied_to(tmp_path / "home")


# going back


def test_what_was_taken_back_is_not_published_again_until_released(three: Publisher) -> None:
    home = three.run.home
    assert roll_back(home, None, NOW, "数据有误").number == 2
    assert (result(three, 3), shown(home)) == ("held", 2)
    outcome = publish(three.run).outcomes[0]
    standing = all_revisions(home)[1].name
    assert outcome.detail == f"已人工退回，读者停在 {standing}；minsheng publication release 展示最新的"
    assert release(home, NOW).number == 3
    assert (result(three, 3), shown(home)) == ("unchanged", 3)
    assert hold_in_force(home) is None


def test_new_content_waits_behind_the_hold_until_it_is_released(three: Publisher) -> None:
    home = three.run.home
    roll_back(home, "1", NOW, "")
    assert [result(three, number) for number in (4, 4, 5)] == ["held"] * 3
    assert (shown(home), numbers(home)) == (1, [1, 2, 3, 4, 5])
    waits = all_revisions(home)[-1].name
    detail = publish(three.run).outcomes[0].detail
    assert f"其后有 2 个版本等待发布，最新的是 {waits}；minsheng publication release 展示最新的" in detail
    assert (release(home, NOW).name, shown(home)) == (waits, 5)
    assert (result(three, 6), shown(home)) == ("published", 6)


def test_a_release_shows_what_was_built_last_whatever_it_is(three: Publisher) -> None:
    """The cause was mended, and what is built now is what readers were sent back to: nothing withdrawn comes up."""
    home = three.run.home
    roll_back(home, "1", NOW, "")
    assert [result(three, number) for number in (2, 3, 1)] == ["held"] * 3
    assert (release(home, NOW).number, shown(home)) == (6, 1)
    assert roll_back(home, None, NOW, "").number == 5, "what waited was never taken back"


def test_going_back_twice_withdraws_both_and_what_waits_goes_on_waiting(three: Publisher) -> None:
    home = three.run.home
    roll_back(home, None, NOW, "")
    assert result(three, 4) == "held"
    assert roll_back(home, "1", NOW, "").number == 1
    hold = hold_in_force(home)
    assert hold is not None
    assert [int(name[:6]) for name in hold.withdrawn] == [2, 3]
    assert [revision.number for revision in waiting(home, hold)] == [4]
    assert (result(three, 4), shown(home)) == ("held", 1)
    assert (release(home, NOW).number, shown(home)) == (4, 4)


def test_the_same_command_twice_is_one_step_back(three: Publisher) -> None:
    home = three.run.home
    roll_back(home, None, NOW, "")
    with pytest.raises(UserError, match="已经退回到这一版，读者停在这里 → 要再往前退，请写明版本"):
        roll_back(home, None, NOW, "")
    assert shown(home) == 2


def test_nobody_is_sent_back_to_what_was_taken_back_before(three: Publisher) -> None:
    home = three.run.home
    for number in (4, 5):
        assert roll_back(home, None, NOW, "").number == 2
        assert result(three, number) == "held"
        release(home, NOW)
    assert roll_back(home, None, NOW, "").number == 2
    assert roll_back(home, "1", NOW, "").number == 1
    assert release(home, NOW).number == 5
    assert roll_back(home, None, NOW, "").number == 2


def test_who_names_a_revision_that_was_taken_back_calls_it_good_again(three: Publisher) -> None:
    home = three.run.home
    roll_back(home, None, NOW, "")
    assert result(three, 4) == "held"
    release(home, NOW)
    assert roll_back(home, "3", NOW, "").number == 3
    assert result(three, 5) == "held"
    release(home, NOW)
    assert roll_back(home, None, NOW, "").number == 3


def test_a_hold_of_an_earlier_version_holds_on(three: Publisher) -> None:
    """It did not name where readers stay, and holds only if nothing newer had ended it."""
    home = three.run.home
    roll_back(home, None, NOW, "")
    path = home.published / "hold.json"
    written = {
        name: value for name, value in json.loads(path.read_bytes()).items() if name not in ("to", "released_at")
    }
    path.write_text(json.dumps(written))
    assert (result(three, 4), shown(home)) == ("held", 2)
    release(home, NOW)
    path.write_text(json.dumps(written))
    assert (result(three, 5), shown(home)) == ("published", 5)


@pytest.mark.parametrize("act", ["roll back", "release"])
def test_an_act_cut_short_before_the_switch_is_finished_by_the_next_run(
    three: Publisher, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    home = three.run.home
    if act == "release":
        roll_back(home, None, NOW, "")
    monkeypatch.setattr(
        "minsheng.publication.revisions.switch_link", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    with pytest.raises(KeyboardInterrupt):
        release(home, NOW) if act == "release" else roll_back(home, None, NOW, "数据有误")
    monkeypatch.undo()
    again = Publisher(
        replace(three.run, home=Home(shutil.copytree(home.root, home.root.parent / "again", symlinks=True)))
    )
    assert (result(three, 3), shown(home)) == (("switched", 3) if act == "release" else ("held", 2))
    given_again = release(again.run.home, NOW) if act == "release" else roll_back(again.run.home, None, NOW, "")
    assert given_again.number == shown(again.run.home) == shown(home)


def test_a_lost_link_leads_where_the_hold_wants_it(three: Publisher) -> None:
    home = three.run.home
    roll_back(home, None, NOW, "")
    home.current.unlink()
    assert (result(three, 4), shown(home)) == ("held", 2)


def test_what_cannot_be_done_is_said_in_one_line(publisher: Publisher) -> None:
    home = publisher.run.home
    with pytest.raises(UserError, match="还没有发布过 → 请先运行到发布"):
        roll_back(home, None, NOW, "")
    first = publisher.publish(1)
    with pytest.raises(UserError, match=f"{first}：没有保留更早的版本，或都已被退回 → minsheng publ"):
        roll_back(home, None, NOW, "")
    with pytest.raises(UserError, match=f"{first}：并不早于现行的 {first} → minsheng publication rel"):
        roll_back(home, first, NOW, "")
    with pytest.raises(UserError, match=f"发布版本：没有保留 7 → 保留的有 {first}"):
        roll_back(home, "7", NOW, "")
    with pytest.raises(UserError, match="没有暂不发布的版本 → 不必撤销"):
        release(home, NOW)


def test_what_an_earlier_version_published_is_named_so(three: Publisher) -> None:
    database = (three.run.home.current / "marts.duckdb").resolve()
    database.chmod(0o644)
    with duckdb.connect(database) as connection:
        connection.execute("drop table pub_indicator_outlook_v1 cascade")
    with pytest.raises(UserError, match=r"较早版本发布的.*outlook.* → 请重新发布"):
        read_publication(three.run.home)


def test_the_log_keeps_who_saw_what_when(three: Publisher) -> None:
    home = three.run.home
    roll_back(home, None, NOW, "数据有误")
    release(home, NOW)
    lines = [json.loads(line) for line in (home.published / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    first, second, third = (revision.name for revision in all_revisions(home))
    published = [{"at": AT.isoformat(), "event": "published", "to": name} for name in (first, second, third)]
    assert lines == [
        *published,
        {"at": NOW.isoformat(), "event": "rolled back", "from": third, "reason": "数据有误", "to": second},
        {"at": NOW.isoformat(), "event": "released", "to": third},
    ]


# keeping


@pytest.fixture
def year(tmp_path: Path) -> Home:
    """Two revisions a month from January to June, as folders with a manifest; readers are on the last."""
    home = Home(tmp_path / "lushan")
    moments = [AT.replace(month=month, day=day) for month in range(1, 7) for day in (5, 20)]
    for number, moment in enumerate(moments, start=1):
        add_revision(home, number, moment)
    return home


def add_revision(home: Home, number: int, moment: datetime) -> None:
    """One more, with readers on it."""
    folder = home.published / "revisions" / f"{number:06d}-{number:012x}"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"as_of": moment.isoformat()}))
    os.utime(folder, (moment.timestamp(), moment.timestamp()))
    switch_link(home.current, Path("revisions") / folder.name)


def numbers(home: Home) -> list[int]:
    return [revision.number for revision in all_revisions(home)]


JULY = AT.replace(month=7, day=1)


def test_the_newest_the_recent_and_the_last_of_each_month_are_kept(year: Home) -> None:
    assert [revision.number for revision in prune(year, Keep(newest=2, days=45), JULY)] == [1, 3, 5, 7, 9]
    assert numbers(year) == [2, 4, 6, 8, 10, 11, 12]
    assert prune(year, Keep(newest=2, days=45), JULY) == []


def test_a_listing_says_why_and_touches_nothing(year: Home) -> None:
    entries = sort_out(year, Keep(newest=1, days=30), JULY)
    assert {entry.revision.number: entry.reasons for entry in entries if entry.revision.number > 8} == {
        9: (),
        10: ("当月最后一个",),
        11: ("最近 30 天内",),
        12: ("现行版本", "最新的 1 个之一", "最近 30 天内", "当月最后一个"),
    }
    assert numbers(year) == list(range(1, 13))


def test_of_a_month_the_last_that_was_not_taken_back_is_kept(year: Home) -> None:
    roll_back(year, "11", JULY, "六月数据有误")
    add_revision(year, 13, JULY)
    release(year, JULY)
    prune(year, Keep(newest=1, days=0), JULY + timedelta(days=3650))
    assert numbers(year) == [2, 4, 6, 8, 10, 11, 13]


def test_months_are_those_of_the_county(year: Home) -> None:
    midnight = JULY.replace(hour=0, minute=0)
    add_revision(year, 13, midnight.astimezone(UTC))
    assert sort_out(year, Keep(newest=1, days=0), NOW)[11].reasons == ("当月最后一个",)
    assert run(year, "list").splitlines()[-1].split()[2:4] == ["2022-07-01", "00:00"]


def test_readers_get_a_day_to_leave(year: Home) -> None:
    left = all_revisions(year)[0].folder
    at = JULY - timedelta(hours=23)
    os.utime(left, (at.timestamp(), at.timestamp()))
    prune(year, Keep(newest=1, days=0), JULY)
    assert 1 in numbers(year)
    prune(year, Keep(newest=1, days=0), JULY + timedelta(hours=2))
    assert 1 not in numbers(year)


def test_switching_starts_the_day_of_those_who_are_left_behind(publisher: Publisher) -> None:
    publisher.publish(1)
    left = publisher.current.resolve()
    os.utime(left, (0, 0))
    publisher.publish(2)
    assert left.stat().st_mtime > AT.timestamp()


def test_neither_the_current_nor_the_withdrawn_ones_are_removed(year: Home) -> None:
    roll_back(year, "3", JULY, "")
    later = JULY + timedelta(days=3650)
    os.utime(all_revisions(year)[-1].folder, (0, 0))
    prune(year, Keep(newest=1, days=0), later)
    assert numbers(year) == [2, 3, *range(4, 13)]
    assert release(year, later).number == 12


def test_removal_cut_short_leaves_no_half_revision(year: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_short(*_: object) -> Iterator[None]:
        raise KeyboardInterrupt

    monkeypatch.setattr("shutil.rmtree", cut_short)
    with pytest.raises(KeyboardInterrupt):
        prune(year, Keep(newest=1, days=0), JULY)
    monkeypatch.undo()
    assert numbers(year) == [2, 4, 6, 8, 10, 12]
    prune(year, Keep(newest=1, days=0), JULY)
    assert len(list((year.published / "revisions").iterdir())) == 6


# the commands

HELD = "直到 minsheng publication release；页面在下一次出页面（report）时跟着换"


def run(home: Home, *arguments: str) -> str:
    done = CliRunner().invoke(publication_app, [*arguments, "--home", str(home.installation.root)])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_commands_say_what_they_did(three: Publisher) -> None:
    home = three.run.home
    first, second, third = (revision.name for revision in all_revisions(home))
    assert run(home, "rollback", "--reason", "数据有误") == f"读者现在看到的是 {second}，{HELD}\n"
    listed = run(home, "list").splitlines()
    assert [line.split()[0] for line in listed[1:4]] == [first, "→", third]
    assert "已退回，尚未撤销退回" in listed[3]
    assert listed[4] == f"已人工退回，读者停在 {second}；minsheng publication release 展示最新的"
    assert run(home, "release") == f"读者现在看到的是 {third}\n"
    assert run(home, "rollback", "1") == f"读者现在看到的是 {first}，{HELD}\n"
    assert run(home, "prune", "--dry-run") == "会清理 0 个版本\n"


def test_prune_names_what_it_removes(year: Home) -> None:
    would = run(year, "prune", "--newest", "1", "--days", "0", "--dry-run").splitlines()
    assert (len(would), would[-1], numbers(year)) == (7, "会清理 6 个版本", list(range(1, 13)))
    removed = run(year, "prune", "--newest", "1", "--days", "0").splitlines()
    assert (removed[:-1], removed[-1]) == (would[:-1], "已清理 6 个版本")
    assert numbers(year) == [2, 4, 6, 8, 10, 12]
