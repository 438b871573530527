"""What of a file that must not be kept may be kept all the same, so that its other faults are told in the same answer.

Kept are numbers and what the form and the plan themselves say; of any other text that it was there. What was found to
be of persons is taken out before anything is read (docs/adr/0059).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

import msgspec

from minsheng.parsing.form import read_form
from minsheng.parsing.lexicon import Lexicon
from minsheng.parsing.reading import ReadCell, ReadForm
from minsheng.plan.form import Form, label_key
from minsheng.plan.reasons import no_data_reasons
from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.numbers import CellValue, fold
from minsheng.spreadsheet.workbook import Grid, address
from minsheng.words.chinese import chinese

# Of forms longer than any that is handed out nothing is kept.
_MOST_CELLS = 20_000
# A number with what stands around it, 约300人, 第 5、6 行, 2022年5月: too few digits for anybody's number.
_AROUND_NUMBERS = frozenset(".,、，%‰/-—~～+()（）:： 年月日截至止到约近余多百千万亿第行列格起整右左移了")
_LONG_NUMBER = re.compile(r"\d{9}")
_SUFFIX = re.compile(r"\.[A-Za-z]{1,5}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
# What the reader of the form says itself, of headings and numbers.
_OURS = frozenset({"repeated", "places", "content_kind"})

_DECODER = msgspec.json.Decoder(ReadForm)


def remainder(book: Book, cleared: Mapping[int, Collection[str]], file_name: str, lexicon: Lexicon) -> str | None:
    """The form as it is read without these cells (by the number of their sheet) and without foreign words; as a text.

    None: nothing of it is kept.
    """
    names = sheet_names(book.sheets, lexicon)
    sheets = tuple(_cleared(grid, names[number], cleared.get(number, ())) for number, grid in enumerate(book.sheets))
    form = read_form(replace(book, sheets=sheets, notes=(), tables=()), file_name, lexicon)
    if len(form.cells) > _MOST_CELLS:
        return None
    return msgspec.json.encode(_in_our_words(form, lexicon)).decode()


def read_remainder(text: str) -> ReadForm:
    """What ``remainder`` has written; raises ValueError for anything else."""
    return _DECODER.decode(text)


def sheet_names(grids: Iterable[Grid], lexicon: Lexicon) -> tuple[str, ...]:
    """The form's own name of each sheet; any other may be a person's, and its number stands for it."""
    ours = {key for sheet in lexicon.forms[-1].sheets for key in sheet.keys} | {label_key(chinese().thing["checklist"])}
    return tuple(
        grid.name if label_key(grid.name) in ours else f"第{number}张表" for number, grid in enumerate(grids, start=1)
    )


def _cleared(grid: Grid, name: str, cells: Collection[str]) -> Grid:
    rows = [
        [_emptied(value) if address(row, column) in cells else value for column, value in enumerate(values)]
        for row, values in enumerate(grid.rows)
    ]
    return replace(grid, name=name, rows=rows)


def _emptied(value: CellValue) -> CellValue:
    """A cell without its number; words among which one stood are still words."""
    return chinese().thing["withheld text"] if isinstance(value, str) and _HAN.search(value) else None


def _in_our_words(form: ReadForm, lexicon: Lexicon) -> ReadForm:
    known = frozenset(map(label_key, _vocabulary(lexicon)))
    signs = _AROUND_NUMBERS | {sign for measure in lexicon.measures.values() for sign in "".join(measure.units)}

    def said(text: str | None) -> str | None:
        if text is None or label_key(text) in known or _SUFFIX.fullmatch(text) or _is_number(text, signs):
            return text
        return chinese().thing["withheld text"]

    def spoken(cell: ReadCell) -> ReadCell:
        is_ours = cell.number_value is not None or cell.field in _OURS
        return replace(
            cell,
            raw_text=said(cell.raw_text),
            text_value=cell.text_value if is_ours else said(cell.text_value),
            item_code=said(cell.item_code),
            indicator_code=said(cell.indicator_code),
            member_code=said(cell.member_code),
        )

    return replace(
        form,
        template_version=said(form.template_version),
        form_unit=said(form.form_unit),
        form_period=said(form.form_period),
        cells=tuple(map(spoken, form.cells)),
    )


def _is_number(text: str, signs: frozenset[str]) -> bool:
    folded = fold(text)
    others = {sign for sign in folded if not sign.isdecimal()}
    return len(others) < len({*folded}) and others <= signs and not _LONG_NUMBER.search(folded)


def _vocabulary(lexicon: Lexicon) -> Iterator[str]:
    """Everything the form and the plan say themselves."""
    for form in lexicon.forms:
        yield from _of_form(form)
    yield from (*lexicon.names, *lexicon.unit_codes, *lexicon.spellings, *lexicon.members, *lexicon.members.values())
    for code, measure in lexicon.measures.items():
        yield from (code, code.rpartition("-")[0], *measure.names, *measure.units)
    for reason in no_data_reasons().reasons:
        yield from (reason.code, *reason.keys)
    yield from chinese().thing.values()


def _of_form(form: Form) -> Iterator[str]:
    yield form.template_version
    for labelled in (*form.header, *form.signature):
        yield from labelled.keys
    for sheet in form.sheets:
        yield from sheet.keys
        for column in sheet.columns:
            yield from (*column.keys, *column.choices)
