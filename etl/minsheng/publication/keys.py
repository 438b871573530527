"""The keys of the published tables: what makes a row one, and the dimension each code leads to (docs/adr/0050).

A table leads to a dimension by the columns that bear the names of its key; where the fact's own column may be
null, or name what the dimension has not, by the one that always leads there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from minsheng.warehouse import sqlfiles

# What begins a statement that only PostgreSQL runs: a key costs a DuckDB file a quarter of a megabyte a table, and no
# reader is the quicker for it.
KEYS = "alter table "
_ALWAYS_LEADS = {"period": "period_key", "reason_code": "reason_key", "unit_code": "unit_key"}
_ALSO = {"unit_code": ("lead_unit_code",)}
# Rows that sum up others lead to no dimension; nor does what was said of an indicator that the plan no longer has.
_NO_DIMENSION = {("pub_status_share_v1", "dim_item"), ("pub_plan_erratum_v1", "dim_indicator")}


@dataclass(frozen=True)
class Reference:
    """The columns of a table by which it leads to a dimension, in the order of the dimension's key."""

    columns: tuple[str, ...]
    dimension: sqlfiles.Model


def is_dimension(model: sqlfiles.Model) -> bool:
    """Whether facts are sliced by it."""
    return model.name.startswith("dim_")


def key(model: sqlfiles.Model) -> tuple[str, ...]:
    """What makes a row one in a publication of any number of counties: two may send the same file."""
    is_of_a_plan = "plan_id" in sqlfiles.columns(model) and "plan_id" not in model.grain
    return ("plan_id", *model.grain) if is_of_a_plan else model.grain


def references(model: sqlfiles.Model) -> Iterator[Reference]:
    """Every dimension the table leads to."""
    names = sqlfiles.columns(model)
    for dimension in sqlfiles.models("published"):
        if not is_dimension(dimension) or dimension.name == model.name or dimension.name == "dim_unit_name":
            continue
        if (model.name, dimension.name) not in _NO_DIMENSION:
            yield from (Reference(columns, dimension) for columns in _leading(dimension, names))


def key_statements(model: sqlfiles.Model) -> Iterator[str]:
    """The statements that declare a fact's key, and what any table leads to; held at the end of a transaction."""
    if not is_dimension(model):
        yield f"{KEYS}{model.name} add primary key ({', '.join(key(model))})"
    for one in references(model):
        target = f"{one.dimension.name} ({', '.join(one.dimension.grain)})"
        yield (
            f"{KEYS}{model.name} add foreign key ({', '.join(one.columns)}) references {target} "
            "deferrable initially deferred"
        )


def _leading(dimension: sqlfiles.Model, names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    own = tuple(_ALWAYS_LEADS[name] if _ALWAYS_LEADS.get(name) in names else name for name in dimension.grain)
    if set(own) <= set(names):
        yield own
    for name, others in _ALSO.items():
        for other in others:
            other_columns = tuple(other if column == name else column for column in dimension.grain)
            if name in dimension.grain and set(other_columns) <= set(names):
                yield other_columns
