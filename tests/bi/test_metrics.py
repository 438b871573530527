"""The metrics as they are declared, and what is made of them: the page, the contracts, the dashboard."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from minsheng.core.contracts import load
from minsheng.core.errors import UserError
from minsheng.publication.descriptors import CONTRACT, PACKAGE
from minsheng.publication.keys import key, references
from minsheng.publication.labels import CODED
from minsheng.publication.metrics import Metric, metrics
from minsheng.publication.superset import ADDRESS, COLOURS, SHOWN, Database, dashboard, tiled
from minsheng.publication.superset_charts import TiledItem, charts
from minsheng.warehouse import sqlfiles
from tests.bi.addresses import Url, documented
from tests.bi.conftest import Publisher

MODELS = {model.name: model for model in sqlfiles.models("published")}
_METRIC = "- {name: a, label: 甲, table: dim_item, expression: count(*), splits_by: [item_name], format: count}\n"


# what is declared


@pytest.mark.parametrize("metric", metrics(), ids=lambda metric: metric.name)
def test_a_metric_can_be_asked_of_its_table(published: Publisher, metric: Metric) -> None:
    query = f"select {metric.expression} as answer from {metric.table} group by {', '.join(metric.splits_by)}"
    with duckdb.connect(published.current / "marts.duckdb", read_only=True) as connection:
        answers = [answer for (answer,) in connection.execute(query).fetchall()]
    if metric.format == "ratio":
        assert all(answer is None or 0 <= answer <= 1 for answer in answers)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("dim_item", "dim_nothing"), "没有发布表 dim_nothing"),
        (("[item_name]", "[light]"), "dim_item 没有列 light"),
        (("format: count", "format: euros"), "euros"),
        (("format: count", "sums_over: [item_no], format: count"), "sums_over"),
    ],
)
def test_a_faulty_metric_is_refused(tmp_path: Path, wrong: tuple[str, str], told: str) -> None:
    path = tmp_path / "metrics.yaml"
    path.write_text(_METRIC, encoding="utf-8")
    assert load(path, tuple[Metric, ...], "sql/metrics.yaml")
    path.write_text(_METRIC.replace(*wrong), encoding="utf-8")
    with pytest.raises(UserError, match=told):
        load(path, tuple[Metric, ...], "sql/metrics.yaml")


def test_names_and_labels_are_of_one_metric() -> None:
    assert len({one.name for one in metrics()}) == len({one.label for one in metrics()}) == len(metrics())


def test_every_published_table_says_what_kind_of_fact_it_holds_and_what_adds_up() -> None:
    for model in MODELS.values():
        is_dimension = model.name.startswith("dim_")
        assert (model.header["fact"] == "dimension") == is_dimension == ("adds" not in model.header), model.name
        assert model.comment in sqlfiles.told_of(model) != model.comment


# the descriptors


def test_the_data_package_describes_every_file_as_it_is(published: Publisher) -> None:
    package = json.loads((published.current / PACKAGE).read_text(encoding="utf-8"))
    assert {one["name"] for one in package["resources"]} == MODELS.keys()
    for one in package["resources"]:
        schema, model = one["schema"], MODELS[one["name"]]
        assert (published.current / one["path"]).is_file()
        assert tuple(field["name"] for field in schema["fields"]) == sqlfiles.columns(model)
        assert tuple(schema["primaryKey"]) == key(model)
        assert len(schema["foreignKeys"]) == len(list(references(model)))


def test_the_contract_holds_the_metrics_of_each_table(published: Publisher) -> None:
    contract = yaml.safe_load((published.current / CONTRACT).read_text(encoding="utf-8"))
    assert contract["kind"] == "DataContract"
    assert {one["name"] for one in contract["schema"]} == MODELS.keys()
    told = [made["value"]["name"] for one in contract["schema"] for made in one["customProperties"]]
    assert sorted(told) == sorted(one.name for one in metrics())


def test_lateness_is_of_the_first_version_that_counts(published: Publisher) -> None:
    late = next(one for one in metrics() if one.name == "hours_late")
    files = "(values (null, 90.0), (1, 2.0), (2, 40.0), (1, 0.0)) as file (version_no, hours_late)"
    assert duckdb.sql(f"select {late.expression} from {files}").fetchone() == (1.0,)


# the dashboard


@pytest.fixture(scope="module")
def parts(published: Publisher) -> dict[str, Any]:
    """Every part of the zip by its name, as Superset reads it."""
    with duckdb.connect(published.current / "marts.duckdb", read_only=True) as connection:
        made = dashboard(connection, Database("duckdb:///somewhere", "main"))
        assert made == dashboard(connection, Database("duckdb:///somewhere", "main"))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return {name.split("/", 1)[1]: yaml.safe_load(archive.read(name)) for name in archive.namelist()}


def test_every_number_in_the_dashboard_is_a_declared_one(parts: Mapping[str, Any]) -> None:
    datasets = {part["uuid"]: part for name, part in parts.items() if name.startswith("datasets/")}
    drawn = [part for name, part in parts.items() if name.startswith("charts/")]
    assert len(drawn) == 15
    for chart in drawn:
        dataset, params = datasets[chart["dataset_uuid"]], chart["params"]
        asked = [*params.get("metrics", ()), *([params["metric"]] if "metric" in params else ())]
        assert set(asked) <= {one["metric_name"] for one in dataset["metrics"]}
        columns = {one["column_name"] for one in dataset["columns"]}
        named = {*params.get("groupby", ()), *params.get("all_columns", ()), params.get("x_axis", "period_start")}
        assert named | {one["subject"] for one in params["adhoc_filters"]} <= columns


ITEMS = [TiledItem(plan, "M01", "就业", name) for plan, name in (("a-2022", "甲县"), ("b-2022", "乙县"))]


def test_two_counties_are_told_apart() -> None:
    drawn = {one.key: one for one in charts(ITEMS)}
    tiles = [one for key, one in drawn.items() if key.startswith("tile-")]
    assert [one.title for one in tiles] == ["甲县：就业", "乙县：就业"]
    for tile, item in zip(tiles, ITEMS, strict=True):
        asked = {one["subject"]: one["comparator"] for one in tile.params["adhoc_filters"]}  # type: ignore[attr-defined]
        assert asked == {"plan_id": item.plan_id, "item_code": "M01", "is_latest_due": True}
    for name in ("trend", "punctuality"):
        assert "plan_id" in drawn[name].params["groupby"]  # type: ignore[operator]
    assert "plan_id" not in {one.key: one for one in charts(ITEMS[:1])}["trend"].params["groupby"]  # type: ignore[operator]


def test_tiles_are_of_the_plan_whose_month_is_the_latest_due() -> None:
    with duckdb.connect() as connection:
        for table, columns, values in (
            ("dim_county", "county_code, county_name", "('c', '甲县')"),
            ("dim_plan", "plan_id, county_code, plan_year", "('a', 'c', 2022), ('b', 'c', 2023)"),
            ("dim_item", "plan_id, item_code, item_name, item_no", "('a', 'M01', '旧', 1), ('b', 'M01', '新', 1)"),
            ("dim_period", "plan_id, is_latest_due", "('a', true), ('b', false)"),
        ):
            connection.execute(f"create table {table} as select * from (values {values}) as given ({columns})")
        assert [one.name for one in tiled(connection)] == ["旧"]
        connection.execute("update dim_period set is_latest_due = plan_id = 'b'")
        assert [one.name for one in tiled(connection)] == ["新"]
        connection.execute("update dim_period set is_latest_due = false")
        assert [one.name for one in tiled(connection)] == ["新"], "before any is due, of the last year"


def test_time_is_the_month_and_lights_have_their_colours(parts: Mapping[str, Any]) -> None:
    datasets = [part for name, part in parts.items() if name.startswith("datasets/")]
    assert {part["table_name"] for part in datasets} == set(SHOWN)
    assert {part["main_dttm_col"] for part in datasets} == {"period_start"}
    colours = parts["dashboards/minsheng.yaml"]["metadata"]["label_colors"]
    assert colours == dict(zip(("蓝", "绿", "黄", "红", "灰"), COLOURS.values(), strict=True))


def test_columns_in_words_can_be_asked(parts: Mapping[str, Any], published: Publisher) -> None:
    with duckdb.connect(published.current / "marts.duckdb", read_only=True) as connection:
        for part in (part for name, part in parts.items() if name.startswith("datasets/")):
            for column in (one for one in part["columns"] if one["expression"]):
                assert column["column_name"].removesuffix("_word") in CODED
                connection.execute(f"select {column['expression']} from {part['table_name']}").fetchall()


def test_the_address_is_the_documented_one() -> None:
    (address,) = (each for each in documented() if isinstance(each, Url))
    assert ADDRESS.split("?")[1] == str(address.at(Path("/somewhere/marts.duckdb"))).split("?")[1]
