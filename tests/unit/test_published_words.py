"""Nothing a unit wrote into a file that was sent back goes to where BI tools and leaders read."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from openpyxl import Workbook

from minsheng.stages.build import build
from minsheng.stages.load import load
from minsheng.stages.publish import publish
from minsheng.stages.report import report
from tests.county import County
from tests.workbooks import as_bytes, cell, manholes

pytestmark = pytest.mark.slow

# Stands in every cell and name the unit writes.
MARK = "甲乙丙丁"


def marked() -> Workbook:
    """A report sent back for its numbers, with words in every cell for words and a sheet of the unit's own."""
    workbook = manholes()
    for heading in ("存在问题", "佐证材料编号", "备注", "更正原因"):
        cell(workbook, "M03-01", heading).value = f"{heading}{MARK}"
    cell(workbook, "M03-01", "本月数").value = f"约300{MARK}"
    cell(workbook, "M03-01", "计量单位").value = MARK
    cell(workbook, "M03-01", "指标名称").value = f"指标{MARK}"
    workbook.create_sheet(f"附表{MARK}").append(["1", "#REF!", MARK])
    return workbook


def texts(file: Path) -> Iterator[str]:
    """All that can be read in a file of a publication."""
    if file.suffix == ".xlsx":
        with zipfile.ZipFile(file) as archive:
            yield from (archive.read(name).decode("utf-8", errors="ignore") for name in archive.namelist())
    elif file.suffix == ".parquet":
        yield from (str(row) for row in duckdb.from_parquet(str(file)).fetchall())
    elif file.suffix == ".duckdb":
        with duckdb.connect(file, read_only=True) as connection:
            tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
            for schema, table in tables:
                yield from (str(row) for row in connection.execute(f'from "{schema}"."{table}"').fetchall())
    else:
        yield file.read_text(encoding="utf-8", errors="ignore")


def test_a_publication_quotes_nobody(tmp_path: Path) -> None:
    county = County(tmp_path)
    county.send(("CGJ", f"报表{MARK}.xlsx", as_bytes(marked())))
    ((inside,),) = county.query(f"select count(*) from raw.finding where message like '%{MARK}%'")
    assert isinstance(inside, int) and inside >= 2
    run = county.run()
    load(run)
    build(run)
    publish(run)
    report(run)
    with duckdb.connect(county.home.current / "marts.duckdb", read_only=True) as connection:
        told = connection.execute("select severity, sheet_name, message from pub_finding_v1").fetchall()
    assert len(told) >= inside and {severity for severity, *_ in told} >= {"reject"}
    assert {sheet for _, sheet, _ in told} <= {"填报", "其他工作表", None} and all(message for *_, message in told)
    files = [file for folder in ("published", "reports") for file in (county.home.root / folder).rglob("*")]
    quoting = {file.name for file in files if file.is_file() and any(MARK in text for text in texts(file))}
    assert quoting == set()
