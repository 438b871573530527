"""The same line twice: what stands there twice alike is read once; other numbers leave it open which to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from minsheng.parsing.lexicon import Lexicon
from minsheng.parsing.reading import NoteReading, ReadCell
from minsheng.parsing.tables import Table
from minsheng.spreadsheet.numbers import plain

Line = tuple[ReadCell, ...]
_KEYS = frozenset({"item_code", "indicator_code", "member_code", "item_name", "indicator_name", "member_name"})


def read_once(table: Table, cells: Iterable[ReadCell], lexicon: Lexicon) -> Iterator[ReadCell]:
    """The cells of all lines but those that only repeat another, with a note for each line that names what one did.

    Of two alike the first is kept, unless only the other has words. Readings of the notes: ``alike``, ``different``.
    """
    lines = [tuple(group) for _, group in groupby(cells, key=lambda cell: cell.row_no)]
    kept: list[Line] = []
    for line in lines:
        first = next((other for other in kept if _key(other) == _key(line)), None)
        if first is None or not _is_known(line[0], lexicon):
            kept.append(line)
        elif _are_alike(first, line):
            more, less = (line, first) if _words(line) and not _words(first) else (first, line)
            kept[kept.index(first)] = more
            yield _note(less, more, "alike", table)
        else:
            kept.append(line)
            yield _note(line, first, "different", table)
    yield from (cell for line in kept for cell in line)


def _key(line: Line) -> tuple[str | None, ...]:
    return line[0].item_code, line[0].indicator_code, line[0].member_code


def _is_known(cell: ReadCell, lexicon: Lexicon) -> bool:
    """A line that names nothing the plan knows has faults of its own."""
    is_place_known = cell.section != "detail" or cell.member_code in lexicon.members.values()
    return cell.indicator_code in lexicon.measures and is_place_known


def _are_alike(one: Line, other: Line) -> bool:
    """Whether both lines say the same; of words one may say nothing."""
    words, others = _words(one), _words(other)
    return _figures(one) == _figures(other) and (words == others or not words or not others)


def _figures(line: Line) -> list[tuple[str, object, str | None]]:
    """What is not words: the numbers, and what is chosen; one that cannot be read is like no other."""
    return [
        (cell.field, cell.number_value if cell.reading in ("ok", "normalised") else cell.raw_text, _chosen(cell))
        for cell in line
        if cell.field not in _KEYS and not _is_words(cell)
    ]


def _chosen(cell: ReadCell) -> str | None:
    return cell.text_value if cell.number_value is None else None


def _words(line: Sequence[ReadCell]) -> list[tuple[str, str]]:
    return [(cell.field, cell.text_value) for cell in line if _is_words(cell) and cell.text_value]


def _is_words(cell: ReadCell) -> bool:
    return cell.field in ("correction_reason", "progress", "issue", "evidence", "remark")


def _note(line: Line, other: Line, reading: NoteReading, table: Table) -> ReadCell:
    """At a line's code: which line it repeats, and in ``text_value`` the numbers of both."""
    first, second = sorted((line, other), key=lambda each: each[0].row_no or 0)
    code = next(cell for cell in line if cell.field == "indicator_code")
    return ReadCell(
        code.sheet_name,
        code.cell_ref,
        code.row_no,
        "note",
        "repeated",
        reading,
        indicator_code=code.indicator_code,
        member_code=code.member_code,
        raw_text=code.raw_text,
        text_value=f"{_said(first, table)}，{_said(second, table)}",
    )


def _said(line: Line, table: Table) -> str:
    numbers = (
        f"{table.sheet.column(cell.field).heading} {plain(cell.number_value)}"
        for cell in line
        if cell.number_value is not None and table.sheet.column(cell.field).is_input
    )
    return f"第 {line[0].row_no} 行{'、'.join(numbers) or '没有可读的数'}"
