"""What became of an input, as a line of a log."""

from __future__ import annotations

from minsheng.core.outcome import Outcome
from minsheng.words.outcomes import line

NAMES = {"CGJ": "县城管局"}


def test_a_unit_is_told_by_name_in_what_came_and_in_what_goes() -> None:
    came = Outcome("a1b2", "rejected", "CGJ/1月.xlsx R14 标题（填报!F6）")
    assert line(came, NAMES) == "a1b2 已退回 县城管局/1月.xlsx R14 标题（填报!F6）"
    gone = Outcome("mail/CGJ/202201-7f", "queued")
    assert line(gone, NAMES).startswith("mail/县城管局/202201-7f ")


def test_a_log_shows_no_personal_address() -> None:
    told = line(Outcome("mail/CGJ/7f", "refused", "wang.fang@cgj.example: 550 no <wang.fang@cgj.example>"), NAMES)
    assert "wang" not in told and "fang" not in told
    assert told.endswith("w…@cgj.example: 550 no <w…@cgj.example>")
