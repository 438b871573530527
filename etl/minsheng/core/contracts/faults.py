"""Contract violations in words: what stands there, what was allowed, what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from minsheng.core.contracts import sentences
from minsheng.core.contracts.document import Document, Location
from minsheng.core.errors import UserError

_OF_A_KEY = "[key]"  # how pydantic marks that a key, not its value, is wrong
_QUOTED = re.compile(r"'([^']*)'")


@dataclass(frozen=True)
class KeyMeaning:
    """What a key is for, said where an error is shown: an error is made where nothing is known of words.

    ``contracts``: the class that holds the key and those it derives from, by name, the nearest first; ``codes``: what
    may stand there, where it is one of a few.
    """

    contracts: tuple[str, ...]
    key: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodeChoice:
    """The codes that may stand somewhere, each with its word where an error is shown; ``word``: what stands there."""

    word: str
    codes: tuple[str, ...]


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
        return document.fault(location[:-1], "key_missing", key=key, meaning=meaning_of(contract, location))
    if error["type"] == "value_error":
        return document.fault(location, "value_refused", reason=error["ctx"]["error"])
    shown, wanted, meaning = _shown(error["input"]), _wanted(error), meaning_of(contract, location)
    if isinstance(wanted, CodeChoice):
        meaning = replace(meaning, codes=())
    return document.fault(location, "value_unfit", shown=shown, expected=wanted, meaning=meaning)


def meaning_of(contract: object, location: Location) -> KeyMeaning:
    """What the key at a location is for, of an entry of a list the key of the list."""
    keys = [number for number, step in enumerate(location) if isinstance(step, str)]
    last = keys[-1] if keys else 0
    model = _model_at(contract, location[:last])
    if model is None or location[last : last + 1] == () or location[last] not in model.model_fields:
        return KeyMeaning((), "")
    key = str(location[last])
    return KeyMeaning(lineage(model), key, literal_in(model.model_fields[key].annotation))


def lineage(model: type[BaseModel]) -> tuple[str, ...]:
    """A class and those it derives from, by name, the nearest first."""
    return tuple(each.__name__ for each in model.__mro__ if issubclass(each, BaseModel))


def literal_in(annotation: object) -> tuple[str, ...]:
    """The values of the ``Literal`` an annotation is about, if it is about one."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((found for part in get_args(annotation) if (found := literal_in(part))), ())


def _wanted(error: ErrorDetails) -> str | CodeChoice:
    if error["type"] == "literal_error":
        return CodeChoice(str(error.get("input", "")), tuple(_QUOTED.findall(error["ctx"]["expected"])))
    return expected(error)


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
    model = _model_at(contract, location)
    return list(model.model_fields) if model else []


def _model_at(contract: object, location: Location) -> type[BaseModel] | None:
    model = model_in(contract)
    for step in location:
        if isinstance(step, str) and model is not None and step in model.model_fields:
            model = model_in(model.model_fields[step].annotation)
    return model


def model_in(annotation: object) -> type[BaseModel] | None:
    """The model an annotation such as ``tuple[Item, ...] | None`` is about; the contract never mixes two."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := model_in(part))), None)
