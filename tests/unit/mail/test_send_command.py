"""``minsheng mail send``: from the outbox to a real server, without Airflow, and back into the warehouse."""

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from minsheng.commands.mail import mail_app
from minsheng.core.errors import UserError
from minsheng.mail.account import load_server
from minsheng.mail.folders import mails
from minsheng.mail.server import Server
from minsheng.stages.receive_plan import receive_plan
from tests.county import County
from tests.unit.mail.servers import Inbox, nobody, serving
from tests.workbooks import as_bytes, manholes

pytestmark = pytest.mark.slow

BAD = as_bytes(manholes("约120"))
SETTLED = "select sent_at is not null, refused_at is not null from raw.mail"


@pytest.fixture
def county(tmp_path: Path) -> County:
    """A county in which one mail waits."""
    county = County(tmp_path)
    receive_plan(county.run())
    county.send(("CGJ", "5月.xlsx", BAD))
    return county


def account_file(folder: Path, server: Server, **more: object) -> Path:
    path = folder / "mail_server.yaml"
    said = {"host": server.host, "port": server.port, "encryption": "none"} | more
    path.write_text(yaml.safe_dump(said), encoding="utf-8")
    path.chmod(0o600)
    return path


def call(county: County, account: Path | None, *options: str) -> Result:
    env = {"COLUMNS": "120", "MINSHENG_MAIL_SERVER": str(account) if account else None}
    arguments = ["send", "--home", str(county.home.installation.root), *options]
    ended = CliRunner().invoke(mail_app, arguments, env=env)
    if ended.exception and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended


def test_what_waits_is_sent_once_and_the_warehouse_knows(county: County, tmp_path: Path) -> None:
    with serving(inbox := Inbox()) as server:
        account = account_file(tmp_path, server)
        first, second = call(county, account), call(county, account)
    (eml,) = mails(county.home, "sent")
    assert (first.exit_code, first.output) == (0, f"已发 mail/CGJ/{eml.stem}\n发信：已发 1\n")
    assert (second.exit_code, second.output) == (0, "发信：没有要做的\n")
    assert len(inbox.messages) == 1
    assert county.query(SETTLED) == [(True, False)]


def test_a_mail_that_a_person_must_see_to_shows_in_the_exit_code(county: County, tmp_path: Path) -> None:
    (eml,) = mails(county.home, "pending")
    with serving(Inbox(replies={"cgj@lushan.example": "550 no such mailbox"})) as server:
        ended = call(county, account_file(tmp_path, server))
    assert ended.exit_code == 1
    assert "服务器对所有地址都已最终拒收：cgj@lushan.example: 550 no such mailbox" in ended.output
    assert f"mail resend {eml.stem}" in ended.output
    assert county.query(SETTLED) == [(False, True)]


def test_a_server_that_is_away_leaves_everything_as_it_is(county: County, tmp_path: Path) -> None:
    with nobody() as server, pytest.raises(UserError, match=r"\[mail_server_away\]"):
        call(county, account_file(tmp_path, server))
    assert len(mails(county.home, "pending")) == 1
    assert county.query(SETTLED) == [(False, False)]


def test_a_rehearsal_names_who_would_get_what_and_needs_no_server(county: County) -> None:
    ended = call(county, None, "--dry-run")
    assert "待发 mail/CGJ/" in ended.output
    assert "演练，不发出：cgj@lushan.example 【民生实事月报】2022年5月报表已退回：县城管局" in ended.output
    assert len(mails(county.home, "pending")) == 1


def test_without_a_server_the_way_to_name_one_is_told(county: County) -> None:
    with pytest.raises(UserError, match=r"examples/mail_server\.yaml.*\[mail_server_unnamed\]"):
        call(county, None)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"port": 0}, r"mail_server\.yaml 第 \d 行（port）：这里写的是“0” → 不能小于 1"),
        ({"encryption": "ssl"}, "可写：tls、starttls、none"),
        ({"pasword": "x"}, "是不是“password”？"),
    ],
)
def test_a_faulty_file_is_told_by_line_and_key(tmp_path: Path, more: dict[str, object], told: str) -> None:
    with pytest.raises(UserError, match=told):
        load_server(account_file(tmp_path, Server("127.0.0.1", 25), **more))


def test_a_password_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = account_file(tmp_path, Server("127.0.0.1", 25), login="data-team", password="geheim")
    assert load_server(path).password == "geheim"
    path.chmod(0o640)
    with pytest.raises(UserError, match=r"请执行 chmod 600 \[credentials_open\]") as raised:
        load_server(path)
    assert "geheim" not in str(raised.value)


def test_the_example_is_what_the_contract_asks(tmp_path: Path) -> None:
    example = Path(__file__).parents[3] / "examples" / "mail_server.yaml"
    copy = tmp_path / "mail_server.yaml"
    copy.write_bytes(example.read_bytes())
    copy.chmod(0o600)
    server = load_server(copy)
    assert (server.host, server.port, server.is_ssl) == ("smtp.lushan.example", 465, True)
