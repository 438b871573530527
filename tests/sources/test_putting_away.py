"""What has landed is deleted or moved at its source where that is asked for, and nothing else ever is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.core.outcome import Outcome
from minsheng.landing import all_receipts
from minsheng.plan.run import Run
from minsheng.source import putting_away
from minsheng.source.declared import declared_sources
from minsheng.source.delivery import Delivery, Source
from minsheng.source.folder import FolderSource
from minsheng.source.local import LocalStore
from minsheng.source.putting_away import CHANGED, OURS, Away, ChangedError, Editable, Lying, put_away
from minsheng.source.remote import RemoteSource
from minsheng.source.senders import BY_FOLDER, Senders
from minsheng.source.store import read_up_to
from minsheng.stages import pull as stage
from minsheng.stages.pull import pull
from tests.sources.conftest import Server
from tests.sources.test_kinds import made, serving_kind
from tests.workbooks import as_bytes, cell, manholes

DELETE, MOVE = Away("delete", "已取"), Away("move", "已取")
CONTENT = "一月,1\r\n".encode("gb18030") * 99
JANUARY = Lying("RSJ/一月.csv", "一月.csv".encode(), "RSJ")


class Shared:
    """A source of some kind, and the folder it serves as the unit sees it."""

    def __init__(self, folder: Path, server: Server | None) -> None:
        self.folder, self.server = folder, server

    def source(self, away: Away, by: Senders = BY_FOLDER) -> Source:
        if self.server:
            return replace(self.server.source(), away=away, by=by)
        return FolderSource(self.folder, "folder", by, away)

    @contextmanager
    def store(self) -> Iterator[Editable]:
        source = self.source(Away())
        with source.connect() if isinstance(source, RemoteSource) else nullcontext(LocalStore(self.folder)) as store:
            assert isinstance(store, Editable)
            yield store

    @contextmanager
    def delivered(self, away: Away) -> Iterator[Delivery]:
        """The one file that lies there."""
        with self.source(away).open({}) as opened:
            yield next(one for one in opened.deliveries() if not isinstance(one, Outcome))

    def empty(self) -> None:
        for path in self.files:
            (self.folder / path).unlink()

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
        put_away(LocalStore(local.folder), DELETE, JANUARY, sha256(CONTENT).hexdigest())
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
        put_away(LocalStore(local.folder), DELETE, JANUARY, sha256(CONTENT).hexdigest())
    assert local.files == {"RSJ/一月.csv", f"RSJ/一月.csv{OURS}"}


def test_a_name_that_is_taken_is_never_given_again(shared: Shared) -> None:
    shared.empty()
    root = shared.server.where if shared.server else ""
    for is_ours in (False, True):
        shared.put(f"RSJ/ours{OURS}", b"before")
        shared.put("RSJ/theirs.csv", b"newest")
        with shared.store() as store, pytest.raises(FileExistsError):
            unit = f"{root}/RSJ" if root else "RSJ"
            store.rename(f"{unit}/ours{OURS}", unit, "theirs.csv", is_ours=is_ours)
        assert (shared.folder / "RSJ" / "theirs.csv").read_bytes() == b"newest"
        assert (shared.folder / "RSJ" / f"ours{OURS}").read_bytes() == b"before"


def after_reading(patch: pytest.MonkeyPatch, happen: Callable[[], object]) -> None:
    patch.setattr(putting_away, "read_up_to", lambda *told: (read_up_to(*told), happen())[0])


def test_what_comes_while_we_look_once_more_is_never_lost(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = sha256(CONTENT).hexdigest()

    def written_on() -> None:
        (aside,) = (shared.folder / "RSJ").glob(f"*{OURS}")
        with aside.open("ab") as still_open:
            still_open.write(b"more")

    for happen, content in ((written_on, CONTENT), (lambda: shared.put("RSJ/一月.csv", b"newest"), b"other")):
        shared.empty()
        shared.put("RSJ/一月.csv", content)
        with monkeypatch.context() as patch, shared.delivered(DELETE) as delivery:
            after_reading(patch, happen)
            told = delivery.put_away(digest)
        assert told and (told.result, told.detail) == ("left", CHANGED)
        lie = {(shared.folder / path).read_bytes() for path in shared.files}
        assert lie == ({CONTENT + b"more"} if content == CONTENT else {b"other", b"newest"})


def test_no_more_is_read_a_second_time_than_the_first(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(putting_away, "MAX_BYTES", len(CONTENT))
    shared.empty()
    shared.put("RSJ/一月.csv", CONTENT + b"grown")
    with shared.delivered(DELETE) as delivery:
        told = delivery.put_away(sha256(CONTENT + b"grown").hexdigest())
    assert told and told.result == "left" and len(shared.files) == 1


def test_what_comes_again_with_the_same_bytes_is_moved_to_what_lies_there(shared: Shared, run: Run) -> None:
    shared.empty()
    for number in range(2):
        shared.put("RSJ/一月.csv")
        assert pull(again(run, number), shared.source(MOVE)).counts == {"known" if number else "landed": 1}
        assert shared.files == {f"已取/RSJ/{sha256(CONTENT).hexdigest()[:8]}-一月.csv"}


def test_a_name_that_leaves_no_room_is_put_away_by_its_hash(shared: Shared, run: Run) -> None:
    digest, name = sha256(CONTENT).hexdigest(), "长" * 81 + ".csv"
    for number, (away, lies) in enumerate(((DELETE, set()), (MOVE, {f"已取/RSJ/{digest}.csv"}))):
        shared.empty()
        shared.put(f"RSJ/{name}")
        assert pull(again(run, 2 * number), shared.source(away)).count("left") == 0
        assert shared.files == lies
        shared.put(f"RSJ/{digest}{OURS}")  # as after a power cut
        assert pull(again(run, 2 * number + 1), shared.source(DELETE)).counts == {"known": 1}
        assert (shared.files, len(all_receipts(run.home))) == (lies, 1)


def test_what_is_called_by_a_hash_that_never_landed_lands(local: Shared, run: Run) -> None:
    local.put(f"RSJ/{sha256(CONTENT).hexdigest()}{OURS}")
    assert pull(run, local.source(DELETE)).counts == {"landed": 1}


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
