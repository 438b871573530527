"""What hands may put into an inbox, by accident or on purpose: it is taken, or told, and never stops or misleads."""

from __future__ import annotations

import os
import socket
import subprocess
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from threading import Event, Thread
from typing import BinaryIO

import pytest

from minsheng.core.outcome import Outcome
from minsheng.source import content, folder, folder_walk
from minsheng.source.content import FileContent
from minsheng.source.entries import MAX_DEPTH
from minsheng.source.folder import open_inbox
from minsheng.source.folder_file import FolderDelivery
from minsheng.source.names import readable_name, sender_code, told_apart


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    made = tmp_path / "inbox"
    for code in ("CL", "RSJ"):
        (made / code / "2022").mkdir(parents=True)
        (made / code / "2022" / "表.xlsx").write_bytes(code.encode())
    return made


def taken(inbox: Path) -> dict[str, str]:
    """Label to content, or to the result of what is not taken."""
    return dict(_taken(inbox))


def _taken(inbox: Path) -> Iterator[tuple[str, str]]:
    with open_inbox(inbox) as opened:
        for each in chain(opened.strays, opened.deliveries()):
            read = each.read() if isinstance(each, FolderDelivery) else each
            if isinstance(each, FolderDelivery) and isinstance(read, FileContent):
                yield each.label, (read.data or b"").decode()
            elif isinstance(read, Outcome):
                yield read.input, read.result


def each_by_itself(inbox: Path) -> list[str]:
    """Sender and name of every file, as they come."""
    with open_inbox(inbox) as opened:
        return [each.label for each in opened.deliveries() if isinstance(each, FolderDelivery)]


@contextmanager
def first_file(inbox: Path) -> Iterator[FolderDelivery]:
    """CL/2022/表.xlsx, listed and not read yet."""
    with open_inbox(inbox) as opened:
        walk = opened.deliveries()
        delivery = next(walk)
        assert isinstance(delivery, FolderDelivery)
        yield delivery


def test_pipes_sockets_and_links_are_told_and_never_opened(inbox: Path) -> None:
    """A pipe opened to be read waits for whoever will write into it: for ever."""
    os.mkfifo(inbox / "CL" / "管道.xlsx")
    os.mkfifo(inbox / "管道")
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(inbox / "CL", os.O_RDONLY)
        listening.bind(f"/proc/self/fd/{here}/s.xlsx")  # the path of a socket may have 107 bytes
        os.close(here)
        (inbox / "CL" / "链接.xlsx").symlink_to(inbox / "RSJ" / "2022" / "表.xlsx")
        (inbox / "CL" / "圈").symlink_to(inbox / "CL")
        (inbox / "FL").symlink_to(inbox / "RSJ")
        told = taken(inbox)
    assert told == dict.fromkeys(("管道", "FL", "CL/管道.xlsx", "CL/s.xlsx", "CL/链接.xlsx", "CL/圈"), "misplaced") | {
        "CL/2022/表.xlsx": "CL",
        "RSJ/2022/表.xlsx": "RSJ",
    }


def test_a_pipe_put_in_place_of_a_file_is_not_waited_for(inbox: Path) -> None:
    file = inbox / "CL" / "2022" / "表.xlsx"
    with first_file(inbox) as delivery:
        file.unlink()
        os.mkfifo(file)
        assert delivery.read() == Outcome("CL/2022/表.xlsx", "misplaced", "是管道、设备等特殊文件，不是报表")


def test_a_link_put_in_place_of_a_file_is_not_followed(inbox: Path) -> None:
    file = inbox / "CL" / "2022" / "表.xlsx"
    with first_file(inbox) as delivery:
        file.unlink()
        file.symlink_to(inbox / "RSJ" / "2022" / "表.xlsx")
        assert delivery.read() == Outcome("CL/2022/表.xlsx", "misplaced", "是链接，不是报表；不跟随链接取件")


def test_a_folder_swapped_for_a_link_after_it_was_listed_lets_nothing_in(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = os.open

    def swap_first(name: str | bytes | Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if name == b"2022" and not (inbox / "CL" / "2022").is_symlink():
            (inbox / "CL" / "2022").rename(inbox.parent / "aside")
            (inbox / "CL" / "2022").symlink_to(inbox / "RSJ" / "2022")
        return opening(name, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", swap_first)
    assert taken(inbox) == {"CL/2022": "misplaced", "RSJ/2022/表.xlsx": "RSJ"}


def test_a_folder_swapped_after_it_was_opened_is_read_as_it_was(inbox: Path) -> None:
    with first_file(inbox) as delivery:
        (inbox / "CL").rename(inbox.parent / "aside")
        (inbox / "CL").symlink_to(inbox / "RSJ")
        read = delivery.read()
    assert isinstance(read, FileContent)
    assert read.data == b"CL"


def test_whoever_swaps_folders_all_the_time_gets_no_other_units_file_in(inbox: Path) -> None:
    """A real race, thousands of swaps against a hundred walks: never is RSJ's content taken as CL's."""
    done, aside, link = Event(), inbox.parent / "aside", inbox.parent / "link"
    link.symlink_to(inbox / "RSJ" / "2022")
    place = inbox / "CL" / "2022"

    def swap() -> None:
        while not done.is_set():
            place.rename(aside)
            link.rename(place)
            place.rename(link)
            aside.rename(place)

    swapping = Thread(target=swap)
    swapping.start()
    try:
        told = [taken(inbox) for _ in range(100)]
    finally:
        done.set()
        swapping.join()
    assert {one.get("CL/2022/表.xlsx", "CL") for one in told} == {"CL"}
    assert all(one["RSJ/2022/表.xlsx"] == "RSJ" for one in told)


def test_folders_within_folders_end_somewhere(inbox: Path) -> None:
    """1,500 of them, deeper than any path can be written."""
    here = os.open(inbox / "CL", os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("深" * 20, dir_fd=here)
        below = os.open("深" * 20, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    told = taken(inbox)
    subprocess.run(["rm", "--recursive", inbox / "CL" / ("深" * 20)], check=True)  # too deep for shutil
    assert told.pop("CL/" + "/".join(["深" * 20] * (MAX_DEPTH + 1))) == "too_deep"
    assert told == {"CL/2022/表.xlsx": "CL", "RSJ/2022/表.xlsx": "RSJ"}


def test_the_last_folder_allowed_is_looked_into(inbox: Path) -> None:
    deep = inbox / "CL" / "/".join("层" * MAX_DEPTH)
    deep.mkdir(parents=True)
    (deep / "表.xlsx").write_bytes(b"deep")
    assert taken(inbox)["CL/" + "/".join("层" * MAX_DEPTH) + "/表.xlsx"] == "deep"


def test_a_units_endless_files_end_and_are_told_and_others_go_on(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_walk, "MAX_ENTRIES", 30)
    for number in range(40):
        (inbox / "CL" / f"{number:02}").mkdir()
        (inbox / "CL" / f"{number:02}" / "表.xlsx").write_bytes(b"one of many")
    told = taken(inbox)
    assert told.pop("CL") == "too_many"
    assert told.pop("RSJ/2022/表.xlsx") == "RSJ"
    assert len(told) == 15, "thirty entries: fifteen folders and what is in each"


def test_an_inbox_of_endless_folders_ends_and_is_told(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MAX_ENTRIES", 2)
    (inbox / "ZZZ").mkdir()
    assert taken(inbox)["."] == "too_many"


def test_names_that_would_be_stored_alike_are_told_apart(inbox: Path) -> None:
    """A twin left by Windows over FTP has other bytes and the same name; so have two that show no control character."""
    names = ("报表.xlsx".encode(), "报表.xlsx".encode("gb18030"), "表\n.xlsx".encode(), "表\x07.xlsx".encode())
    cl = os.fsencode(inbox / "CL")
    for raw in names:
        Path(os.fsdecode(cl + b"/" + raw)).write_bytes(raw)
    found = each_by_itself(inbox)
    assert len(found) == len(set(found)) == len(names) + 2
    assert "CL/报表.xlsx" in found
    assert each_by_itself(inbox) == found, "the same at the next run"


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("五月.xlsx".encode("gb18030"), "五月.xlsx"),
        (b"\xff\xfe.xlsx", r"\xff\xfe.xlsx"),
        (b"a\nb\r\x00\x1b[2J.xlsx", "a\ufffdb\ufffd\ufffd\ufffd[2J.xlsx"),
        ("表\u202exslx.exe".encode(), "表\ufffdxslx.exe"),
        ("一\u2028二\x85三".encode(), "一\ufffd二\ufffd三"),
        (b"\xed\xa0\x80.xlsx", None),
        ("👩‍👩‍👧.xlsx".encode(), "👩‍👩‍👧.xlsx"),
    ],
)
def test_any_bytes_are_read_as_text_of_one_line(raw: bytes, name: str | None) -> None:
    shown = readable_name(raw)
    assert name is None or shown == name
    assert len(shown.splitlines()) == 1
    assert shown.encode().decode() == shown


def test_composed_and_decomposed_names_are_two() -> None:
    twins = [unicodedata.normalize(form, "é.xlsx").encode() for form in ("NFC", "NFD")]
    assert list(told_apart(twins).values()) == [raw.decode() for raw in twins]


def test_a_code_is_a_folders_name_cut_where_it_is_long() -> None:
    assert sender_code("CGJ") == "CGJ"
    assert sender_code(" cgj ") == " cgj "
    long = [sender_code("长" * number) for number in (84, 85)]
    assert len(set(long)) == 2
    assert all(len(code) == 60 for code in long)
    assert sender_code("张三13812345678") == "张三***********"


def test_a_file_is_read_through_the_descriptor_it_was_looked_at(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another file renamed to the same name while this one is read changes nothing."""
    read, file = content._read, inbox / "CL" / "2022" / "表.xlsx"

    def swapped(stream: BinaryIO, size: int) -> FileContent:
        (inbox / "RSJ" / "2022" / "表.xlsx").replace(file)
        return read(stream, size)

    monkeypatch.setattr(content, "_read", swapped)
    with first_file(inbox) as delivery:
        result = delivery.read()
    assert isinstance(result, FileContent)
    assert result.data == b"CL"
