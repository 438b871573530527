"""What was shown on a day: the log, the published table and the command against what readers really saw."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from minsheng.commands.publication import publication_app
from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.publication.hold import hold_in_force
from minsheng.publication.log import backfill, entries, shown_from
from minsheng.publication.revisions import all_revisions
from minsheng.publication.rollback import release, roll_back
from minsheng.publication.spans import in_force, spans
from minsheng.stages.publish import publish
from minsheng.views.publication import shown_at
from tests.bi.conftest import AT, Publisher, mark, shrink

MOMENTS = 300
ACTS = 24


@dataclass(frozen=True)
class Seen:
    """What the link led to from a moment on: noted by the test itself after each act."""

    since: datetime
    revision: str


def history(publisher: Publisher, seed: int) -> list[Seen]:
    """A random history of publications, roll-backs and releases; what readers saw after each of them."""
    draw, home, moment, seen = random.Random(seed), publisher.run.home, AT, list[Seen]()
    for number in range(ACTS):
        moment += timedelta(minutes=draw.choice((1, 90, 3000)))
        _act(draw, publisher, number, moment)
        seen.append(Seen(moment, home.current.resolve().name))
    return seen


def _act(draw: random.Random, publisher: Publisher, number: int, moment: datetime) -> None:
    home = publisher.run.home
    act = draw.choice(("publish", "publish", "again", "roll back", "release"))
    if act == "release" and hold_in_force(home):
        release(home, moment)
    elif act == "roll back" and home.current.exists():
        try:
            roll_back(home, None, moment, f"第{number}次")
        except UserError as error:
            assert error.code in ("nothing_earlier", "rolled_back_already")
    else:
        mark(home, number if act == "publish" else max(number - 1, 0))
        publish(replace(publisher.run, as_of=moment, run_id=f"run-{number}"))


@pytest.fixture(scope="module")
def small(built: Publisher, tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    publisher = built.copied_to(tmp_path_factory.mktemp("small") / "home")
    shrink(publisher.run.home)
    return publisher


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_every_moment_is_told_as_it_was(small: Publisher, tmp_path: Path, seed: int) -> None:
    publisher = small.copied_to(tmp_path / "lushan")
    home, seen = publisher.run.home, history(publisher, seed)
    assert {span.change for span in spans(entries(home))} == {"published", "rolled_back", "released"}
    last = told_by_the_newest(home)
    draw = random.Random(seed)
    for _ in range(MOMENTS):
        moment = AT + (seen[-1].since - AT) * draw.random()
        saw = max((one for one in seen if one.since <= moment), key=lambda one: one.since, default=None)
        span = in_force(spans(entries(home)), moment)
        assert (span and span.revision) == (saw and saw.revision), moment
        table = [name for name, begins, ends in last if begins <= moment and (ends is None or moment < ends)]
        if moment < made_at(home):
            assert table == ([saw.revision] if saw else []), moment
    command = CliRunner().invoke(publication_app, ["at", moment.isoformat(), "--home", str(home.root.parent)])
    assert saw is not None and f"读者看到的是 {saw.revision}" in command.output


def told_by_the_newest(home: Home) -> list[tuple[str, datetime, datetime | None]]:
    """``pub_publication_v1`` of the revision made last."""
    database = str(all_revisions(home)[-1].folder / "marts.duckdb")
    with duckdb.connect(database, read_only=True) as connection:
        query = "select revision, in_force_from, in_force_to from pub_publication_v1 where in_force_from is not null"
        return connection.execute(query).fetchall()


def made_at(home: Home) -> datetime:
    return datetime.fromisoformat(all_revisions(home)[-1].manifest["made_at"])


def test_a_revision_tells_of_itself_what_it_can_know(small: Publisher, tmp_path: Path) -> None:
    publisher = small.copied_to(tmp_path / "lushan")
    home = publisher.run.home
    publisher.publish(1)
    roll = AT + timedelta(hours=1)
    second = replace(publisher, run=replace(publisher.run, as_of=roll))
    second.publish(2)
    roll_back(home, None, roll + timedelta(hours=1), "数据有误")
    replace(publisher, run=replace(publisher.run, as_of=roll + timedelta(hours=2))).publish(3)
    first, taken_back, waits = (revision.name for revision in all_revisions(home))
    with duckdb.connect(str(all_revisions(home)[-1].folder / "marts.duckdb"), read_only=True) as connection:
        query = 'select "发布版本", "展示方式", "展示起" is null, "展示止" is null, "退回原因" from "发布记录"'
        assert connection.execute(query).fetchall() == [
            (first, "发布", False, False, None),
            (taken_back, "发布", False, False, None),
            (first, "退回", False, True, "数据有误"),
            (waits, None, True, True, None),
        ]


def test_a_line_of_the_log_is_no_new_content(small: Publisher, tmp_path: Path) -> None:
    publisher = small.copied_to(tmp_path / "lushan")
    publisher.publish(1)
    for hours in (1, 2):
        later = replace(publisher.run, as_of=AT + timedelta(hours=hours))
        assert publish(later).count("unchanged") == 1
    roll_forward = [entry.event for entry in entries(publisher.run.home)]
    assert roll_forward == ["published"]


def test_a_home_of_before_is_told_from_its_manifests_and_its_warehouse(small: Publisher, tmp_path: Path) -> None:
    publisher = small.copied_to(tmp_path / "lushan")
    home = publisher.run.home
    for number in (1, 2, 3):
        replace(publisher, run=replace(publisher.run, as_of=AT + timedelta(days=number))).publish(number)
    (home.published / "log.jsonl").unlink()
    first, second, third = all_revisions(home)
    shutil.rmtree(first.folder)
    assert [span.revision for span in spans(entries(home))] == [second.name, third.name]
    later = replace(publisher.run, as_of=AT + timedelta(days=9))
    mark(home, 4)
    publish(later)
    told = spans(entries(home))
    assert [span.revision for span in told][:3] == [first.name, second.name, third.name]
    assert told[0].begins == AT + timedelta(days=1), "the warehouse remembers what was pruned"
    with (home.published / "log.jsonl").open("a") as torn:
        torn.write('{"at": "20')
    assert len(spans(entries(home))) == 4


def test_a_publication_cut_off_before_its_line_is_written_down_by_the_next(
    small: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = small.copied_to(tmp_path / "lushan")
    monkeypatch.setattr("minsheng.stages.publish.log_shown", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        publisher.publish(1)
    monkeypatch.undo()
    publish(replace(publisher.run, as_of=AT + timedelta(days=1)))
    (span,) = spans(entries(publisher.run.home))
    assert (span.begins, span.change) == (AT, "published")


def test_before_anything_was_published_it_is_said(small: Publisher, tmp_path: Path) -> None:
    publisher = small.copied_to(tmp_path / "lushan")
    publisher.publish(1)
    with pytest.raises(UserError, match="2022-02-07 17:29：那时还没有发布过"):
        list(shown_at(publisher.run.home, AT - timedelta(minutes=1)))
    lines = list(shown_at(publisher.run.home, AT))
    assert lines[1] == "展示：自 2022-02-07 17:30 起（发布），现在仍是"
    assert lines[3].startswith("内容：2022-01 共 3 项：")


def test_the_files_that_readers_saw_first_are_told_once(small: Publisher, tmp_path: Path) -> None:
    publisher = small.copied_to(tmp_path / "lushan")
    home = publisher.run.home
    publisher.publish(1)
    manifest = all_revisions(home)[0].folder / "manifest.json"
    said = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.chmod(0o644)
    manifest.write_text(json.dumps(said | {"inputs": [{"submission_id": "s1", "period": "2022-01"}]}), encoding="utf-8")
    (home.published / "log.jsonl").unlink()
    backfill(home, ())
    assert shown_from(entries(home)) == {"s1": AT}
