"""What servers say, in the words they are known to use, and what it means for the mail."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from minsheng.mail.replies import TABLE, rows, understand

LATER = [
    # QQ and Tencent exmail
    "550 Ip frequency limited. http://service.mail.qq.com/cgi-bin/help?subtype=1&&id=20022&&no=1000725",
    "550 Connection frequency limited",
    "550 Domain frequency limited",
    "550 Sender frequency limited",
    "552 Mailbox space not enough",
    "550 5.7.1 Exceed the sending limit: too many messages today",
    # 163, 126 and others of Coremail
    "451 MI:SFQ 163 smtp5,D9GowACXuA==",
    "554 MI:SFQ mxhub,2022",
    "550 MI:STC 163 smtp11",
    "554 MI:STC 163 smtp11",
    "550 RP:TRC 163 mx28",
    "421 HL:IFC",
    "451 DT:SPM ,please try again",
    "550 Requested mail action not taken: too much recipient",
    "552 5.2.2 Quota exceeded",
    # Aliyun
    "454 Transient reject by behaviour spam at DATA State: currently unexpected sending",
    "554 Reject by behaviour spam ANTISPAM_BAT[01201311R196]: too frequently sending",
    "552 Quota exceed the hard limit for user",
    "552 mail box space not enough",
    # anybody
    "450 4.2.0 <a@b.example>: Recipient address rejected: Greylisted, see help",
    "550 5.7.1 greylisting in effect, come back later",
    "554 5.7.1 Service temporarily unavailable; please retry",
    "550 5.7.28 mail flood detected",
    "550 too many connections from your IP",
    "452 4.5.3 Too many recipients",
    "554 5.2.2 mailbox full",
    "550 user over quota",
    "552 5.2.2 邮箱已满",
    "550 发信频率超过限制",
    "550 服务器繁忙，请稍后再试",
    "554 系统维护中，请稍候",
    "451 4.7.1 whatever",
    "450 4.1.1 User unknown in local recipient table",  # said with 4: perhaps only the lookup has failed
]
SMALLER = [
    "552 5.3.4 Message size exceeds fixed limit",
    "552 Error: Too much mail data",
    "552 Requested mail action aborted: exceeded mailsize limit",
    "552 Requested mail action aborted: exceeded storage allocation",
    "550 5.2.3 RESOLVER.RST.SendSizeLimit; message too large for this recipient",
    "523 the message is too big",
    "552 Illegal Attachment",
    "554 5.7.1 附件类型不允许",
    "550 邮件过大",
]
US = [
    "530 5.7.0 Authentication required",
    "553 authentication is required,163 smtp2",
    "553 Mail from must equal authorized user",
    "501 mail from address must be same as authorization user",
    "554 5.7.1 <a@b.example>: Relay access denied",
    "550 5.7.25 reverse DNS required",
    "554 5.7.1 Service unavailable; Client host [10.0.0.1] blocked, listed at a blocklist",
    "550 5.7.23 SPF validation failed",
]
NEVER = [
    "550 no such mailbox",
    "550 5.1.1 <a@b.example>: Recipient address rejected: User unknown",
    "550 5.1.1 No such user here; please check the address and try again later",
    "550 Mailbox not found. http://service.mail.qq.com/",
    "550 User suspended",
    "554 RCPT (a@b.example) does not exist",
    "550 用户不存在",
    "554 5.4.6 too many hops",
    "550 Mail content denied",
    "554 DT:SPM 163 mx",
    "554 collateral damage",
    "550 you are not welcome",
]
KNOWN = {"later": LATER, "smaller": SMALLER, "us": US, "never": NEVER, "taken": ["250 OK", "251 will forward"]}


def cases() -> Iterator[tuple[str, str]]:
    yield from ((reply, meaning) for meaning, replies in KNOWN.items() for reply in replies)


@pytest.mark.parametrize(("reply", "meaning"), [*cases()])
def test_a_reply_means(reply: str, meaning: str) -> None:
    assert understand(reply).meaning == meaning


@pytest.mark.parametrize("reply", [*LATER, *SMALLER, *US, *NEVER])
def test_the_words_count_in_any_case_and_the_reason_is_chinese(reply: str) -> None:
    assert understand(reply.upper()) == understand(reply.lower()) == understand(reply)
    assert not understand(reply).reason.isascii()


def test_every_row_of_the_table_decides_some_reply_that_is_known() -> None:
    deciding = [next((row for row in rows() if row.fits(reply)), None) for reply, _ in cases() if reply[0] in "45"]
    unused = [row.reason for row in rows() if row not in deciding]
    assert unused in ([], ["服务器要求稍后再试"])


def test_the_table_is_part_of_the_package() -> None:
    assert Path(understand.__code__.co_filename).with_name("replies.yaml") == TABLE
    assert len(rows()) > 5
