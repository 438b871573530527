"""What was published: every file of every revision by its hash, every revision by its name, and where readers are."""

from __future__ import annotations

import json
from collections.abc import Iterator

from minsheng.core.errors import DamagedError, UserError
from minsheng.core.home import Publisher
from minsheng.publication.content import content_hash
from minsheng.publication.fewer import CONSENT, read_consent
from minsheng.publication.hold import HOLD, read_hold
from minsheng.publication.log import LOG
from minsheng.publication.revisions import Revision, all_revisions, current, folder_of
from minsheng.verify.hurt import Hurt, HurtKind, at
from minsheng.verify.remembered import Remembered


def verify_publication(home: Publisher, remembered: Remembered) -> Iterator[Hurt]:
    """Revisions, the link to one of them, and what people wrote beside them."""
    revisions = all_revisions(home)
    for revision in revisions:
        yield from _revision(home, revision)
    if revisions:
        yield from _current(home)
    if lost := _last_lost(remembered, revisions):
        yield Hurt(
            "published_lost", at(home, folder_of(home)), f"数据仓库记得发布过 {lost}，此处没有它，也没有更新的版本"
        )
    yield from _written(home)


def _revision(home: Publisher, revision: Revision) -> Iterator[Hurt]:
    try:
        revision.require_whole()
    except DamagedError as error:
        yield Hurt("revision_damaged", at(home, error.where), "与发布时不同，或不见了")
    else:
        if content_hash(revision.folder) != revision.content:
            yield Hurt("revision_damaged", at(home, revision.folder), "内容与其名称中的指纹不符")


def _current(home: Publisher) -> Iterator[Hurt]:
    try:
        standing = current(home)
    except UserError:
        yield Hurt("current_lost", at(home, home.current), "应是指向现行版本的链接，却是一份拷贝；先移走它")
    else:
        if standing is None:
            yield Hurt("current_lost", at(home, home.current), "没有指向现行版本的链接，或所指的版本不见了")


def _last_lost(remembered: Remembered, revisions: list[Revision]) -> str | None:
    """The newest revision ever published, if neither it nor a later one is kept; pruning never removes the newest."""
    newest = max(remembered.revisions, default="")
    return newest if newest > max((one.name for one in revisions), default="") else None


def _written(home: Publisher) -> Iterator[Hurt]:
    readers: dict[HurtKind, tuple[str, object]] = {
        "hold_damaged": (HOLD, read_hold),
        "consent_damaged": (CONSENT, read_consent),
    }
    for kind, (name, read) in readers.items():
        try:
            read(home)  # type: ignore[operator]
        except DamagedError:
            yield Hurt(kind, at(home, home.published / name), "读不出")
    path = home.published / LOG
    if path.exists():
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        if bad := [str(number) for number, line in enumerate(lines, start=1) if not _is_json(line)]:
            yield Hurt("log_damaged", at(home, path), f"第 {'、'.join(bad)} 行读不出")


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
