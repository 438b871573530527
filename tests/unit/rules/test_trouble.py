"""A fault of ours about one file: it is logged and on record, and holds up its own unit and nobody else."""

import logging
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from email import message_from_bytes, policy

import duckdb
import pytest

from minsheng.core.errors import BusyError, DamagedError
from minsheng.guard import withhold
from minsheng.mail import outbox
from minsheng.mail.delivery import pending
from minsheng.parsing.form import read_form
from minsheng.source import pulling
from minsheng.spreadsheet.book import Book
from minsheng.stages import parse as parse_stage
from minsheng.stages.parse import parse
from minsheng.stages.pull import pull
from minsheng.stages.validate import validate
from minsheng.validation import turns
from minsheng.validation.judge import Judged, judge
from minsheng.warehouse.connection import Connection
from tests.books import book_of
from tests.county import CONTACTS, IN_TIME, County
from tests.workbooks import as_bytes, blank, manholes

pytestmark = pytest.mark.slow

STRANGE = as_bytes(manholes(121, 521))
FAULTY = as_bytes(manholes("约120"))
FAILED = "select input, detail from raw.outcome where stage = 'validate' and result = 'failed'"


def stumble(county: County, monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let judging raise, in SQL itself, for files of these names."""

    def judged(connection: Connection, submission_ids: Sequence[str]) -> list[Judged]:
        query = "select cast(file_name as integer) from raw.submission where list_contains(?, submission_id) and {}"
        strange = " or ".join(f"file_name = '{name}'" for name in names)
        connection.execute(query.format(f"({strange})"), [list(submission_ids)]).fetchall()
        return judge(connection, submission_ids)

    monkeypatch.setattr(turns, "judge", judged)


def failing(real: Callable[..., object], strange: bytes) -> Callable[..., object]:
    """A reader that stumbles over one book."""

    def reads(book: Book, *others: object) -> object:
        if book == book_of(strange):
            raise KeyError("Sheet9")
        return real(book, *others)

    return reads


def test_a_file_that_cannot_be_taken_stays_in_the_inbox_and_keeps_no_other_waiting(
    county: County, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = county.folder / "inbox"
    for name, content in (("a.xlsx", STRANGE), ("b.xlsx", FAULTY)):
        path = inbox / "CGJ" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    monkeypatch.setattr(pulling, "withhold", failing(withhold, STRANGE))
    result = pull(county.run(), inbox)
    assert result.counts == {"failed": 1, "landed": 1}
    assert result.outcomes[0].detail == "CGJ/a.xlsx：取件时程序出错，文件仍在收件目录，留待下次取件；详见运行日志"
    assert "cannot take CGJ/a.xlsx" in caplog.text and "Sheet9" in caplog.text
    monkeypatch.undo()
    assert pull(county.run(), inbox).counts == {"landed": 1, "known": 1}


def test_a_file_that_cannot_be_read_holds_up_its_own_unit_only(
    county: County, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(parse_stage, "read_form", failing(read_form, STRANGE))
    files = (("CGJ", "a.xlsx", STRANGE), ("CGJ", "b.xlsx", FAULTY), ("RSJ", "5月.xlsx", as_bytes(blank("RSJ"))))
    result = county.send(*files, judge=False)
    assert result.counts == {"parsed": 1, "failed": 1}
    assert result.outcomes[1].detail == "CGJ/a.xlsx：解析时程序出错，本单位的文件留待下次解析；详见运行日志"
    assert "cannot parse CGJ/a.xlsx" in caplog.text and "Sheet9" in caplog.text
    monkeypatch.undo()
    assert parse(county.run()).counts == {"parsed": 2}


def test_a_file_that_cannot_be_judged_holds_up_its_own_unit_only(
    county: County, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stumble(county, monkeypatch, "strange.xlsx")
    files = (
        ("CGJ", "strange.xlsx", STRANGE),
        ("CGJ", "then.xlsx", FAULTY),
        ("RSJ", "5月.xlsx", as_bytes(blank("RSJ"))),
    )
    result = county.send(*files)
    assert result.counts == {"rejected": 1, "failed": 1, "queued": 1}
    assert [eml.parent.name for eml in pending(county.home)] == ["RSJ"]
    ((_, detail),) = county.query(FAILED)
    assert detail == "CGJ/strange.xlsx：校验时程序出错，本单位的文件留待下次校验；详见运行日志"
    (logged,) = (one for one in caplog.records if one.levelno == logging.ERROR)
    assert logged.getMessage() == "cannot judge CGJ/strange.xlsx" and logged.exc_info
    monkeypatch.undo()
    assert validate(county.run(), CONTACTS).counts == {"accepted": 1, "rejected": 1, "queued": 1}


def test_files_that_cannot_be_judged_are_found_wherever_they_stand(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One among the suspects and one among the others must not be suspected in turns without end."""
    stumble(county, monkeypatch, "a.xlsx", "c.xlsx")
    units = {"a.xlsx": "CGJ", "b.xlsx": "JTYSJ", "c.xlsx": "RSJ", "d.xlsx": "WJW"}
    result = county.send(*((unit, name, as_bytes(blank(unit))) for name, unit in units.items()))
    assert result.count("failed") == 2 and result.count("rejected") == 2
    assert [str(detail).split("：")[0] for _, detail in county.query(FAILED)] == ["CGJ/a.xlsx", "RSJ/c.xlsx"]


def test_what_nothing_can_be_judged_for_is_an_error(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    stumble(county, monkeypatch, "a.xlsx", "b.xlsx")
    with pytest.raises(RuntimeError, match="none of the 2 units' files can be judged"):
        county.send(("CGJ", "a.xlsx", STRANGE), ("RSJ", "b.xlsx", as_bytes(blank("RSJ"))))
    assert county.query("select count(*) from raw.verdict") == [(0,)]


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (duckdb.IOException("IO Error: Corrupt database file: in block at location 12288"), DamagedError),
        (duckdb.IOException("IO Error: Could not write file: No space left on device"), BusyError),
        (OSError(28, "No space left on device"), OSError),
        (duckdb.BinderException('Binder Error: Referenced column "kind" not found'), duckdb.BinderException),
    ],
)
def test_what_concerns_everybody_and_is_met_while_judging_is_put_down_to_no_unit(
    county: County, monkeypatch: pytest.MonkeyPatch, raised: Exception, told: type[Exception]
) -> None:
    def fails(*_: object) -> None:
        raise raised

    monkeypatch.setattr(turns, "judge", fails)
    with pytest.raises(told):
        county.send(("CGJ", "a.xlsx", FAULTY), ("RSJ", "5月.xlsx", as_bytes(blank("RSJ"))))
    monkeypatch.undo()
    assert county.query(FAILED) == []
    assert pending(county.home) == []


def test_a_workbook_that_cannot_be_marked_up_is_answered_without_it(
    county: County, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise KeyError("Sheet9")

    monkeypatch.setattr(outbox, "marker", lambda: nullcontext(fails))
    result = county.send(("CGJ", "5月.xlsx", FAULTY))
    assert result.counts == {"rejected": 1, "queued": 1, "failed": 1}
    (eml,) = pending(county.home)
    message = message_from_bytes(eml.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    text = str(body and body.get_content())
    assert "“约120”是大约的数。" in text and "这个文件无法作为表格标注后附回，请按上面的提示处理。" in text
    assert list(message.iter_attachments()) == []
    ((key, detail),) = county.query(FAILED)
    assert str(key).startswith("markup/CGJ/")
    assert detail == "CGJ/5月.xlsx：标注附件时程序出错，邮件未附标注后的表；详见运行日志"
    assert "cannot mark up CGJ/5月.xlsx" in caplog.text and "Sheet9" in caplog.text
    assert validate(county.run(IN_TIME), CONTACTS).counts == {}
