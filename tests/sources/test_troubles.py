"""What may be wrong with a source is told in one sentence that says what to do, and keeps no other waiting."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest

from minsheng.core.access import Access, access_in
from minsheng.core.declarations import ROOT
from minsheng.core.errors import UserError
from minsheng.plan.run import Run
from minsheng.source.checking import check_source
from minsheng.source.declared import declared_sources
from minsheng.source.folder import FolderSource
from minsheng.source.kinds import make_source
from minsheng.source.troubles import error_codes
from minsheng.stages.pull import pull
from minsheng.words.errors import sentences
from tests.sources.conftest import Server
from tests.sources.serve import HOST
from tests.sources.test_kinds import made, serving_kind


@pytest.fixture(scope="module", params=["sftp", "ftps", "webdavs"])
def server(request: pytest.FixtureRequest, secrets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    base = tmp_path_factory.mktemp(request.param)
    with serving_kind(request.param, secrets, base) as port:
        server = made(request.param, base / "files", port)
        server.put("RSJ/1月.csv", b"1")
        yield server


def problem(run: Run, server: Server, access: Access, where: str = "/") -> str:
    return check_source(run.county, server.source(access, where)).problem


def closed_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


def test_each_trouble_is_told_apart(server: Server, run: Run) -> None:
    assert check_source(run.county, server.source()).file_count == 1
    assert "找不到主机" in problem(run, server, replace(server.access, host="nowhere.invalid"))
    assert "拒绝连接" in problem(run, server, replace(server.access, port=closed_port()))
    wrong = problem(run, server, replace(server.access, password="错-wrong"))
    assert "不接受用户名和密码" in wrong
    assert "错-wrong" not in wrong
    assert "不存在" in problem(run, server, server.access, "/没有/这里")
    (server.folder / "empty").mkdir(exist_ok=True)
    assert "没有任何单位的文件夹" in problem(run, server, server.access, "/empty")


def test_who_cannot_prove_to_be_the_server_is_told_nothing(server: Server, run: Run) -> None:
    """Neither name nor password goes to a server with another key, or a certificate that nobody vouches for."""
    if server.kind == "sftp":
        other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
        told = problem(run, server, replace(server.access, extra={"host_key": other}))
        assert "SHA256:" in told
        assert "没有登记" in problem(run, server, replace(server.access, extra={}))
    else:
        assert "证书不能信任" in problem(run, server, replace(server.access, extra={}))


def test_a_source_that_is_down_keeps_no_other_waiting(server: Server, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "here" / "CL" / "1月.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"1")
    here, away = FolderSource(tmp_path / "here", "本机"), server.source(replace(server.access, port=closed_port()))
    pulled = pull(run, away, here)
    assert [(one.input, one.result) for one in pulled.outcomes] == [
        (server.kind, "down"),
        ("本机/CL/1月.csv", "landed"),
    ]
    assert [one.input for one in pulled.troubles] == [server.kind]
    back = pull(replace(run, run_id="2"), server.source(), here)
    assert (back.count("landed"), back.count("known"), back.troubles) == (1, 1, ())


def test_every_trouble_has_its_sentence() -> None:
    assert set(error_codes()) <= sentences().keys()


_DECLARATION = "sources:\n  - {{name: a, kind: {kind}{more}}}\n"


@pytest.mark.parametrize(
    ("kind", "more", "told"),
    [
        ("sftpp", ", connection: c", "是不是“sftp”"),
        ("sftp", "", "connection"),
        ("folder", "", "where"),
        ("ftp", ", connection: c, unit: CL, folders: {x: CL}", "只能写一个"),
        ("imap", ", connection: c, unit: CL", "发件人"),
        ("ftp", ", connection: c, password: x", "password"),
        ("database", ", connection: c, unit: CL, where: t", "dialect"),
    ],
)
def test_a_faulty_declaration_says_what_and_where(tmp_path: Path, kind: str, more: str, told: str) -> None:
    (tmp_path / "lushan.yaml").write_text(_DECLARATION.format(kind=kind, more=more), encoding="utf-8")
    with pytest.raises(UserError) as raised:
        declared_sources(tmp_path, "lushan")
    assert told in str(raised.value)
    assert "第 2 行" in str(raised.value)


def test_the_example_is_a_declaration() -> None:
    assert {one.kind for one in declared_sources(ROOT / "examples" / "sources.yaml", "lushan") or ()} >= {
        "imaps",
        "sftp",
    }


def test_passwords_are_read_from_private_files_only(tmp_path: Path) -> None:
    file = tmp_path / "city.yaml"
    file.write_text("host: sftp.example\npassword: secret\n", encoding="utf-8")
    file.chmod(0o644)
    with pytest.raises(UserError, match="credentials_open"):
        access_in(tmp_path)("city")
    file.chmod(0o600)
    found = access_in(tmp_path)("city")
    assert (found.host, found.password) == ("sftp.example", "secret")
    assert "secret" not in repr(found)


def test_a_source_without_an_account_says_so_when_it_is_asked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(_DECLARATION.format(kind="sftp", more=", connection: c"), encoding="utf-8")
    (declared,) = declared_sources(tmp_path / "s.yaml", "lushan") or ()
    assert "MINSHENG_CREDENTIALS" in check_source(run.county, make_source(declared, access_in(None))).problem
