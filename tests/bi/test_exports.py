"""What lies in a revision for people: Chinese views, csv, the workbook, the dictionary."""

import csv
import re
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import duckdb
import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from minsheng.publication import labels
from minsheng.publication.labels import CODED
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import open_warehouse
from minsheng.words.chinese import chinese, vocabularies
from tests.bi.conftest import FORMULA, Publisher

MODELS = sqlfiles.models("published")
BY_TITLE = {labels.title(model): model for model in MODELS}


@pytest.fixture(scope="module")
def workbook(published: Publisher) -> Workbook:
    return load_workbook(published.current / "民生实事.xlsx")


def line(workbook: Workbook, sheet: str, key: str, value: str) -> dict[str, Cell | MergedCell]:
    """The row of a sheet in which the column ``key`` holds ``value``, by heading."""
    headings = [str(cell.value) for cell in workbook[sheet][1]]
    found = [row for row in workbook[sheet].iter_rows(min_row=2) if row[headings.index(key)].value == value]
    return dict(zip(headings, found[0], strict=True))


# names


def test_tables_and_columns_have_chinese_names_of_their_own_that_fit_everywhere() -> None:
    assert len(BY_TITLE) == len(MODELS)
    for name, model in BY_TITLE.items():
        columns = [term.label for term in sqlfiles.terms(model).values()]
        assert len(set(columns)) == len(columns), f"{name}: two columns have the same label"
        for text in (name, *columns):
            assert re.fullmatch(r"[\w一-鿿]+", text), text
            assert len(text.encode()) < 64, f"{text} is longer than a name may be in PostgreSQL"
        assert len(name) < 32, f"{name} is longer than a sheet's name may be"
    assert not {"概览", "说明", "数据字典"} & set(BY_TITLE)


def test_every_code_that_the_dictionary_explains_has_its_word() -> None:
    codes = re.compile(r"(?:^|[，；])([a-z_]+) (?=[一-鿿])")
    published = {column for model in MODELS for column in sqlfiles.columns(model)}
    explained = {
        column: set(codes.findall(sqlfiles.dictionary()[column].description))
        for column in published
        if codes.match(sqlfiles.dictionary()[column].description)
    }
    closed = {name for name, _ in vocabularies()}
    assert explained == {
        column: set(getattr(chinese(), vocabulary))
        for column, vocabulary in CODED.items()
        if vocabulary in closed and codes.match(sqlfiles.dictionary()[column].description)
    }


# csv


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_csv_holds_its_table(published: Publisher, model: sqlfiles.Model) -> None:
    path = published.current / f"{labels.title(model)}.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(path, encoding="utf-8-sig")
    assert list(frame.columns) == [term.label for term in sqlfiles.terms(model).values()]
    with duckdb.connect(published.current / "marts.duckdb", read_only=True) as connection:
        assert connection.execute(f"select count(*) from {model.name}").fetchone() == (len(frame),)


def test_a_csv_speaks_chinese_in_county_time_and_runs_no_formula(published: Publisher) -> None:
    completion = pd.read_csv(published.current / "指标完成情况.csv", encoding="utf-8-sig").set_index("指标编码")
    rate = completion.loc["M04-03"]
    assert rate["接收时间"] == "2022-02-07 17:30:00"
    assert (rate["亮灯"], rate["指标类型"], rate["报送情况"], rate["是否更正"]) == ("黄", "比率", "未到期", "否")
    assert (rate["实际完成值"], rate["差距"]) == (0.541, -5.9)
    with (published.current / "校验发现的问题.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["问题说明"] for row in csv.DictReader(file)] == ["'" + FORMULA]


def test_the_comparator_of_what_has_to_fall_is_read_downwards(published: Publisher) -> None:
    completion = pd.read_csv(published.current / "指标完成情况.csv", encoding="utf-8-sig").set_index("指标编码")
    words = {code: completion.loc[code, "比较方式"] for code in ("M01-01", "M02-03", "M04-01", "M09-02")}
    assert words == {"M01-01": "不少于", "M02-03": "低于", "M04-01": "不多于", "M09-02": "超过"}


# the workbook


def test_the_first_sheet_is_the_latest_due_month_with_two_charts(publisher: Publisher) -> None:
    with open_warehouse(publisher.run.home.warehouse) as connection:
        connection.execute(
            "update published.pub_item_completion_v1 set is_latest_due = true, score = 0.25, light = 'red'"
        )
    publisher.publish(1)
    sheet = load_workbook(publisher.current / "民生实事.xlsx")["概览"]
    assert sheet["A1"].value == "各项目完成情况（2022-01）"
    assert [cell.value for cell in sheet[3]][1:4] == ["红", 0.25, 3]
    counts = [[int(str(cell.value)) for cell in sheet[number][3:]] for number in range(3, 13)]
    assert all(total == sum(parts) for total, *parts in counts)
    assert sheet["B3"].fill.fgColor.rgb == "FFF4B0A8"
    with ZipFile(publisher.current / "民生实事.xlsx") as archive:
        assert len([name for name in archive.namelist() if name.startswith("xl/charts/chart")]) == 2


def test_the_workbook_has_a_sheet_for_every_table_between_cover_and_dictionary(
    workbook: Workbook, published: Publisher
) -> None:
    assert workbook.sheetnames == ["概览", "说明", *(labels.title(model) for model in MODELS), "数据字典"]
    cover = {row[0].value: row[1].value for row in workbook["说明"].iter_rows()}
    assert cover["方案"] == "2022年鲁山县重点民生实事工作方案"
    assert cover["发布版本"] == published.current.resolve().name
    assert cover["指标完成情况"] == "32 行，由 方案编号、报送期、指标编码 确定一行"
    sheet = workbook["指标完成情况"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.max_row) == (
        "A2",
        f"A1:{get_column_letter(sheet.max_column)}33",
        33,
    )


def test_numbers_look_like_what_they_are(workbook: Workbook) -> None:
    rate = line(workbook, "指标完成情况", "指标编码", "M04-03")
    looks = {name: (rate[name].value, rate[name].number_format) for name in ("实际完成值", "分子", "完成率", "差距")}
    assert looks == {
        "实际完成值": (0.541, "0.0%"),
        "分子": (541, "#,##0"),
        "完成率": (0.9018, "0.0%"),
        "差距": (-5.9, "+0.0;-0.0;0.0"),
    }
    assert rate["接收时间"].value == datetime(2022, 2, 7, 17, 30)  # noqa: DTZ001 - Excel knows no zones
    assert rate["接收时间"].number_format == "yyyy-mm-dd hh:mm"
    assert rate["是否更正"].value == "否"
    flow = line(workbook, "指标完成情况", "指标编码", "M01-01")
    assert (flow["年度目标"].value, flow["年度目标"].number_format) == (31400, "#,##0")
    assert flow["实际完成值"].value is None


def test_no_text_in_the_workbook_is_a_formula(workbook: Workbook, published: Publisher) -> None:
    cell = line(workbook, "校验发现的问题", "规则编号", "C10")["问题说明"]
    assert cell.value == FORMULA
    with ZipFile(published.current / "民生实事.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == len(workbook.sheetnames)
    assert not any(re.search(rb"<(\w+:)?f[ >]", sheet) for sheet in sheets)


# the dictionary


def test_the_dictionary_explains_every_column(published: Publisher, workbook: Workbook) -> None:
    frame = pd.read_csv(published.current / "数据字典.csv", encoding="utf-8-sig", keep_default_na=False)
    owned = [(model.name, column) for model in MODELS for column in sqlfiles.columns(model)]
    assert list(zip(frame["英文表名"], frame["英文列名"], strict=True)) == owned
    assert not (frame["含义"] == "").any()
    keys = frame[(frame["表"] == "指标完成情况") & (frame["是否主键"] == "是")]
    assert list(keys["列"]) == ["方案编号", "报送期", "指标编码"]
    row = frame[(frame["表"] == "指标完成情况") & (frame["列"] == "差距")].iloc[0]
    assert (row["类型"], row["单位"]) == ("数字", "百分点")
    assert workbook["数据字典"].max_row == len(frame) + 1


def test_the_same_content_makes_the_same_files(published: Publisher, tmp_path: Path) -> None:
    from minsheng.publication.exports import labelled_tables, write_csvs
    from minsheng.publication.workbook import write_workbook
    from minsheng.warehouse.connection import open_to_read

    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        with open_to_read(published.current / "marts.duckdb") as connection:
            tables = labelled_tables(connection)
            write_csvs(connection, tables, folder)
            write_workbook(connection, tables, folder, [], published.run.as_of)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
