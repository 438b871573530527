"""The door of a home: its version, and who may read it."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from minsheng.core import layout
from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import append_line, atomic_write, make_folder
from minsheng.core.home import Home, Installation
from minsheng.core.layout import begin, enter, enter_home
from minsheng.landing import record_opening
from minsheng.warehouse.connection import open_warehouse
from tests.county import IN_TIME


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """What most accounts have; the door sets its own for the whole process."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A county's home that has a warehouse and has opened a month."""
    found = Installation(tmp_path / "home").home("lushan")
    with open_warehouse(found.warehouse):
        record_opening(found, "lushan-2022", "2022-05", IN_TIME)
    return found


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_installation_bears_the_version_of_its_layout(home: Home) -> None:
    assert json.loads(home.installation.layout.read_text()) == {"layout": layout.VERSION}


def test_an_empty_folder_is_left_empty(tmp_path: Path) -> None:
    installation = enter(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert installation.counties == ()


def test_an_installation_of_a_later_version_is_refused(home: Home) -> None:
    home.installation.layout.write_text(json.dumps({"layout": layout.VERSION + 1}))
    with pytest.raises(UserError, match=r"布局是 3，.*只认到 2 → 请用写它的那个版本"):
        enter(home.installation.root)


@pytest.mark.parametrize("signature", ['{"layout": 1}', None])
def test_one_of_the_layout_before_counties_is_to_be_migrated(tmp_path: Path, signature: str | None) -> None:
    record_opening(Home(tmp_path), "lushan-2022", "2022-05", IN_TIME)
    if signature:
        (tmp_path / "layout.json").write_text(signature)
    with pytest.raises(UserError, match=r"布局是 1，.* → 请停下使用它的程序，再运行 `minsheng migrate"):
        enter(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"layout": null}', "{}"])
def test_a_version_that_cannot_be_read_is_told_with_its_remedy(home: Home, content: str) -> None:
    home.installation.layout.write_text(content)
    with pytest.raises(DamagedError, match=r"layout\.json：没有写明数据目录的布局.* → 请从备份恢复"):
        enter(home.installation.root)


def test_a_signature_that_is_lost_makes_no_installation_an_old_one(home: Home) -> None:
    home.installation.layout.unlink()
    assert enter(home.installation.root).counties == ("lushan",)


def test_a_county_whose_home_is_gone_is_no_new_one(home: Home) -> None:
    enter_home(home.installation, "lushan")
    shutil.rmtree(home.root)
    with pytest.raises(DamagedError, match=r"是空的或不见了，.*确要从头开始的，删除 .*lushan"):
        enter_home(home.installation, "lushan")
    (home.installation.known_counties / "lushan").unlink()
    assert enter_home(home.installation, "lushan") == home


def test_a_county_beside_others_begins_its_own_home(home: Home) -> None:
    enter_home(home.installation, "lushan")
    other = enter_home(home.installation, "fancheng")
    assert not other.root.exists()
    assert home.installation.counties == ("lushan",)


def test_what_we_write_is_nobody_elses(tmp_path: Path) -> None:
    begin(Home(tmp_path / "new" / "lushan"))
    atomic_write(tmp_path / "new" / "lushan" / "outbox" / "pending" / "mail.eml", b"")
    append_line(tmp_path / "new" / "lushan" / "log", "line")
    modes = {path.relative_to(tmp_path).as_posix(): mode(path) for path in (tmp_path / "new").rglob("*")}
    assert modes == {
        "new/layout.json": 0o640,
        "new/lushan": 0o751,
        "new/lushan/outbox": 0o750,
        "new/lushan/outbox/pending": 0o750,
        "new/lushan/outbox/pending/mail.eml": 0o640,
        "new/lushan/log": 0o640,
    }
    assert mode(tmp_path / "new") == 0o751


def test_what_was_left_open_is_shut_and_the_publication_is_not(home: Home) -> None:
    make_folder(home.published, 0o755)
    home.warehouse.chmod(0o644)
    for folder in (home.root, home.landing):
        folder.chmod(0o775)
    enter_home(home.installation, "lushan")
    found = [mode(path) for path in (home.root, home.landing, home.warehouse, home.published)]
    assert found == [0o771, 0o770, 0o640, 0o755]


def test_the_door_sets_the_rights_of_what_others_write_for_us(home: Home) -> None:
    enter(home.installation.root)
    (home.root / "by-duckdb").touch()
    assert mode(home.root / "by-duckdb") == 0o640


def test_a_torn_line_is_ended_before_the_next(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text('{"a": 1}\n{"b"')
    append_line(log, '{"c": 3}')
    assert log.read_text().splitlines() == ['{"a": 1}', '{"b"', '{"c": 3}']
