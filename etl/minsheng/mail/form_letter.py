"""The letter with which a workbook made again goes out: what it says otherwise than the one before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from minsheng.core.home import Home
from minsheng.mail.message import Attachment
from minsheng.mail.page import letter_html
from minsheng.plan.models import Plan
from minsheng.template import workbook_path
from minsheng.template.content import changes, told
from minsheng.warehouse.connection import Connection
from minsheng.words import display

# The kind of such a mail in ``raw.mail``.
KIND = "form"
_OPENING = "您好！贵单位{month}的民生实事报表已重新制作，见附件“{name}”，请用新表填报。"
_HEADING = "与原来下发的表不同之处："
_CLOSING = "已按原表填好的，可以照旧报送，同样接收；报送前请按上面所列核对。如有疑问，请与数据组联系。"


@dataclass(frozen=True)
class FormLetter:
    """Which workbook goes out again, and in what it differs, a line each."""

    period: str
    path: Path
    points: tuple[str, ...]

    @property
    def attachment(self) -> Attachment:
        """The workbook; raises FileNotFoundError when it has been taken away."""
        return Attachment(self.path.name, self.path.read_bytes())

    @property
    def opening(self) -> str:
        """The first sentence."""
        return _OPENING.format(month=display.month_name(self.period), name=self.path.name)

    def text(self, unit_name: str) -> str:
        """The letter as plain text."""
        points = (f"{number}. {point}" for number, point in enumerate(self.points, start=1))
        return "\n".join((f"{unit_name}：", "", self.opening, "", _HEADING, *points, "", _CLOSING)) + "\n"

    def html(self, unit_name: str) -> str:
        """The same as the HTML part of a mail."""
        return letter_html(unit_name, self.opening, _HEADING, self.points, _CLOSING)


def form_subject(period: str, unit_name: str) -> str:
    """The mail's subject."""
    return f"【民生实事月报】{display.month_name(period)}报表已更新，请用新表填报：{unit_name}"


def read_form_letter(connection: Connection, home: Home, plan: Plan, mail_id: str) -> FormLetter:
    """What the mail with this id tells; raises KeyError for one that sends no workbook."""
    query = "select period, unit_code, former_content, content from raw.form_letter where mail_id = ?"
    found = connection.execute(query, [mail_id]).fetchone()
    if found is None:
        raise KeyError(mail_id)
    period, unit_code, before, after = found
    points = tuple(map(told, changes(json.loads(before), json.loads(after))))
    path = workbook_path(home.templates / plan.plan_id / period, plan, unit_code, period)
    return FormLetter(period, path, points)
