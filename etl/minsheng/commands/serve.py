"""``minsheng serve``: the service through which units hand files in."""

from __future__ import annotations

import logging
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer

from minsheng.commands.moments import moment_of
from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.core.settings import Settings, read_settings
from minsheng.views.terminal import console, existing_installation


def serve(
    home: Annotated[Path | None, typer.Option("--home", help="安装目录，默认为设置中的", show_default=False)] = None,
    host: Annotated[str | None, typer.Option(help="在哪个地址等候，默认为设置中的（本机）", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(help="端口，默认为设置中的", show_default=False)] = None,
) -> None:
    """Serve until interrupted."""
    from minsheng.web.app import application
    from minsheng.web.service import Service
    from minsheng.web.serving import server

    settings = read_settings()
    here = existing_installation(home or settings.home)
    at, on = host or settings.web_host, settings.web_port if port is None else port
    certificate, key = _certificate(settings)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    scheme = "https" if certificate else "http"
    console.print(f"网上报送：{scheme}://{f'[{at}]' if ':' in at else at}:{on}/（Ctrl+C 结束）", soft_wrap=True)
    if not certificate and not _is_loopback(at):
        console.print("注意：没有加密，口令和报表会明文经过网络。请设证书，或放在加密的反向代理后面。", soft_wrap=True)
    server(application(Service(here, _now)), at, on, settings.web_proxies, certificate, key).run()


def _now(home: Home) -> datetime:
    """The moment a file is received; raises UserError when the clock has jumped since the home was written."""
    return moment_of(None, home)


def _certificate(settings: Settings) -> tuple[Path | None, Path | None]:
    """Certificate and key, both or neither; raises UserError when one is missing, or not there."""
    certificate, key = settings.web_certificate, settings.web_key
    if (certificate is None) != (key is None):
        raise UserError("certificate_without_key", "MINSHENG_WEB_CERTIFICATE、MINSHENG_WEB_KEY")
    for path in filter(None, (certificate, key)):
        if not path.is_file():
            raise UserError("file_unreadable", path, reason="没有这个文件")
    return certificate, key


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
