"""Contract violations in words: what stands there, what was allowed, what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from minsheng.core.contracts import sentences
from minsheng.core.contracts.document import Document, Location
from minsheng.core.errors import UserError

_OF_A_KEY = "[key]"  # how pydantic marks that a key, not its value, is wrong
_QUOTED = re.compile(r"'([^']*)'")


def refuse(where: object, faults: Iterable[UserError]) -> None:
    """Raise one UserError that lists all faults of a file or folder; no-op when there are none."""
    found = tuple(faults)
    if found:
        raise UserError("faults_found", where, count=len(found)).listing(found)


def allowed(word: str, options: Iterable[str]) -> str:
    """``是不是“flow”？可写：flow、stock`` — the suggestion only when one is near."""
    names = list(options)
    return near(word, names) + sentences.ALLOWED.format(words="、".join(names))


def near(word: str, options: Iterable[str]) -> str:
    """``是不是“flow”？``, or nothing when no option resembles the word."""
    found = get_close_matches(word, sorted(options), n=1)
    return sentences.NEAR.format(word=found[0]) if found else ""


def explain(document: Document, contract: object, error: ValidationError) -> tuple[UserError, ...]:
    """What pydantic holds against a file, as faults of that file."""
    details = error.errors()
    return tuple(_fault(document, contract, detail) for detail in details if not _follows(detail, details, document))


def _follows(detail: ErrorDetails, details: Sequence[ErrorDetails], document: Document) -> bool:
    """Whether this fault is but the consequence of another: of a list's only entry, or of what could not be read."""
    place = detail["loc"]
    if place in document.unread:
        return True
    deeper = (other for other in details if other["loc"][: len(place)] == place and len(other["loc"]) > len(place))
    return detail["type"] == "too_short" and any(deeper)


def _fault(document: Document, contract: object, error: ErrorDetails) -> UserError:
    location: Location = tuple(step for step in error["loc"] if step != _OF_A_KEY)
    key = str(location[-1]) if location else ""
    if error["type"] == "extra_forbidden":
        options = allowed(key, _keys_at(contract, location[:-1]))
        return document.fault(location, "key_unknown", key=key, options=options)
    if error["type"] == "missing":
        return document.fault(location[:-1], "key_missing", key=key)
    if error["type"] == "value_error":
        return document.fault(location, "value_refused", reason=error["ctx"]["error"])
    return document.fault(location, "value_unfit", shown=_shown(error["input"]), expected=expected(error))


def expected(error: ErrorDetails) -> str:
    """What pydantic wanted in place of what it found."""
    if error["type"] == "literal_error":
        return allowed(str(error.get("input", "")), _QUOTED.findall(error["ctx"]["expected"]))
    return sentences.EXPECTED.get(error["type"], error["msg"]).format_map(error.get("ctx", {}))


def _shown(value: object) -> str:
    if value is None:
        return sentences.STANDS_NOTHING
    if isinstance(value, dict | list):
        return sentences.STANDS_HERE.format(shown=sentences.MAPPING if isinstance(value, dict) else sentences.LIST)
    return sentences.STANDS_HERE.format(shown=f"“{value}”")


def _keys_at(contract: object, location: Location) -> list[str]:
    model = _model_in(contract)
    for step in location:
        if isinstance(step, str) and model is not None and step in model.model_fields:
            model = _model_in(model.model_fields[step].annotation)
    return list(model.model_fields) if model else []


def _model_in(annotation: object) -> type[BaseModel] | None:
    """The model an annotation such as ``tuple[Item, ...] | None`` is about; the contract never mixes two."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_in(part))), None)
