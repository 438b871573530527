"""A month passes by Airflow: forms go out, reports come back by every way there is, and everybody hears what he must.

All servers are real ones on loopback: SFTP, FTP, WebDAV, S3, SMB, IMAP and SMTP, PostgreSQL, and our own page.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest
import sqlalchemy
import yaml
from aiosmtpd.smtp import Envelope
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from minsheng.core.access import Access
from minsheng.core.home import Home, Installation
from minsheng.landing import all_receipts
from minsheng.mail.contacts import load_contacts
from minsheng.publication.freezes import freezes
from minsheng.warehouse.connection import open_to_read
from minsheng.web.service import Service
from minsheng.web.tokens import new_token
from tests.county import ZONE
from tests.dags.conftest import DAGS, ROOT, Airflow
from tests.postgres import postgres_in
from tests.sources.conftest import Server, made_secrets
from tests.sources.mailbox import LOGIN, PASSWORD, Mailbox, serving_mail
from tests.sources.serve import HOST
from tests.sources.test_kinds import made, serving_kind
from tests.unit.mail.servers import Inbox, serving
from tests.web.conftest import listening
from tests.workbooks import as_bytes

pytestmark = pytest.mark.slow

# One process for the whole month: a DAG and its moment come in a line, its states go out in another.
_DRIVER = f"""
import json, os, sys
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # Airflow prints what it logs
from airflow.dag_processing.dagbag import DagBag
dags = DagBag({str(DAGS)!r}).dags
for line in sys.stdin:
    dag, conf = json.loads(line)
    run = dags[dag].test(run_conf=conf)
    states = {{f"{{ti.task_id}} {{ti.rendered_map_index or ''}}".strip(): ti.state for ti in run.get_task_instances()}}
    print(json.dumps([run.state, states]), file=answers, flush=True)
"""
_DELIVERED = ROOT / "examples" / "lushan-2022" / "2022-02-07T1730"
_LATE_ONES = ROOT / "examples" / "lushan-2022" / "2022-02-09T1000"
_CONTACTS = ROOT / "examples" / "contacts.yaml"
# Who sends by which way; whoever is not named leaves a file in the shared folder.
WAYS = {
    "sftp": ("WJW", "GAJ", "SFJ", "CZJ"),
    "ftp": ("JTYSJ", "NYNCJ", "SWJ", "CTCC"),
    "webdav": ("ZJJ", "ZRZYJ", "LYJ"),
    "s3": ("YBJ", "SCJGJ", "RHZH"),
    "smb": ("JYTYJ", "FGW", "GXJ"),
    "mail": ("MZJ", "TXW", "ZGH"),
    "page": ("ZWDSJ", "CL", "FL"),
    "database": ("CGJ",),
}
NEVER, LATE = "XCZXJ", "CTCC"
# Whose first report is faulty: mended by a reply to our mail, in its place on the server, and on the page.
FAULTY = {"mail": "MZJ", "sftp": "WJW", "page": "ZWDSJ"}
OWING, ALL = 35, 39
_NAME = "1月.xlsx"
_OPEN = {"extra": {"disable_ssl": True, "disable_tls": True}}
_TABLE = """
create table "月报" ("报送期" text, "指标编码" text, "本月数" numeric(12, 2), "累计数" numeric(12, 2));
insert into "月报" values ('2022-01', 'M03-01', 60, 60);
"""
PUNCTUAL = sorted({path.name for path in _DELIVERED.iterdir()} - {LATE, *WAYS["database"]})


class Driver:
    """Airflow, going from one moment to the next."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process, self.log = process, log

    def run(self, dag: str, moment: datetime, **conf: str) -> None:
        """A run of that moment; it must end well."""
        assert self.process.stdin and self.process.stdout
        asked = {} if dag == "send_mail" else {"as_of": moment.isoformat(), **conf}
        self.process.stdin.write(f"{json.dumps([dag, asked])}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        told = self.log.read_text(encoding="utf-8")[-4000:]
        assert answer, told
        state, states = json.loads(answer)
        assert state == "success", (dag, moment, states, told)


class Month:
    """The county, its units, and the servers between them."""

    def __init__(self, folder: Path, driver: Driver, servers: dict[str, Server], box: Mailbox, smtp: Inbox) -> None:
        self.folder, self.driver, self.servers, self.box, self.smtp = folder, driver, servers, box, smtp
        self.home = Installation(folder / "home").home("lushan")
        self.now = _at("02-01T08:00")
        self.page = ""

    def clock(self, _: Home) -> datetime:
        """A moment after the last, as no two files come at one."""
        self.now += timedelta(seconds=1)
        return self.now

    def take(self, moment: str) -> None:
        """What has come by now, as far as the mails about it."""
        self.now = _at(moment)
        for dag in ("receive_submissions", "build_marts", "send_mail"):
            self.driver.run(dag, self.now)

    def chase(self, moment: str) -> None:
        """Whatever is to be written by now, and sent."""
        self.now = _at(moment)
        for dag in ("chase_units", "send_mail"):
            self.driver.run(dag, self.now)

    def send(self, unit: str, content: bytes) -> str:
        """Hand in a report by the unit's way; gives the verdict where one comes at once."""
        way = next((way for way, units in WAYS.items() if unit in units), "folder")
        if way == "page":
            return self.upload(unit, content)
        if way == "mail":
            self.reply(unit, content)
        elif way == "folder":
            target = self.folder / "shared" / unit / _NAME
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        else:
            self.servers[way].put(f"{unit}/{_NAME}", content)
        return ""

    def upload(self, unit: str, content: bytes) -> str:
        """By our page, as a program hands it in."""
        token = new_token(self.home, unit, self.now)
        with httpx.Client(base_url=self.page, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
            answer = client.post("/submissions", files={"file": (_NAME, content)}, timeout=60)
        return str(answer.json()["verdict"])

    def reply(self, unit: str, content: bytes, to: EmailMessage | None = None) -> None:
        """By mail, to one of ours or of the unit's own accord."""
        mail = EmailMessage()
        mail["From"], mail["Subject"] = address_of(unit), "民生实事月报"
        if to is not None:
            mail["In-Reply-To"] = to["Message-ID"]
        mail.set_content("见附件")
        mail.add_attachment(content, "application", "octet-stream", filename=_NAME)
        self.box.receive(mail)

    def received(self, address: str) -> list[EmailMessage]:
        """What has come to an address, in order."""
        return [_read(one) for one in self.smtp.envelopes if address in one.rcpt_tos]

    def letters(self) -> Counter[str]:
        """How many letters, and answers to files, of each kind were written."""
        query = """
            select coalesce(letter.kind, mail.kind) from raw.mail as mail
            left join raw.letter as letter using (mail_id)
        """
        with open_to_read(self.home.warehouse) as connection:
            return Counter(str(kind) for (kind,) in connection.execute(query).fetchall())

    def standing(self, status: str) -> int:
        """How many units stand so with January, as published."""
        query = "select count(*) from pub_submission_status_v1 where is_required and submission_status = ?"
        with duckdb.connect(str(self.home.current / "marts.duckdb"), read_only=True) as connection:
            (count,) = connection.execute(query, [status]).fetchone() or (0,)
        return int(count)

    def answered(self, unit: str) -> str | None:
        """The mail of ours that a unit's last report answers."""
        (*_, last) = sorted(
            (one for one in all_receipts(self.home) if one.unit_code == unit), key=lambda one: one.received_at
        )
        return last.answers

    def published(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.home.current / "marts.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()


def address_of(unit: str) -> str:
    return load_contacts(_CONTACTS).of(unit)[0]


def report_of(unit: str) -> bytes:
    """The unit's report for January, as it is right."""
    (path,) = (_LATE_ONES if (_LATE_ONES / unit).is_dir() else _DELIVERED).joinpath(unit).iterdir()
    return path.read_bytes()


def faulty(content: bytes) -> bytes:
    """The same with a guess where a number must stand."""
    workbook = load_workbook(BytesIO(content))
    _first_number(workbook.worksheets[0]).value = "约150"
    return as_bytes(workbook)


def _first_number(sheet: Worksheet) -> Cell:
    """The first cell below 累计数 or 分子 that holds a number."""
    for column in sheet.iter_cols():
        numbers = [one for one in column if isinstance(one, Cell) and isinstance(one.value, int | float)]
        if numbers and any(str(one.value).startswith(("累计数", "分子")) for one in column):
            return numbers[0]
    raise AssertionError("no number")


def _read(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def _units(envelopes: Iterable[Envelope]) -> list[str]:
    """The units that are written to, by their first address."""
    known = {addresses[0]: unit for unit, addresses in load_contacts(_CONTACTS).units.items()}
    return [unit for one in envelopes for address, unit in known.items() if address in one.rcpt_tos]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def attached(mail: EmailMessage) -> list[str]:
    return [part.get_filename() or "" for part in mail.iter_attachments()]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"2022-{text}").replace(tzinfo=ZONE)


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
            "MINSHENG_CONTACTS": str(_CONTACTS),
            "MINSHENG_HOME": str(tmp_path / "home"),
        }
        driver = servers.enter_context(_driving(own_airflow, env, tmp_path / "airflow.log"))
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


@contextmanager
def _driving(airflow: Airflow, env: dict[str, str], log: Path) -> Iterator[Driver]:
    with (
        log.open("w", encoding="utf-8") as told,
        subprocess.Popen(
            [sys.executable, "-c", _DRIVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
            env=airflow.env | env,
            cwd=ROOT,
        ) as process,
    ):
        yield Driver(process, log)
        process.kill()


def test_a_month_passes_by_itself(month: Month) -> None:
    # The month is opened on a holiday. On the first working day everybody gets the form; it is the due day already.
    month.driver.run("open_period", month.now, period="2022-01")
    month.driver.run("build_marts", month.now)
    month.chase("02-07T08:30")
    assert month.letters() == {"opening": ALL, "reminder": OWING}
    for unit in load_contacts(_CONTACTS).units:
        (opening,) = month.received(address_of(unit))
        assert any(name.endswith(".xlsx") for name in attached(opening)), unit

    # By the afternoon all have sent, each by his way, but two; three are faulty, one comes by two ways.
    for unit in PUNCTUAL:
        content = report_of(unit)
        verdict = month.send(unit, faulty(content) if unit in FAULTY.values() else content)
        assert verdict == ({FAULTY["page"]: "rejected"}.get(unit, "accepted") if unit in WAYS["page"] else "")
    month.reply("GAJ", report_of("GAJ"))
    month.take("02-07T16:00")
    assert month.standing("accepted") == 30 and month.standing("rejected") == 3
    rejections = {unit: month.received(address_of(unit))[-1] for unit in FAULTY.values()}
    assert all(any("退回" in name for name in attached(mail)) for mail in rejections.values())
    assert all("报送截止时间是2月7日（星期一）18:00" in text_of(mail) for mail in rejections.values())

    # Each mends what its answer says, before the hour is over: nobody was late.
    month.reply(FAULTY["mail"], report_of(FAULTY["mail"]), to=rejections[FAULTY["mail"]])
    month.send(FAULTY["sftp"], report_of(FAULTY["sftp"]))
    assert month.send(FAULTY["page"], report_of(FAULTY["page"])) == "accepted"
    month.take("02-07T17:30")
    assert month.standing("accepted") == 33 and month.standing("rejected") == 0
    assert month.answered(FAULTY["mail"]) == rejections[FAULTY["mail"]]["Message-ID"].strip("<>").partition("@")[0]

    # Who owes is reminded, and nobody else; one comes late, of the other his superiors hear.
    before = len(month.smtp.envelopes)
    month.chase("02-08T08:30")
    assert sorted(_units(month.smtp.envelopes[before:])) == sorted((LATE, NEVER))
    month.send(LATE, report_of(LATE))
    month.take("02-09T10:00")
    month.chase("02-11T08:30")

    # The month is frozen, and everybody gets his sheet; after that there is nothing to be done, whatever is run.
    month.take("02-15T08:00")
    month.chase("02-15T08:30")
    sent = len(month.smtp.envelopes)
    month.take("02-15T10:00")
    month.chase("02-15T10:30")
    assert len(month.smtp.envelopes) == sent

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
    ids = [mail["Message-ID"] for mail in map(_read, month.smtp.envelopes)]
    assert len(ids) == len({*ids}) == sent
    taken = Counter(one.unit_code for one in all_receipts(month.home))
    assert taken == {unit: 2 if unit in FAULTY.values() else 1 for unit in (*PUNCTUAL, *WAYS["database"], LATE)}
    owed = "select unit_code from pub_submission_status_v1 where is_required"
    assert month.published(f"{owed} and submission_status = 'missing'") == [(NEVER,)]
    assert month.published(f"{owed} and is_late and accepted_at is not null") == [(LATE,)]
    assert {*freezes(month.home)} == {("lushan-2022", "2022-01")}
