"""What every SQL file owes its readers: a true header, a place in the order, words for its columns, another engine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from minsheng.core.declarations import ROOT
from minsheng.core.errors import UserError
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, open_warehouse

MODELS = [model for layer in sqlfiles.LAYERS for model in sqlfiles.models(layer)]
_HEADER = "-- comment: 表\n-- purpose: none\n-- grain: key\n"
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.full_name)

# What a layer may read. Marts know one thing that is not in the star: the moment they speak of; and what is published
# tells when readers were shown it.
READABLE = {
    "staging": {"raw", "staging"},
    "facts": {"raw", "staging", "facts"},
    "star": {"raw", "staging", "star"},
    "marts": {"star", "marts"},
    "published": {"star", "marts"},
}


@each_model
def test_header_is_true(empty_warehouse: Connection, model: sqlfiles.Model) -> None:
    described = empty_warehouse.execute(f"describe {model.full_name}").fetchall()
    assert tuple(row[0] for row in described) == sqlfiles.columns(model)
    assert set(model.grain) <= set(sqlfiles.columns(model))
    assert re.search(r"[\u4e00-\u9fff]", model.comment)


@each_model
def test_model_reads_only_layers_below(model: sqlfiles.Model) -> None:
    showing = {"raw.publication", "raw.shown"} if model.schema == "published" else set()
    layers = {name.split(".")[0] for name in sqlfiles.reads(model) - {"raw.as_of"} - showing}
    assert layers <= READABLE[model.schema]


@each_model
def test_model_runs_on_spark_too(model: sqlfiles.Model) -> None:
    (spark,) = sqlglot.transpile(model.sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    query = sqlglot.parse_one(spark, read="spark")
    assert not list(query.find_all(exp.Lambda, exp.Merge, exp.CurrentTimestamp, exp.CurrentDate, exp.Rand))
    assert {f"{table.db}.{table.name}" for table in query.find_all(exp.Table) if table.db} == sqlfiles.reads(model)


@pytest.mark.parametrize("check", sqlfiles.checks(), ids=lambda check: check.name)
def test_check_runs_on_spark_too(check: sqlfiles.Check) -> None:
    (spark,) = sqlglot.transpile(check.sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    query = sqlglot.parse_one(spark, read="spark")
    assert isinstance(query, exp.Query) and query.named_selects


@each_model
def test_select_lists_end_with_a_comma(model: sqlfiles.Model) -> None:
    ends = re.findall(r"(\S+)\n+ {4}from ", model.sql)
    assert ends and all(end.endswith(",") for end in ends)


@each_model
def test_what_a_model_reads_and_makes_is_what_another_parser_finds(model: sqlfiles.Model) -> None:
    query = sqlglot.parse_one(model.sql, read="duckdb")
    ctes = {cte.alias: cte.this for cte in query.find_all(exp.CTE)}
    tables = {f"{table.db}.{table.name}" if table.db else table.name for table in query.find_all(exp.Table)}
    assert sqlfiles.reads(model) == tables - ctes.keys()
    assert list(sqlfiles.columns(model)) == ctes["final"].named_selects


def test_order_puts_what_is_read_first() -> None:
    for layer in sqlfiles.LAYERS:
        placed: set[str] = set()
        for model in sqlfiles.models(layer):
            own = {name for name in sqlfiles.reads(model) if name.startswith(f"{layer}.")}
            assert own <= placed
            placed.add(model.full_name)


def test_models_in_a_circle_are_named(tmp_path: Path) -> None:
    _write(tmp_path, "one", "marts.two")
    _write(tmp_path, "two", "marts.one")
    with pytest.raises(UserError, match=r"sql/marts：这些表互相引用成了圈：marts\.\w+ → marts\.\w+"):
        sqlfiles.models("marts", tmp_path)


@pytest.mark.parametrize("table", ["marts.nowhere", "nowhere"])
def test_unknown_table_is_named(tmp_path: Path, table: str) -> None:
    _write(tmp_path, "one", table)
    with pytest.raises(UserError, match=rf"sql/marts/one\.sql：引用了没有文件声明的 {table} → 请改正"):
        sqlfiles.models("marts", tmp_path)


def test_missing_header_line_is_named(tmp_path: Path) -> None:
    _write(tmp_path, "one", "raw.as_of", header="-- comment: 表\n-- purpose: none\n")
    with pytest.raises(UserError, match=r"one\.sql：文件头没有“-- grain:”一行 → 请在 SELECT 之前补上"):
        sqlfiles.declared("marts", tmp_path)


def test_dictionary_explains_every_column_and_no_other() -> None:
    built = [
        (model, column) for model in MODELS if model.schema in sqlfiles.BUILT for column in sqlfiles.columns(model)
    ]
    known = sqlfiles.dictionary()
    own = {f"{model.name}.{column}" for model, column in built} & known.keys()
    assert known.keys() == {column for _, column in built} | own
    assert all(name.startswith("pub_") for name in own), "a column that may still be renamed has one meaning"


def test_a_column_name_has_one_type(empty_warehouse: Connection) -> None:
    query = """
        select column_name, list(distinct data_type order by data_type) as data_types
        from duckdb_columns()
        where schema_name in ('star', 'marts', 'published')
        group by column_name
        having count(distinct data_type) > 1
    """
    assert empty_warehouse.execute(query).fetchall() == []


def test_published_columns_are_the_public_surface() -> None:
    surface = {
        "pub_indicator_completion_v1": """plan_id, period, period_start, item_code, item_name, indicator_code,
            indicator_name, unit_of_measure, kind, comparator, target_value, actual_value, month_value,
            numerator, denominator, completion_ratio, time_progress_ratio, gap_pp, status_code, status_label, light,
            lead_unit_code, lead_unit_name, submission_status, accepted_at, submission_id, revision_no, is_corrected,
            polarity, rests_on_period, breaks_with_period, break_note, capped_ratio, scored_ratio, is_latest_due,
            shortfall_value""",
        "pub_submission_status_v1": """plan_id, period, period_start, unit_code, role, is_required, submission_status,
            due_at, first_received_at, accepted_at, is_late, revision_count, reject_count, warn_count, timing,
            is_missed, unit_name, is_latest_due""",
        "pub_indicator_history_v1": """plan_id, period, period_start, indicator_code, revision_no, actual_value,
            known_from, known_to, submission_id, reason, published_from, indicator_name""",
    }
    built = {model.name: list(sqlfiles.columns(model)) for model in sqlfiles.models("published")}
    assert {name: built[name] for name in surface} == {
        name: [column.strip() for column in columns.split(",")] for name, columns in surface.items()
    }
    assert built.keys() - surface.keys() == {
        "dim_county",
        "dim_indicator",
        "dim_item",
        "dim_period",
        "dim_plan",
        "dim_reason",
        "dim_rule",
        "dim_status",
        "dim_unit",
        "dim_unit_name",
        "pub_contribution_v1",
        "pub_data_quality_v1",
        "pub_figure_cell_v1",
        "pub_finding_v1",
        "pub_indicator_correction_v1",
        "pub_indicator_outlook_v1",
        "pub_item_completion_v1",
        "pub_member_value_v1",
        "pub_plan_erratum_v1",
        "pub_publication_v1",
        "pub_status_share_v1",
        "pub_status_share_v2",
        "pub_unit_reporting_v1",
        "pub_unit_scorecard_v1",
        "pub_indicator_change_v1",
        "pub_mail_v1",
        "pub_nil_report_v1",
        "pub_rank_history_v1",
        "pub_rule_result_v1",
        "pub_status_history_v1",
        "pub_submission_v1",
        "pub_unit_text_v1",
    }


def test_no_published_comment_names_a_table_that_is_not_published() -> None:
    published = {model.name for model in sqlfiles.models("published")}
    for model in sqlfiles.models("published"):
        told = [model.comment, *(term.description for term in sqlfiles.terms(model).values())]
        named = set(re.findall(r"\b(?:(?:star|marts|raw|staging)\.\w+|(?:dim|fct|pub)_\w+)", " ".join(told)))
        assert named <= published, f"{model.name}: {named - published}"


@pytest.mark.parametrize("model", sqlfiles.models("published"), ids=lambda model: model.name)
def test_the_first_time_beside_a_period_is_the_month_itself(empty_warehouse: Connection, model: sqlfiles.Model) -> None:
    described = empty_warehouse.execute(f"describe {model.full_name}").fetchall()
    times = [name for name, data_type, *_ in described if data_type == "DATE" or data_type.startswith("TIMESTAMP")]
    names = sqlfiles.columns(model)
    if "period" in names:
        assert times[0] == "period_start" and names[names.index("period") + 1] == "period_start"


def test_comments_reach_the_built_table() -> None:
    (model,) = [model for model in sqlfiles.models("published") if model.name == "pub_submission_status_v1"]
    with open_warehouse(None) as connection:
        connection.execute(f"create table main.{model.name} ({' int, '.join(sqlfiles.columns(model))} int)")
        for statement in sqlfiles.comments(model, f"main.{model.name}"):
            connection.execute(statement)
        found = connection.execute("select comment from duckdb_columns() where table_name = ?", [model.name]).fetchall()
    assert ("接收版本数（单位：个）：本期被接收的文件数，重复文件不计",) in found
    assert all(comment for (comment,) in found)


def test_opening_again_parses_no_sql(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "warehouse.duckdb"):
        pass
    script = (
        "import sys\nfrom pathlib import Path\nfrom minsheng.warehouse import selects\n"
        "from minsheng.warehouse.connection import open_warehouse\n"
        "with open_warehouse(Path(sys.argv[1])) as connection: pass\n"
        "sys.exit(selects._parser.cache_info().currsize)"
    )
    arguments = [sys.executable, "-c", script, str(tmp_path / "warehouse.duckdb")]
    assert subprocess.run(arguments, cwd=ROOT, check=False).returncode == 0


def test_a_changed_view_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path) as connection:
        connection.execute("create or replace view staging.stg_detail as select 1 as old")
    with open_warehouse(path) as connection:
        assert "member_value" in [row[0] for row in connection.execute("describe staging.stg_detail").fetchall()]


def test_a_view_that_no_file_declares_any_more_goes(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path) as connection:
        connection.execute("create view staging.of_an_earlier_version as select * from staging.stg_detail")
    with open_warehouse(path) as connection:
        found = connection.execute("select view_name from duckdb_views() where schema_name = 'staging'").fetchall()
    assert {name for (name,) in found} == {view.name for view in sqlfiles.declared("staging")}


def _write(root: Path, name: str, reads: str, header: str = _HEADER) -> None:
    folder = root / "marts"
    folder.mkdir(exist_ok=True)
    sql = f"{header}with\n\nfinal as (select key from {reads})\n\nselect * from final\n"
    (folder / f"{name}.sql").write_text(sql, encoding="utf-8")
