"""The signature line, the one place where a telephone belongs: the reporter's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from minsheng.guard.numbers import count_phones
from minsheng.parsing.labels import read_labels
from minsheng.parsing.lexicon import Lexicon
from minsheng.parsing.rows import line_keys
from minsheng.parsing.tables import Table, find_tables
from minsheng.plan.form import Form, label_key
from minsheng.spreadsheet.grid import Grid, as_text

# Reporter, reviewer and their telephone: more contacts than a signature has are a list of persons.
_MOST = 4
_CODE = re.compile(r"[A-Z]+\d")
_NAMES = ("item_name", "indicator_name", "member_name")

# The cells of a signature line, looked for only when something is found that would be no fault there.
Signed = Callable[[], frozenset[str]]


def contacts(grid: Grid, form: Form, lexicon: Lexicon) -> frozenset[str]:
    """The cells of the signature line of a sheet of the form; none where it names more telephones than one has.

    It stands below the lines of the table, or above its headings: words such as 负责人 may stand in a line's remarks.
    """
    signed = {
        found.cell_ref: found.value
        for table in find_tables((grid,), form)
        for found in read_labels(grid, form.signature_codes, _around(table, lexicon))
    }
    return frozenset(signed) if sum(map(count_phones, signed.values())) <= _MOST else frozenset()


def _around(table: Table, lexicon: Lexicon) -> Iterator[int]:
    """The rows above the headings and below the last line of the table."""
    rows = range(table.header_row + 1, len(table.grid.rows))
    last = max((row for row in rows if _is_line(table, row, lexicon)), default=table.header_row)
    yield from range(table.header_row)
    yield from range(last + 1, len(table.grid.rows))


def _is_line(table: Table, row: int, lexicon: Lexicon) -> bool:
    """Whether the row names, by code or by name, what the plan may speak of."""
    keys = line_keys(table, row, lexicon)
    if any(_CODE.match(code) for code in (keys.item_code, keys.indicator_code) if code):
        return True
    names = (label_key(as_text(table.value(row, field))) for field in _NAMES)
    return keys.member_code in lexicon.members.values() or any(name in lexicon.spellings for name in names)
