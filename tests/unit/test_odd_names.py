"""Two hundred odd names of folders and files beside good ones: a verdict or an outcome each, through all stages."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from minsheng.flows.pipeline import conclude
from minsheng.mail.delivery import pending
from minsheng.stages.parse import parse
from minsheng.stages.pull import pull
from minsheng.stages.validate import validate
from tests.county import CONTACTS, IN_TIME, County
from tests.workbooks import as_bytes, manholes

pytestmark = pytest.mark.slow

# Put around or instead of a name: what keyboards, other systems, archives, browsers and bad intent leave in one.
_BITS = (
    " ", "  ", "\u3000", "\u00a0", "\t", "\n", "\r\n", "\x07", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u200b", "\ufeff",
    "\u202e", "\u2066", "\u0301", "é", "e\u0301", "Å", "😀", "👩‍👩‍👧", "𠮷", "ﾊﾝｶｸ", "ＣＧＪ", "İ", "ß", "ﷺ",
    ".", "..", "...", "-", "--help", "-rf", "~", "$HOME", "`id`", "$(id)", "%s%n", "%00", "{0}", "{{7*7}}", "${jndi:x}",
    "'", '"', "''; drop table raw.cell; --", "<script>alert(1)<x>", "&amp;", "]]>", "\\", "..\\..\\CGJ", "C:\\",
    "*", "?", "[a-z]", "|", ";", ":", "#", "@", "!", "=1+1", "+1", "con", "nul", "aux.xlsx", "NULL", "None", "nan",
    "true", "0", "-1", "1e309", "13812345678", "41042319800101001X", "5月", "2022-05", "2099年13月", "新建文件夹",
    "副本", "(1)", "（最终版）", "report.xlsx.exe", ".xlsx", "xlsx", "cgj", " CGJ", "CGJ ", "CGJ.", "XYZ", "县城管局",
)  # fmt: skip
_BYTES = (b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\xaf", b"\x80", "城管".encode("gb18030"), "城管".encode("utf-16-be")[1:2])


@pytest.fixture
def county(tmp_path: Path) -> County:
    return County(tmp_path)


def odd_names() -> list[bytes]:
    """Names a file system takes: no slash, no zero byte, up to 255 bytes."""
    texts = [bit.encode() for bit in _BITS if bit not in (".", "..")]
    long = [b"x" * 255, ("长" * 85).encode(), "县".encode("gb18030") * 127, b" " * 255, b"." * 200 + b"x"]
    return [*texts, *_BYTES, *long]


def put(folder: bytes, name: bytes, content: bytes) -> None:
    Path(os.fsdecode(folder)).mkdir(parents=True, exist_ok=True)
    Path(os.fsdecode(folder + b"/" + name)).write_bytes(content)


def fill(inbox: Path) -> int:
    """Every name once as a folder's and once as a file's; gives how many files there are, the good one too."""
    root = os.fsencode(inbox)
    for number, name in enumerate(odd_names()):
        put(root + b"/" + name, "表.csv".encode(), b"folder %d" % number)
        put(root + b"/CL", name, b"file %d" % number)
    put(root + b"/CGJ", "5月.xlsx".encode(), as_bytes(manholes()))
    return 2 * len(odd_names()) + 1


def test_odd_names_beside_a_good_file(county: County) -> None:
    inbox = county.folder / "inbox"
    count, run = fill(inbox), county.run()
    assert count > 200
    pulled = pull(run, inbox)
    of_files = [one for one in pulled.outcomes if one.result != "unknown_sender"]
    assert len({one.input for one in of_files}) == len(of_files) == count
    assert {one.result for one in of_files} == {"landed", "withheld", "ignored"}
    for outcome in pulled.outcomes:
        assert len(outcome.input.splitlines()) == 1 and outcome.input.encode()
    taken = pulled.count("landed") + pulled.count("withheld")
    assert taken > 180
    parse(run)
    validate(run, CONTACTS)
    for result in conclude(run):
        assert not result.count("failed")
    verdicts = county.query("select verdict, unit_code from raw.verdict join raw.submission using (submission_id)")
    assert len(verdicts) == taken
    assert {unit for verdict, unit in verdicts if verdict == "accepted"} == {"CGJ"}
    answered = {eml.parent.name for eml in pending(county.home)}
    assert answered == {unit for verdict, unit in verdicts if verdict == "rejected"}
    assert pull(run, inbox).count("known") == taken
    shutil.rmtree(inbox)
    (inbox / "CGJ").mkdir(parents=True)
    again = county.run(IN_TIME.replace(hour=11))
    assert pull(again, inbox).outcomes == ()
    assert [result.stage for result in conclude(again)][-1] == "roll_up", "also when the folders are gone"
