"""Where two editions of a plan differ in what is judged by; what only names or explains is passed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from minsheng.plan.models import Plan

_WORDS = frozenset(
    {"name", "name_en", "quote", "definition", "note", "text_note", "title", "lead_units_quote", "source", "basis",
     "responsible_units_quote", "lead_assignment", "tasks_without_number", "as_written", "comparator_word", "phrase",
     "document_no", "unit_aliases", "lead_is_inferred", "as_of", "sizes"}
)  # fmt: skip


@dataclass(frozen=True)
class Edit:
    """A key of a plan file and what stands there in each edition; null: it is not there."""

    where: str
    before: str | None
    after: str | None


def differences(before: Plan, after: Plan) -> Iterator[Edit]:
    """In the order of the files: ``plan.yaml``, items, registers, closures."""
    for name, (held, made) in _paired(_files(before), _files(after)):
        for key, old, new in _leaves("", held, made):
            yield Edit(f"{name}（{key}）", _text(old), _text(new))


def _files(plan: Plan) -> dict[str, Any]:
    files: dict[str, Any] = {"plan.yaml": plan.model_dump(include={"thresholds", "changes", "signed_from"})}
    files |= {f"items/{item.code}.yaml": item.model_dump() for item in plan.items}
    files |= {f"registers/{register.code}.yaml": register.model_dump() for register in plan.registers}
    return files | {"closures.yaml": [closure.model_dump() for closure in plan.closures]}


def _leaves(key: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    """The innermost keys under which something else stands."""
    if old == new:
        return
    if not (_is_nested(old) and _is_nested(new)):
        yield key, old, new
        return
    for step, (held, made) in _paired(_by_key(old), _by_key(new)):
        if step not in _WORDS:
            yield from _leaves(f"{key}.{step}" if key else step, held, made)


def _is_nested(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple)


def _by_key(value: Any) -> dict[str, Any]:
    """A list by the codes, months or dates of its entries, where they have any."""
    if isinstance(value, Mapping):
        return dict(value)
    return {_name(n, entry): entry for n, entry in enumerate(value)}


def _name(number: int, entry: Any) -> str:
    names = ("code", "indicator", "due_date", "month", "valid_from")
    said = next((entry[name] for name in names if isinstance(entry, Mapping) and entry.get(name)), number)
    return str(said)


def _paired(held: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for key in dict.fromkeys((*held, *made)):
        yield key, (held.get(key), made.get(key))


def _text(value: Any) -> str | None:
    if isinstance(value, Mapping):
        return "、".join(f"{key} {_text(each)}" for key, each in value.items() if each and key not in _WORDS)
    if isinstance(value, list | tuple):
        return f"{len(value)} 项"
    return None if value is None else str(value)
