"""What may be kept of a file that is not kept: numbers of a report and the form's own words, never a person's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import pytest
from openpyxl import Workbook
from openpyxl.cell import MergedCell

from minsheng.core.notes import Note
from minsheng.guard import withheld_reading
from minsheng.landing import Withheld, all_receipts
from minsheng.parsing.reading import ReadForm
from minsheng.spreadsheet.numbers import CellValue
from tests.books import withhold
from tests.corpus.making.people import identity
from tests.county import County
from tests.unit.guard.test_guard import ID_NUMBER, PHONE
from tests.workbooks import as_bytes, beside, cell, header_row, manholes, words

_NOT_KEPT = "（原文未保存）"
_NAME = "张小明"
_HEADINGS = ("存在问题", "佐证材料编号", "形象进度", "本月数", "累计数", "指标名称", "计量单位", "年度目标", "零报送")


def kept_of(workbook: Workbook, name: str = "报表.xlsx") -> str:
    """What the receipt keeps of the workbook once it has been turned away for an identity number."""
    cell(workbook, "M03-01", "备注").value = ID_NUMBER
    withheld = withhold(as_bytes(workbook), name, words())
    assert withheld and withheld.remainder
    return withheld.remainder


def known(workbook: Workbook, name: str = "报表.xlsx") -> ReadForm:
    """What is known of the workbook once it has been turned away."""
    withheld = withhold(as_bytes(workbook), name, words())
    assert withheld
    for kept in (ID_NUMBER, ID_NUMBER[6:14], PHONE, _NAME):
        assert kept not in (withheld.remainder or "")
    return withheld_reading(withheld)


def texts(form: ReadForm, field: str) -> list[tuple[str | None, str | None]]:
    return [(one.raw_text, one.text_value) for one in form.cells if one.field == field and one.section == "report"]


def readings(form: ReadForm, field: str) -> list[str]:
    return [one.reading for one in form.cells if (one.section, one.field) == ("report", field)]


def unmerged(workbook: Workbook) -> Workbook:
    sheet = workbook["填报"]
    for merged in [*sheet.merged_cells.ranges]:
        sheet.unmerge_cells(str(merged))
    return workbook


def written(workbook: Workbook, row: int, column: int, *values: CellValue) -> None:
    """Values side by side in the report's sheet, where no merged cell is in the way."""
    for number, value in enumerate(values):
        target = workbook["填报"].cell(row, column + number)
        if not isinstance(target, MergedCell):
            target.value = value


def test_numbers_and_words_of_the_form_are_known() -> None:
    workbook = manholes("约300", 520)
    cell(workbook, "M03-01", "备注").value = ID_NUMBER
    form = known(workbook)
    assert (form.reading, form.period, form.stated_unit) == ("personal_data", "2022-05", "CGJ")
    assert texts(form, "cumulative") == [("520", "520")]
    assert readings(form, "month") == ["approximate"]
    assert texts(form, "month") == [(_NOT_KEPT, None)]
    assert texts(form, "indicator_name") == [("窨井设施维护改造数", "窨井设施维护改造数")]


def test_of_other_words_it_is_known_that_they_are_there() -> None:
    workbook = manholes()
    cell(workbook, "M03-01", "备注").value = f"联系人{_NAME} {PHONE}"
    cell(workbook, "M03-01", "存在问题").value = f"由{_NAME}负责"
    workbook.create_sheet(_NAME)["A1"] = _NAME
    form = known(workbook, f"{_NAME}.xlsx")
    assert texts(form, "remark") == texts(form, "issue") == [(_NOT_KEPT, _NOT_KEPT)]


def test_every_piece_of_a_number_that_was_cut_up_is_taken_out() -> None:
    workbook = manholes()
    row = cell(workbook, "M03-01", "备注").row
    for column, piece in enumerate((ID_NUMBER[:6], ID_NUMBER[6:14], ID_NUMBER[14:]), start=24):
        workbook["填报"].cell(row, column).value = piece
    known(workbook)


def test_a_cell_that_held_a_number_of_a_person_is_empty() -> None:
    workbook = manholes()
    cell(workbook, "M03-01", "本月数").value = ID_NUMBER
    assert readings(known(workbook), "month") == ["empty"]


def test_that_there_are_two_forms_is_told_as_well() -> None:
    workbook = manholes()
    cell(workbook, "M03-01", "备注").value = ID_NUMBER
    workbook.copy_worksheet(workbook["填报"])
    assert known(workbook).reading == "several_forms"


@pytest.mark.parametrize("value", [25612345, "410423199001010011", 3752561234, "2561.23456", "13,912,345,678"])
def test_a_number_too_long_for_a_count_is_neither_kept_nor_taken_for_missing(value: CellValue) -> None:
    workbook = manholes(value)
    kept = kept_of(workbook)
    digits = "".join(filter(str.isdigit, str(value)))
    assert digits not in kept and str(value) not in kept
    assert set(readings(known(workbook), "month")) <= {"unkept", "empty"}
    assert readings(known(workbook), "month") == ["unkept"] or value == "410423199001010011"


@pytest.mark.parametrize(
    "text",
    ["张万年1962年5月", "0375-2561234", "25612345", "1962-05-06", date(1962, 5, 6), "12-3-401", "138左1234右5678"],
)
@pytest.mark.parametrize("heading", _HEADINGS)
def test_no_number_with_signs_around_it_is_kept(heading: str, text: str | date) -> None:
    workbook = unmerged(manholes())
    cell(workbook, "M03-01", heading).value = text
    kept = kept_of(workbook)
    for piece in ("张万年", "1962", "2561234", "25612345", "12-3-401", "5678"):
        assert piece not in kept


@pytest.mark.parametrize("heading", ["0375-2561234", _NAME, "2561234"])
def test_no_heading_that_is_not_of_the_form_is_kept(heading: str) -> None:
    workbook = unmerged(manholes())
    sheet = workbook["填报"]
    row, column = header_row(sheet), sheet.max_column + 1
    written(workbook, row, column, heading)
    written(workbook, row + 1, column, 5)
    assert heading not in kept_of(workbook)


def test_no_suffix_that_no_program_writes_is_kept() -> None:
    assert "zhang" not in kept_of(manholes(), "报表.zhang")
    assert ".xlsx" in kept_of(manholes(), "报表.xlsx")


def test_a_roster_leaves_nothing_behind() -> None:
    workbook = unmerged(manholes())
    row = cell(workbook, "M03-01", "备注").row
    written(workbook, row + 5, 2, "姓名", "门牌", "住址", "出生日期", "电话")
    for number, name in enumerate(("张小明", "李小红", "王小刚", "赵小刚", "孙小刚"), start=1):
        of_person = (name, f"{number}-3-501", f"{number}-2-501", f"196{number}-05-06", 2561230 + number)
        written(workbook, row + 5 + number, 2, *of_person)
    kept = kept_of(workbook)
    for left in ("小", "-3-501", "-2-501", "196", "256123"):
        assert left not in kept


def test_telephones_on_lines_of_the_plan_below_a_roster_are_not_kept() -> None:
    workbook = unmerged(manholes(2561234, 2561235))
    cell(workbook, "M03-01", "存在问题").value = "张小明"
    written(workbook, header_row(workbook["填报"]), cell(workbook, "M03-01", "存在问题").column, "姓名")
    kept = kept_of(workbook)
    assert "256123" not in kept and "unkept" in kept


@pytest.mark.parametrize(
    "pieces", [("410423", "1990", "0101", "0010"), (410423, 1990, 101, 10), ("410423", "19900101", "0010")]
)
def test_an_identity_number_in_many_cells_is_not_kept(pieces: tuple[CellValue, ...]) -> None:
    workbook = unmerged(manholes())
    line = cell(workbook, "M03-01", "本月数")
    written(workbook, line.row, line.column, *pieces)
    kept = kept_of(workbook)
    assert '"410423"' not in kept and "1990" not in kept


def test_two_lines_for_one_indicator_are_told_without_long_numbers() -> None:
    workbook = unmerged(manholes())
    sheet, row = workbook["填报"], cell(workbook, "M03-01", "备注").row
    for column in range(1, 12):
        sheet.cell(row + 1, column).value = sheet.cell(row, column).value
    sheet.cell(row + 1, cell(workbook, "M03-01", "本月数").column).value = 3752561234
    kept = kept_of(workbook)
    assert "375256" not in kept
    assert f"第 {row + 1} 行本月数 {_NOT_KEPT}" in kept and f"第 {row} 行本月数 120" in kept


def test_no_month_far_from_the_plans_year_is_kept() -> None:
    workbook = manholes()
    beside(workbook, "报送期").value = "2011年5月"
    assert "2011" not in kept_of(workbook)
    beside(workbook, "报送期").value = "2021年5月"
    assert "2021年5月" in kept_of(workbook)


def test_nothing_of_it_lies_in_receipt_or_warehouse(tmp_path: Path) -> None:
    county, workbook = County(tmp_path), manholes(25612345)
    cell(workbook, "M03-01", "备注").value = ID_NUMBER
    for heading, text in (("存在问题", "张万年1962年5月"), ("佐证材料编号", "0375-2561234"), ("形象进度", "12-3-401")):
        cell(workbook, "M03-01", heading).value = text
    county.send(("CGJ", "报表.zhang", as_bytes(workbook)))
    leaks = [b"2561234", "张万年".encode(), b"1962", b"12-3-401", b"zhang", ID_NUMBER.encode()]
    files = [path for path in county.home.root.rglob("*") if path.is_file()]
    assert any(b"personal_data" in path.read_bytes() for path in files)
    for path in files:
        assert [leak for leak in leaks if leak in path.read_bytes()] == [], path
    said = county.query("select string_agg(concat_ws(' ', raw_text, text_value, number_value), ' ') from raw.cell")
    assert not any(leak.decode() in str(said) for leak in leaks)
    assert len(all_receipts(county.home)) == 1


def person(random: Random) -> tuple[str, ...]:
    """A person's data as one may write them; nothing of them is a word of the plan."""
    year, month, day = random.randint(1935, 2009), random.randint(1, 12), random.randint(10, 28)
    name = random.choice("张王李赵刘陈") + "".join(random.choices("伟芳娜敏静磊强洋艳勇", k=2))
    local = f"{random.randint(2, 8)}{random.randint(100_000, 999_999)}"
    mobile = f"1{random.randint(3, 9)}{random.randint(10**8, 10**9 - 1)}"
    return (
        name,
        f"{name}{year}年{month}月",
        f"{year}-{month:02}-{day}",
        f"{year}{month:02}{day}",
        f"0375-{local}",
        f"0375{local}",
        f"（0375）{local}转{random.randint(100, 999)}",
        random.choice(("{}左{}右{}", "{}-{}-{}", "{}、{}、{}", "{}.{}.{}", "{} {} {}")).format(
            mobile[:3], mobile[3:7], mobile[7:]
        ),
        mobile,
        identity(random.randint(1, 998)),
        f"{random.randint(10, 99)}-{random.randint(1, 9)}-{random.randint(101, 999)}",
        f"马楼乡{name}家{random.randint(100, 999)}号",
    )


def runs(text: str) -> set[str]:
    """Every five digits in a row of a text, whatever parts them, and the whole."""
    digits = "".join(filter(str.isdigit, text))
    return {text, *(digits[start : start + 5] for start in range(len(digits) - 4))}


def in_cell(random: Random, workbook: Workbook, text: str) -> None:
    cell(workbook, "M03-01", random.choice(_HEADINGS)).value = text


def in_heading(random: Random, workbook: Workbook, text: str) -> None:
    sheet = workbook["填报"]
    written(workbook, header_row(sheet), sheet.max_column + random.randint(1, 3), text)


def in_header(random: Random, workbook: Workbook, text: str) -> None:
    beside(workbook, random.choice(("填报单位", "报送期", "模板版本"))).value = text


def anywhere(random: Random, workbook: Workbook, text: str) -> None:
    rows = {1, *range(header_row(workbook["填报"]) + 2, 15)}
    written(workbook, random.choice(sorted(rows)), random.randint(1, 22), text)


def on_another_sheet(random: Random, workbook: Workbook, text: str) -> None:
    sheet = workbook.create_sheet("".join(char for char in text if char.isalnum())[:20])
    sheet.cell(random.randint(1, 5), random.randint(1, 5)).value = f"单位：{text}万人"


def cut_up(random: Random, workbook: Workbook, text: str) -> None:
    """The digits of a long number in neighbouring cells of a line, beginning in a column of numbers or of words."""
    digits = "".join(filter(str.isalnum, text))
    sizes = (6, 8, 4) if len(digits) == 18 else (3, 4, 4)
    pieces = [digits[sum(sizes[:number]) :][:size] for number, size in enumerate(sizes)]
    if len(digits) == 18 or (len(digits) == 11 and digits.isdigit() and digits[0] == "1"):
        line = cell(workbook, "M03-01", "本月数")
        written(workbook, line.row, line.column + random.randint(0, 8), *pieces)


_PLACES: tuple[Callable[[Random, Workbook, str], None], ...] = (
    in_cell, in_heading, in_header, anywhere, on_another_sheet, cut_up,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_no_persons_data_put_anywhere_into_a_form_are_kept(seed: int) -> None:
    random = Random(seed)
    workbook, data = unmerged(manholes()), person(random)
    for text in data:
        random.choice(_PLACES)(random, workbook, text)
    cell(workbook, "M03-01", "备注").value = ID_NUMBER
    name = f"报表{random.choice(data)}.{random.choice(data)}"
    withheld = withhold(as_bytes(workbook), name, words())
    assert withheld
    kept = Note(Withheld).written(withheld).decode()
    assert {run for text in data for run in runs(text) if run in kept} == set()
