"""``minsheng backup`` and ``minsheng restore``: all of an installation into a folder, and back from there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from minsheng.backup.making import SETTINGS, drop_old, make_backup
from minsheng.backup.manifest import Manifest, read_manifest, require_whole
from minsheng.backup.restoring import find_backup
from minsheng.backup.restoring import restore as restore_backup
from minsheng.backup.settings import metadata_address, settings_files
from minsheng.commands.moments import moment_of
from minsheng.core.errors import UserError
from minsheng.core.home import Installation
from minsheng.core.settings import read_settings
from minsheng.mail.folders import mails
from minsheng.views.terminal import console, existing_installation
from minsheng.words import display

_MEGABYTE = 1_000_000

MetadataFile = Annotated[
    Path | None,
    typer.Option("--metadata", help="写有 Airflow 元数据库地址的文件 [默认：MINSHENG_METADATA]", show_default=False),
]


def backup(
    home: Annotated[Path, typer.Option(help="安装目录", show_default=False)],
    out: Annotated[
        Path | None, typer.Option(help="备份放在哪个目录 [默认：MINSHENG_BACKUPS]", show_default=False)
    ] = None,
    metadata: MetadataFile = None,
    keep: Annotated[int | None, typer.Option(min=1, help="之后只留最新的几份 [默认：都留]", show_default=False)] = None,
) -> None:
    """Copy all homes, the settings and Airflow's metadata while all go on, and read the copy back."""
    settings = read_settings()
    target = out or settings.backups
    if target is None:
        raise UserError("backups_unset", "--out")
    address = metadata_address(metadata or settings.metadata)
    installation = existing_installation(home)
    made = make_backup(installation, target, moment_of(None), address, settings_files(settings))
    _say(f"已备份到 {made.folder}：{made.files} 个文件，{made.size / _MEGABYTE:,.1f} MB，已读回核对")
    if address is None:
        _say("没有备份 Airflow 元数据：没有设置 MINSHENG_METADATA")
    if keep:
        for folder in drop_old(target, keep):
            _say(f"已删除较早的 {folder.name}")


def restore(
    folder: Annotated[Path, typer.Argument(metavar="BACKUP", help="一份备份，或放备份的目录（取最新的一份）")],
    home: Annotated[Path | None, typer.Option(help="恢复到哪个空的安装目录", show_default=False)] = None,
    metadata: MetadataFile = None,
    verify: Annotated[bool, typer.Option("--verify", help="只核对备份是否完整，什么也不恢复")] = False,
) -> None:
    """Put a backup back into an empty folder; with ``--verify`` only say whether it is whole."""
    found = find_backup(folder)
    if verify:
        manifest = read_manifest(found)
        require_whole(found, manifest)
        _say(f"{found}：完整，{_told(manifest)}")
        return
    if home is None:
        raise UserError("home_unnamed", "--home")
    installation = Installation(home)
    manifest = restore_backup(found, installation, metadata_address(metadata))
    _say(f"已把 {found} 恢复到 {home}：{_told(manifest)}")
    waiting = sum(len(mails(installation.home(county), "pending")) for county in manifest.counties)
    if waiting:
        _say(f"有 {waiting} 封邮件在备份时还没有发出；若当时之后已经发出，恢复后会再发一次，请先核对 outbox/pending")
    _say(f"请再运行 minsheng verify --home {home}；当时的设置在 {found / SETTINGS}，口令不在备份中")


def _told(manifest: Manifest) -> str:
    counties = "、".join(manifest.counties) or display.NOTHING
    size = f"{len(manifest.files)} 个文件，{manifest.size / _MEGABYTE:,.1f} MB"
    return f"{display.moment(manifest.made_at)} 的备份，{counties}，{size}"


def _say(line: str) -> None:
    console.print(line, markup=False, soft_wrap=True)
