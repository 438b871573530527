"""The page that lists every rule a workbook is held against, made from the rule files: ``docs/generated/rules.md``.

Made again by ``make docs``; a test holds it current.
"""

from __future__ import annotations

from collections.abc import Iterator

from minsheng.core.codes import Scope
from minsheng.core.declarations import ROOT, RULES
from minsheng.validation.facts import SCOPES
from minsheng.validation.rules import Rule, load_rules
from minsheng.words.chinese import chinese

PAGE = ROOT / "docs" / "generated" / "rules.md"
_HEAD = """# 校验规则

由 `make docs` 从 `expectations/rules/` 生成，请勿手改。怎样看懂、修改和增加规则，见
[expectations/README.md](../../expectations/README.md)。

- 程度：**{reject}**的，整份表退回改正；**{warn}**和**{note}**的照常接收，{warn}请单位核对，{note}不必处理。
- 大括号中的内容因表而异，发给单位时换成实际的数和文字。
- 可豁免：县里可以按文件免去某单位、某指标在某几个月的这条规则，写法见 [plans/README.md](../../plans/README.md)。
- 起用：从哪个报送期起适用；“方案起”指方案的第一个月。括号内为停用前的最后一期。
"""


def page() -> str:
    """The whole page: one table a scope, rules in the order of their codes."""
    rules = load_rules(RULES).rules
    tables = (line for scope in SCOPES for line in _table(scope, [rule for rule in rules if rule.scope == scope]))
    return "\n".join([_HEAD.format(**{str(code): word for code, word in chinese().severity.items()}), *tables])


def _table(scope: Scope, rules: list[Rule]) -> Iterator[str]:
    yield f"## {chinese().scope[scope]}（`{scope}`，{len(rules)} 条）\n"
    yield "| 编号 | 规则 | 程度 | 说明的话 | 怎样改 | 起用 |\n|---|---|---|---|---|---|"
    yield from map(_line, rules)
    yield ""


def _line(rule: Rule) -> str:
    severity = f"{chinese().severity[rule.severity]} `{rule.severity}`" + ("，可豁免" if rule.waivable else "")
    cells = (f"`{rule.code}`", rule.title, severity, rule.message, rule.remedy, _in_force(rule))
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _in_force(rule: Rule) -> str:
    return (rule.valid_from or "方案起") + (f"（至 {rule.valid_to}）" if rule.valid_to else "")
