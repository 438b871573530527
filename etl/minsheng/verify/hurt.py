"""What can be lost or damaged in a home, and the remedy for each; the runbook has the same table, under test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from minsheng.core.home import Publisher

HurtKind = Literal[
    "layout_damaged",
    "home_lost",
    "receipt_damaged",
    "receipt_lost",
    "content_lost",
    "content_damaged",
    "opening_damaged",
    "decision_damaged",
    "review_damaged",
    "opening_lost",
    "edition_damaged",
    "edition_lost",
    "edition_file_damaged",
    "warehouse_lost",
    "warehouse_damaged",
    "warehouse_behind",
    "warehouse_differs",
    "revision_damaged",
    "published_lost",
    "current_lost",
    "hold_damaged",
    "consent_damaged",
    "log_damaged",
    "mail_lost",
    "mail_damaged",
    "mail_misplaced",
    "journal_damaged",
    "template_lost",
    "template_damaged",
    "page_lost",
]

_FROM_INBOX = "从备份恢复；没有备份而收件目录中还有该文件的，运行一次取件（pull），系统按数据仓库所记的时间补上"
_RECOVER = "从备份恢复；没有备份的，移走 warehouse.duckdb 和 warehouse.duckdb.wal（如有），运行 minsheng recover"
_SEND_AGAIN = "从备份恢复；没有备份的，移走该文件，运行一次校验（validate），系统重新写出"

REMEDIES: Mapping[HurtKind, str] = {
    "layout_damaged": "从备份恢复；没有备份且未用过更高版本的，删除 layout.json，下一条命令重新写出",
    "home_lost": "检查其磁盘是否已挂载；从备份恢复；确已不用的，删除安装目录 .counties 中它的标记",
    "receipt_damaged": _FROM_INBOX,
    "receipt_lost": _FROM_INBOX,
    "content_lost": _FROM_INBOX,
    "content_damaged": _FROM_INBOX,
    "decision_damaged": "从备份恢复这个文件；备份也没有的，把它移走，仍要这个决定的重新作一次，从那时起算",
    "review_damaged": "从备份恢复这个文件；备份也没有的，把它移走，用 minsheng explanations 重新答复",
    "opening_damaged": "重新运行该月的开月（open_period），系统按数据仓库所记的时间补上；数据仓库也丢失的，从备份恢复",
    "opening_lost": "重新运行该月的开月（open_period），系统按数据仓库所记的时间补上",
    "edition_damaged": "从备份恢复",
    "edition_lost": "从备份恢复",
    "edition_file_damaged": "从备份恢复；plans/ 中仍是这一版的，运行一次接收（receive_submissions），系统补上",
    "warehouse_lost": _RECOVER,
    "warehouse_damaged": _RECOVER,
    "warehouse_behind": _RECOVER,
    "warehouse_differs": _RECOVER,
    "revision_damaged": "从备份恢复该文件夹；没有备份的，把它移出 published/revisions，运行一次发布（build_marts）",
    "published_lost": "从备份恢复 published/；没有备份的，运行一次发布（build_marts）",
    "current_lost": "运行一次发布（build_marts），系统重新指向现行版本",
    "hold_damaged": "从备份恢复；没有备份的，移走它（即取消退回），需要时按 published/log.jsonl 重新退回",
    "consent_damaged": "移走它；仍要发布较少内容的，再运行 minsheng publication accept-fewer",
    "log_damaged": "从备份恢复；没有备份的，删除读不出的那几行",
    "mail_lost": "从备份恢复；没有备份的，运行一次校验（validate），系统重新写出",
    "mail_damaged": _SEND_AGAIN,
    "mail_misplaced": "保留在 sent/ 或 refused/ 中的一份，移走 pending/ 或 unaddressed/ 中的一份，以免重复发信",
    "journal_damaged": "从备份恢复；没有备份的，移走它；仍待发送的邮件会再发给全部地址",
    "template_lost": "重新运行该月的开月（open_period），系统补做填报表",
    "template_damaged": "移走它，重新运行该月的开月（open_period），系统补做填报表",
    "page_lost": "清除并重跑出页面（report）",
}


@dataclass(frozen=True)
class Hurt:
    """One thing that is lost or damaged. ``where``: below the home; ``problem`` in Chinese, for operators."""

    kind: HurtKind
    where: str
    problem: str

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return REMEDIES[self.kind]


def at(home: Publisher, path: Path | str) -> str:
    """A path as it is told: below the home, or below the installation."""
    found = Path(path)
    return (found.relative_to(home.root) if found.is_relative_to(home.root) else found).as_posix()
