"""Files as LibreOffice saves them, and the whole corpus: sent back marked they still say what they said."""

import shutil
from pathlib import Path

import pytest

from minsheng.parsing.reading import ReadForm
from minsheng.validation.finding import Finding
from tests.books import mark_up, read_form
from tests.corpus.case import sent_files
from tests.corpus.making.office import saved_by_libreoffice
from tests.unit.mail.conftest import RECEIVED
from tests.unit.mail.test_markup import corrected, opened, returned
from tests.workbooks import as_bytes, manholes, words

pytestmark = pytest.mark.slow

# What cannot be taken for a number is said in words in a workbook drawn anew, and is none there either.
_NO_NUMBERS = {"error", "external", "no_value", "scaled", "empty", "not_a_number", "unit_mismatch"}
# And so is a check box whose formula came to nothing.
_NO_RESULT = "（公式没有结果）"
# What is told of a csv's lines, or of words that were lost: no cell says it again beside our own words.
_TOLD_OF_THE_WHOLE = {"ragged", "garbled"}


def said(reading: ReadForm) -> set[tuple[object, ...]]:
    """What was read; a csv has no sheet, and is given one, and what was hidden is shown."""
    return {
        (one.cell_ref, one.section, one.field, one.reading, one.raw_text, one.number_value)
        for one in reading.cells
        if one.section not in ("file", "sheet")
        and one.reading not in _NO_NUMBERS
        and not (one.reading == "unknown_choice" and (one.raw_text or "").endswith(_NO_RESULT))
    }


def marks(reading: ReadForm) -> list[Finding]:
    """A fault in each of the first cells that were filled in, and in each that is no number."""
    cells = [one for one in reading.cells if one.cell_ref and one.raw_text]
    faulty = [*cells[:8], *(one for one in reading.cells if one.cell_ref and one.reading in _NO_NUMBERS)]
    return [
        Finding("C12", "reject", one.sheet_name, one.cell_ref, one.raw_text, "有问题。", "请改。") for one in faulty
    ]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice, which no package brings")
@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_what_libreoffice_saved_is_marked_corrected_there_and_reads_as_if_never_wrong(suffix: str) -> None:
    content = saved_by_libreoffice({"5月": as_bytes(manholes("约120"))}, suffix)["5月"]
    reading = read_form(content, f"5月.{suffix}", words())
    (bad,) = [one for one in reading.cells if one.raw_text == "约120"]
    finding = Finding("C12", "reject", bad.sheet_name, bad.cell_ref, "约120", "不是准确的数。", "请填写准确数字。")
    name, marked = returned(content, finding, name=f"5月.{suffix}")
    assert name == "5月（退回）.xlsx"
    assert said(read_form(marked, name, words())) == said(reading)
    again = saved_by_libreoffice({"5月": corrected(marked)}, "xlsx")["5月"]
    assert opened(again).sheetnames[0] == "退回清单"
    assert opened(again)["退回清单"]["C4"].hyperlink.location == f"'填报'!{bad.cell_ref}"
    good = read_form(saved_by_libreoffice({"5月": as_bytes(manholes())}, suffix)["5月"], name, words())
    assert said(read_form(again, name, words())) == said(good)


def test_every_accepted_file_of_the_corpus_says_the_same_when_it_is_sent_back() -> None:
    """The others are sent back, mended and judged again in ``tests/corpus/test_mending.py``."""
    differing, returned_count = [], 0
    for path in sorted(sent.path for sent in sent_files() if sent.case.verdict == "accepted"):
        reading = read_form(path.read_bytes(), path.name, words())
        attachment = mark_up(path.read_bytes(), path.name, marks(reading), RECEIVED)
        if attachment is None or reading.reading in _TOLD_OF_THE_WHOLE:
            assert reading.reading != "ok", path.name
            continue
        returned_count += 1
        again = read_form(attachment.content, attachment.name, words())
        # The xlsx that goes back of an ods comes without its comments.
        lost = {one for one in said(reading) if one[:2] == (None, "note")} if path.suffix == ".ods" else set()
        if (again.reading, said(again)) != (reading.reading, said(reading) - lost):
            differing.append(Path(path).name)
    assert differing == []
    assert returned_count > 100
