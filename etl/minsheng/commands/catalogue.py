"""All commands: what each does, as ``--help`` lists it, and where it is. None is imported before it is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group


@dataclass(frozen=True)
class Verb:
    """A command, or a group of them, below its name: ``attribute`` of a module beside this one."""

    name: str
    help: str
    module: str
    attribute: str

    def load(self) -> Any:
        """The command as typer calls it."""
        called = getattr(import_module(f"minsheng.commands.{self.module}"), self.attribute)
        alone = typer.Typer()
        if isinstance(called, typer.Typer):
            alone.add_typer(called, name=self.name, help=self.help)
        else:
            alone.command(self.name, help=self.help)(called)
        return get_group(alone).commands[self.name]


_ENTRIES = (
    Verb("trace", "从发布的数一直追溯到它所在的单元格，并说明怎样判定。", "trace", "trace"),
    Verb("verify", "查出丢失或损坏的部分，并说明怎样修复；什么也不改。有问题时退出码为 1。", "verify", "verify"),
    Verb("audit", "重算校验链：收到、判定、发布的有没有被改动或删去，逐处列出。有的，退出码为 1。", "audit", "audit"),
    Verb("backup", "备份全部数据、设置和 Airflow 元数据，读回核对；系统可以照常运行。", "backup", "backup"),
    Verb("restore", "把一份备份恢复到空的安装目录；--verify 只核对备份是否完整。", "backup", "restore"),
    Verb("serve", "网上报送服务：各单位凭口令核对、报送，当场看到结论。", "serve", "serve"),
    Verb("template", "制作各单位填报的工作簿。", "template", "template"),
    Verb("run", "不用 Airflow，办完一个县一个月的全部阶段。", "run", "run"),
    Verb("recover", "从原件区重建丢失的仓库并发布；不会重复发信。", "run", "recover"),
    Verb("migrate", "把以前版本的安装目录改成现在的布局：每县一个目录。", "run", "migrate"),
    Verb("check", "预先校验文件：报送后会怎样；什么也不保存。", "check", "check"),
    Verb(
        "status",
        "看板：各单位各月、退回、邮件、来源、运行，有没有需要处理的；写明 --period 的，看一个月各项指标。",
        "board",
        "status",
    ),
    Verb("plan", "工作方案：新建、核对。", "plan", "plan_app"),
    Verb("source", "来源：从哪里取件，通不通，上次何时来件。", "source", "source_app"),
    Verb("rules", "规则：在收到过的文件上试用，停用，恢复。", "rules", "rules_app"),
    Verb("month", "报送期：延期，关闭，重新开放，已作的决定。", "month", "month_app"),
    Verb("explanations", "说明：单位对可疑的数作的说明，由数据组审阅。", "explanations", "explanations_app"),
    Verb("mail", "邮件：待发的、已发的、被拒收的。", "mail", "mail_app"),
    Verb("publication", "发布：读者看到什么，退回，清理。", "publication", "publication_app"),
    Verb("bulletin", "通报：起草，同意印发或不同意，已印发的各期。", "bulletin", "bulletin_app"),
    Verb("token", "网上报送的口令：发放、列出、作废。", "token", "token_app"),
    Verb(
        "watch",
        "值守：查看有没有需要人处理的，有新情况就写信告诉数据组；有未静默的告警时退出码为 1。",
        "watch",
        "watch_app",
    ),
)


class _Commands(Mapping[str, Any]):
    """The commands by name, each loaded when it is taken out."""

    def __init__(self) -> None:
        self.entries = {entry.name: entry for entry in _ENTRIES}

    def __getitem__(self, name: str) -> Any:
        return self.entries[name].load()

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


class Catalogue(TyperGroup):
    """Typer's group of all commands: lists them by their entries, and loads the one that is called."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._known = _Commands()
        self.commands = cast(Any, self._known)

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in order."""
        return [*self._known]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """What is listed of a command; null: there is none of this name."""
        entry = self._known.entries.get(cmd_name)
        return TyperCommand(entry.name, help=entry.help) if entry else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is called, and what it is called with."""
        name, _, arguments = super().resolve_command(ctx, args)
        return name, self._known[name] if name else None, arguments  # none where a shell asks how a line may end
