"""The page that lists every error by its code, made from ``errors.zh.yaml``: ``docs/generated/errors.md``.

Made again by ``make docs``; a test holds it current.
"""

from __future__ import annotations

from minsheng.core.declarations import ROOT
from minsheng.words.errors import Sentence, sentences

PAGE = ROOT / "docs" / "generated" / "errors.md"
_HEAD = """# 错误代码

由 `make docs` 从 `etl/minsheng/words/errors.zh.yaml` 生成，请勿手改。

命令和任务报错时写作“何处：问题 → 办法 [代码]”。下表按代码排列；大括号中的内容因情况而异，报错时换成实际的内容。
各 DAG 的处理办法见 [runbook.md](../runbook.md)。

| 代码 | 问题 | 办法 |
|---|---|---|"""


def page() -> str:
    """The whole page, a line an error."""
    lines = (_line(code, sentence) for code, sentence in sorted(sentences().items()))
    return "\n".join([_HEAD, *lines, ""])


def _line(code: str, sentence: Sentence) -> str:
    cells = (f"`{code}`", sentence.problem, sentence.remedy)
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"
