"""The part of a table that belongs to some plans, made from nothing but the rows of those plans (docs/adr/0062).

What a table says of a plan follows from what was received of that plan, whatever other years lie beside it. Where it
does not, the table's header says so (``plans: together``), and the table is always made whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Literal

from minsheng.warehouse import sqlfiles
from minsheng.warehouse.sqlfiles import Model

Owner = Literal["plan", "submission"]

_COMMENT = re.compile(r"^ *+--.*$", re.MULTILINE)
_SOURCE = re.compile(r"\b(from|join) ([a-z]+)\.(\w+)( as \w+)?")
_KEY = re.compile(r"^ ++(plan|submission)_id\b", re.MULTILINE)


@cache
def is_by_plan(model: Model) -> bool:
    """Whether each plan has rows of its own in a built table, which follow from no other plan's."""
    return "plan_id" in sqlfiles.columns(model) and model.header.get("plans") != "together"


@cache
def owner(table: Model) -> Owner | None:
    """What a row of a raw table belongs to: a plan, or a submission and so to its plan; null: to all of them."""
    found = set(_KEY.findall(table.sql))
    return "plan" if "plan" in found else "submission" if found else None


def remake_part(model: Model, plan_ids: Collection[str]) -> tuple[str, str]:
    """The two statements that make the rows of these plans anew, in the order of the grain, and leave all others."""
    listed = ", ".join(f"'{plan_id}'" for plan_id in sorted(plan_ids))
    ours = f"where plan_id in ({listed})"
    rows = f"select * from (\n{_of_plans(model, listed)}\n) as model\n{ours}\norder by {', '.join(model.grain)}"
    return f"delete from {model.full_name} {ours}", f"insert into {model.full_name}\n{rows}"


def _of_plans(model: Model, listed: str) -> str:
    """The model's SELECT, with only the rows of these plans in every table it reads."""

    def narrowed(found: re.Match[str]) -> str:
        source = _models().get(f"{found[2]}.{found[3]}")
        if source is None:  # `is distinct from` a column
            return found[0]
        return f"{found[1]} {_rows_of_plans(source, listed)}{found[4] or f' as {source.name}'}"

    return _SOURCE.sub(narrowed, _COMMENT.sub("", model.sql))


def _rows_of_plans(model: Model, listed: str) -> str:
    if model.schema in sqlfiles.VIEWS:
        return f"(\n{_of_plans(model, listed)}\n)"
    key = owner(model) if model.schema == "raw" else "plan" if "plan_id" in sqlfiles.columns(model) else None
    if key is None:
        return model.full_name
    of_plans = f"plan_id in ({listed})"
    if key == "submission":
        of_plans = f"submission_id in (select submission_id from raw.submission where {of_plans})"
    return f"(select * from {model.full_name} where {of_plans})"


@cache
def _models() -> Mapping[str, Model]:
    return {model.full_name: model for schema in ("raw", *sqlfiles.LAYERS) for model in sqlfiles.declared(schema)}
