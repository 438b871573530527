"""What a person writes above our mail, and whether it confirms: read from whatever his program has made of it."""

from __future__ import annotations

from email.message import EmailMessage, Message
from email.mime.text import MIMEText

import pytest

from minsheng.source.replies import UnitReply, own_words


def with_page(page: str) -> EmailMessage:
    message = EmailMessage()
    message.set_content(page, subtype="html", charset="gb18030")
    return message


def with_both(text: str, page: str) -> EmailMessage:
    message = EmailMessage()
    message.set_content(text)
    message.add_alternative(page, subtype="html")
    return message


def with_attachment(text: str) -> EmailMessage:
    message = EmailMessage()
    message.set_content(text)
    message.add_attachment("不同意", filename="附件.txt")
    return message


_PAGE = (
    "<html><head><title>x</title><style>p {}</style></head><body><p>确认</p><blockquote>原信</blockquote></body></html>"
)
_MESSAGES: dict[str, Message] = {
    "plain": MIMEText("\n\n  确认 \n\n> 原信", "plain", "utf-8"),
    "plain in GBK": MIMEText("确认\n王局长", "plain", "gb18030"),
    "a charset nobody knows": MIMEText("确认", "plain", "utf-8"),
    "page in GBK": with_page(_PAGE),
    "both": with_both("确认\n\n-----原始邮件-----", _PAGE),
    "quoted first": MIMEText("> 请审签\n确认", "plain", "utf-8"),
    "with an attachment": with_attachment("确认"),
}
_MESSAGES["a charset nobody knows"].replace_header("Content-Type", 'text/plain; charset="x-unknown"')


@pytest.mark.parametrize("message", _MESSAGES.values(), ids=list(_MESSAGES))
def test_what_its_sender_wrote_is_read(message: Message) -> None:
    assert own_words(message).splitlines()[0] == "确认"
    assert is_confirming(own_words(message))


def test_a_mail_without_words_says_nothing() -> None:
    assert own_words(with_page("<html><body><img src='x'></body></html>")) == ""


@pytest.mark.parametrize(
    "quoted",
    [
        "-----原始邮件-----\n发件人：数据组",
        "发件人: 数据组",
        "在 2022年6月5日，数据组 写道：",
        "On 5 Jun 2022, data wrote:",
        "--\n电话 0375-5050123",
    ],
)
def test_what_is_quoted_is_not_said(quoted: str) -> None:
    assert own_words(MIMEText(f"确认\n\n{quoted}\n不同意", "plain", "utf-8")) == "确认"


@pytest.mark.parametrize("below", ["但第三项应为30，请先改", "数不对", "请问 M03-01 是多少"])
def test_what_is_said_below_may_take_it_back(below: str) -> None:
    assert not is_confirming(own_words(MIMEText(f"确认\n{below}", "plain", "utf-8")))


def is_confirming(words: str) -> bool:
    return UnitReply("1", "CGJ", "ju@lushan.example", True, (), words).is_confirming


@pytest.mark.parametrize(
    "words",
    [
        "确认",
        "确认。",
        "同意",
        "同意！",
        "已审签",
        "审签通过",
        "核对无误，同意报送",
        "您好，确认无误",
        "经核对无误，确认",
        "同 意",
        "确认\n王局长\n发自我的iPhone",
    ],
)
def test_what_confirms(words: str) -> None:
    assert is_confirming(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "不同意",
        "不确认",
        "确认有误",
        "未审签",
        "同意吗？",
        "确认？",
        "同意?",
        "收到",
        "请确认",
        "待确认",
        "确认收到，数不对",
        "无法确认",
        "暂不同意",
    ],
)
def test_what_does_not(words: str) -> None:
    assert not is_confirming(words)
