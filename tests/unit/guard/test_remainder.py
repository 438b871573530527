"""What may be kept of a file that is not kept: numbers and the form's own words, so that its other faults are told."""

from openpyxl import Workbook

from minsheng.guard import withheld_reading
from minsheng.parsing.reading import ReadForm
from tests.books import withhold
from tests.unit.guard.test_guard import ID_NUMBER, PHONE
from tests.workbooks import as_bytes, cell, manholes, words

_NOT_KEPT = "（原文未保存）"
_NAME = "张小明"


def known(workbook: Workbook, name: str = "报表.xlsx") -> ReadForm:
    """What is known of the workbook once it has been turned away."""
    withheld = withhold(as_bytes(workbook), name, words())
    assert withheld
    for kept in (ID_NUMBER, ID_NUMBER[6:14], PHONE, _NAME):
        assert kept not in (withheld.remainder or "")
    return withheld_reading(withheld)


def texts(form: ReadForm, field: str) -> list[tuple[str | None, str | None]]:
    return [(one.raw_text, one.text_value) for one in form.cells if one.field == field and one.section == "report"]


def test_numbers_and_words_of_the_form_are_known() -> None:
    workbook = manholes("约300", 520)
    cell(workbook, "M03-01", "备注").value = ID_NUMBER
    form = known(workbook)
    assert (form.reading, form.period, form.stated_unit) == ("personal_data", "2022-05", "CGJ")
    assert texts(form, "cumulative") == [("520", "520")]
    assert [one.reading for one in form.cells if (one.section, one.field) == ("report", "month")] == ["approximate"]
    assert texts(form, "month") == [("约300", None)]
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
    (reading,) = {one.reading for one in known(workbook).cells if (one.section, one.field) == ("report", "month")}
    assert reading == "empty"


def test_that_there_are_two_forms_is_told_as_well() -> None:
    workbook = manholes()
    cell(workbook, "M03-01", "备注").value = ID_NUMBER
    workbook.copy_worksheet(workbook["填报"])
    assert known(workbook).reading == "several_forms"
