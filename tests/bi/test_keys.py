"""The keys of the published tables: one row each, and no fact that falls out of a join with its dimensions."""

from __future__ import annotations

import duckdb
import pytest
import sqlalchemy as sa

from minsheng.publication.keys import is_dimension, key, references
from minsheng.warehouse import sqlfiles
from tests.bi.conftest import Publisher

MODELS = sqlfiles.models("published")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_no_row_falls_out_of_a_join_and_none_is_doubled(published: Publisher, model: sqlfiles.Model) -> None:
    with duckdb.connect(published.current / "marts.duckdb", read_only=True) as connection:
        for one in references(model):
            on = " and ".join(
                f"fact.{own} = dimension.{theirs}" for own, theirs in zip(one.columns, one.dimension.grain, strict=True)
            )
            is_told = " and ".join(f"fact.{own} is not null" for own in one.columns)
            joined = f"select count(*) from {model.name} as fact inner join {one.dimension.name} as dimension on {on}"
            rows = f"select count(*) from {model.name} as fact where {is_told}"
            assert connection.execute(joined).fetchone() == connection.execute(rows).fetchone(), one


def test_every_table_leads_to_its_month_and_its_county() -> None:
    for model in MODELS:
        led_to = {one.dimension.name for one in references(model)}
        names = sqlfiles.columns(model)
        assert ("period" in names and not is_dimension(model)) <= ("dim_period" in led_to), model.name
        assert ("plan_id" in names and model.name != "dim_plan") <= ("dim_plan" in led_to), model.name


def test_a_key_is_of_a_plan_where_the_table_is() -> None:
    keys = {model.name: key(model) for model in MODELS}
    assert keys["pub_finding_v1"] == ("plan_id", "submission_id", "finding_no")
    assert keys["dim_status"] == ("status_code",)


def test_dimensions_bear_their_key_in_duckdb(published: Publisher) -> None:
    query = "select table_name, constraint_column_names from duckdb_constraints() where constraint_type = 'PRIMARY KEY'"
    with duckdb.connect(published.current / "marts.duckdb", read_only=True) as connection:
        found = {name: tuple(columns) for name, columns in connection.execute(query).fetchall()}
    assert found == {model.name: model.grain for model in MODELS if is_dimension(model)}


@pytest.mark.slow
def test_every_table_bears_its_keys_in_postgresql(publisher: Publisher, bi_url: str) -> None:
    publisher.to(bi_url).publish(1)
    inspector = sa.inspect(sa.create_engine(bi_url, poolclass=sa.NullPool))
    for model in MODELS:
        assert tuple(inspector.get_pk_constraint(model.name, "minsheng")["constrained_columns"]) == key(model)
        led = {
            (*one["constrained_columns"], one["referred_table"])
            for one in inspector.get_foreign_keys(model.name, "minsheng")
        }
        assert led == {(*one.columns, one.dimension.name) for one in references(model)}
