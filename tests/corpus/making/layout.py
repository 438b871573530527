"""What clerks do to the shape of a workbook. Every function takes the book, and words from the case."""

from __future__ import annotations

from copy import copy
from datetime import date

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from minsheng.plan.form import SheetCode
from tests.corpus.making.book import Book, of_sheet
from tests.workbooks import present

_RED = PatternFill("solid", fgColor="FFC7CE")


def title_rows(book: Book, count: str) -> None:
    """Lines of a covering letter above everything."""
    _insert_rows(book.first, 1, int(count))
    book.first["A1"] = "附件 2"


def insert_column(book: Book, letter: str, heading: str = "序号", *numbers: str) -> None:
    """A column of the unit's own."""
    sheet, place = book.first, column_index_from_string(letter)
    sheet.insert_cols(place)
    for area in sheet.merged_cells.ranges:
        if area.min_col >= place:
            area.shift(col_shift=1)
        elif area.max_col >= place:
            area.expand(right=1)
    sheet.cell(5, place).value = heading
    for row, number in enumerate(numbers, start=6):
        sheet.cell(row, place).value = number


def swap_columns(book: Book, one: str, other: str) -> None:
    """Two columns change places, headings and all."""
    for row in range(5, book.rows().stop):
        first, second = book.first[f"{one}{row}"], book.first[f"{other}{row}"]
        first.value, second.value = second.value, first.value


def delete_column(book: Book, letter: str) -> None:
    """A column of the form is emptied, heading and all."""
    for row in range(5, book.rows().stop):
        book.first[f"{letter}{row}"].value = None


def delete_row(book: Book, *keys: str) -> None:
    """A line of the form is removed: its cells are emptied."""
    code, wanted = of_sheet(keys)
    for cell in book.sheet(code)[book.row(code, *wanted)]:
        cell.value = None


def add_row(book: Book, *texts: str) -> None:
    """One more line below the table, cell by cell from A on; - leaves a cell empty."""
    row = book.rows().stop
    _insert_rows(book.first, row, 1)
    for column, text in enumerate(texts, start=1):
        if text != "-":
            book.first.cell(row, column).value = float(text) if text.replace(".", "").isdigit() else text


def repeat_row(book: Book, code: str) -> None:
    """A line stands there twice."""
    add_row(book, *("-" for _ in book.first[5]))
    _copy_row(book.first, book.row("report", code), book.rows().stop)


def total_row(book: Book, total: str = "sum", label: str = "合计") -> None:
    """A total below the table: a formula, or a number typed."""
    rows = book.rows()
    _insert_rows(book.first, rows.stop, 1)
    book.first.cell(rows.stop, 1).value = label
    for letter in ("F", "G"):
        formula = f"=SUM({letter}{rows.start}:{letter}{rows.stop - 1})"
        book.first[f"{letter}{rows.stop}"] = formula if total == "sum" else int(total)


def detail_total(book: Book, total: str, label: str = "合计") -> None:
    """A typed total below the list of streets."""
    row = book.rows("detail").stop
    book.sheet("detail").cell(row, 1).value = label
    book.sheet("detail").cell(row, book.column("detail", "value")).value = int(total)


def detail_subtotals(book: Book, places: str, beds: str) -> None:
    """A typed subtotal below the places and one below the beds."""
    sheet, column = book.sheet("detail"), book.column("detail", "value")
    first = book.row("detail", "M06-02")
    detail_total(book, beds)
    _insert_rows(sheet, first, 1)
    sheet.cell(first, 1).value = "小计"
    sheet.cell(first, column).value = int(places)


def reverse_rows(book: Book, code: SheetCode = "report") -> None:
    """The lines sorted the other way round."""
    sheet, rows = book.sheet(code), book.rows(code)
    lines = [[cell.value for cell in sheet[row]] for row in rows]
    for row, line in zip(rows, reversed(lines), strict=True):
        for column, value in enumerate(line, start=1):
            if column <= len(book.form.sheet(code).columns):
                sheet.cell(row, column).value = value


def hide_columns(book: Book, *letters: str) -> None:
    """Columns out of sight."""
    for letter in letters:
        book.first.column_dimensions[letter].hidden = True


def hide_row(book: Book, code: str) -> None:
    """A line out of sight."""
    book.first.row_dimensions[book.row("report", code)].hidden = True


def filter_rows(book: Book, shown: str) -> None:
    """An active filter on 指标编码 that shows one line only."""
    rows = book.rows()
    book.first.auto_filter.ref = f"A5:{get_column_letter(book.first.max_column)}{rows.stop - 1}"
    book.first.auto_filter.add_filter_column(0, [shown])
    for row in rows:
        book.first.row_dimensions[row].hidden = book.first.cell(row, 1).value != shown


def notes_sheet(book: Book, name: str = "情况说明") -> None:
    """A sheet of the unit's own, with words and a number."""
    sheet = book.workbook.create_sheet(name, 0)
    sheet.append(["五月份工作情况"])
    sheet.append(["本月共召开推进会", 3, "次"])


def words_sheet(book: Book, *words: str) -> None:
    """A sheet of the unit's own, with words only."""
    book.workbook.create_sheet("备注").append([" ".join(words)])


def money_sheet(book: Book) -> None:
    """A table of the unit's own about its money, in a unit of its own."""
    sheet = book.workbook.create_sheet("经费")
    for row in (["经费安排表", None], ["单位：万元", None], ["培训", 120], ["取证", 35.5]):
        sheet.append(row)


def shift_row(book: Book, code: str, letter: str, step: str) -> None:
    """From a column on, the cells of a line stand one to the right; with step -1 one to the left, over that column."""
    row, first = book.row("report", code), column_index_from_string(letter)
    values = [cell.value for cell in book.first[row]]
    kept, rest = values[: first - 1], values[first - 1 :]
    moved = [None, *rest[:-1]] if int(step) > 0 else [*rest[1:], None]
    for column, value in enumerate((*kept, *moved), start=1):
        book.first.cell(row, column).value = value


def return_list(book: Book) -> None:
    """The sheet 退回清单 of a returned workbook in front, faulty cells coloured and commented, the fault put right."""
    sheet = book.workbook.create_sheet("退回清单", 0)
    sheet.append(["这份报送表需要改正后重新报送"])
    sheet.append(["序号", "位置", "现在填的是", "问题", "怎样改"])
    sheet.append([1, "填报!G6", "1300", "累计数与上月累计加本月数不等", "请核对"])
    cell = book.workbook["填报"]["G6"]
    cell.fill = _RED
    cell.comment = Comment("累计数与上月累计加本月数不等", "minsheng")


def hide_form(book: Book) -> None:
    """The sheet with the numbers out of sight."""
    book.workbook["填报"].sheet_state = "hidden"


def two_colours(book: Book) -> None:
    """A number typed as text, its second half in red."""
    book["M03-01 month"].value = CellRichText("2", TextBlock(InlineFont(color=Color("FFFF0000")), "05"))


def struck_digits(book: Book, address: str, struck: str, left: str) -> None:
    """A number typed as text and put right with a line through the digits that no longer count."""
    runs = TextBlock(InlineFont(strike=True), struck), TextBlock(InlineFont(), left)
    book[address.replace("/", " ")].value = CellRichText(*runs)


def raised_digit(book: Book, address: str, number: str, note: str) -> None:
    """The number of a footnote, raised, behind a number typed as text."""
    runs = TextBlock(InlineFont(), number), TextBlock(InlineFont(vertAlign="superscript"), note)
    book[address.replace("/", " ")].value = CellRichText(*runs)


def rename(book: Book, name: str) -> None:
    """The first sheet under another name."""
    book.first.title = name


def copy_sheet(book: Book, name: str, emptied: str = "") -> None:
    """The first sheet a second time; ``blank``: without its numbers."""
    twin = book.workbook.copy_worksheet(book.first)
    twin.title = name
    for row in book.rows() if emptied else ():
        for field in ("month", "cumulative", "numerator", "denominator"):
            twin.cell(row, book.column("report", field)).value = None


def values_only(book: Book) -> None:
    """Everything pasted as values into a new workbook of the default look."""
    pasted = Workbook()
    pasted.remove(pasted.worksheets[0])
    for sheet in book.workbook.worksheets:
        target = pasted.create_sheet(sheet.title)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    target.cell(cell.row, cell.column).value = cell.value
    for sheet in list(book.workbook.worksheets):
        book.workbook.remove(sheet)
    for sheet in pasted.worksheets:
        target = book.workbook.create_sheet(sheet.title)
        for row in sheet.iter_rows():
            for cell in row:
                target.cell(cell.row, cell.column).value = cell.value
    book.workbook.defined_names.clear()


def merge(book: Book, area: str) -> None:
    """Cells merged, as pasting does it: what they hold beside the first is gone."""
    book.first.merge_cells(area)


def merge_over(book: Book, area: str) -> None:
    """Cells merged by a program that keeps what they hold, where nobody sees it."""
    book.first.merged_cells.add(area)


def two_row_heading(book: Book) -> None:
    """A second line of headings, each merged over both."""
    _insert_rows(book.first, 6, 1)
    for column in range(1, book.first.max_column + 1):
        book.first.merge_cells(start_row=5, end_row=6, start_column=column, end_column=column)


def group_heading(book: Book) -> None:
    """A merged line 完成情况 above the headings of the numbers."""
    _insert_rows(book.first, 5, 1)
    book.first["F5"] = "完成情况"
    book.first.merge_cells("F5:I5")


def group_heading_of(book: Book, area: str, words: str) -> None:
    """Words in the line above the headings, merged over an area of it."""
    for merged in [one for one in book.first.merged_cells.ranges if one.min_row <= 4 <= one.max_row]:
        book.first.unmerge_cells(str(merged))
    book.first["A4"].value = None
    book[f"填报!{area.split(':')[0]}"].value = words
    book.first.merge_cells(area)


def repeat_heading(book: Book) -> None:
    """The line of headings again in the middle of the table, as on a new page."""
    _insert_rows(book.first, 7, 1)
    _copy_row(book.first, 5, 7)


def repeat_heading_moved(book: Book, code: str, one: str, other: str) -> None:
    """The line of headings again above an indicator, two of them changed over, and the numbers below with them."""
    row = next(row for row in book.rows() if book.first.cell(row, 1).value == code)
    _insert_rows(book.first, row, 1)
    _copy_row(book.first, 5, row)
    for line in (row, row + 1):
        left, right = book.first[f"{one}{line}"], book.first[f"{other}{line}"]
        left.value, right.value = right.value, left.value


def blank_rows(book: Book, above: str, count: str) -> None:
    """Empty lines inside the table."""
    _insert_rows(book.first, int(above), int(count))


def formatted_tail(book: Book, count: str) -> None:
    """Coloured rows and nothing in them."""
    for row in range(20, 20 + int(count)):
        book.first.cell(row, 1).fill = copy(_RED)


def comment(book: Book, address: str, *words: str) -> None:
    """A comment on a cell."""
    book[address.replace("/", " ")].comment = Comment("".join(words), "示例")


def page_header(book: Book, *words: str) -> None:
    """Words in the header of every printed page."""
    present(book.first.oddHeader).right.text = "".join(words)


def prompt(book: Book, address: str, *words: str) -> None:
    """What Excel says as soon as a cell is chosen."""
    place = book[address.replace("/", " ")].coordinate
    validation = DataValidation(promptTitle="说明", prompt="".join(words), showInputMessage=True, sqref=place)
    book.first.add_data_validation(validation)


def colour_rule(book: Book) -> None:
    """A conditional format of the unit's own."""
    rule = Rule("cellIs", operator="greaterThan", formula=["100"], dxf=DifferentialStyle(fill=_RED))
    book.first.conditional_formatting.add("F6:G8", rule)


def shown_by_condition(book: Book, address: str, number_format: str) -> None:
    """A conditional format that shows numbers otherwise from 1 on."""
    look = DifferentialStyle(numFmt=NumberFormat(numFmtId=164, formatCode=number_format))
    rule = Rule("cellIs", operator="greaterThan", formula=["1"], dxf=look)
    book.first.conditional_formatting.add(book[address.replace("/", " ")].coordinate, rule)


def struck_out(book: Book, address: str) -> None:
    """A number with a line through it."""
    book[address.replace("/", " ")].font = Font(strike=True)


def array_formula(book: Book, place: str, *formula: str) -> None:
    """A formula entered with Ctrl+Shift+Enter."""
    book.first[place] = ArrayFormula(place, " ".join(formula))


def macintosh_date(book: Book, day: str) -> None:
    """The month as a date, counted from 1904."""
    book.workbook.epoch = CALENDAR_MAC_1904
    book["header period"].value = date.fromisoformat(day)
    book["header period"].number_format = "yyyy-mm-dd"


def as_text(book: Book, address: str) -> None:
    """What begins with = stays text."""
    book[address.replace("/", " ")].data_type = "s"


def far_cell(book: Book) -> None:
    """A stray word in the last cell there is."""
    book.first["XFD1048576"] = "x"


def without_header(book: Book) -> None:
    """The line of headings deleted."""
    for cell in book.first[5]:
        cell.value = None


def other_table(book: Book) -> None:
    """Not the form at all: the unit's income and expenses."""
    book.first.title = "收支表"
    book.first.delete_rows(1, book.first.max_row)
    book.first.merged_cells.ranges.clear()
    for line in (("月份", "收入", "支出", "结余"), ("1月", 120, 80, 40), ("2月", 90, 70, 20)):
        book.first.append(line)


def _copy_row(sheet: Worksheet, source: int, target: int) -> None:
    for column in range(1, sheet.max_column + 1):
        sheet.cell(target, column).value = sheet.cell(source, column).value


def _insert_rows(sheet: Worksheet, above: int, count: int) -> None:
    sheet.insert_rows(above, count)
    for area in sheet.merged_cells.ranges:
        if area.min_row >= above:
            area.shift(row_shift=count)
