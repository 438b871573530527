"""The kinds of file that units send in place of a workbook.

By what they are known stands in ``minsheng.spreadsheet.signatures``; what each is called, and what the unit is to
do, in ``sql/staging/stg_file_kind.sql``.
"""

from __future__ import annotations

from typing import Literal, TypeGuard, get_args

# What is refused by its kind, however well it may be made.
FileKind = Literal[
    "archive", "database", "drm", "email", "flat_ods", "gnumeric", "html", "image", "iwork", "json", "link",
    "lock_file", "media", "mhtml", "numbers", "odt", "ofd", "old_spreadsheet", "pdf", "presentation", "program",
    "rtf", "system_file", "uof", "word", "xml",
]  # fmt: skip
# Why else a file is not opened.
Refusal = Literal[
    "damaged", "empty_file", "encrypted", "macro", "not_a_workbook", "ragged", "too_large", "unknown_encoding",
    FileKind,
]  # fmt: skip
# What came of opening a file.
BookReading = Literal["ok", Refusal]

KINDS: frozenset[str] = frozenset(get_args(FileKind))
# Texts, in which one can see what there is.
_LEGIBLE = frozenset({"flat_ods", "html", "json", "link", "lock_file", "xml"})
# What has an inside that we do not read: a list of persons in it would not be found.
_OPAQUE: frozenset[str] = KINDS - _LEGIBLE | {"encrypted", "macro", "too_large"}


def is_opaque(reading: BookReading) -> TypeGuard[Refusal]:
    """Whether nobody can look into what was refused as this."""
    return reading in _OPAQUE
