"""The facts rules are held against: one frame for all submissions of a round, told apart by ``scope``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, get_args

from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection
from minsheng.words.codes import Scope

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SCOPES: tuple[Scope, ...] = get_args(Scope)

Fact = Mapping[str, object]


@cache
def fact_columns(scope: Scope) -> tuple[str, ...]:
    """The columns a rule of this scope may use; what they mean stands at the head of ``sql/staging/vld_*.sql``."""
    views = {model.name: model for model in sqlfiles.declared("staging")}
    return sqlfiles.columns(views[f"vld_{scope}"])


def read_facts(connection: Connection, submission_ids: Sequence[str]) -> pd.DataFrame:
    """Every fact about these submissions, in a fixed order; its index is the fact's id."""
    parts = (f"select '{scope}' as scope, * from staging.vld_{scope}" for scope in SCOPES)
    union = "\nunion all by name\n".join(parts)
    facts = connection.execute(
        f"""
        select * from ({union})
        where list_contains(?, submission_id)
        order by submission_id, scope, sheet_name, row_no, section, field, item_code, indicator_code, member_code
        """,
        [list(submission_ids)],
    ).to_arrow_table()
    return _plain(_floats(facts).to_pandas())


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
