"""What was read of one file: all that anybody here ever learns of its inside."""

from __future__ import annotations

from dataclasses import dataclass

from minsheng.spreadsheet.grid import Grid
from minsheng.spreadsheet.kinds import BookReading


@dataclass(frozen=True)
class Book:
    """One file as it was read, whatever it is; the guard, the form and the mark-up all take it from here.

    ``reading``: ok, or why there are no sheets; ``kind``: what it is by its content (xlsx, xlsb, ods, xls, csv), empty
    where it could not be read. ``notes``: the texts outside its cells, and of a file that is no workbook its whole
    text, but for what stands in ``tables``; ``notes_reading``: ok, or why nobody can look there. ``notes_beside``:
    those that people write about the table: comments, prompts, headers and footers, text boxes. ``has_embedded``,
    ``has_picture``: there are other files or pictures inside, into which nobody has looked. ``is_binary``: it is no
    text, so that one which could not be read has been seen by nobody.
    """

    reading: BookReading
    kind: str = ""
    sheets: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()
    notes_reading: BookReading = "ok"
    notes_beside: tuple[str, ...] = ()
    tables: tuple[Grid, ...] = ()
    has_embedded: bool = False
    has_picture: bool = False
    is_binary: bool = False
