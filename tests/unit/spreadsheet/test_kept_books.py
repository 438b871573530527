"""A file is opened when it is pulled and never again, as long as its book is kept beside its bytes."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from minsheng.core.declarations import ROOT, SOURCE
from minsheng.core.errors import UserError
from minsheng.landing import books as landed_books
from minsheng.landing import content_path, receipts
from minsheng.landing.books import landed_book
from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.encoding import decode, encode
from minsheng.spreadsheet.features import Features
from minsheng.spreadsheet.grid import Grid
from minsheng.spreadsheet.worker import Worker
from tests.books import book_of
from tests.county import County
from tests.workbooks import as_bytes, manholes

PLAN = "lushan-2022"
CONTENT = as_bytes(manholes("约120"))
EVERYTHING = Book(
    "ok",
    "ods",
    (
        Grid(
            "填报",
            [
                [None, True, 1, 1.5, "约120", date(2022, 5, 1)],
                [datetime(2022, 5, 1, 9, 30), time(9, 30), timedelta(hours=30), float("inf"), "2022-05-01"],  # noqa: DTZ001 (as sheets have them)
            ],
            (((0, 0), (1, 1)),),
            Features({(0, 1): "like:1户"}, {3}, {4, 5}, is_filtered=True),
            is_hidden=True,
        ),
    ),
    ("批注", "名称"),
    notes_beside=("批注",),
    has_embedded=True,
)


def delivered(county: County) -> Path:
    """The one book of a county that has sent one file."""
    county.send(("CGJ", "5月.xlsx", CONTENT), judge=False)
    (book,) = (county.home.landing / PLAN / "books").iterdir()
    return book


def never(_: bytes | None) -> Book:
    raise AssertionError("opened again")


@pytest.mark.parametrize("book", [EVERYTHING, Book("ragged", notes=("字",)), Book("too_large", is_binary=True)])
def test_a_book_comes_back_as_it_was(book: Book) -> None:
    assert decode(encode(book)) == book


@pytest.mark.parametrize(
    "content", [b"", b"\x80", encode(EVERYTHING)[:-1], encode(EVERYTHING) + b"\0", b"\x81\xa1a\xc0"]
)
def test_what_is_no_book_is_not_decoded(content: bytes) -> None:
    with pytest.raises(ValueError):
        decode(content)


def test_a_real_file_gives_the_book_that_is_kept(county: County) -> None:
    digest = delivered(county).name
    assert landed_book(county.home, PLAN, digest, never) == book_of(CONTENT)


def test_after_pull_no_stage_starts_a_process_to_open_the_file(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ask = Worker.ask

    def counted(worker: Worker, request: bytes) -> object:
        asked.append(worker._command[3])
        return ask(worker, request)

    monkeypatch.setattr(Worker, "ask", counted)
    county.send(("CGJ", "5月.xlsx", CONTENT))
    assert asked == ["minsheng.spreadsheet.reading", "minsheng.mail.markup"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda kept: b"",
        lambda kept: kept[:-1],
        lambda kept: kept[:40] + bytes([kept[40] ^ 1]) + kept[41:],
        lambda kept: encode(EVERYTHING),
        None,
    ],
    ids=["empty", "cut", "one bit", "without a seal", "missing"],
)
def test_a_book_that_is_hurt_or_lost_is_made_again(county: County, spoil: Callable[[bytes], bytes] | None) -> None:
    path = delivered(county)
    kept = path.read_bytes()
    path.unlink()
    if spoil:
        path.write_bytes(spoil(kept))
    assert landed_book(county.home, PLAN, path.name, book_of) == book_of(CONTENT)
    assert path.read_bytes() == kept


def test_a_book_made_by_other_code_is_made_again(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = delivered(county).name
    monkeypatch.setattr(landed_books, "reading_version", lambda: "another")
    with pytest.raises(AssertionError, match="opened again"):
        landed_book(county.home, PLAN, digest, never)


def test_whatever_takes_part_in_making_a_book_changes_the_version() -> None:
    asked = (
        "import sys, minsheng.spreadsheet.reading; "
        "print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('minsheng.')))"
    )
    done = subprocess.run((sys.executable, "-c", asked), capture_output=True, text=True, check=True, cwd=ROOT)
    known = [SOURCE / place for place in landed_books._READING_CODE]
    loaded = [Path(file) for file in done.stdout.split()]
    assert len(loaded) > 20
    assert [file for file in loaded if not any(file.is_relative_to(place) for place in known)] == []


def test_the_book_of_another_file_is_not_taken_for_its_own(county: County) -> None:
    path = delivered(county)
    other = path.with_name("0" * 64)
    other.write_bytes(path.read_bytes())
    content_path(county.home, PLAN, other.name).write_bytes(CONTENT)
    with pytest.raises(UserError, match="收到的原件已损坏"):
        landed_book(county.home, PLAN, other.name, never)


def test_a_book_that_cannot_be_kept_stops_nothing(county: County) -> None:
    (county.home.landing / PLAN).mkdir(parents=True, exist_ok=True)
    (county.home.landing / PLAN / "books").touch()
    assert county.send(("CGJ", "5月.xlsx", CONTENT), judge=False).counts == {"parsed": 1}


def test_nothing_of_a_withheld_file_is_kept(county: County) -> None:
    workbook = manholes()
    workbook["填报"]["A60"] = "410423199001010010"
    county.send(("CGJ", "5月.xlsx", as_bytes(workbook)), judge=False)
    assert receipts(county.home, PLAN)[0].withheld
    assert not (county.home.landing / PLAN / "books").exists()
