"""The rules as rows of the warehouse, so that analysts read what a code stands for."""

from __future__ import annotations

from minsheng.core.declarations import RULES
from minsheng.validation.rules import load_rules
from minsheng.warehouse.connection import Connection, append


def write_rules(connection: Connection) -> None:
    """Make ``raw.rule`` say what the rule files say, inside the caller's transaction; no-op if it already does."""
    wanted = [(rule.code, rule.title, rule.severity, rule.scope, rule.remedy) for rule in load_rules(RULES).rules]
    if connection.execute("select * from raw.rule order by rule_code").fetchall() != wanted:
        connection.execute("delete from raw.rule")
        names = ("rule_code", "rule_title", "severity", "scope", "remedy")
        append(connection, "raw.rule", (dict(zip(names, row, strict=True)) for row in wanted))
