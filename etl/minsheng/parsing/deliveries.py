"""In which order the files of one delivery take effect: the last good one counts (docs/adr/0027).

A unit may leave several files for a month between two pulls: which came first nobody has seen. A correction says
itself that it comes after what it corrects; then a name that says so; then the names, their numbers taken as numbers
and without the suffix, which only tells the format; and last the content, so that no order is left to chance. Where
the sources date what they have (a mail, a file on a server), that order comes before all of these (docs/adr/0032).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import PurePosixPath

from minsheng.parsing.reading import ReadForm
from minsheng.spreadsheet.numbers import fold

_DIGITS = re.compile(r"\d+")
_LATER = re.compile("更正|修改|修正|订正|改正|重报|最新|终稿|定稿|最终")
_MOMENT = "%Y-%m-%dT%H:%M:%S.%f"
_WIDTH = 20  # longer than any number in a name that means something


def delivery_order(reading: ReadForm, file_name: str, sha256: str, sent_at: datetime | None = None) -> str:
    """A text by which files of one delivery sort, the one that counts last; those that are not dated come first."""
    stem = fold(PurePosixPath(file_name).stem)
    numbered = _DIGITS.sub(lambda found: found[0].lstrip("0").zfill(_WIDTH), stem)
    named_later = _LATER.search(stem) is not None
    filled = sum(cell.number_value is not None for cell in reading.cells)
    undated = f"{_is_correction(reading):d}{named_later:d} {numbered} {filled:06d} {sha256}"
    return f"2 {sent_at.astimezone(UTC):{_MOMENT}} {undated}" if sent_at else undated


def _is_correction(reading: ReadForm) -> bool:
    return any(cell.field == "correction" and cell.text_value == "是" for cell in reading.cells)
