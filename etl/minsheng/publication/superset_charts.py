"""What the Superset dashboard shows: a tile for each item, lights and scores by month, the punctuality of units."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_COMPLETION = "pub_indicator_completion_v1"
_TILES_IN_A_ROW = 6
_WHOLE_WIDTH = 12


@dataclass(frozen=True)
class Chart:
    """One chart: a key of its own, what it shows of which table, and how wide (of 12) and high (of 10 px) it is.

    ``is_of_latest``: always of the latest month that is due, whichever month is chosen for the others.
    """

    key: str
    title: str
    kind: str
    table: str
    params: Mapping[str, object]
    width: int
    height: int
    is_of_latest: bool = False


@dataclass(frozen=True)
class TiledItem:
    """A project that has a tile: in two counties' plans it may have the same code and the same name."""

    plan_id: str
    code: str
    name: str
    county_name: str


def charts(items: Sequence[TiledItem]) -> list[Chart]:
    """All of them, in the order in which they stand.

    Where the items are of several plans, all that tells items and units apart tells the plans apart as well.
    """
    plan = ["plan_id"] if len({item.plan_id for item in items}) > 1 else []
    return [
        *(_tile_of_plan(item) if plan else _tile(item) for item in items),
        _lights(),
        _trend([*plan, "item_name"]),
        _indicators(plan),
        _punctuality([*plan, "unit_name"]),
        _arrivals(),
    ]


def layout(drawn: Sequence[Chart], identity: Callable[[str], str]) -> dict[str, object]:
    """Where each chart stands, as Superset wants it: rows of a grid, filled from left to right."""
    rows = list(_rows(drawn))
    found: dict[str, object] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {
            "type": "GRID",
            "id": "GRID_ID",
            "parents": ["ROOT_ID"],
            "children": [f"ROW-{number}" for number in range(len(rows))],
        },
    }
    for number, row in enumerate(rows):
        name = f"ROW-{number}"
        found[name] = {
            "type": "ROW",
            "id": name,
            "parents": ["ROOT_ID", "GRID_ID"],
            "children": [f"CHART-{one.key}" for one in row],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for one in row:
            # Superset gives the chart a number of its own, but asks for one to replace.
            meta = {"chartId": drawn.index(one) + 1, "uuid": identity(one.key), "sliceName": one.title}
            meta |= {"width": one.width, "height": one.height}
            chart = {"type": "CHART", "id": f"CHART-{one.key}", "parents": ["ROOT_ID", "GRID_ID", name]}
            found[f"CHART-{one.key}"] = chart | {"children": [], "meta": meta}
    return found


def _rows(drawn: Sequence[Chart]) -> Iterator[list[Chart]]:
    row: list[Chart] = []
    for one in drawn:
        if sum(each.width for each in row) + one.width > _WHOLE_WIDTH:
            yield row
            row = []
        row.append(one)
    yield row


def _tile(item: TiledItem) -> Chart:
    """The score of one item in the latest month that is due; of the same code in whichever year that is."""
    return _score(item.code, item.name, [_is("item_code", item.code)])


def _tile_of_plan(item: TiledItem) -> Chart:
    """The same of one plan among several."""
    filters = [_is("plan_id", item.plan_id), _is("item_code", item.code)]
    return _score(f"{item.plan_id}-{item.code}", f"{item.county_name}：{item.name}", filters)


def _score(key: str, title: str, filters: Sequence[Mapping[str, object]]) -> Chart:
    params = {
        "metric": "score",
        "adhoc_filters": [*filters, _is("is_latest_due", True)],
        "subheader": "得分（最近到期的一期）",
        "y_axis_format": ".1%",
        "header_font_size": 0.4,
        "subheader_font_size": 0.15,
    }
    return Chart(
        f"tile-{key}", title, "big_number_total", _COMPLETION, params, _WHOLE_WIDTH // _TILES_IN_A_ROW, 28, True
    )


def _lights() -> Chart:
    params = {
        "x_axis": "period_start",
        "time_grain_sqla": "P1M",
        "metrics": ["indicator_count"],
        "groupby": ["light_word"],
        "adhoc_filters": [],
        "stack": "Stack",
        "show_legend": True,
        "x_axis_time_format": "%Y-%m",
        "y_axis_format": ",d",
        "row_limit": 1000,
    }
    return Chart("lights", "各月亮灯", "echarts_timeseries_bar", _COMPLETION, params, 6, 50)


def _trend(by: Sequence[str]) -> Chart:
    params = {
        "x_axis": "period_start",
        "time_grain_sqla": "P1M",
        "metrics": ["score"],
        "groupby": by,
        "adhoc_filters": [],
        "show_legend": True,
        "markerEnabled": True,
        "x_axis_time_format": "%Y-%m",
        "y_axis_format": ".0%",
        "row_limit": 1000,
    }
    return Chart("trend", "各项目得分走势", "echarts_timeseries_line", _COMPLETION, params, 6, 50)


def _indicators(plan: Sequence[str]) -> Chart:
    columns = ["indicator_name", "lead_unit_name", "completion_ratio", "time_progress_ratio", "gap_pp", "status_label"]
    percent = {"d3NumberFormat": ".1%"}
    params = {
        "query_mode": "raw",
        "all_columns": [*plan, "period", *columns, "light_word"],
        "adhoc_filters": [],
        "column_config": {"completion_ratio": percent, "time_progress_ratio": percent, "gap_pp": _points()},
        "order_by_cols": ['["period", false]', '["indicator_name", true]'],
        "row_limit": 1000,
        "table_timestamp_format": "%Y-%m",
    }
    return Chart("indicators", "各项指标（新的月份在前）", "table", _COMPLETION, params, _WHOLE_WIDTH, 60)


def _points() -> dict[str, str]:
    return {"d3NumberFormat": "+,.1f"}


def _punctuality(by: Sequence[str]) -> Chart:
    params = {
        "query_mode": "aggregate",
        "groupby": by,
        "metrics": ["on_time_ratio"],
        "adhoc_filters": [_is("is_latest_due", True)],
        "order_desc": False,
        "row_limit": 1000,
        "column_config": {"on_time_ratio": {"d3NumberFormat": ".1%"}},
    }
    return Chart("punctuality", "各单位按时报送率（年内）", "table", "pub_unit_reporting_v1", params, 6, 50, True)


def _arrivals() -> Chart:
    params = {
        "x_axis": "period_start",
        "time_grain_sqla": "P1M",
        "metrics": ["required_unit_count"],
        "groupby": ["submission_status_word"],
        "adhoc_filters": [_is("is_required", True)],
        "stack": "Stack",
        "show_legend": True,
        "x_axis_time_format": "%Y-%m",
        "y_axis_format": ",d",
        "row_limit": 1000,
    }
    return Chart("arrivals", "各月报送情况", "echarts_timeseries_bar", "pub_submission_status_v1", params, 6, 50)


def _is(column: str, value: object) -> dict[str, object]:
    return {"clause": "WHERE", "expressionType": "SIMPLE", "subject": column, "operator": "==", "comparator": value}
