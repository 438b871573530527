"""The door of a home: its version, and who may read it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from minsheng.core import layout
from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import append_line, atomic_write, make_folder
from minsheng.core.home import Home
from minsheng.core.layout import begin, enter
from minsheng.landing import record_opening
from tests.county import IN_TIME


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """What most accounts have; the door sets its own for the whole process."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of before layouts had versions: it has opened a month."""
    found = Home(tmp_path / "home")
    record_opening(found, "lushan-2022", "2022-05", IN_TIME)
    return found


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_home_bears_the_version_of_its_layout(tmp_path: Path) -> None:
    begin(Home(tmp_path / "new"))
    assert json.loads((tmp_path / "new" / "layout.json").read_text()) == {"layout": layout.VERSION}


def test_one_without_is_of_the_first_version_and_is_signed(home: Home) -> None:
    enter(home.root)
    assert json.loads(home.layout.read_text()) == {"layout": layout.VERSION}


def test_an_empty_folder_is_left_empty(tmp_path: Path) -> None:
    enter(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_home_of_a_later_version_is_refused(home: Home) -> None:
    home.layout.write_text(json.dumps({"layout": layout.VERSION + 1}))
    with pytest.raises(UserError, match=r"has layout 2, .* knows layouts up to 1 → use the version of minsheng that"):
        enter(home.root)


def test_a_home_of_an_earlier_version_is_brought_up_step_by_step(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    steps = {1: lambda one: done.append(f"1 {one.root.name}"), 2: lambda one: done.append(f"2 {one.root.name}")}
    monkeypatch.setattr(layout, "VERSION", 3)
    monkeypatch.setattr(layout, "UPGRADES", steps)
    enter(home.root)
    enter(home.root)
    assert done == ["1 home", "2 home"]
    assert json.loads(home.layout.read_text()) == {"layout": 3}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"layout": null}', "{}"])
def test_a_version_that_cannot_be_read_is_told_with_its_remedy(home: Home, content: str) -> None:
    home.layout.write_text(content)
    with pytest.raises(DamagedError, match=r"layout\.json: does not say which layout .* → restore it from the backup"):
        enter(home.root)


def test_what_we_write_is_nobody_elses(tmp_path: Path) -> None:
    begin(Home(tmp_path / "new"))
    atomic_write(tmp_path / "new" / "outbox" / "pending" / "mail.eml", b"")
    append_line(tmp_path / "new" / "log", "line")
    modes = {path.relative_to(tmp_path).as_posix(): mode(path) for path in (tmp_path / "new").rglob("*")}
    assert modes == {
        "new/layout.json": 0o640,
        "new/outbox": 0o750,
        "new/outbox/pending": 0o750,
        "new/outbox/pending/mail.eml": 0o640,
        "new/log": 0o640,
    }
    assert mode(tmp_path / "new") == 0o751


def test_what_an_earlier_version_left_open_is_shut_and_the_publication_is_not(home: Home) -> None:
    make_folder(home.published, 0o755)
    home.warehouse.touch(0o644)
    for folder in (home.root, home.landing):
        folder.chmod(0o775)
    enter(home.root)
    found = [mode(path) for path in (home.root, home.landing, home.warehouse, home.published)]
    assert found == [0o771, 0o770, 0o640, 0o755]


def test_the_door_sets_the_rights_of_what_others_write_for_us(home: Home) -> None:
    enter(home.root)
    (home.root / "by-duckdb").touch()
    assert mode(home.root / "by-duckdb") == 0o640


def test_a_torn_line_is_ended_before_the_next(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text('{"a": 1}\n{"b"')
    append_line(log, '{"c": 3}')
    assert log.read_text().splitlines() == ['{"a": 1}', '{"b"', '{"c": 3}']
