"""Every kind of file server, a real one of each: what lies there is taken once, whatever it is called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import boto3
import pytest

from minsheng.core.access import Access
from minsheng.core.outcome import StageResult
from minsheng.landing import all_receipts
from minsheng.plan.run import Run
from minsheng.stages.pull import pull
from tests.sources.conftest import Server, access_at, serving
from tests.sources.serve import LOGIN

KINDS = ("sftp", "ftp", "old-ftp", "ftps", "implicit-ftps", "webdav", "webdavs", "http", "s3", "smb")


@pytest.fixture(scope="module", params=KINDS)
def server(request: pytest.FixtureRequest, secrets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    base = tmp_path_factory.mktemp(request.param)
    with serving_kind(request.param, secrets, base) as port:
        yield made(request.param, base / "files", port)


@contextmanager
def serving_kind(kind: str, secrets: Path, base: Path, *how: str) -> Iterator[int]:
    """A server of ``base/files``; gives its port."""
    for secret in secrets.iterdir():
        (base / secret.name).write_bytes(secret.read_bytes())
    (base / "files").mkdir()
    with serving(kind, base / "files", *how) as port:
        yield port


class Bucket(Server):
    """What is put on the disk of others is put into the bucket here."""

    def put(self, path: str, content: bytes) -> None:
        client(self.access).put_object(Bucket="reports", Key=path, Body=content)

    def remove(self, path: str) -> None:
        client(self.access).delete_object(Bucket="reports", Key=path)


def client(access: Access) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=access.host,
        aws_access_key_id=access.login,
        aws_secret_access_key=access.password,
        region_name="us-east-1",
    )


def made(kind: str, folder: Path, port: int) -> Server:
    ca_file = str(folder.parent / "server.pem")
    if kind == "sftp":
        key = (folder.parent / "host_key.pub").read_text(encoding="utf-8")
        return Server("sftp", folder, access_at(port, host_key=key))
    if kind in ("ftp", "old-ftp"):
        return Server("ftp", folder, access_at(port))
    if kind == "ftps":
        return Server("ftps", folder, access_at(port, ca_file=ca_file))
    if kind == "implicit-ftps":
        return Server("ftps", folder, access_at(port, ca_file=ca_file, implicit="true"))
    if kind == "webdav":
        return Server("webdav", folder, replace(access_at(port), scheme="http"))
    if kind == "http":
        return Server("http", folder, replace(access_at(port), scheme="http"))
    if kind == "webdavs":
        return Server("webdav", folder, access_at(port, ca_file=ca_file))
    if kind == "smb":
        return Server("smb", folder, access_at(port), "REPORTS")
    bucket = Bucket("s3", folder, Access(f"http://127.0.0.1:{port}", None, LOGIN, "key"), "reports")
    client(bucket.access).create_bucket(Bucket="reports")
    return bucket


def took(result: StageResult) -> dict[str, str]:
    return {one.input: one.result for one in result.outcomes}


def test_what_lies_there_is_taken_once_under_whatever_name(server: Server, run: Run) -> None:
    names = ["一月.xlsx", "2022/报表 (修改) #1?.csv", "100%.csv", "a+b&c=d;'e'.csv", "长" * 60 + ".csv"]
    if server.kind == "smb":
        names = [name.replace("?", "") for name in names]
    contents = {name: f"第{number}行,\r\n续\n".encode("gb18030") * 999 for number, name in enumerate(names)}
    for name, content in contents.items():
        server.put(f"RSJ/{name}", content)
    server.put("NOBODY/x.csv", b"nobody")
    server.put("CL/~$x.xlsx", b"debris")
    server.put("CL/x.csv.filepart", b"half")
    source = server.source()
    first = took(pull(run, source))
    assert {name: first[f"{server.kind}/RSJ/{name}"] for name in names} == dict.fromkeys(names, "landed")
    assert first[f"{server.kind}/CL/~$x.xlsx"] == "ignored"
    assert first[f"{server.kind}/CL/x.csv.filepart"] == "busy"
    assert first["NOBODY"] == "unknown_sender"
    landed = {one.file_name: one.sha256 for one in all_receipts(run.home) if one.unit_code == "RSJ"}
    assert landed == {name: sha256(content).hexdigest() for name, content in contents.items()}
    again = pull(replace(run, run_id="run-2"), source)
    assert again.count("known") == len(names) + 1
    assert again.count("landed") == 0
