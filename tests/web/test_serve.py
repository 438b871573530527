"""``minsheng serve`` as it is started, and that no other command pays for it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from minsheng.commands.main import app
from minsheng.commands.serve import _is_loopback
from minsheng.core.declarations import ROOT
from minsheng.core.errors import UserError
from minsheng.web.tokens import new_token
from tests.county import IN_TIME, County

ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT / "etl"), "NO_COLOR": "1"}


@pytest.mark.slow
def test_the_command_serves_logs_no_secret_and_ends_when_it_is_told(tmp_path: Path) -> None:
    county = County(tmp_path)
    token = new_token(county.home, "CGJ", IN_TIME)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = (sys.executable, "-m", "minsheng", "serve", "--home", str(tmp_path), "--port", str(port))
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, cwd=tmp_path
    ) as serving:
        assert serving.stdout and serving.stdout.readline() == f"网上报送：http://127.0.0.1:{port}/（Ctrl+C 结束）\n"
        answer = asked(f"http://127.0.0.1:{port}/months", token)
        asked(f"http://127.0.0.1:{port}/{token}", token)
        serving.send_signal(signal.SIGINT)
        _, logged = serving.communicate(timeout=60)
    assert answer.status_code == 409  # no plan was ever received
    assert token.rpartition(".")[2] not in logged and "127.0.0.1 " not in logged
    assert re.search(r"GET /months 409 \d+ ms lushan CGJ [0-9a-f]{8}\n", logged)
    assert re.search(r"GET - 404 \d+ ms -\n", logged)
    # As a shell says of what was interrupted; 0 where whoever runs the tests has interrupts ignored.
    assert serving.returncode in (0, 130)


def asked(url: str, token: str) -> httpx.Response:
    """The answer, as soon as somebody listens."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return httpx.get(url, headers={"Authorization": f"Bearer {token}"}, trust_env=False)
        except httpx.ConnectError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_certificate_without_its_key_is_refused(tmp_path: Path) -> None:
    environment = {"MINSHENG_WEB_CERTIFICATE": str(tmp_path / "web.crt")}
    ended = CliRunner().invoke(app, ["serve", "--home", str(tmp_path)], env=environment)
    assert isinstance(ended.exception, UserError) and ended.exception.code == "certificate_without_key"


@pytest.mark.parametrize(
    ("host", "is_loopback"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)]
)
def test_what_leaves_the_machine_is_known(host: str, is_loopback: bool) -> None:
    assert _is_loopback(host) is is_loopback


def test_no_other_command_loads_the_service() -> None:
    code = "import minsheng.commands.main, sys; print({'fastapi', 'uvicorn', 'minsheng.web'} & sys.modules.keys())"
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, env=ENVIRONMENT, check=True)
    assert done.stdout == "set()\n"
