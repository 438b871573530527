"""A Superset dashboard of one installation, as the zip its import takes (docs/adr/0051).

Datasets, charts and filters are made of the metrics and the dictionary, so that every number in it is one declared
there. The parts are JSON, which is YAML too. Made again from the same publication it is the same to Superset: an import
replaces what was imported before.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from minsheng.publication.labels import CODED, title
from minsheng.publication.metrics import Metric, metrics
from minsheng.publication.superset_charts import Chart, TiledItem, charts, layout
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, rows_of
from minsheng.words.chinese import chinese

ROOT = "minsheng"
TITLE = "民生实事"
SHOWN = ("pub_indicator_completion_v1", "pub_item_completion_v1", "pub_submission_status_v1", "pub_unit_reporting_v1")
COLOURS = {"blue": "#2E75B6", "green": "#548235", "yellow": "#BF8F00", "red": "#C00000", "grey": "#7F7F7F"}
# What a reader's address must say, so that no query reads or writes another file: see docs/bi.md.
ADDRESS = "duckdb:///{database}?access_mode=read_only&enable_external_access=false&lock_configuration=true"
# Those of the plans whose month is the latest due of their county; before any is due, those of the last year.
_ITEMS = """
    select dim_item.plan_id, dim_item.item_code, dim_item.item_name, dim_county.county_name
    from dim_item
    inner join dim_plan using (plan_id)
    inner join dim_county using (county_code)
    where
        dim_item.plan_id in (select plan_id from dim_period where is_latest_due)
        or (
            not exists (select 1 from dim_period where is_latest_due)
            and dim_plan.plan_year = (select max(plan_year) from dim_plan)
        )
    order by dim_item.plan_id, dim_item.item_no
"""
_FORMATS = {"count": ",d", "ratio": ".1%", "hours": ",.1f"}
_VERSION = "1.0.0"
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can tell

Part = Mapping[str, object]


@dataclass(frozen=True)
class Database:
    """Where Superset finds the tables: an SQLAlchemy address, and the schema they are in."""

    address: str
    schema: str


def dashboard(connection: Connection, source: Database) -> bytes:
    """The zip for an installation whose current revision is open for reading."""
    models = {model.name: model for model in sqlfiles.models("published") if model.name in SHOWN}
    types = {name: _types(connection, name) for name in models}
    drawn = charts(tiled(connection))
    parts = {
        "metadata.yaml": {"version": _VERSION, "type": "Dashboard", "timestamp": "2022-01-01T00:00:00+00:00"},
        f"databases/{ROOT}.yaml": _database(source),
        **{f"datasets/{ROOT}/{name}.yaml": _dataset(source, model, types[name]) for name, model in models.items()},
        **{f"charts/{one.key}.yaml": _chart(one) for one in drawn},
        f"dashboards/{ROOT}.yaml": _dashboard(drawn),
    }
    return _zipped(parts)


def identity(name: str) -> str:
    """The UUID by which Superset knows a part again."""
    return str(uuid5(NAMESPACE_URL, f"minsheng/{name}"))


def tiled(connection: Connection) -> list[TiledItem]:
    """The items that have a tile, in the order of each plan."""
    names = ("plan_id", "item_code", "item_name", "county_name")
    return [TiledItem(*(str(row[name]) for name in names)) for row in rows_of(connection, _ITEMS)]


def _types(connection: Connection, name: str) -> dict[str, str]:
    """As they are in the revision: one of an earlier version may lack a column."""
    return {column: kind for column, kind, *_ in connection.execute(f"describe {name}").fetchall()}


def _database(source: Database) -> Part:
    return {
        "database_name": TITLE,
        "sqlalchemy_uri": source.address,
        "cache_timeout": 0,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_csv_upload": False,
        "extra": {},
        "uuid": identity("database"),
        "version": _VERSION,
    }


def _dataset(source: Database, model: sqlfiles.Model, types: Mapping[str, str]) -> Part:
    return {
        "table_name": model.name,
        "main_dttm_col": "period_start",
        "description": f"{title(model)}：{sqlfiles.told_of(model)}",
        "schema": source.schema,
        "sql": None,
        "filter_select_enabled": True,
        "always_filter_main_dttm": False,
        "uuid": identity(model.name),
        "metrics": [_metric(one) for one in metrics() if one.table == model.name],
        "columns": [*_columns(model, types), *_words(model, types)],
        "version": _VERSION,
        "database_uuid": identity("database"),
    }


def _metric(one: Metric) -> Part:
    once = "；只在一期之内有意义，跨月份的先选一期" if one.one_period else ""
    return {
        "metric_name": one.name,
        "verbose_name": one.label,
        "expression": one.expression,
        "description": f"{one.label}{once}",
        "d3format": _FORMATS[one.format],
    }


def _columns(model: sqlfiles.Model, types: Mapping[str, str]) -> Iterator[Part]:
    terms = sqlfiles.terms(model)
    for name, kind in types.items():
        term = terms[name]
        yield {
            "column_name": name,
            "verbose_name": term.label,
            "description": term.description,
            "is_dttm": kind == "DATE" or kind.startswith("TIMESTAMP"),
            "is_active": True,
            "type": kind,
            "groupby": True,
            "filterable": True,
            "expression": None,
        }


def _words(model: sqlfiles.Model, types: Mapping[str, str]) -> Iterator[Part]:
    """A column in words beside each column of codes."""
    for name in types:
        if name in CODED:
            said = getattr(chinese(), CODED[name]).items()
            cases = " ".join(f"when '{code}' then '{word}'" for code, word in said)
            yield {
                "column_name": f"{name}_word",
                "verbose_name": f"{sqlfiles.terms(model)[name].label}（中文）",
                "is_dttm": False,
                "is_active": True,
                "type": "VARCHAR",
                "groupby": True,
                "filterable": True,
                "expression": f"case {name} {cases} else {name} end",
            }


def _chart(one: Chart) -> Part:
    params = {"viz_type": one.kind, "datasource": None, "time_range": "No filter", **one.params}
    return {
        "slice_name": one.title,
        "description": None,
        "viz_type": one.kind,
        "params": params,
        "query_context": None,
        "cache_timeout": 0,
        "uuid": identity(one.key),
        "version": _VERSION,
        "dataset_uuid": identity(one.table),
    }


def _dashboard(drawn: Sequence[Chart]) -> Part:
    lights = {chinese().light[light]: colour for light, colour in COLOURS.items()}  # type: ignore[index]
    return {
        "dashboard_title": TITLE,
        "slug": ROOT,
        "published": True,
        "css": "",
        "uuid": identity("dashboard"),
        "position": layout(drawn, identity),
        "metadata": {
            "label_colors": lights,
            "shared_label_colors": lights,
            "color_scheme": "supersetColors",
            "cross_filters_enabled": True,
            "refresh_frequency": 0,
            "native_filter_configuration": [
                _filter("报送期", "period", [number for number, one in enumerate(drawn, start=1) if one.is_of_latest]),
                _filter("工作方案", "plan_id"),
                _filter("项目", "item_name"),
                _filter("牵头单位", "lead_unit_name"),
            ],
        },
        "version": _VERSION,
    }


def _filter(name: str, column: str, without: Sequence[int] = ()) -> Part:
    """A choice of values of a column, for all charts but those numbered ``without``."""
    return {
        "id": f"NATIVE_FILTER-{column}",
        "name": name,
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "targets": [{"column": {"name": column}, "datasetUuid": identity(SHOWN[0])}],
        "controlValues": {
            "multiSelect": True,
            "enableEmptyFilter": False,
            "searchAllOptions": False,
            "inverseSelection": False,
        },
        "defaultDataMask": {"extraFormData": {}, "filterState": {}},
        "cascadeParentIds": [],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": list(without)},
        "description": "",
    }


def _zipped(parts: Mapping[str, Part]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            text = json.dumps(content, ensure_ascii=False, indent=1)
            archive.writestr(zipfile.ZipInfo(f"{ROOT}/{name}", _FIRST_MOMENT), text)
    return stream.getvalue()
