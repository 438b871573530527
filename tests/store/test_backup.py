"""A backup taken while the system works is a moment of it; put back, it goes on as if nothing had been."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from minsheng.backup import making, restoring
from minsheng.backup.copying import Copying
from minsheng.backup.making import backups, drop_old, make_backup
from minsheng.backup.record import LastBackup, last_backup
from minsheng.backup.restoring import find_backup, restore
from minsheng.commands.main import app
from minsheng.core.clock import ZONE
from minsheng.core.declarations import ROOT
from minsheng.core.errors import BusyError, DamagedError, UserError
from minsheng.core.files import atomic_write, digest, move
from minsheng.core.home import Installation
from minsheng.core.layout import enter
from minsheng.core.period import Period
from minsheng.flows.pipeline import run_stages
from minsheng.verify import verify
from minsheng.warehouse.copying import held_still
from tests.holding import holding
from tests.store.conftest import Town

pytestmark = pytest.mark.slow

NOW = datetime(2022, 4, 10, 2, tzinfo=ZONE)
THIRD = datetime(2022, 4, 6, 17, 30, tzinfo=ZONE)
_TRIES_TO_WRITE = """
import sys
import duckdb
try:
    duckdb.connect(sys.argv[1]).close()
except duckdb.IOException as refusal:
    print("refused" if "lock" in str(refusal) else refusal)
else:
    print("written")
"""


def files_of(root: Path) -> dict[str, str]:
    """Everything below a folder that a backup takes, by its content or where it leads."""
    found = (path for path in root.rglob("*") if path.is_symlink() or path.is_file())
    named = {path.relative_to(root): path for path in found}
    return {
        str(name): str(path.readlink()) if path.is_symlink() else digest(path)
        for name, path in named.items()
        if "books" not in name.parts and not any(part.startswith(".") for part in name.parts)
    }


def third_month(town: Town, inbox: Path) -> str:
    """March, received, judged and published; gives what readers see then."""
    run = replace(town.run, as_of=THIRD, run_id="third")
    list(run_stages(run, Period(2022, 3), inbox, town.contacts))
    return town.content


def at(town: Town, root: Path) -> Town:
    """The same county in another installation."""
    return replace(town, run=replace(town.run, home=Installation(root).home(town.home.county)))


@pytest.fixture
def march(tmp_path: Path) -> Path:
    """What the units send in April."""
    inbox = tmp_path / "march"
    for unit in ("CGJ", "GAJ", "RSJ"):
        shutil.copytree(ROOT / "examples" / "lushan-2022" / "2022-04-06T1730" / unit, inbox / unit)
    return inbox


def test_one_taken_in_the_midst_of_a_run_goes_on_to_the_same_end(town: Town, march: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "minsheng", "run", "--plan", str(ROOT / "plans" / "lushan-2022")]
    options = ["--period", "2022-03", "--inbox", str(march), "--home", str(town.home.installation.root)]
    settings = {"PYTHONPATH": str(ROOT / "etl"), "MINSHENG_CONTACTS": str(ROOT / "examples" / "contacts.yaml")}
    made: list[LastBackup] = []
    with subprocess.Popen(
        [*command, *options, "--as-of", THIRD.isoformat()], env=os.environ | settings, stdout=subprocess.DEVNULL
    ) as running:
        while running.poll() is None:
            moment = NOW + timedelta(seconds=len(made))
            made.append(make_backup(town.home.installation, tmp_path / "out", moment))
            time.sleep(2)  # so that the run gets on, too
    assert running.returncode == 0
    assert len(made) > 1
    for number, folder in enumerate(backups(tmp_path / "out")):
        restore(folder, Installation(tmp_path / f"back{number}"))
        assert verify(Installation(tmp_path / f"back{number}"), ["lushan"]) == []
    back = at(town, tmp_path / f"back{len(made) // 2}")
    assert third_month(back, march) == town.content
    assert verify(back.home.installation, ["lushan"]) == []


def test_it_comes_back_as_it_was_and_is_remembered(town: Town, tmp_path: Path) -> None:
    here = town.home.installation
    before = files_of(here.root)
    assert last_backup(here) is None
    made = make_backup(here, tmp_path / "out", NOW)
    assert last_backup(here) == made
    assert made.folder == str(find_backup(tmp_path / "out"))

    there = Installation(tmp_path / "back")
    manifest = restore(Path(made.folder), there)
    assert (manifest.counties, len(manifest.files), manifest.size) == (("lushan",), made.files, made.size)
    assert files_of(there.root) == before == files_of(here.root)
    for path in (here.root, *here.root.rglob("*")):
        back = there.root / path.relative_to(here.root)
        if back.exists() and not path.is_symlink() and not path.name.startswith("."):
            assert (back.stat().st_mode, path.name) == (path.stat().st_mode, path.name)
    assert at(town, there.root).content == town.content


def test_nobody_writes_the_warehouse_while_it_is_copied(town: Town) -> None:
    def other_process() -> str:
        command = [sys.executable, "-c", _TRIES_TO_WRITE, str(town.home.warehouse)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    with held_still(town.home.warehouse) as (file, *_):
        file.read()
        assert other_process() == "refused"
    assert other_process() == "written"


def test_a_writer_is_waited_for(town: Town, tmp_path: Path) -> None:
    with holding(town.home.warehouse) as writer:
        backup = threading.Thread(target=make_backup, args=(town.home.installation, tmp_path / "out", NOW))
        backup.start()
        backup.join(1)
        assert backup.is_alive() and not backups(tmp_path / "out")
        writer.communicate("\n")
        backup.join()
    assert len(backups(tmp_path / "out")) == 1


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """A process of its own kind: a file moved to and fro, two written one after the other, with a rest in between."""
    ended = threading.Event()

    def write() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            for name in ("a", "b"):
                atomic_write(folder / name, str(number).encode())
            for source, target in (("pending", "sent"), ("sent", "pending")):
                (folder / source / "mail").rename(folder / target / "mail")
            time.sleep(0.05 * (number % 4))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def test_what_is_copied_stood_like_that_at_one_moment(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for name in ("pending", "sent"):
        (source / name).mkdir(parents=True)
    for path in (source / "pending" / "mail", source / "a", source / "b"):
        path.write_text("0", encoding="utf-8")
    with writing(source):
        for number in range(10):
            copy = Copying(source, tmp_path / f"copy{number}")
            copy.until_still()
            first, second = (int((copy.target / name).read_text(encoding="utf-8")) for name in ("a", "b"))
            assert first - second in (0, 1)
            assert len(list(copy.target.rglob("mail"))) == 1
            assert copy.files.keys() == files_of(copy.target).keys()


def test_where_there_is_no_still_moment_nothing_is_made(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    copying = Copying(source, tmp_path / "copy")
    found = copying.catch_up

    def and_another_comes() -> bool:
        atomic_write(source / "file", os.urandom(8))
        return found()

    copying.catch_up = and_another_comes  # type: ignore[method-assign]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "sleep", lambda _: None)
        with pytest.raises(BusyError, match="backup_restless"):
            copying.until_still()


def cut_at(step: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, but its so many-th call is the last thing the process does."""
    calls = iter(range(step + 1))

    def cut(*arguments: Any) -> Any:
        if next(calls) == step:
            raise KeyboardInterrupt
        return function(*arguments)

    return cut


@pytest.mark.parametrize("name", ["held_still", "settle_folders", "write_manifest", "require_whole", "move"])
def test_one_cut_short_leaves_none_and_the_next_is_whole(
    town: Town, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(making, name, cut_at(0, getattr(making, name)))
        make_backup(town.home.installation, tmp_path / "out", NOW)
    assert backups(tmp_path / "out") == []
    assert last_backup(town.home.installation) is None
    with pytest.raises(UserError, match="backup_missing"):
        find_backup(tmp_path / "out")

    made = make_backup(town.home.installation, tmp_path / "out", NOW)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [Path(made.folder).name]


@pytest.mark.parametrize("step", range(3))
def test_a_restore_cut_short_is_called_again_and_nobody_works_there_meanwhile(
    town: Town, tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_backup(town.home.installation, tmp_path / "out", NOW)
    folder, there = find_backup(tmp_path / "out"), Installation(tmp_path / "back")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(restoring, "move", cut_at(step, move))
        restore(folder, there)
    with pytest.raises(UserError, match="restore_unfinished"):
        enter(there.root)
    other = shutil.copytree(folder, tmp_path / "minsheng-other", symlinks=True)
    with pytest.raises(UserError, match="restore_of_another"):
        restore(other, there)

    restore(folder, there)
    assert files_of(there.root) == files_of(town.home.installation.root)
    assert verify(enter(there.root), ["lushan"]) == []


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def turn(path: Path) -> None:
    path.unlink()
    path.symlink_to("revisions/another")


@pytest.mark.parametrize(
    ("where", "damage"),
    [
        ("homes/lushan/warehouse.duckdb", flip),
        ("homes/lushan/warehouse.duckdb", Path.unlink),
        ("homes/lushan/published/current", turn),
        ("homes/layout.json", flip),
        ("settings/contacts.yaml", Path.unlink),
    ],
)
def test_one_that_is_damaged_is_not_put_back(
    town: Town, tmp_path: Path, where: str, damage: Callable[[Path], None]
) -> None:
    contacts = {"contacts.yaml": ROOT / "examples" / "contacts.yaml"}
    folder = Path(make_backup(town.home.installation, tmp_path / "out", NOW, settings=contacts).folder)
    damage(folder / where)
    with pytest.raises(DamagedError, match="backup_damaged") as error:
        restore(folder, Installation(tmp_path / "back"))
    assert [fault.where for fault in error.value.faults] == [str(folder / where)]
    assert not (tmp_path / "back").exists()


def test_it_goes_nowhere_it_could_hurt(town: Town, tmp_path: Path) -> None:
    here = town.home.installation
    with pytest.raises(UserError, match="backup_inside_home"):
        make_backup(here, town.home.landing / "backups", NOW)
    folder = Path(make_backup(here, tmp_path / "out", NOW).folder)
    with pytest.raises(UserError, match="backup_there"):
        make_backup(here, tmp_path / "out", NOW)
    with pytest.raises(UserError, match="home_not_empty"):
        restore(folder, here)


def test_what_is_lost_already_pushes_out_no_better_backup(town: Town, tmp_path: Path) -> None:
    town.home.warehouse.unlink()
    with pytest.raises(DamagedError, match="warehouse_gone"):
        make_backup(town.home.installation, tmp_path / "out", NOW)
    assert not (tmp_path / "out").exists()


def test_the_oldest_go_and_the_newest_stay(town: Town, tmp_path: Path) -> None:
    made = [
        Path(make_backup(town.home.installation, tmp_path / "out", NOW + timedelta(days=day)).folder)
        for day in range(3)
    ]
    assert drop_old(tmp_path / "out", 2) == made[:1]
    assert backups(tmp_path / "out") == made[1:]


def test_airflows_sqlite_is_saved_while_it_is_written(town: Town, tmp_path: Path) -> None:
    database = tmp_path / "airflow.db"
    address = f"sqlite:///{database}"
    with closing(sqlite3.connect(database)) as airflow:
        airflow.executescript("pragma journal_mode = wal; create table dag (name text); insert into dag values ('a');")
        airflow.execute("insert into dag values ('not committed')")
        folder = make_backup(town.home.installation, tmp_path / "out", NOW, address).folder
    with pytest.raises(UserError, match="metadata_there"):
        restore(Path(folder), Installation(tmp_path / "back"), address)

    restore(Path(folder), Installation(tmp_path / "back"), f"sqlite:///{tmp_path / 'restored.db'}")
    with closing(sqlite3.connect(tmp_path / "restored.db")) as restored:
        assert restored.execute("select name from dag").fetchall() == [("a",)]


def test_one_cut_short_after_the_metadata_goes_on_from_there(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, back = tmp_path / "airflow.db", Installation(tmp_path / "back")
    with closing(sqlite3.connect(database)) as airflow:
        airflow.executescript("create table dag (name text)")
    folder = Path(make_backup(town.home.installation, tmp_path / "out", NOW, f"sqlite:///{database}").folder)
    database.unlink()
    with monkeypatch.context() as patch:
        patch.setattr("minsheng.backup.restoring.shutil.rmtree", lambda _: pytest.fail("cut short"))
        with pytest.raises(pytest.fail.Exception):
            restore(folder, back, f"sqlite:///{database}")
    restore(folder, back, f"sqlite:///{database}")
    assert database.exists() and not back.unfinished_restore.exists()


@pytest.mark.parametrize("address", ["mysql://airflow:geheim@host/db", "geheim"])
def test_an_address_that_cannot_be_used_is_not_told(town: Town, tmp_path: Path, address: str) -> None:
    with pytest.raises(UserError, match="metadata_address_unfit") as error:
        make_backup(town.home.installation, tmp_path / "out", NOW, address)
    assert "geheim" not in str(error.value)
    with suppress(FileNotFoundError):
        assert backups(tmp_path / "out") == []


def test_the_commands(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    home, out = str(town.home.installation.root), str(tmp_path / "out")
    made = CliRunner().invoke(app, ["backup", "--home", home, "--out", out, "--keep", "3"])
    assert made.exit_code == 0 and "已读回核对" in made.output and "没有备份 Airflow 元数据" in made.output
    assert "完整" in CliRunner().invoke(app, ["restore", out, "--verify"]).output
    back = CliRunner().invoke(app, ["restore", out, "--home", str(tmp_path / "back")])
    waiting = len(list((town.home.outbox / "pending").rglob("*.eml")))
    assert back.exit_code == 0 and f"有 {waiting} 封邮件" in back.output
    assert "没有丢失" in CliRunner().invoke(app, ["verify", "--home", str(tmp_path / "back")]).output
