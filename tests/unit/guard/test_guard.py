"""Personal data stays out: what is found, what is left alone, and that nothing of it is kept anywhere."""

import io
import tracemalloc
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.guard import storable_name
from minsheng.landing import Withheld, receipts
from minsheng.landing.receipts import WithheldReading
from minsheng.plan.county import as_county
from minsheng.plan.run import Run
from minsheng.stages.open import open_period
from minsheng.stages.parse import parse
from minsheng.stages.pull import pull
from minsheng.stages.validate import validate
from minsheng.warehouse.connection import open_warehouse
from tests.books import withhold
from tests.unit.parsing.saved import as_csv
from tests.workbooks import as_bytes, cell, lushan, manholes, present, words

# Made up; the check digits are right. Region 410423, born 1990-01-01.
ID_NUMBER = "410423199001010010"
CARD = "6222021234567890128"
PHONE = "13800000000"


def found(workbook: Workbook, name: str = "报表.xlsx") -> list[tuple[str, str, tuple[str, ...]]]:
    withheld = withhold(as_bytes(workbook), name, words())
    return [(one.kind, one.sheet, one.cells) for one in withheld.found] if withheld else []


def with_remark(value: Any) -> tuple[Workbook, str]:
    workbook = manholes()
    remark = cell(workbook, "M03-01", "备注")
    remark.value = value
    return workbook, remark.coordinate


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("id_number", ID_NUMBER),
        ("id_number", f"学员 {ID_NUMBER} 已结业"),
        ("id_number", "410423 19900101 0010"),
        ("id_number", "４１０４２３１９９００１０１００１０"),
        ("id_number", "410423900101001"),
        ("id_number", 410423199001010010),
        ("id_number", 4.10423199001010e17),
        ("card", "4.10423E+17"),
        ("card", CARD),
        ("card", "6222 0212 3456 7890 128"),
        ("card", 6222021234567890128),
        ("phone", PHONE),
        ("phone", 13800000000),
        ("phone", "联系 138-0000-0000"),
        ("phone", "+86 13800000000"),
        ("phone", "008613800000000"),
        ("phone", "138.0000.0000"),
    ],
)
def test_a_persons_number_is_found_however_it_is_written(kind: str, value: object) -> None:
    workbook, place = with_remark(value)
    assert found(workbook) == [(kind, "填报", (place,))]


@pytest.mark.parametrize(
    "value",
    [
        "鲁人社证〔2022〕20220501000123456号",
        "410423199001010018",  # no identity number: the check digit is wrong
        "0375-5051234",
        31400,
        7200000000,
        "2022-05-31 18:00",
        "见附件 1-12345678901",
    ],
)
def test_other_numbers_are_left_alone(value: object) -> None:
    assert found(with_remark(value)[0]) == []


def test_the_template_as_it_is_handed_out_and_filled_holds_nothing_personal() -> None:
    assert found(manholes()) == []


@pytest.mark.parametrize("text", [f"联系电话：{PHONE}", f"填报人：示例 {PHONE}"])
def test_the_signature_may_hold_the_reporters_own_telephone(text: str) -> None:
    workbook = manholes()
    sheet = workbook["填报"]
    sheet.cell(sheet.max_row + 2, 1).value = text
    assert found(workbook) == []
    sheet.cell(sheet.max_row + 1, 1).value = f"联系电话：{ID_NUMBER}"
    assert [kind for kind, *_ in found(workbook)] == ["id_number"]


def test_many_contacts_are_a_list_of_persons() -> None:
    workbook = manholes()
    sheet = workbook["填报"]
    for _ in range(5):
        sheet.cell(sheet.max_row + 1, 1).value = f"联系电话：{PHONE}"
    assert [(kind, len(cells)) for kind, _, cells in found(workbook)] == [("phone", 5)]


def test_a_roster_is_found_by_its_headings_in_a_hidden_sheet_too() -> None:
    workbook = manholes()
    sheet = workbook.create_sheet("花名册")
    sheet.sheet_state = "hidden"
    for row in (["序号", "姓名", "残疾证号"], [1, "某某", "略"]):
        sheet.append(row)
    assert found(workbook) == [("roster", f"第{len(workbook.worksheets)}张表", ("B1", "C1"))]


def with_lines(lines: Sequence[Sequence[object]]) -> Workbook:
    workbook = manholes()
    sheet = workbook.create_sheet("附")
    for line in lines:
        sheet.append(line)
    return workbook


PERSONS = ["张某某", "李某", "王　某", "赵某某", "陈某甲"]
VILLAGES = ["王楼", "李家沟", "赵堂", "董周", "熊背", "梁洼", "张庄村", "马村"]


@pytest.mark.parametrize("beside", ["男", " 女 ", "63岁"])
def test_a_roster_without_headings_is_found_by_names_beside_a_sex_or_an_age(beside: str) -> None:
    workbook = with_lines([["五月", None, None], *([number, one, beside] for number, one in enumerate(PERSONS))])
    assert found(workbook) == [("roster", f"第{len(workbook.worksheets)}张表", ("B2",))]


@pytest.mark.parametrize(
    "lines",
    [
        [[one, "男"] for one in PERSONS[:4]],  # too few to be a list
        [[one, 63] for one in PERSONS],  # 63 of anything
        [[one, sex] for one in VILLAGES for sex in "男女"],
        [["张庄村", "王楼村", "李家沟村", "马村", "赵堂村"], ["男", 3, 4, 5, 6]],
        [["高血压", "男"], ["高血脂", "女"], ["万人", "男"], ["万人", "女"], ["高血压", "女"], ["高血脂", "男"]],
    ],
)
def test_villages_and_counts_by_sex_are_no_roster(lines: list[list[object]]) -> None:
    assert found(with_lines(lines)) == []


def test_a_comment_and_the_files_name_are_looked_at_too() -> None:
    workbook, place = with_remark("见批注")
    workbook["填报"][place].comment = Comment(f"学员 {ID_NUMBER}", "示例")
    assert found(workbook) == [("id_number", "批注、页眉页脚、下拉列表、名称、属性、链接或缓存", ("",))]
    assert found(manholes(), f"{ID_NUMBER}.xlsx") == [("id_number", "", ("",))]
    assert storable_name(f"某某{ID_NUMBER}.xlsx") == "某某" + "*" * 18 + ".xlsx"


def test_sheet_names_footers_and_properties_are_looked_at_too() -> None:
    workbook = manholes()
    workbook["说明"].title = f"某某{PHONE}"
    present(workbook["填报"].oddFooter).center.text = f"经办 {PHONE}"
    assert found(workbook) == [
        ("phone", "批注、页眉页脚、下拉列表、名称、属性、链接或缓存", ("",)),
        ("phone", "第2张表", ("",)),
    ]


def test_a_bomb_among_the_comments_costs_nothing() -> None:
    stream = io.BytesIO(as_bytes(manholes()))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/comments9.xml", b"0" * (300 << 20))
    tracemalloc.start()
    assert withhold(stream.getvalue(), "报表.xlsx", words()) == Withheld("too_large")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50 << 20


def test_a_page_saved_as_a_workbook_is_looked_at_although_it_cannot_be_opened() -> None:
    page = f"<html><table><tr><td>{ID_NUMBER}</td></tr></table></html>".encode("gb18030")
    assert withhold(page, "导出.xls", words()) is not None


@pytest.mark.parametrize(
    ("content", "reading"),
    [
        (b"%PDF-1.7", "pdf"),
        (b"Rar!\x1a\x07", "archive"),
        (bytes(21 << 20), "too_large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged"),
        (b"\x00\x01\x00\x00Standard Jet DB", "database"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "mhtml"),
        (b"From: a@example.com\r\nSubject: x\r\n\r\n", "email"),
        (b"{\\rtf1 }", "rtf"),
        (as_csv(manholes()) + b"x\r\n" * 2000, "too_large"),
    ],
)
def test_what_nobody_can_look_into_is_not_kept_either(content: bytes, reading: WithheldReading) -> None:
    assert withhold(content, "名册.pdf", words()) == Withheld(reading)


@pytest.mark.parametrize("place", ["A2001", "XFD1", "XFD1048576"])
def test_a_workbook_that_reaches_too_far_to_be_looked_through_is_not_kept(place: str) -> None:
    workbook = manholes()
    workbook["填报"][place] = ID_NUMBER
    assert withhold(as_bytes(workbook), "报表.xlsx", words()) == Withheld("too_large")


def test_half_a_workbook_is_not_kept_but_a_csv_that_was_read_as_text_is() -> None:
    whole = as_bytes(manholes())
    assert withhold(whole[: len(whole) // 2], "报表.xlsx", words()) == Withheld("damaged")
    assert withhold(as_csv(manholes()) + b'"', "报表.csv", words()) is None


def test_nothing_of_the_file_is_kept_and_the_unit_is_told_where(tmp_path: Path) -> None:
    moment = datetime(2022, 6, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    run = Run(Home(tmp_path / "home"), as_county([lushan()]), moment, "test")
    workbook, place = with_remark(ID_NUMBER)
    (tmp_path / "inbox" / "CGJ").mkdir(parents=True)
    (tmp_path / "inbox" / "CGJ" / f"{ID_NUMBER}.xlsx").write_bytes(as_bytes(workbook))
    open_period(run, Period.parse("2022-05"))
    assert pull(run, tmp_path / "inbox").count("withheld") == 1
    assert pull(run, tmp_path / "inbox").count("known") == 1
    parse(run)
    assert validate(run).count("rejected") == 1

    kept = [path for path in run.home.root.rglob("*") if path.is_file()]
    assert not [path for path in kept if ID_NUMBER.encode() in path.read_bytes() or ID_NUMBER in path.name]
    assert receipts(run.home, "lushan-2022")[0].withheld is not None
    with open_warehouse(run.home.warehouse) as connection:
        rows = connection.execute("select period, reading from raw.submission").fetchall()
        query = "select rule_code, sheet_name, cell_ref, found, message from raw.finding order by finding_no"
        findings = connection.execute(query).fetchall()
    assert rows == [("2022-05", "personal_data")]
    words_of = (
        "有疑似身份证号的号码（{}）。为保护个人信息，本文件的原件没有保存，其中的数只用来一次查出其余的问题，没有采用。"
    )
    assert findings == [
        ("P01", "", None, None, words_of.format("文件名或正文")),
        ("P01", "填报", place, None, words_of.format(place)),
    ]
