"""Whatever address a document gives to BI: it reads the publication, and nothing else on the machine."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from minsheng.core.declarations import ROOT
from tests.bi.addresses import WRITTEN, Address, CommandLine, Properties, Python, Refused, Url, documented
from tests.bi.conftest import Publisher

ADDRESSES = documented()
# What somebody may type who can write SQL; {home} is the installation, {out} a folder he may write to.
ATTACKS = {
    "read a file": "select * from read_text('/etc/passwd');",
    "read bytes": "select * from read_blob('{home}/warehouse.duckdb');",
    "read a file as csv": "select * from read_csv('/etc/passwd');",
    "read a file as parquet": "select * from read_parquet('{out}/other.parquet');",
    "read a file by its name": "select * from '{out}/other.csv';",
    "sniff a file": "select * from sniff_csv('/etc/passwd');",
    "list a folder": "select * from glob('/etc/*');",
    "write a file": "copy pub_item_completion_v1 to '{out}/stolen.csv';",
    "write to a device": "copy (select 1) to '/dev/stdout';",
    "export everything": "export database '{out}/stolen';",
    "read into a table": "copy pub_item_completion_v1 from '{out}/other.csv';",
    "attach the warehouse": "attach '{home}/warehouse.duckdb' as warehouse;",
    "attach the warehouse to read": "attach '{home}/warehouse.duckdb' as warehouse (read_only);",
    "attach a new database": "attach '{out}/stolen.duckdb' as stolen;",
    "install an extension": "install httpfs;",
    "load an extension": "load httpfs;",
    "allow it again": "set enable_external_access = true;",
    "unlock": "set lock_configuration = false;",
    "unlock by reset": "reset lock_configuration;",
    "allow one folder": "set allowed_directories = ['/'];",
    "write where profiles go": "set profiling_output = '{out}/profile.json';",
    "spill where he likes": "set temp_directory = '{out}';",
    "keep a password": "create persistent secret mine (type s3, key_id 'a', secret 'b');",
    "change a figure": "update pub_indicator_completion_v1 set actual_value = 1;",
    "drop a table": "drop table pub_item_completion_v1;",
}
# What DuckDB's own shell would do besides.
ESCAPES = {
    "run a program": ".shell touch {out}/stolen",
    "run a script": ".read {out}/other.sql",
    "write what it answers": ".output {out}/stolen",
    "write one answer": ".once {out}/stolen",
    "open another database": ".open {home}/warehouse.duckdb",
    "import a file": ".import /etc/passwd pub_item_completion_v1",
    "keep a log": ".log {out}/stolen",
}


def name(address: Address) -> str:
    return type(address).__name__


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that anybody may write to, with files of each kind."""
    (tmp_path / "other.csv").write_text("a\n1\n", encoding="utf-8")
    (tmp_path / "other.sql").write_text("select 1;\n", encoding="utf-8")
    (tmp_path / "other.parquet").write_bytes(b"PAR1")
    return tmp_path


@pytest.fixture
def database(published: Publisher) -> Path:
    return published.current / "marts.duckdb"


def test_an_address_of_each_kind_is_documented() -> None:
    assert {type(address) for address in ADDRESSES} == {Url, Python, CommandLine, Properties}


@pytest.mark.parametrize("address", ADDRESSES, ids=name)
def test_an_address_goes_through_current(address: Address) -> None:
    assert isinstance(address, Properties) or WRITTEN in address.text


@pytest.mark.parametrize("address", ADDRESSES, ids=name)
def test_every_table_and_chinese_view_is_read(address: Address, published: Publisher, database: Path) -> None:
    tables = sorted(path.stem for path in published.current.glob("pub_*_v1.parquet"))
    assert len(tables) > 8
    for table in (*tables, "指标完成情况", "各单位报送情况"):
        assert address.ask(database, f'select count(*) from "{table}";'), table
    assert "32" in str(address.ask(database, 'select count(*) as n from "指标完成情况" where "亮灯" is not null;'))


@pytest.mark.parametrize("attack", [*ATTACKS.values()], ids=ATTACKS)
@pytest.mark.parametrize("address", ADDRESSES, ids=name)
def test_nothing_else_is_reached(address: Address, attack: str, database: Path, out: Path) -> None:
    refuses(address, attack, database, out)


@pytest.mark.parametrize("escape", [*ESCAPES.values()], ids=ESCAPES)
def test_the_shell_stays_inside(escape: str, database: Path, out: Path) -> None:
    for address in ADDRESSES:
        if isinstance(address, CommandLine):
            refuses(address, escape, database, out)


def test_a_tool_started_in_the_countys_zone_shows_its_time(database: Path) -> None:
    script = """
import sys
from pathlib import Path
from tests.bi.addresses import Url, documented
address = next(each for each in documented() if isinstance(each, Url))
query = "select cast(accepted_at as varchar) from pub_indicator_completion_v1 where accepted_at is not null;"
print(address.ask(Path(sys.argv[1]), query))
"""
    command = [sys.executable, "-c", script, str(database)]
    env = os.environ | {"TZ": "Asia/Shanghai"}
    told = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout
    assert "2022-02-07 17:30:00+08" in told


@pytest.mark.parametrize("address", ADDRESSES, ids=name)
def test_the_countys_time_can_be_asked_for(address: Address, database: Path) -> None:
    query = """
        select cast(accepted_at at time zone 'Asia/Shanghai' as varchar) as told
        from pub_indicator_completion_v1
        where accepted_at is not null;
    """
    assert "2022-02-07 17:30:00" in str(address.ask(database, query))


def refuses(address: Address, statement: str, database: Path, out: Path) -> None:
    home = database.parents[2]
    assert (home / "published").is_dir()
    with pytest.raises(Refused) as refused:
        address.ask(database, statement.format(home=home, out=out))
    assert "syntax error" not in str(refused.value)
    assert "does not exist" not in str(refused.value) or "Table with name" in str(refused.value)
    assert sorted(leaves(out)) == ["other.csv", "other.parquet", "other.sql"]


def leaves(folder: Path) -> Iterator[str]:
    return (path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    "lax",
    [
        Url(f"duckdb:///{WRITTEN}?access_mode=read_only"),
        Python(f"duckdb.connect('{WRITTEN}', read_only=True)"),
        CommandLine(f"duckdb -readonly {WRITTEN}"),
        Properties("duckdb.read_only=true"),
    ],
    ids=name,
)
def test_without_the_two_restrictions_all_this_succeeds(lax: Address, database: Path, out: Path) -> None:
    """What the tests above refuse is possible: they can fail."""
    assert "root" in str(lax.ask(database, ATTACKS["read a file"]))
    lax.ask(database, ATTACKS["write a file"].format(out=out))
    assert (out / "stolen.csv").exists()
    lax.ask(database, ATTACKS["attach the warehouse to read"].format(home=database.parents[2]))
    lax.ask(database, "set lock_configuration = false;")
