"""The mail server of an installation without Airflow, from a file that only its owner may read: it holds a password."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from minsheng.core.contracts import Flag, Strict, load
from minsheng.core.errors import UserError
from minsheng.mail.server import Patience, Server

GUIDE = "examples/mail_server.yaml（文件位置由 MINSHENG_MAIL_SERVER 指定）"
_OF_OTHERS = 0o077


class Account(Strict):
    """Where mail is handed in, and as whom; an empty ``login``: the server asks for none."""

    host: str = Field(min_length=1)
    port: int = Field(ge=1, le=65535)
    encryption: Literal["tls", "starttls", "none"] = "tls"
    verifies_certificate: Flag = True
    login: str = ""
    password: str = Field("", repr=False)


def load_server(path: Path) -> Server:
    """The server that a file names; raises UserError for one that is faulty, or that others may read."""
    account = load(path, Account, GUIDE)
    if path.stat().st_mode & _OF_OTHERS:
        raise UserError("credentials_open", path)
    return Server(
        account.host,
        account.port,
        account.login,
        account.password,
        is_ssl=account.encryption == "tls",
        is_starttls=account.encryption == "starttls",
        is_verified=account.verifies_certificate,
        patience=Patience(),
    )
