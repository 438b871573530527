"""``make secrets``: the passwords and keys of ``docker-compose.yml``, each made once, and the folders it mounts.

What is there stays as it is. The files are for user 50000 of the containers alone, so that only root can make them.
Exit 0: all is there; 2: it could not be made.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import os
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from minsheng.core.errors import UserError
from minsheng.views.terminal import console
from scripts.local_airflow import ROOT

# The user of our image, see Dockerfile.
USER = 50000
_GROUP = 0
_CERTIFICATE_DAYS = 825
_FOLDERS = ("config", "var/home", "var/inbox", "var/backups", "secrets/credentials")
_MAIL = {"conn_type": "smtp", "host": "mail", "port": 1025, "extra": {"disable_tls": True, "disable_ssl": True}}


def main() -> int:
    """Exit code of ``make secrets``."""
    try:
        for name in make_secrets(ROOT):
            console.print(f"已生成 {name}", markup=False)
        console.print("密钥齐备。证书是自签的：换成本单位的，覆盖 secrets/tls.crt 和 secrets/tls.key 即可。")
    except UserError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return 2
    return 0


def make_secrets(root: Path, give: Callable[[Path], None] | None = None) -> list[str]:
    """Make what is missing below ``root``; gives the names of what was made.

    ``give``: hands a file or folder to the user of the containers, as only root may.
    """
    give = give or _give
    folder = root / "secrets"
    for name in ("secrets", *_FOLDERS):
        (root / name).mkdir(parents=True, exist_ok=True)
        (root / name).chmod(0o750)
        give(root / name)
    made = [name for name in (*_wanted({}), "tls.key") if not (folder / name).exists()]
    if "tls.key" in made:
        key, certificate = _certificate()
        _write(folder / "tls.crt", certificate, give)
        _write(folder / "tls.key", key, give)
    known = {name: (folder / name).read_text(encoding="utf-8") for name in _wanted({}) if (folder / name).exists()}
    for name, text in _wanted(known).items():
        if name in made:
            _write(folder / name, text, give)
    return made


def _wanted(known: dict[str, str]) -> dict[str, str]:
    """Every file with what it holds; a password that is ``known`` stands in the addresses as it is."""
    password = known.get("postgres_password") or secrets.token_urlsafe(24)
    database = f"airflow:{password}@postgres:5432/airflow"
    broker = known.get("broker.conf", "").partition("requirepass ")[2].partition("\n")[0] or secrets.token_urlsafe(24)
    return {
        "postgres_password": password,
        "metadata_uri": f"postgresql+psycopg2://{database}",
        "fernet_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "jwt_secret": secrets.token_urlsafe(48),
        "api_secret_key": secrets.token_urlsafe(48),
        "broker.conf": f'requirepass {broker}\nappendonly no\nsave ""\nmaxmemory-policy noeviction\n',
        "broker_url": f"redis://:{broker}@broker:6379/0",
        "result_backend": f"db+postgresql+psycopg2://{database}",
        "connections.json": json.dumps({"minsheng_smtp": _MAIL}, indent=1),
        "mail_server.yaml": "host: mail\nport: 1025\nencryption: none\n",
        "pgpass": "",
    }


def _write(path: Path, text: str, give: Callable[[Path], None]) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o400)
    give(path)


def _give(path: Path) -> None:
    try:
        os.chown(path, USER, _GROUP)
    except PermissionError:
        raise UserError("root_needed", path) from None


def _certificate() -> tuple[str, str]:
    """A key, and a certificate for this machine alone: browsers ask once whether to trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "minsheng")])
    now = datetime.now(UTC)
    local = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=_CERTIFICATE_DAYS))
        .add_extension(x509.SubjectAlternativeName(local), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding, shape = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    private = key.private_bytes(encoding, shape, serialization.NoEncryption())
    return private.decode(), certificate.public_bytes(encoding).decode()


if __name__ == "__main__":
    sys.exit(main())
