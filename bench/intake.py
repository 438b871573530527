"""What a file costs from the inbox to its cells, whatever program it was saved by."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.delivery import FILES, FOLDER, Homes, run_in
from bench.timing import Comparison, Side, compare
from bench.yardsticks import read_with_calamine
from minsheng.core.declarations import ROOT
from minsheng.guard import withhold
from minsheng.parsing.form import read_form
from minsheng.parsing.lexicon import Lexicon, plan_lexicon
from minsheng.plan.run import Run
from minsheng.spreadsheet.opening import ReadBook, book_reader
from minsheng.stages.parse import parse
from minsheng.stages.pull import pull
from minsheng.warehouse.connection import kept_open

# One form, filled in once and saved by LibreOffice and WPS in each format.
_SAVED = ROOT / "tests" / "corpus" / "files"
_XLSX = _SAVED / "flow.lo-xlsx.xlsx"
_OTHERS = tuple(_SAVED / f"flow.lo-{kind}.{kind}" for kind in ("xls", "ods", "et"))
_TIMES = 20


def compare_intake(homes: Homes, opened: Run) -> Iterator[Comparison]:
    """xlsx from inbox to staging; then the other formats, beside the xlsx with the same cells."""
    count = len(FILES)
    ours = Side("pull + parse, an xlsx", lambda: partial(take_in, homes.copy_of(opened)), count)
    yield compare(ours, Side("calamine, one pass over the XML", lambda: partial(read_with_calamine, FILES), count), 3)
    words = plan_lexicon(run_in(Path()).county.plans[0])
    with book_reader() as read_book:
        same = Side("the same as xlsx", lambda: partial(_read, _XLSX, words, read_book), _TIMES)
        for path in _OTHERS:
            work = partial(_read, path, words, read_book)
            yield compare(_side(f"guard + read, an {path.suffix[1:]}", work), same, 2)


def _side(name: str, work: partial[None]) -> Side:
    return Side(name, lambda: work, _TIMES)


def take_in(run: Run, folder: Path = FOLDER) -> None:
    """From the inbox into staging, the warehouse kept open as in ``minsheng run``."""
    with kept_open(run.home.warehouse):
        pull(run, folder)
        parse(run)


def _read(path: Path, words: Lexicon, read_book: ReadBook) -> None:
    for _ in range(_TIMES):
        book = read_book(path.read_bytes())
        withhold(book, path.name, words)
        read_form(book, path.name, words)
