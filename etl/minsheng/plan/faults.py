"""Contract violations in words: what stands there, what was allowed, what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from minsheng.core.errors import UserError
from minsheng.plan.documents import Document, Location

_QUOTED = re.compile(r"'([^']*)'")
_EXPECTED = {
    "model_type": "keys with values are expected here",
    "tuple_type": "a list is expected here, each entry on a line that begins with '- '",
    "too_short": "at least one entry is expected here",
    "string_type": "text is expected here",
    "string_pattern_mismatch": "text of the form {pattern} is expected here",
    "bool_parsing": "true or false is expected here",
    "int_parsing": "a whole number is expected here",
    "decimal_parsing": "a number is expected here, e.g. 31400 or 0.6",
    "date_from_datetime_parsing": "a day is expected here, e.g. 2022-12-31",
    "time_parsing": "an hour is expected here, e.g. 18:00",
}


def refuse(folder: Path, faults: Iterable[UserError]) -> None:
    """Raise one UserError that lists all faults of a plan folder; no-op when there are none."""
    found = tuple(faults)
    if not found:
        return
    count = "1 thing" if len(found) == 1 else f"{len(found)} things"
    raise UserError(str(folder), "\n  ".join([f"{count} to put right", *map(str, found)]))


def allowed(word: str, options: Iterable[str]) -> str:
    """``did you mean 'flow'? allowed: flow, stock`` — the suggestion only when one is near."""
    names = list(options)
    return " ".join(filter(None, (near(word, names), f"allowed: {', '.join(names)}")))


def near(word: str, options: Iterable[str]) -> str:
    """``did you mean 'flow'?``, or nothing when no option resembles the word."""
    found = get_close_matches(word, sorted(options), n=1)
    return f"did you mean {found[0]!r}?" if found else ""


def explain(document: Document, contract: object, error: ValidationError) -> tuple[UserError, ...]:
    """What pydantic holds against a file, as faults of that file."""
    details = error.errors()
    return tuple(_fault(document, contract, detail) for detail in details if not _is_consequence(detail, details))


def _is_consequence(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """A list is called too short when its only entry is faulty; that entry has a fault of its own."""
    depth = len(detail["loc"])
    deeper = (other for other in details if other["loc"][:depth] == detail["loc"] and len(other["loc"]) > depth)
    return detail["type"] == "too_short" and any(deeper)


def _fault(document: Document, contract: object, error: ErrorDetails) -> UserError:
    location: Location = error["loc"]
    key = str(location[-1]) if location else ""
    if error["type"] == "extra_forbidden":
        return document.fault(location, f"unknown key {key!r}", allowed(key, _keys_at(contract, location[:-1])))
    if error["type"] == "missing":
        return document.fault(location[:-1], f"the key {key!r} is missing", "add it")
    if error["type"] == "literal_error":
        options = _QUOTED.findall(error["ctx"]["expected"])
        return document.fault(location, f"{_shown(error['input'])} stands here", allowed(str(error["input"]), options))
    expected = _EXPECTED.get(error["type"], error["msg"]).format_map(error.get("ctx", {}))
    return document.fault(location, f"{_shown(error['input'])} stands here", expected)


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return "keys with values" if isinstance(value, dict) else "a list"
    return repr(value)


def _keys_at(contract: object, location: Location) -> list[str]:
    model = _model_in(contract)
    for step in location:
        if isinstance(step, str) and model is not None:
            model = _model_in(model.model_fields[step].annotation)
    return list(model.model_fields) if model else []


def _model_in(annotation: object) -> type[BaseModel] | None:
    """The model an annotation such as ``tuple[Item, ...] | None`` is about; the contract never mixes two."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_in(part))), None)
