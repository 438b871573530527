"""What the mail tests share: one answer and its mail, and a home in which that mail waits."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from minsheng.core.files import atomic_write
from minsheng.core.home import Home
from minsheng.mail.answer import Answer, Answered, answer_text, subject
from minsheng.mail.contacts import Contacts
from minsheng.mail.folders import mail_path
from minsheng.mail.message import Attachment, Mail, compose
from minsheng.mail.page import answer_html
from minsheng.validation.finding import Finding

RECEIVED = datetime(2022, 6, 3, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CONTACTS = Contacts(data_team="data@lushan.example", units={"RSJ": ("rsj@lushan.example", "office@lushan.example")})
FAULT = Finding("C12", "reject", "填报", "F6", "约300", "“约300”是大约的数。", "请填写准确数字。")
TARGET = Finding("R06", "reject", "填报", "D6", "2000", "应为 2032。", "请改回 2032。")
LATE = Finding("F30", "warn", None, None, None, "按迟报登记。", "请今后在截止时间前报送。")
FILE = Answered("2022-05", "5月.xlsx", RECEIVED, "rejected", (FAULT, TARGET, LATE), "5月（退回）.xlsx")
ANSWER = Answer("县人社局", (FILE,))
MAIL = Mail(
    "abc123", "RSJ", "（请转告县人社局。）", subject(ANSWER), answer_text(ANSWER), answer_html(ANSWER), RECEIVED,
    "鲁山县民生实事数据组",
    (Attachment("2022/5月（退回）.xlsx", b"bytes"),), ("s1", "s2"),
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "lushan")
    atomic_write(mail_path(home, "pending", "RSJ", "abc123"), compose(MAIL, CONTACTS))
    return home
