"""What a unit's database is asked, in the words of those of which no server runs here: read, limited, nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, MetaData, String, Table
from sqlalchemy.dialects import registry
from sqlalchemy.exc import OperationalError

from minsheng.source.database import MOST_MONTHS, MOST_ROWS, database_error, last_months, rows_of_month

TABLE = Table("月报", MetaData(), Column("报送期", String(7)), Column("本月数", String(20)), schema="kouku")
# How each bounds what it gives.
_BOUND = {
    "mysql": "LIMIT {count}",
    "oracle": "FETCH FIRST {count} ROWS ONLY",
    "mssql": "SELECT {distinct}TOP {count}",
    "postgresql": "LIMIT {count}",
    "sqlite": "LIMIT {count}",
}


@pytest.mark.parametrize(("name", "bound"), _BOUND.items(), ids=list(_BOUND))
def test_it_is_asked_in_the_words_of_its_kind(name: str, bound: str) -> None:
    dialect = registry.load(name)()
    asked = (last_months(TABLE, "报送期"), rows_of_month(TABLE, "报送期", "2022-05"))
    expected = (bound.format(distinct="DISTINCT ", count=MOST_MONTHS), bound.format(distinct="", count=MOST_ROWS + 1))
    for question, words in zip(asked, expected, strict=True):
        told = " ".join(str(question.compile(dialect=dialect, compile_kwargs={"literal_binds": True})).split())
        assert told.startswith("SELECT ") and told.count("SELECT") == 1 and ";" not in told
        assert words in told and "kouku" in told


@pytest.mark.parametrize(
    ("code", "said", "trouble"),
    [
        (1045, "Access denied for user 'unit'@'localhost' (using password: YES)", "login"),
        (1044, "Access denied for user 'unit'@'127.0.0.1' to database 'nix'", "forbidden"),
        (1142, "SHOW command denied to user 'unit'@'localhost' for table `cg`.`月报`", "forbidden"),
        (2003, "Can't connect to MySQL server on '127.0.0.1' ([Errno 111] Connection refused)", "refused"),
        (2003, "Can't connect to MySQL server on 'db.invalid' ([Errno -2] Name or service not known)", "host_unknown"),
    ],
)
def test_what_mariadb_refuses_is_known_by_its_words(code: int, said: str, trouble: str) -> None:
    """As PyMySQL 1.1 hands on what MariaDB 10.11 says; SQLAlchemy's own words around it help nobody."""
    told = database_error(OperationalError("select 1", {}, Exception(code, said)))
    assert (told.trouble, told.reason) == (trouble, str((code, said)))
