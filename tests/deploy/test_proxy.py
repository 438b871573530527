"""The proxy itself, with deploy/Caddyfile and a certificate of ``make secrets``, in front of servers that tell."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from minsheng.core.declarations import ROOT
from scripts.make_secrets import make_secrets
from tests.deploy.servers import BIN, HOST, free_port, services

pytestmark = pytest.mark.slow


class Telling(BaseHTTPRequestHandler):
    """Answers with the headers it was asked with."""

    def do_GET(self) -> None:
        content = json.dumps({name.lower(): text for name, text in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@contextmanager
def telling() -> Iterator[str]:
    server = ThreadingHTTPServer((HOST, 0), Telling)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, httpx.Client]]:
    """Clients that trust the certificate: of Airflow, and of the page for units."""
    folder = tmp_path_factory.mktemp("proxy")
    make_secrets(folder, lambda _: None)
    ports = {name: free_port() for name in ("AIRFLOW", "UNITS", "HEALTH")}
    trust = ssl.create_default_context(cafile=str(folder / "secrets" / "tls.crt"))
    with telling() as upstream:
        env = {f"{name}_LISTEN": str(port) for name, port in ports.items()} | {
            "AIRFLOW_UPSTREAM": upstream,
            "UNITS_UPSTREAM": upstream,
            "TLS_CERTIFICATE": str(folder / "secrets" / "tls.crt"),
            "TLS_KEY": str(folder / "secrets" / "tls.key"),
            "XDG_DATA_HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
        }
        with services(folder, env) as proxy:
            proxy.start("caddy", str(BIN / "caddy"), "run", "--config", str(ROOT / "deploy" / "Caddyfile"))
            proxy.wait("caddy", lambda: httpx.get(f"http://{HOST}:{ports['HEALTH']}/health").is_success)
            found = {
                name: httpx.Client(base_url=f"https://{HOST}:{port}", verify=trust) for name, port in ports.items()
            }
            yield found
            for client in found.values():
                client.close()


@pytest.mark.parametrize("door", ["AIRFLOW", "UNITS"])
def test_it_speaks_tls_and_says_for_whom_it_asks(clients: dict[str, httpx.Client], door: str) -> None:
    answer = clients[door].get("/", headers={"X-Forwarded-For": "8.8.8.8", "X-Forwarded-Proto": "http"})
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "server" not in answer.headers
    told = answer.json()
    assert (told["x-forwarded-for"], told["x-forwarded-proto"]) == (HOST, "https")
    assert told["host"] == f"{HOST}:{clients[door].base_url.port}"
    plain = httpx.get(f"http://{HOST}:{clients[door].base_url.port}/")
    assert plain.status_code == 400


def test_a_unit_hands_in_no_more_than_a_file(clients: dict[str, httpx.Client]) -> None:
    assert clients["UNITS"].post("/", content=b"0" * 20_000_000).status_code == 200
    assert clients["UNITS"].post("/", content=b"0" * 22_000_000).status_code == 413
