"""The plan's own text, out of the office's file, and what it says of one item."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from minsheng.core.errors import UserError
from minsheng.core.text import unspaced

# A heading of an item: 一、开展职业技能培训
_HEADING = re.compile(r"\s*[一二三四五六七八九十]{1,3}、")
_LABEL = re.compile("(主要任务|牵头单位|责任单位|配合单位|完成时限|完成期限|工作要求)[:：]")
_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class Passage:
    """What the plan says of an item, in its own words; empty where it says nothing."""

    task: str = ""
    lead_units: str = ""
    supporting_units: str = ""


def read_plan_text(path: Path) -> str:
    """The text of a .docx or a text file, a line a paragraph; raises UserError when it is neither."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError("file_unreadable", path, reason=error.strerror) from error
    return _of_word(path, content) if path.suffix.lower() == ".docx" else _decoded(path, content)


def passage_of(text: str, name: str) -> Passage:
    """What stands under the heading of an item, part by part."""
    lines = text.splitlines()
    headings = [number for number, line in enumerate(lines) if _HEADING.match(line)]
    begins = next((number for number in headings if unspaced(name) in unspaced(lines[number])), None)
    if begins is None:
        return Passage()
    ends = next((number for number in headings if number > begins), len(lines))
    said = "".join(line.strip() for line in lines[begins + 1 : ends])
    _, *labelled = _LABEL.split(said)
    parts = {label: words.strip() for label, words in zip(labelled[::2], labelled[1::2], strict=True)}
    leads, others = parts.get("牵头单位", ""), parts.get("责任单位", parts.get("配合单位", ""))
    return Passage(parts.get("主要任务", ""), leads.rstrip("。"), others.rstrip("。"))


def _of_word(path: Path, content: bytes) -> str:
    from docx import Document  # half a second, which no other command has to wait for

    try:
        return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs) + "\n"
    except (ValueError, KeyError, SyntaxError, zipfile.BadZipFile) as error:  # SyntaxError: lxml's of broken XML
        raise UserError("plan_text_unreadable", path) from error


def _decoded(path: Path, content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UserError("plan_text_unreadable", path)
