"""Make the files of the corpus anew from ``cases/*.yaml``: ``python -m tests.corpus.make [NAME…]``.

Needs LibreOffice, Gnumeric, and node with SheetJS and exceljs on its NODE_PATH; judging them does not. What programs
save differs from run to run in its time stamps only, so make again just what has changed: with names, only files whose
name begins so.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable
from itertools import groupby

import yaml

from tests.corpus.case import FILES, HERE, Case, Sent, load_cases, sent_files
from tests.corpus.making import content, kinds, layout, odf, parts, people
from tests.corpus.making.book import Book, blank, filled, true_values
from tests.corpus.making.office import saved_by

_ENCODINGS = {"gb18030": "gb18030", "gbk": "gbk", "bom": "utf-8-sig", "utf16": "utf-16"}
# What LibreOffice knows under another name.
_RENAMED = {"et": "xls"}
_HISTORY = (
    *((unit, period) for period in ("2022-03", "2022-04") for unit in ("CGJ", "JTYSJ", "RSJ", "SFJ", "WJW", "YBJ")),
    ("MZJ", "2022-04"),
    ("GAJ", "2022-03"),
    ("CL", "2022-05"),
)


def make(wanted: Iterable[Sent]) -> None:
    """Write these files."""
    by_format = sorted(wanted, key=_format)
    for (program, form), group in groupby(by_format, key=_format):
        ours = list(group)
        drafts = {sent.name: draft(sent.case).content() for sent in ours}
        saved = saved_by(program, drafts, form) if program else drafts
        for sent in ours:
            sent.path.write_bytes(_finished(sent, saved[sent.name]))


def draft(case: Case) -> Book:
    """The workbook of a case before it is saved."""
    book = blank(case.unit, case.period) if "blank" in case.steps else filled(case.unit, case.period)
    for address, value in case.set.items():
        book[address].value = value
    for address, number_format in case.formats.items():
        book[address].number_format = number_format
    for step in case.steps:
        name, *words = step.split(" ")
        if name != "blank":
            _step(name)(book, *words)
    return book if case.is_whole else book.lean()


def write_truth() -> None:
    """``truth.yaml``: what was filled in, so that judging needs nothing the files were made from."""
    pairs = sorted({(case.unit, case.period) for case in load_cases()})
    rows = [{"unit": unit, "period": period, "values": dict(true_values(unit, period))} for unit, period in pairs]
    head = "# Made by tests/corpus/make.py: the true numbers of every unit and month in the corpus.\n"
    text = yaml.safe_dump(rows, allow_unicode=True, sort_keys=False)
    (HERE / "truth.yaml").write_text(head + text, encoding="utf-8")


def write_history() -> None:
    """The files accepted before the corpus arrives."""
    (FILES / "history").mkdir(parents=True, exist_ok=True)
    for unit, period in _HISTORY:
        (FILES / "history" / f"{unit}_{period}.xlsx").write_bytes(filled(unit, period).lean().content())


def main() -> None:
    """Make all files, or those named."""
    names = tuple(sys.argv[1:])
    if not names:
        shutil.rmtree(FILES, ignore_errors=True)
        write_history()
    wanted = [sent for sent in sent_files() if sent.name.startswith(names or "")]
    write_truth()
    make(wanted)
    sys.stdout.write(f"{len(wanted)} files\n")


def _format(sent: Sent) -> tuple[str, str]:
    """By which program a file is saved, and as what; by none: as openpyxl saves it."""
    program, _, form = sent.saved.partition("-")
    if not form:
        return "", "xlsx"
    return "lo" if program in _ENCODINGS else program, _RENAMED.get(form, form)


def _finished(sent: Sent, saved: bytes) -> bytes:
    encoding = _ENCODINGS.get(sent.saved.split("-")[0])
    if sent.case.bytes:
        saved = _on_its_way(sent.case.bytes)(saved)
    return saved.decode().encode(encoding) if encoding else saved


def _on_its_way(name: str) -> Callable[[bytes], bytes]:
    if name in kinds.SAMPLES:
        return lambda _: kinds.SAMPLES[name]
    found: Callable[[bytes], bytes] | None = next(
        (getattr(module, name) for module in (content, parts, odf) if hasattr(module, name)), None
    )
    if found is None:
        raise LookupError(name)
    return found


def _step(name: str) -> Callable[..., None]:
    found: Callable[..., None] | None = getattr(layout, name, None) or getattr(people, name, None)
    if found is None:
        raise LookupError(name)
    return found


if __name__ == "__main__":
    main()
