"""A month passes by Airflow: forms go out, reports come back by every way there is, and everybody hears what he must.

All servers are real ones on loopback: SFTP, FTP, WebDAV, S3, SMB, IMAP and SMTP, PostgreSQL, and our own page.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy
import yaml

from minsheng.core.access import Access
from minsheng.landing import all_receipts
from minsheng.mail.contacts import load_contacts
from minsheng.publication.freezes import freezes
from minsheng.web.service import Service
from tests.dags.conftest import Airflow
from tests.dags.driving import driving
from tests.dags.month import (
    CONTACTS,
    DELIVERED,
    WAYS,
    Month,
    address_of,
    attached,
    faulty,
    mail_of,
    report_of,
    text_of,
    units_of,
)
from tests.postgres import postgres_in
from tests.sources.conftest import Server, made_secrets
from tests.sources.mailbox import LOGIN, PASSWORD, Mailbox, serving_mail
from tests.sources.serve import HOST
from tests.sources.test_kinds import made, serving_kind
from tests.unit.mail.servers import Inbox, serving
from tests.web.conftest import listening

pytestmark = pytest.mark.slow

NEVER, LATE = "XCZXJ", "CTCC"
# Whose first report is faulty: mended by a reply to our mail, in its place on the server, and on the page.
FAULTY = {"mail": "MZJ", "sftp": "WJW", "page": "ZWDSJ"}
OWING, ALL = 35, 39
_OPEN = {"extra": {"disable_ssl": True, "disable_tls": True}}
_TABLE = """
create table "月报" ("报送期" text, "指标编码" text, "本月数" numeric(12, 2), "累计数" numeric(12, 2));
insert into "月报" values ('2022-01', 'M03-01', 60, 60);
"""
PUNCTUAL = sorted({path.name for path in DELIVERED.iterdir()} - {LATE, *WAYS["database"]})


@pytest.fixture
def month(own_airflow: Airflow, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    """Every server up, every source declared, Airflow waiting."""
    keys, postgres = made_secrets(tmp_path_factory.mktemp("keys")), tmp_path_factory.mktemp("pg")
    with ExitStack() as servers:
        files: dict[str, Server] = {}
        for kind in ("sftp", "ftp", "webdav", "s3", "smb"):
            (tmp_path / kind).mkdir()
            port = servers.enter_context(serving_kind(kind, keys, tmp_path / kind))
            files[kind] = made(kind, tmp_path / kind / "files", port)
        box = Mailbox(servers.enter_context(serving_mail()), "报送")
        servers.callback(box.server.logout)
        database = _database(servers.enter_context(postgres_in(postgres)).get_uri())
        smtp = Inbox()
        relay = servers.enter_context(serving(smtp))
        accounts = {kind: server.access for kind, server in files.items()} | {
            "imap": Access(HOST, box.port, LOGIN, PASSWORD),
            "database": database,
        }
        env = _connections(accounts) | {
            "AIRFLOW_CONN_MINSHENG_SMTP": json.dumps(
                {"conn_type": "smtp", "host": relay.host, "port": relay.port} | _OPEN
            ),
            "MINSHENG_SOURCES": str(_declared(tmp_path, files)),
            "MINSHENG_CONTACTS": str(CONTACTS),
            "MINSHENG_HOME": str(tmp_path / "home"),
        }
        driver = servers.enter_context(driving(own_airflow, env, tmp_path / "airflow.log"))
        passing = Month(tmp_path, driver, files, box, smtp)
        passing.page = servers.enter_context(listening(Service(passing.home.installation, passing.clock)))
        yield passing


def _connections(accounts: dict[str, Access]) -> dict[str, str]:
    """Airflow connections, each in a variable."""
    return {
        f"AIRFLOW_CONN_{name.upper()}": json.dumps(
            {
                "conn_type": "generic",
                "host": one.host,
                "port": one.port,
                "login": one.login,
                "password": one.password,
                "schema": one.scheme or one.database,
                "extra": dict(one.extra),
            }
        )
        for name, one in accounts.items()
    }


def _declared(base: Path, files: dict[str, Server]) -> Path:
    """The declaration of all sources."""
    declared: list[dict[str, str]] = [{"name": "共享目录", "kind": "folder", "where": str(base / "shared")}]
    declared += [
        {"name": kind, "kind": server.kind, "where": server.where or "/", "connection": kind}
        for kind, server in files.items()
    ]
    declared += [
        {"name": "邮箱", "kind": "imap", "where": "报送", "connection": "imap"},
        {
            "name": "城管库",
            "kind": "database",
            "where": "月报",
            "unit": "CGJ",
            "dialect": "postgresql+psycopg2",
            "connection": "database",
        },
    ]
    (base / "shared").mkdir()
    path = base / "sources.yaml"
    path.write_text(yaml.safe_dump({"sources": declared}, allow_unicode=True), encoding="utf-8")
    return path


def _database(address: str) -> Access:
    """The unit's own database, with its report of January in a table."""
    url = sqlalchemy.make_url(address).set(drivername="postgresql+psycopg2")
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text(_TABLE))
    engine.dispose()
    return Access(str(url.query.get("host") or url.host), url.port, url.username or "", "", database=url.database or "")


def test_a_month_passes_by_itself(month: Month) -> None:
    forms_go_out(month)
    rejections = reports_come_back(month)
    faults_are_mended(month, rejections)
    who_owes_hears_of_it(month)
    the_month_ends(month)
    # Every letter once, every file once, and what readers see is what was sent.
    assert month.letters() == {
        "opening": ALL,
        "reminder": OWING + len((LATE, NEVER)),
        "rejection": len(FAULTY),
        "receipt": OWING - len((NEVER,)),
        "escalation": len((NEVER,)),
        "late_list": 4,  # at the due hour and at the freeze, to the data team and to the supervision office
        "feedback": OWING,
    }
    ids = [mail_of(one)["Message-ID"] for one in month.smtp.envelopes]
    assert len(ids) == len({*ids})
    taken = Counter(one.unit_code for one in all_receipts(month.home))
    assert taken == {unit: 2 if unit in FAULTY.values() else 1 for unit in (*PUNCTUAL, *WAYS["database"], LATE)}
    owed = "select unit_code from pub_submission_status_v1 where is_required"
    assert month.published(f"{owed} and submission_status = 'missing'") == [(NEVER,)]
    assert month.published(f"{owed} and is_late and accepted_at is not null") == [(LATE,)]
    assert {*freezes(month.home)} == {("lushan-2022", "2022-01")}


def forms_go_out(month: Month) -> None:
    """The month is opened on a holiday; on the first working day, the due day already, everybody gets his form."""
    month.driver.run("open_period", month.now, period="2022-01")
    month.driver.run("build_marts", month.now)
    month.chase("02-07T08:30")
    assert month.letters() == {"opening": ALL, "reminder": OWING}
    for unit in load_contacts(CONTACTS).units:
        (opening,) = month.received(address_of(unit))
        assert any(name.endswith(".xlsx") for name in attached(opening)), unit


def reports_come_back(month: Month) -> dict[str, EmailMessage]:
    """By the afternoon all have sent, each by his way, but two; three are faulty, one comes by two ways.

    Gives the answers to the faulty ones.
    """
    for unit in PUNCTUAL:
        content = report_of(unit)
        verdict = month.send(unit, faulty(content) if unit in FAULTY.values() else content)
        assert verdict == ({FAULTY["page"]: "rejected"}.get(unit, "accepted") if unit in WAYS["page"] else "")
    month.reply("GAJ", report_of("GAJ"))
    month.take("02-07T16:00")
    assert month.standing("accepted", "rejected") == (30, 3)
    rejections = {unit: month.received(address_of(unit))[-1] for unit in FAULTY.values()}
    assert all(any("退回" in name for name in attached(mail)) for mail in rejections.values())
    assert all("报送截止时间是2月7日（星期一）18:00" in text_of(mail) for mail in rejections.values())
    return rejections


def faults_are_mended(month: Month, rejections: dict[str, EmailMessage]) -> None:
    """Before the hour is over, so that nobody was late."""
    by_mail = FAULTY["mail"]
    month.reply(by_mail, report_of(by_mail), to=rejections[by_mail])
    month.send(FAULTY["sftp"], report_of(FAULTY["sftp"]))
    assert month.send(FAULTY["page"], report_of(FAULTY["page"])) == "accepted"
    month.take("02-07T17:30")
    assert month.standing("accepted", "rejected") == (33, 0)
    assert month.answered(by_mail) == rejections[by_mail]["Message-ID"].strip("<>").partition("@")[0]


def who_owes_hears_of_it(month: Month) -> None:
    """And nobody else; one comes late, of the other his superiors hear."""
    before = len(month.smtp.envelopes)
    month.chase("02-08T08:30")
    assert sorted(units_of(month.smtp.envelopes[before:])) == sorted((LATE, NEVER))
    month.send(LATE, report_of(LATE))
    month.take("02-09T10:00")
    month.chase("02-11T08:30")


def the_month_ends(month: Month) -> None:
    """It is frozen, and everybody gets his sheet; after that there is nothing to be done, whatever is run."""
    month.take("02-15T08:00")
    month.chase("02-15T08:30")
    sent = len(month.smtp.envelopes)
    month.take("02-15T10:00")
    month.chase("02-15T10:30")
    assert len(month.smtp.envelopes) == sent
