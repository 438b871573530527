"""What has landed is deleted or moved at its source where that is asked for, and nothing else ever is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.landing import all_receipts
from minsheng.plan.run import Run
from minsheng.source.declared import declared_sources
from minsheng.source.delivery import Source
from minsheng.source.folder import FolderSource
from minsheng.source.local import LocalStore
from minsheng.source.putting_away import OURS, Away, ChangedError, put_away
from minsheng.source.senders import BY_FOLDER, Senders
from minsheng.stages import pull as stage
from minsheng.stages.pull import pull
from tests.sources.conftest import Server
from tests.sources.test_kinds import made, serving_kind
from tests.workbooks import as_bytes, cell, manholes

DELETE, MOVE = Away("delete", "已取"), Away("move", "已取")
CONTENT = "一月,1\r\n".encode("gb18030") * 99


class Shared:
    """A source of some kind, and the folder it serves as the unit sees it."""

    def __init__(self, folder: Path, server: Server | None) -> None:
        self.folder, self.server = folder, server

    def source(self, away: Away, by: Senders = BY_FOLDER) -> Source:
        if self.server:
            return replace(self.server.source(), away=away, by=by)
        return FolderSource(self.folder, "folder", by, away)

    def put(self, path: str, content: bytes = CONTENT) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    @property
    def files(self) -> set[str]:
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module", params=["folder", "sftp", "ftp", "ftps", "webdav", "smb"])
def shared(request: pytest.FixtureRequest, secrets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    base = tmp_path_factory.mktemp(request.param)
    if request.param == "folder":
        (base / "files").mkdir()
        yield Shared(base / "files", None)
        return
    with serving_kind(request.param, secrets, base, "writable") as port:
        yield Shared(base / "files", made(request.param, base / "files", port))


@pytest.fixture
def local(tmp_path: Path) -> Shared:
    (tmp_path / "files" / "RSJ").mkdir(parents=True)
    return Shared(tmp_path / "files", None)


def again(run: Run, number: int) -> Run:
    return replace(run, run_id=f"run-{number}")


def test_what_has_landed_is_deleted_or_moved_and_nothing_is_fetched_twice(shared: Shared, run: Run) -> None:
    for away, name, lies in ((DELETE, "一月.csv", set()), (MOVE, "2022/二 月.csv", {"已取/RSJ/{}-二 月.csv"})):
        content = CONTENT + name.encode()
        digest = sha256(content).hexdigest()
        shared.put(f"RSJ/{name}", content)
        first = pull(again(run, 1), shared.source(away))
        assert (first.count("landed"), first.count("left")) == (1, 0), first
        assert shared.files == {path.format(digest[:8]) for path in lies}
        assert [one.file_name for one in all_receipts(run.home) if one.sha256 == digest] == [name]
        assert pull(again(run, 2), shared.source(away)).outcomes == ()


@pytest.mark.parametrize("by", [BY_FOLDER, Senders("RSJ")])
def test_what_was_moved_is_nothing_new_to_any_source(shared: Shared, run: Run, by: Senders) -> None:
    shared.put("RSJ/三月.csv", CONTENT + b"3")
    assert pull(run, shared.source(MOVE, by)).count("landed") == 1
    assert pull(again(run, 2), shared.source(Away("keep", "已取"), by)).outcomes == ()
    others = [shared.source(away, by) for away in (Away(), Away("delete"), Away("move", "归档"))]
    for number, other in enumerate([*others, shared.source(Away(), Senders("CGJ")), FolderSource(shared.folder)]):
        told = pull(again(run, 3 + number), other)
        assert (told.count("landed"), told.count("ignored")) == (0, 1), told


def test_what_lies_in_a_folder_of_any_name_is_put_away(local: Shared, run: Run) -> None:
    for raw in ("二月".encode("gb18030"), "二月".encode(), f"旧{OURS}".encode()):
        local.put(f"RSJ/{os.fsdecode(raw)}/{os.fsdecode('表.csv'.encode('gb18030'))}", CONTENT + raw)
    assert pull(run, local.source(DELETE)).counts == {"landed": 3}
    assert local.files == set()


def test_what_was_interrupted_is_finished_by_the_next_run(local: Shared, run: Run) -> None:
    local.put("RSJ/一月.csv")
    pull(run, local.source(Away()))
    (local.folder / "RSJ" / "一月.csv").rename(local.folder / "RSJ" / f"一月.csv{OURS}")
    assert pull(again(run, 2), local.source(DELETE)).counts == {"known": 1}
    assert local.files == set() and len(all_receipts(run.home)) == 1


def test_what_somebody_wrote_meanwhile_under_our_name_is_taken_under_its_own(local: Shared, run: Run) -> None:
    local.put(f"RSJ/一月.csv{OURS}")
    assert pull(run, local.source(DELETE)).counts == {"landed": 1}
    assert (local.files, [one.file_name for one in all_receipts(run.home)]) == (set(), ["一月.csv"])


def test_what_is_not_what_landed_gets_its_name_back(local: Shared) -> None:
    local.put("RSJ/一月.csv", b"written over")
    with pytest.raises(ChangedError):
        put_away(LocalStore(local.folder), DELETE, "RSJ/一月.csv", sha256(CONTENT).hexdigest(), "", "RSJ")
    assert (local.folder / "RSJ" / "一月.csv").read_bytes() == b"written over"


def test_what_was_interrupted_goes_before_what_came_under_its_name_since(shared: Shared, run: Run) -> None:
    shared.put("RSJ/一月.csv", b"since")
    shared.put(f"RSJ/一月.csv{OURS}")
    assert pull(run, shared.source(DELETE)).counts == {"landed": 2}
    assert (shared.files & {"RSJ/一月.csv", f"RSJ/一月.csv{OURS}"}, len(all_receipts(run.home))) == (set(), 2)
    assert pull(again(run, 2), shared.source(DELETE)).outcomes == ()


def test_nothing_is_written_over_on_the_way_out(local: Shared) -> None:
    local.put("RSJ/一月.csv")
    local.put(f"RSJ/一月.csv{OURS}", b"another")
    with pytest.raises(ChangedError):
        put_away(LocalStore(local.folder), DELETE, "RSJ/一月.csv", sha256(CONTENT).hexdigest(), "", "RSJ")
    assert local.files == {"RSJ/一月.csv", f"RSJ/一月.csv{OURS}"}


def test_who_dies_after_it_was_deleted_has_it_landed(local: Shared, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    local.put("RSJ/一月.csv")
    with monkeypatch.context() as patch:
        patch.setattr(stage, "remember", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            pull(run, local.source(DELETE))
    assert (local.files, len(all_receipts(run.home))) == (set(), 1)
    assert pull(again(run, 2), local.source(DELETE)).outcomes == ()


def test_what_is_kept_out_stays_where_it_lies(local: Shared, run: Run) -> None:
    workbook = manholes(period="2022-01")
    cell(workbook, "M03-01", "备注").value = "联系人 13800000000"
    local.put("RSJ/一月.xlsx", as_bytes(workbook))
    assert pull(run, local.source(DELETE)).counts == {"withheld": 1}
    assert local.files == {"RSJ/一月.xlsx"}


def test_a_server_that_forbids_it_is_told_and_nothing_comes_twice(run: Run, secrets: Path, tmp_path: Path) -> None:
    with serving_kind("ftp", secrets, tmp_path) as port:
        forbidding = Shared(tmp_path / "files", made("ftp", tmp_path / "files", port))
        forbidding.put("RSJ/一月.csv")
        assert pull(run, forbidding.source(DELETE)).counts == {"landed": 1, "left": 1}
        assert pull(again(run, 2), forbidding.source(MOVE)).counts == {"known": 1, "left": 1}
    assert forbidding.files == {"RSJ/一月.csv"} and len(all_receipts(run.home)) == 1


@pytest.mark.parametrize(
    ("kind", "more", "told"),
    [
        ("http", "after_fetch: delete", "只看，不动"),
        ("s3", "after_fetch: delete", "只看，不动"),
        ("sftp", "after_fetch: move", "moved_to"),
        ("sftp", "after_fetch: move, moved_to: a/b", "文件夹名"),
    ],
)
def test_a_declaration_says_what_cannot_be_asked_for(tmp_path: Path, kind: str, more: str, told: str) -> None:
    declared = tmp_path / "sources.yaml"
    declared.write_text(f"sources:\n  - {{name: a, kind: {kind}, connection: c, {more}}}\n", encoding="utf-8")
    with pytest.raises(UserError) as raised:
        declared_sources(declared, "lushan")
    assert told in str(raised.value)
