"""Who is written to: addresses of the units, kept outside the repository."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field

from minsheng.core.contracts import Strict, load, written
from minsheng.plan.models import Code

GUIDE = "examples/contacts.yaml（文件位置由 MINSHENG_CONTACTS 指定）"

# Nothing that could end a header line or begin another address.
Address = Annotated[
    str,
    written(
        re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"), "邮箱地址，如 data-team@lushan.example"
    ),
]


# Nothing that could end the name or the header line.
SenderName = Annotated[str, written(re.compile(r'[^\x00-\x1f<>"@]{1,40}'), '1 至 40 个字，不含 < > " @ 和换行')]


class Contacts(Strict):
    """Mail comes from the data team; so do mails of a unit without an address go there.

    ``sender_name`` stands beside its address, null: the county's 民生实事数据组. Answers go to ``reply_to``, null: to
    the data team.
    """

    data_team: Address
    sender_name: SenderName | None = None
    reply_to: Address | None = None
    units: dict[Code, tuple[Address, ...]] = Field(default_factory=dict)

    def of(self, unit_code: str) -> tuple[str, ...]:
        """The unit's addresses; empty if none is known."""
        return self.units.get(unit_code, ())


def county_contacts(path: Path | None, county: str) -> Contacts | None:
    """A county's contacts: ``<county>.yaml`` in the folder the settings name, or the file where there is one county.

    None if the settings name nothing. Raises UserError when there is no such file, or it is faulty.
    """
    if path is None:
        return None
    return load_contacts(path / f"{county}.yaml" if path.is_dir() else path)


def load_contacts(path: Path) -> Contacts:
    """Read a contacts file; raises UserError for a faulty one."""
    return load(path, Contacts, GUIDE)
