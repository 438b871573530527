"""Publishing: a reader sees one revision, whole; equal content is the same revision."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from openpyxl import load_workbook

from minsheng.core.declarations import ROOT, code_version
from minsheng.core.files import digest
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.publication import revisions
from minsheng.stages.build import build
from minsheng.stages.load import load
from minsheng.stages.publish import publish
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import append, open_warehouse
from minsheng.words.chinese import chinese
from tests.county import open_months

pytestmark = pytest.mark.slow

AT = datetime(2022, 2, 7, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def run(tmp_path: Path) -> Run:
    run = Run(Home(tmp_path / "home"), as_county([load_plan(ROOT / "plans" / "lushan-2022")]), AT, "test")
    open_and_build(run, Period(2022, 1))
    return run


def open_and_build(run: Run, period: Period) -> None:
    open_months(run, period)
    load(run)
    build(run)


def test_a_month_nobody_reported_is_published_with_a_row_for_every_indicator(run: Run) -> None:
    assert publish(run).count("published") == 1
    with duckdb.connect(run.home.current / "marts.duckdb", read_only=True) as connection:
        rows = connection.execute(
            "select status_code, count(*), count(actual_value) from pub_indicator_completion_v1 group by status_code"
        ).fetchall()
    assert rows == [("NOT_REPORTED", 32, 0)]


def test_publishing_the_same_again_makes_no_revision(run: Run) -> None:
    publish(run)
    before = run.home.current.resolve()
    assert publish(replace(run, as_of=AT.replace(hour=18))).count("unchanged") == 1
    assert run.home.current.resolve() == before


def test_other_code_that_builds_the_same_makes_no_revision(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(run)
    assert manifest_of(run)["code_version"] == code_version()
    monkeypatch.setattr("minsheng.publication.manifest.code_version", lambda: "0.1.0+another")
    assert publish(replace(run, as_of=AT.replace(hour=18))).count("unchanged") == 1
    assert manifest_of(run)["code_version"] == code_version()


def test_a_revision_cannot_be_written_to_and_lists_its_files(run: Run) -> None:
    publish(run)
    manifest = manifest_of(run)
    files = {path.name for path in run.home.current.iterdir()}
    assert files == {*manifest["files"], "manifest.json"}
    assert {path.stat().st_mode & 0o222 for path in run.home.current.iterdir()} == {0}
    assert manifest["row_counts"]["pub_indicator_completion_v1"] == 32


def test_the_manifest_says_what_the_revision_rests_on_and_what_was_checked(run: Run) -> None:
    with open_warehouse(run.home.warehouse) as connection:
        for number, verdict in enumerate(("accepted", "rejected"), start=1):
            connection.execute(
                "insert into raw.submission by name select ? as submission_id, 'lushan-2022' as plan_id,"
                " 'RSJ' as unit_code, 'f.xlsx' as file_name, ? as sha256, ?::timestamptz as received_at,"
                " 'form' as reading, '2022-01' as period",
                [f"s{number}", f"{number}" * 64, AT],
            )
            connection.execute(
                "insert into raw.verdict by name select ? as submission_id, ? as verdict,"
                " case when ? = 'accepted' then ?::timestamptz end as accepted_at, 0 as reject_count,"
                " 0 as warn_count, 0 as note_count, 'r1' as rules_version",
                [f"s{number}", verdict, verdict, AT],
            )
        append(connection, "raw.finding", [{"submission_id": "s2", "finding_no": 1, "severity": "reject"}])
    open_and_build(run, Period(2022, 2))
    publish(run)
    manifest = manifest_of(run)
    assert manifest["input_count"] == 1
    assert manifest["inputs"] == [
        {
            "submission_id": "s1",
            "plan_id": "lushan-2022",
            "unit_code": "RSJ",
            "period": "2022-01",
            "sha256": "1" * 64,
            "received_at": "2022-02-07 17:30:00+08",
            "rules_version": "r1",
        }
    ]
    assert manifest["rules_versions"] == ["r1"]
    assert manifest["plan_hashes"] == {"lushan-2022": run.county.plans[0].sha256}
    answers = {entry["name"]: (entry["level"], entry["result"], entry["row_count"]) for entry in manifest["checks"]}
    assert set(answers) == {asked.name for asked in sqlfiles.checks()}
    assert answers["item_counts_add_up"] == ("fail", "passed", 0)


def test_its_moment_is_told_in_the_countys_time_whatever_zone_the_run_was_given(run: Run) -> None:
    publish(replace(run, as_of=AT.astimezone(UTC)))
    assert manifest_of(run)["as_of"] == AT.isoformat()
    cover = load_workbook(run.home.current / "民生实事.xlsx", read_only=True)["说明"]
    assert ("数据时点", "2022-02-07 17:30") in set(cover.iter_rows(values_only=True))


def test_words_that_analysts_read_are_content_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(run)
    monkeypatch.setitem(chinese().light, "grey", "灰色")
    assert publish(run).count("published") == 1
    with duckdb.connect(run.home.current / "marts.duckdb", read_only=True) as connection:
        assert connection.execute('select distinct "亮灯" from "指标完成情况"').fetchall() == [("灰色",)]


def test_files_of_a_table_that_has_not_changed_are_those_of_the_last_revision(run: Run) -> None:
    publish(run)
    before = run.home.current.resolve()
    for name in ("dim_item.parquet", "民生实事项目.csv", "dim_plan.parquet"):
        (before / name).chmod(0o644)
        (before / name).write_bytes((before / name).read_bytes() + b"marked")
    note_hashes(before, "dim_item.parquet", "民生实事项目.csv")
    (before / "dim_unit.parquet").unlink()
    (before / "dim_unit.parquet").mkdir()  # as good as a block that the disk no longer gives
    open_and_build(run, Period(2022, 2))
    publish(run)
    now = run.home.current.resolve()
    assert now != before
    assert (now / "dim_item.parquet").read_bytes() == (before / "dim_item.parquet").read_bytes()
    assert (now / "民生实事项目.csv").read_bytes() == (before / "民生实事项目.csv").read_bytes()
    assert (now / "dim_item.parquet").stat().st_ino != (before / "dim_item.parquet").stat().st_ino
    assert b"marked" not in (now / "dim_plan.parquet").read_bytes(), "a damaged file was taken over"
    assert rows_in(now / "dim_unit.parquet") > 30
    assert rows_in(now / "dim_period.parquet") == rows_in(before / "dim_period.parquet") + 1


def test_a_table_is_written_again_by_other_code(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(run)
    before = run.home.current.resolve()
    (before / "dim_item.parquet").chmod(0o644)
    (before / "dim_item.parquet").write_bytes(b"marked")
    note_hashes(before, "dim_item.parquet")
    open_and_build(run, Period(2022, 2))
    monkeypatch.setattr("minsheng.publication.unchanged.code_version", lambda: "0.1.0+another")
    publish(run)
    assert rows_in(run.home.current / "dim_item.parquet") == 10


def note_hashes(folder: Path, *names: str) -> None:
    """Have a revision say that these of its files are as they were published."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"] |= {name: digest(folder / name) for name in names}
    path.chmod(0o644)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def rows_in(parquet: Path) -> int:
    ((count,),) = duckdb.execute(f"select count(*) from '{parquet}'").fetchall()
    return int(count)


def manifest_of(run: Run) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((run.home.current / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def test_a_publication_cut_short_before_the_switch_leaves_the_old_one_and_is_finished_next_time(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(run)
    before = run.home.current.resolve()
    open_and_build(run, Period(2022, 2))
    monkeypatch.setattr(revisions, "switch_link", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        publish(run)
    assert run.home.current.resolve() == before
    monkeypatch.undo()
    assert publish(run).count("switched") == 1
    assert run.home.current.resolve() != before
    assert len(list((run.home.published / "revisions").iterdir())) == 2


def test_what_a_killed_publication_left_is_cleared(run: Run) -> None:
    leftover = run.home.published / "revisions" / ".building"
    leftover.mkdir(parents=True)
    (leftover / "marts.duckdb").write_bytes(b"half")
    assert publish(run).count("published") == 1
    assert not leftover.exists()
