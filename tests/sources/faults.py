"""A line to a server that breaks as it is told to: refused, cut off after so many bytes, slow."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.sources.serve import HOST

Fault = Literal["none", "refused", "cut", "slow"]


@dataclass
class Line:
    """Between us and a server; ``left``: bytes the server may still send before the line is cut."""

    server: int | str  # a port, or the path of a socket
    fault: Fault = "none"
    left: int = 0
    port: int = 0
    tls: ssl.SSLContext | None = None

    def break_at(self, fault: Fault, left: int) -> None:
        self.fault, self.left = fault, left

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                client = without_delay(listening.accept()[0])
            except OSError:
                return
            if self.fault == "refused":
                client.close()
                continue
            if self.tls:
                try:
                    client = self.tls.wrap_socket(client, server_side=True)
                except OSError:  # who does not trust us
                    continue
            server = self.reached()
            for pair in ((client, server, False), (server, client, True)):
                threading.Thread(target=self.carry, args=pair, daemon=True).start()

    def reached(self) -> socket.socket:
        if isinstance(self.server, int):
            return without_delay(socket.create_connection((HOST, self.server)))
        server = socket.socket(socket.AF_UNIX)
        server.connect(self.server)
        return server

    def carry(self, source: socket.socket, target: socket.socket, from_server: bool) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 14):
                if from_server and self.fault == "slow":
                    time.sleep(0.002)
                if from_server and self.fault == "cut":
                    data, self.left = data[: self.left], self.left - len(data)
                    if self.left <= 0:
                        target.sendall(data)
                        break
                target.sendall(data)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


def without_delay(connection: socket.socket) -> socket.socket:
    """Else small messages wait for each other."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


@contextmanager
def line_to(server: int | str, certificate: Path | None = None) -> Iterator[Line]:
    """``certificate``: speak TLS on our side of it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if certificate else None
    if context and certificate:
        context.load_cert_chain(certificate)
    with socket.create_server((HOST, 0)) as listening:
        line = Line(server, port=listening.getsockname()[1], tls=context)
        thread = threading.Thread(target=line.serve, args=(listening,), daemon=True)
        thread.start()
        yield line
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()
