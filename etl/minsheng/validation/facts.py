"""The facts rules are held against: one frame for all submissions of a round, told apart by ``scope``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, get_args

from minsheng.core.codes import Scope
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SCOPES: tuple[Scope, ...] = get_args(Scope)

Fact = Mapping[str, object]


@cache
def fact_tables(scope: Scope) -> tuple[sqlfiles.Model, ...]:
    """The tables in ``sql/facts/`` whose columns are the facts of this scope, the one named like it first.

    The others have a row for what they know of: a column added to any of them is a fact from then on.
    """
    tables = [model for model in sqlfiles.declared("facts") if model.header.get("scope") == scope]
    return tuple(sorted(tables, key=lambda model: model.name != scope))


@cache
def fact_columns(scope: Scope) -> tuple[str, ...]:
    """The columns a rule of this scope may use; what they mean stands at the head of their tables' files."""
    return tuple(dict.fromkeys(name for model in fact_tables(scope) for name in sqlfiles.columns(model)))


def read_facts(connection: Connection, submission_ids: Sequence[str]) -> pd.DataFrame:
    """Every fact about these submissions, in a fixed order; its index is the fact's id."""
    _compute(connection, submission_ids)
    facts = connection.execute(
        f"""
        select * from ({"union all by name".join(map(_joined, SCOPES))})
        where list_contains(?, submission_id)
        order by submission_id, scope, sheet_name, row_no, section, field, item_code, indicator_code, member_code
        """,
        [list(submission_ids)],
    ).to_arrow_table()
    return _plain(_floats(facts).to_pandas())


def _compute(connection: Connection, submission_ids: Sequence[str]) -> None:
    """Make the facts temporary tables, of these submissions only.

    The views say the same of everything ever received, at many times the cost: a view in a view is planned anew
    wherever it is read.
    """
    judged = "create or replace temporary table facts_judged as select unnest(?::varchar[]) as submission_id"
    connection.execute(judged, [list(submission_ids)])
    for model in sqlfiles.models("facts"):
        if model.name != "judged":
            connection.execute(sqlfiles.create_temporary(model))


def _joined(scope: Scope) -> str:
    """A SELECT of all facts of a scope, the tables side by side."""
    first, *others = fact_tables(scope)
    beside = "".join(f" left join temp.facts_{model.name} using ({', '.join(model.grain)})" for model in others)
    return f" select '{scope}' as scope, * from temp.facts_{first.name}{beside} "


def facts_frame(facts: Iterable[Fact]) -> pd.DataFrame:
    """A frame of facts written by hand, as in the proofs of the rules; columns not given are null."""
    import pandas as pd

    names = dict.fromkeys(name for scope in SCOPES for name in fact_columns(scope))
    return _plain(pd.DataFrame.from_records(list(facts), columns=["scope", *names]))


def _floats(facts: pa.Table) -> pa.Table:
    """Decimals as floats: what rules compare with; differences are taken in SQL, exactly, before."""
    import pyarrow as pa

    for number, field in enumerate(facts.schema):
        if pa.types.is_decimal(field.type):
            facts = facts.set_column(number, field.name, facts.column(number).cast(pa.float64()))
    return facts


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Text as plain objects: Arrow strings are slow to cut into pieces, which is all that happens to them here."""
    text = frame.select_dtypes(include=["str"]).columns
    return frame.astype(dict.fromkeys(text, object))
