"""``make up``: Airflow's scheduler and UI on this machine, over the metadata ``make run`` leaves, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys

from rich.markup import escape

from minsheng.core.errors import UserError
from minsheng.views.summary import shown
from minsheng.views.terminal import console
from scripts.airflow_service import AIRFLOW, MAIL, airflow_service, local_settings
from scripts.local_airflow import USER, password

_DEFAULT_PORT = 8080
_FOREVER = float("inf")


def main() -> int:
    """Exit code of ``make up``: 0 when stopped by Ctrl-C, 2 when Airflow did not start or did not stay."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _serve()
    except UserError as error:
        console.print(f"[red]{escape(str(error))}[/]", soft_wrap=True)
        return 2
    except KeyboardInterrupt:
        console.print("已停止。")
    return 0


def _serve() -> None:
    settings = local_settings()
    console.print("正在启动 Airflow……")
    with airflow_service(settings, _wanted_port()) as service:
        console.print(f"界面     {service.url}")
        console.print(f"用户     {USER}")
        console.print(f"密码     {password(AIRFLOW)}    （存于 {shown(AIRFLOW.passwords)}）")
        console.print(f"收件目录 {settings.inbox}/<单位编码>/")
        console.print(f"邮件     {shown(MAIL)}/（本机邮件服务器收到的都存在这里）")
        console.print(f"日志     {shown(AIRFLOW.logs)}/")
        console.print("按 Ctrl-C 停止。")
        service.wait(_FOREVER, "Ctrl-C", lambda: False)


def _wanted_port() -> int:
    text = os.environ.get("AIRFLOW_PORT", "")
    if not text:
        return _DEFAULT_PORT
    if not (text.isdecimal() and 1024 <= int(text) <= 65000):
        raise UserError("port_invalid", "AIRFLOW_PORT", text=text)
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
