"""The drill of docs/extending.md, taken: a column in one file of sql/facts, and a rule that names it."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from minsheng.core.codes import Scope
from minsheng.core.declarations import ROOT, SQL
from minsheng.validation import facts, rules
from minsheng.validation.expectations import evaluate
from minsheng.validation.facts import facts_frame
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import open_warehouse

PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
EXPLAINED, MADE = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
(RULE,) = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0])
SCOPE_LINE = "-- scope: row\n"
LAST_FROM = "    from planned\n)\n"


@pytest.fixture
def extended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sqlfiles.Model:
    """The table of the drill with its new column, in a copy of sql/ that rules are read against."""
    shutil.copytree(SQL, tmp_path / "sql")
    file = tmp_path / "sql" / "facts" / "row_plan.sql"
    before = file.read_text(encoding="utf-8")
    assert before.count(SCOPE_LINE) == before.count(LAST_FROM) == 1
    after = before.replace(SCOPE_LINE, SCOPE_LINE + EXPLAINED).replace(LAST_FROM, MADE + LAST_FROM)
    file.write_text(after, encoding="utf-8")
    tables = {table.name: table for table in sqlfiles.declared("facts", tmp_path / "sql")}

    def columns(scope: Scope) -> tuple[str, ...]:
        of_scope = (table for table in tables.values() if table.header.get("scope") == scope)
        return tuple(dict.fromkeys(name for table in of_scope for name in sqlfiles.columns(table)))

    for module in (facts, rules):
        monkeypatch.setattr(module, "fact_columns", columns)
    return tables["row_plan"]


def test_a_column_added_to_one_file_is_a_fact_that_a_rule_may_name(extended: sqlfiles.Model) -> None:
    assert "left_to_do" in sqlfiles.columns(extended) and "left_to_do" in extended.header
    with open_warehouse(None) as connection:
        described = connection.execute(f"describe {extended.sql}").fetchall()
    assert {row[0]: row[1] for row in described}["left_to_do"].startswith("DECIMAL")
    rule = rules.Rule.model_validate(RULE)
    proofs = facts_frame([rule.proof(rule.passes), rule.proof(rule.fires)])
    assert [judged.fired for judged in evaluate(proofs, [rule])] == [(1,)]
    assert rule.code not in {known.code for known in rules.load_rules(ROOT / "expectations" / "rules").rules}


def test_without_the_column_the_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="范围 row 没有这一列：left_to_do"):
        rules.Rule.model_validate(RULE)
