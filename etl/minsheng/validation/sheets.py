"""What a sheet may be called where anybody reads it: a unit may have named one after a person."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from minsheng.plan.form import label_key, load_form, versions
from minsheng.spreadsheet.csv_text import SHEET_NAME

OTHER_SHEET = "其他工作表"
# What the guard calls the sheets and places of a file that is not kept.
_NUMBERED = re.compile(r"第\d+张表")


def public_sheet_name(forms: Path, name: str | None) -> str | None:
    """The name if it is the form's, in any of its versions, or one we have given; null: the file as a whole."""
    if not name or _NUMBERED.fullmatch(name):
        return name
    return name if label_key(name) in _own_names(forms) else OTHER_SHEET


@cache
def _own_names(forms: Path) -> frozenset[str]:
    """Every name of a sheet in every version of the form, ready for comparison."""
    sheets = (sheet for version in versions(forms) for sheet in load_form(forms, version).sheets)
    return frozenset({label_key(SHEET_NAME)}.union(*(sheet.keys for sheet in sheets)))
