"""A plan begun from the office's tables: what is read, what is concluded, what is refused and how that is said."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook

from minsheng.commands.main import main
from minsheng.core.contracts import load
from minsheng.core.errors import UserError
from minsheng.drafting.begin import Facts, OfficeFiles, new_plan
from minsheng.drafting.blank import blank_workbook
from minsheng.drafting.yaml_lines import mapping
from minsheng.flows.plan_check import check_plan
from minsheng.mail.contacts import load_contacts
from minsheng.plan.indicators import Item
from minsheng.plan.loader import load_plan
from minsheng.plan.models import Reading
from minsheng.plan.units import Unit

FACTS = Facts("410422", "叶县", "2024年方案", "叶政办〔2024〕6号", "叶县人民政府办公室")
TEXT = """\
一、改造老旧小区
主要任务：全年开工改造 1200 户，6月底前加装电梯超过15台，新增绿地 3.5 万平方米。
牵头单位：县住建局
责任单位：县财政局
"""
ITEMS = """\
项目,指标,计量单位,目标值,口径
改造老旧小区,开工改造户数,户,"1,200",开工即计
,加装电梯,台,15,验收即计
,新增绿地,平方米,3.5万平方米,建成即计
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "yexian-2024"


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str, name: str = "指标.csv", encoding: str = "utf-8-sig") -> Path:
        (tmp_path / name).write_bytes(text.encode(encoding))
        return tmp_path / name

    return write


def faults(folder: Path, sources: OfficeFiles) -> list[str]:
    with pytest.raises(UserError) as error:
        new_plan(folder, FACTS, sources)
    assert not folder.exists()
    return [str(fault) for fault in error.value.faults] or [str(error.value)]


def left_open(folder: Path) -> list[str]:
    with pytest.raises(UserError) as error:
        load_plan(folder)
    assert {fault.code for fault in error.value.faults} <= {"left_open", "text_left_open"}
    return [fault.where for fault in error.value.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_tables_and_text_make_a_plan_that_passes(folder: Path, table: Callable[..., Path], encoding: str) -> None:
    text, items = table(TEXT, "方案.txt", encoding), table(ITEMS, encoding=encoding)
    new_plan(folder, FACTS, OfficeFiles(text, items))
    summary = check_plan(folder)
    assert (summary.item_count, summary.indicator_count, summary.unit_count) == (1, 3, 2)
    households, lifts, green = load_plan(folder).indicators
    assert [each.targets[0].value for each in (households, lifts, green)] == [1200, 15, 35000]
    assert (households.targets[0].as_written, households.targets[0].comparator_word) == ("1200户", "开工改造")
    assert (lifts.comparator, lifts.targets[0].comparator_word) == ("gt", "超过")
    assert (str(lifts.deadline.date), lifts.deadline.phrase) == ("2024-06-30", "6月底前")
    assert (str(households.deadline.date), green.value_type) == ("2024-12-31", "decimal")


def test_a_workbook_with_a_title_and_merged_cells_is_read(
    folder: Path, tmp_path: Path, table: Callable[..., Path]
) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "指标"
    for row in (
        ["2024年民生实事指标一览"],
        ["民生实事", "指标名称（全称）", "单位", "年度目标", "备注", "指标口径"],
        ["改造老旧小区", "开工改造户数", "户", 1200, None, "开工即计"],
        [None, "加装电梯", "台", 15, None, "验收即计"],
    ):
        sheet.append(row)
    sheet.merge_cells("A3:A4")
    workbook.create_sheet("别的")
    workbook.save(tmp_path / "表.xlsx")
    new_plan(folder, FACTS, OfficeFiles(table(TEXT, "方案.txt"), tmp_path / "表.xlsx"))
    assert check_plan(folder).indicator_count == 2


def test_the_empty_workbook_is_filled_in_and_read(folder: Path, tmp_path: Path, table: Callable[..., Path]) -> None:
    (tmp_path / "表.xlsx").write_bytes(blank_workbook())
    workbook = load_workbook(tmp_path / "表.xlsx")
    filled = {
        "项目": "改造老旧小区",
        "指标": "加装电梯",
        "计量单位": "台",
        "目标值": 15,
        "指标类型": "累计量",
        "口径": "验收即计",
    }
    for number, heading in enumerate(cell.value for cell in workbook["指标"][1]):
        workbook["指标"].cell(2, number + 1).value = filled.get(str(heading))  # type: ignore[assignment]
    workbook.save(tmp_path / "表.xlsx")
    new_plan(folder, FACTS, OfficeFiles(table(TEXT, "方案.txt"), tmp_path / "表.xlsx"))
    assert check_plan(folder).indicator_count == 1
    assert faults(tmp_path / "other-2024", OfficeFiles(units=tmp_path / "表.xlsx"))[0].startswith(
        "表.xlsx“单位”：列名下面没有"
    )


def test_the_empty_workbook_does_not_replace_a_filled_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "表.xlsx"
    assert command(monkeypatch, "tables", str(path)) == 0
    assert "深色的列必填" in capsys.readouterr().out
    made = path.read_bytes()
    assert command(monkeypatch, "tables", str(path)) == 2
    assert (
        "已经有这个文件 → 请换一个文件名" in capsys.readouterr().err and path.read_bytes() == made == blank_workbook()
    )


def test_the_text_may_be_a_word_document(folder: Path, tmp_path: Path, table: Callable[..., Path]) -> None:
    document = Document()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    document.save(str(tmp_path / "方案.docx"))
    new_plan(folder, FACTS, OfficeFiles(tmp_path / "方案.docx", table(ITEMS)))
    assert check_plan(folder).quotation_count > 5


def test_without_tables_everything_that_only_people_know_is_left_open(folder: Path) -> None:
    new_plan(folder, Facts("410422", "叶县"), OfficeFiles())
    places = left_open(folder)
    assert {place.split(" ")[0] for place in places} == {"plan.yaml", "items/M01.yaml", "units.yaml", "text.txt"}
    assert sum(place.startswith("plan.yaml") for place in places) == 3
    assert "calendar.yaml" not in str(places)


def test_every_fault_of_the_tables_is_told_at_once_by_its_line(folder: Path, table: Callable[..., Path]) -> None:
    items = table(
        "项目,主要任务,牵头单位,指标,计量单位,目标值,指标类型,比较方式,完成期限\n"
        "修路,修路 12 公里,县交通局,修路里程,公里,若干,流水,不小于,改日\n"
    )
    units = table("单位名称,单位编码,类别\n县交通运输局,jtj,局\n县交通运输局,CZJ,县直部门\n", "单位.csv", "gb18030")
    people = table("单位,邮箱\n县交通局,jtj@yexian\n数据组,不知道\n", "联系人.csv")
    said = faults(folder, OfficeFiles(None, items, units, people))
    assert len(said) == 10
    for words in (
        "单位.csv 第 3 行（单位名称）：“县交通运输局”在前面已有",
        "单位.csv 第 2 行（单位编码）：单位编码“jtj”不合格式",
        "单位.csv 第 2 行（类别）：不认识“局” → 可写：县直部门、",
        "指标.csv 第 2 行（牵头单位）：单位表中没有“县交通局” → 是不是“县交通运输局”？",
        "指标.csv 第 2 行（指标类型）：不认识“流水” → 可写：累计量、存量、",
        "指标.csv 第 2 行（目标值）：“若干”里不是恰好一个数",
        "指标.csv 第 2 行（比较方式）：不认识“不小于”",
        "指标.csv 第 2 行（完成期限）：“改日”看不出是哪一天",
        "联系人.csv 第 2 行（单位名称）：单位表中没有“县交通局”",
        "联系人.csv 第 3 行（邮箱）：“不知道”不是邮箱地址",
    ):
        assert any(words in fault for fault in said), (words, said)


def test_what_is_missing_in_a_table_is_told(folder: Path, table: Callable[..., Path]) -> None:
    (told,) = faults(folder, OfficeFiles(items=table("项目,目标值\n修路,12\n")))
    assert told.startswith("指标.csv：没有找到列名 指标、计量单位 → 列名写在一行里，认得的有：项目、")
    (told,) = faults(folder, OfficeFiles(items=table("项目,指标,计量单位\n修路,,公里\n")))
    assert told.startswith("指标.csv 第 2 行（指标）：没有填 → 请填写：报表和页面上的叫法")
    (told,) = faults(folder, OfficeFiles(items=table("项目,指标,计量单位\n")))
    assert told.startswith("指标.csv：列名下面没有内容")


def test_every_address_of_a_unit_is_kept_and_no_contacts_are_written_over(
    folder: Path, table: Callable[..., Path]
) -> None:
    units = table("单位名称,单位编码,别的写法\n县财政局,CZJ,县财局\n", "单位.csv")
    people = table(
        "单位,邮箱,分管领导邮箱\n数据组,team@y.example,\n县财政局,a@y.example,\n县财局,b@y.example、a@y.example,c@y.example\n",
        "联系人.csv",
    )
    sources = OfficeFiles(units=units, contacts=people)
    written = new_plan(folder, FACTS, sources).contacts
    assert written
    told = load_contacts(written)
    assert (told.units, told.superiors) == ({"CZJ": ("a@y.example", "b@y.example")}, {"CZJ": ("c@y.example",)})
    before = written.read_bytes()
    with pytest.raises(UserError, match="已经有这份通讯录"):
        new_plan(folder.with_name("yexian-2025"), FACTS, sources)
    assert written.read_bytes() == before and not folder.with_name("yexian-2025").exists()


def test_a_folder_that_holds_something_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "plan.yaml").write_text("x", encoding="utf-8")
    with pytest.raises(UserError, match="文件夹里已经有文件 → 请换一个还没有的文件夹"):
        new_plan(folder, FACTS, OfficeFiles())
    with pytest.raises(UserError, match="文件夹的名称不是 <县>-<年>"):
        new_plan(folder.with_name("叶县2024"), FACTS, OfficeFiles())


def test_a_year_whose_next_is_not_announced_has_its_new_year(tmp_path: Path) -> None:
    new_plan(tmp_path / "yexian-2026", FACTS, OfficeFiles())
    text = (tmp_path / "yexian-2026" / "calendar.yaml").read_text(encoding="utf-8")
    assert "2027 年的安排还没有公布" in text and "first_day: 2027-01-01" in text


AWKWARD = [
    "是: 否",
    "- 一",
    "# 号",
    "'引'",
    '"引"\\n',
    "null",
    "No",
    "010",
    "18:00",
    " 空 ",
    "a\nb",
    "%",
    "{x}",
    "长 " * 80,
]


@pytest.mark.parametrize("text", AWKWARD + [f"{'字' * 59}{mark}{'字' * 80}" for mark in ' \\"n\n'])
def test_any_text_is_read_back_as_it_was(tmp_path: Path, text: str) -> None:
    said = {"code": "Q01", "concerns": ["plan"], "question": text, "reading": text, "reason": text}
    lines = mapping(Reading, said | {"valid_from": "2024-01-01", "ask": text})
    (tmp_path / "x.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    read = load(tmp_path / "x.yaml", Reading, "")
    assert (read.question, read.ask) == (text, text)


def test_values_are_read_back_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("\n".join(mapping(Unit, UNIT)) + "\n", encoding="utf-8")
    read = load(tmp_path / "x.yaml", Unit, "")
    assert (read.code, read.full_name_is_presumed, read.valid_to) == ("NO", True, None)
    assert Item.model_fields and mapping(Item, {"number": Decimal("31400.50")}) == ["number: 31400.5"]


UNIT = {"code": "NO", "name": "县局", "short_name": "局", "full_name": "某县局", "full_name_is_presumed": True,
        "type": "county_bureau", "valid_from": "2024-01-01", "valid_to": None}  # fmt: skip


class Terminal:
    """A person at a terminal, who types these lines; none: there is no terminal."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)

    def isatty(self) -> bool:
        return bool(self.lines)

    def readline(self, size: int = -1) -> str:
        return self.lines.pop(0) + "\n"


def command(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["minsheng", "plan", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_on_a_terminal_what_is_missing_is_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("410422", "叶县", "2024年叶县方案", "", ""))
    assert command(monkeypatch, "new", str(folder)) == 0
    printed = capsys.readouterr().out
    assert "县的行政区划代码，六位: " in printed and "印发方案的文号，一时不知道的按回车: " in printed
    assert "plan.yaml 第 5 行（document_no）：还写着“待定”" in printed
    assert "title: '2024年叶县方案'" in (folder / "plan.yaml").read_text(encoding="utf-8")


def test_where_nobody_can_be_asked_all_that_is_missing_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal())
    assert command(monkeypatch, "new", str(folder)) == 2
    told = capsys.readouterr().err
    assert told.startswith("minsheng: plan new：还缺 --county-code（县的行政区划代码，六位）、--county-name（县的名称")
    assert not folder.exists()
