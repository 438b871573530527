"""The small files a home keeps: today's bytes are read and written, and whatever else stands there is told."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from minsheng.core.clock import ZONE
from minsheng.core.home import Home
from minsheng.core.notes import Note, UnreadableError
from minsheng.landing import (
    Opening,
    PersonalData,
    Receipt,
    Withheld,
    acknowledge,
    damaged_receipts,
    find_receipt,
    openings,
    receipt_path,
    receipts,
)

AT = datetime(2022, 2, 7, 17, 30, 0, 120, tzinfo=ZONE)
FOUND = (PersonalData("card", "明细", ("C5", "C6")), PersonalData("roster", "名单", ()))
WITHHELD = (None, Withheld("encrypted"), Withheld("personal_data", "2022-01", FOUND, "{}"))


def receipt(withheld: Withheld | None = None) -> Receipt:
    return Receipt("s1", "lushan-2022", "RSJ", "1月\n报表\u2028.xlsx", "ab" * 32, 3, AT, withheld)


@pytest.mark.parametrize("withheld", WITHHELD, ids=["kept", "encrypted", "personal"])
def test_a_receipt_is_written_as_it_always_was_and_read_back(tmp_path: Path, withheld: Withheld | None) -> None:
    written, home = receipt(withheld), Home(tmp_path)
    acknowledge(home, written)
    fields = asdict(written) | {"received_at": "2022-02-07T17:30:00.000120+08:00"}
    content = receipt_path(home, "lushan-2022", "s1").read_bytes()
    assert content.decode() == json.dumps(fields, ensure_ascii=False, indent=1)
    assert find_receipt(home, "lushan-2022", "s1") == written


@pytest.mark.parametrize("moment", ["2022-02-07T09:30:00+00:00", "2022-02-07T09:30:00Z", "2022-02-07T17:30:00+08:00"])
def test_a_moment_may_stand_in_any_zone(tmp_path: Path, moment: str) -> None:
    home = Home(tmp_path)
    acknowledge(home, receipt())
    change(receipt_path(home, "lushan-2022", "s1"), received_at=moment)
    (found,) = receipts(home, "lushan-2022")
    assert found.received_at == datetime(2022, 2, 7, 9, 30, tzinfo=UTC)


def test_a_receipt_of_before_files_were_withheld_is_read(tmp_path: Path) -> None:
    home = Home(tmp_path)
    acknowledge(home, receipt())
    change(receipt_path(home, "lushan-2022", "s1"), withheld=...)
    assert receipts(home, "lushan-2022") == [receipt()]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"byte_count": "3"}, "byte_count："),
        ({"sha256": None}, "sha256："),
        ({"sha256": ...}, "sha256："),
        ({"received_at": "2022-02-07T17:30:00"}, "received_at："),
        ({"received_at": 1644226200}, "received_at："),
        ({"submission_id": "s2"}, "写的是另一个文件"),
        ({"withheld": {"reading": "nothing", "period": None, "found": []}}, "withheld.reading："),
        ({"withheld": {"reading": "macro", "period": None, "found": [{"kind": "card"}]}}, "withheld.found.0.sheet："),
        ({"surprise": 1}, "surprise："),
    ],
)
def test_a_receipt_that_says_something_else_is_damaged(tmp_path: Path, fields: dict[str, Any], words: str) -> None:
    home = Home(tmp_path)
    acknowledge(home, receipt())
    change(receipt_path(home, "lushan-2022", "s1"), **fields)
    (damage,) = damaged_receipts(home, "lushan-2022")
    assert words in damage.problem
    assert receipts(home, "lushan-2022") == []


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff", b'{"period": "2022-01", "opened_at": "?"}'])
def test_what_is_no_note_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(UnreadableError):
        Note(Opening).read(tmp_path / "x.json")


def test_a_note_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="No such file"):
        Note(Opening).read(tmp_path / "x.json")


def test_an_opening_written_before_is_read(tmp_path: Path) -> None:
    home = Home(tmp_path)
    path = home.landing / "lushan-2022" / "openings" / "2022-01.json"
    path.parent.mkdir(parents=True)
    path.write_text(f'{{"period": "2022-01", "opened_at": "{AT.isoformat()}"}}', encoding="utf-8")
    assert openings(home, "lushan-2022") == [Opening("2022-01", AT)]


def change(path: Path, **fields: Any) -> None:
    """Other fields in a note; ``...``: without this one."""
    found = json.loads(path.read_text(encoding="utf-8")) | fields
    path.write_text(json.dumps({key: value for key, value in found.items() if value is not ...}), encoding="utf-8")
