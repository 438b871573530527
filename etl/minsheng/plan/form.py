"""WHAT a unit must send: the form, declared once by template version in ``expectations/form/``."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from minsheng.core.contracts import Flag, Strict, load
from minsheng.core.errors import UserError
from minsheng.core.text import remembered
from minsheng.plan.dated import PeriodText
from minsheng.plan.indicators import Indicator

GUIDE = "expectations/README.md"
SheetCode = Literal["report", "contribution", "detail", "guide"]


class Labelled(Strict):
    """A label beside which a value stands, e.g. 填报单位 in the header or 填报人 in the signature line."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every spelling by which the label is known, ready for comparison."""
        return frozenset(map(label_key, (self.label, *self.aliases)))


class Column(Strict):
    """One column of a table. ``width`` is in characters; ``help`` is shown to the clerk beside the cell.

    ``reason``: a choice among ``minsheng.plan.reasons``. ``is_calculated``: the form's own formula, which nobody reads.
    ``is_for_ratios``: left out of a form in which no ratio is asked for.
    """

    code: str
    heading: str
    aliases: tuple[str, ...] = ()
    type: Literal["text", "number", "choice", "reason"]
    choices: tuple[str, ...] = ()
    width: int = Field(gt=0)
    is_input: Flag = False
    is_calculated: Flag = False
    is_for_ratios: Flag = False
    help: str = ""

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every spelling by which the heading is known, ready for comparison."""
        return frozenset(map(label_key, (self.heading, *self.aliases)))


class Sheet(Strict):
    """One sheet of the workbook; ``guide`` has no columns."""

    code: SheetCode
    name: str
    aliases: tuple[str, ...] = ()
    columns: tuple[Column, ...]

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every spelling by which the sheet is known, ready for comparison."""
        return frozenset(map(label_key, (self.name, *self.aliases)))

    def column(self, code: str) -> Column:
        """The column with this code; raises KeyError."""
        return {column.code: column for column in self.columns}[code]

    def column_under(self, heading: str) -> Column | None:
        """The column a heading in a unit's file means; None when it is not one of the form's."""
        return self._column_by_key.get(label_key(heading))

    @cached_property
    def _column_by_key(self) -> dict[str, Column]:
        return {key: column for column in self.columns for key in column.keys}

    @model_validator(mode="after")
    def _headings_are_unambiguous(self) -> Sheet:
        refuse_shared_keys(f"工作表“{self.name}”", (column.keys for column in self.columns))
        return self


class Form(Strict):
    """One template version: what the workbook of a month from ``valid_from`` on looks like."""

    template_version: str
    valid_from: PeriodText
    header: tuple[Labelled, ...]
    signature: tuple[Labelled, ...]
    sheets: tuple[Sheet, ...]

    def sheet(self, code: SheetCode) -> Sheet:
        """The sheet with this code; raises KeyError."""
        return {sheet.code: sheet for sheet in self.sheets}[code]

    @cached_property
    def header_codes(self) -> dict[str, str]:
        """The code of each header field by every spelling of its label."""
        return _codes_by_key(self.header)

    @cached_property
    def signature_codes(self) -> dict[str, str]:
        """The code of each signature field by every spelling of its label."""
        return _codes_by_key(self.signature)

    def label(self, code: str) -> str:
        """The wording of a header or signature field; raises KeyError."""
        return {field.code: field.label for field in (*self.header, *self.signature)}[code]

    @model_validator(mode="after")
    def _labels_are_unambiguous(self) -> Form:
        refuse_shared_keys("表头和签字栏", (field.keys for field in (*self.header, *self.signature)))
        refuse_shared_keys("工作表名", (sheet.keys for sheet in self.sheets))
        return self


def _codes_by_key(fields: Iterable[Labelled]) -> dict[str, str]:
    return {key: field.code for field in fields for key in field.keys}


@remembered
def label_key(text: str) -> str:
    """A label as it is compared: width folded, lower case, without white space or zero-width characters."""
    folded = unicodedata.normalize("NFKC", text).casefold().rstrip(":")
    return "".join(char for char in folded if not char.isspace() and unicodedata.category(char) != "Cf")


def asked_columns(sheet: Sheet, indicator: Indicator | None) -> frozenset[str]:
    """The input columns a row asks for: numbers by the indicator's kind, words always.

    A row without an indicator (a progress note) asks for words only; 零报送 and 无数据原因 go with numbers.
    """
    inputs = {column.code: column.type for column in sheet.columns if column.is_input}
    if sheet.code == "detail":
        return frozenset(inputs)
    numbers = frozenset(indicator.fields_owed if indicator else ()) & inputs.keys()
    words = frozenset(code for code, kind in inputs.items() if kind == "text")
    if indicator is None:
        return words - {"correction_reason", "explanation"}
    of_numbers = frozenset({"zero_report", "no_data_reason"}) & inputs.keys() if numbers else frozenset()
    return numbers | words | of_numbers | {"correction"}


def load_form(folder: Path, version: str) -> Form:
    """Read one template version; raises UserError naming file, line, key and what was allowed."""
    name = f"{version}.yaml"
    if not (folder / name).is_file():
        known = ", ".join(versions(folder)) or "none"
        raise UserError("form_version_unknown", folder, version=version, known=known)
    form = _read_form(folder / name, (folder / name).read_bytes())
    if form.template_version != version:
        raise UserError("form_version_differs", folder / name, found=form.template_version)
    return form


@lru_cache
def _read_form(path: Path, content: bytes) -> Form:
    """Every stage asks for the forms; a file is read again only when its ``content`` has changed."""
    return load(path, Form, GUIDE)


def form_for(folder: Path, period: str) -> Form:
    """The form in force in a month: the latest one valid by then; raises UserError when there is none."""
    return accepted_forms(folder, period)[-1]


def accepted_forms(folder: Path, period: str) -> tuple[Form, ...]:
    """Every form that may be sent for a month, the one in force last; raises UserError when there is none."""
    forms = [load_form(folder, version) for version in versions(folder)]
    in_force = [form for form in forms if form.valid_from <= period]
    if not in_force:
        known = ", ".join(f"{form.template_version} from {form.valid_from}" for form in forms) or "none"
        raise UserError("form_not_valid", folder, period=period, known=known)
    return tuple(sorted(in_force, key=lambda form: (form.valid_from, form.template_version)))


def versions(folder: Path) -> tuple[str, ...]:
    """The template versions in a folder, in order."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def refuse_shared_keys(where: str, groups: Iterable[frozenset[str]]) -> None:
    """Raise ValueError where a name stands in two groups."""
    counts = Counter(key for keys in groups for key in keys)
    shared = sorted(key for key, count in counts.items() if count > 1)
    if shared:
        raise ValueError(f"{where}：这些名称有两种读法：{'、'.join(shared)}")
