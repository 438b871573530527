"""Servers that last as long as the tests of this folder, and a county that takes from them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import asyncssh
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from minsheng.core.access import Access
from minsheng.core.declarations import ROOT
from minsheng.core.home import Home
from minsheng.plan.county import as_county
from minsheng.plan.run import Run
from minsheng.source.declared import DeclaredSource, SourceKind
from minsheng.source.kinds import make_source
from minsheng.source.remote import RemoteSource
from tests.sources.serve import HOST, LOGIN, PASSWORD
from tests.workbooks import lushan

NOON = datetime(2022, 2, 7, 12, 0, tzinfo=UTC)


@dataclass
class Server:
    """A server, the folder it serves, and the access by which it is entered."""

    kind: SourceKind
    folder: Path
    access: Access
    where: str = ""

    def put(self, path: str, content: bytes) -> None:
        """Leave a file there, as a unit would."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def remove(self, path: str) -> None:
        """Take a file away."""
        (self.folder / path).unlink()

    def source(self, access: Access | None = None, where: str | None = None, **more: object) -> RemoteSource:
        """The source, which waits no time between two listings."""
        place = self.where if where is None else where
        entry = {"name": self.kind, "kind": self.kind, "where": place, "connection": "c"} | more
        declared = DeclaredSource.model_validate(entry)
        made = make_source(declared, lambda _: access or self.access)
        assert isinstance(made, RemoteSource)
        return made.at_once()


@contextmanager
def serving(kind: str, folder: Path, *how: str) -> Iterator[int]:
    """A server in a process of its own; gives its port."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.sources.serve", kind, str(folder), *how]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.kill()


@pytest.fixture(scope="session")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_secrets(tmp_path_factory.mktemp("secrets"))


def made_secrets(folder: Path) -> Path:
    """A host key for SFTP, and a certificate for who speaks TLS."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(str(folder / "host_key"))
    key.write_public_key(str(folder / "host_key.pub"))
    (folder / "server.pem").write_bytes(certificate())
    return folder


def certificate() -> bytes:
    """A key and a certificate of its own for this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address(HOST))])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + built.public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(Home(tmp_path / "lushan"), as_county([lushan()]), NOON, "run-1")


def access_at(port: int, **extra: str) -> Access:
    return Access(HOST, port, LOGIN, PASSWORD, extra=extra)
