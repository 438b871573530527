"""``minsheng mail`` as the data team meets it."""

import pytest
from typer.testing import CliRunner

from minsheng.commands.mail import mail_app
from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.mail.delivery import pending
from minsheng.mail.folders import settle


def call(*arguments: str) -> str:
    ended = CliRunner().invoke(mail_app, arguments, env={"COLUMNS": "120"})
    if ended.exception and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended.output


def test_mails_are_counted_by_state_and_refused_ones_named_with_the_reason(home: Home) -> None:
    settle(pending(home)[0], "refused", {"rsj@lushan.example": "550 no such mailbox"}, home)
    lines = [line.split() for line in call("list", "--home", str(home.installation.root)).splitlines()]
    assert lines[:4] == [["待发", "0"], ["无地址", "0"], ["已发", "0"], ["被拒收", "1"]]
    assert " ".join(lines[-1]) == "RSJ abc123 rsj@lushan.example: 550 no such mailbox"


def test_a_refused_mail_waits_again(home: Home) -> None:
    settle(pending(home)[0], "refused", {"rsj@lushan.example": "550 no such mailbox"}, home)
    words = "abc123 重新待发，下次发信时寄出\n"
    assert call("resend", "abc123", "--home", str(home.installation.root)) == words
    assert [path.name for path in home.outbox.rglob("*.*")] == ["abc123.eml"]
    assert len(pending(home)) == 1


def test_a_mail_that_was_not_refused_is_not_sent_again(home: Home) -> None:
    with pytest.raises(UserError, match="abc123：没有这样一封被拒收的邮件 → `minsheng mail list` 列出现有的"):
        call("resend", "abc123", "--home", str(home.installation.root))
