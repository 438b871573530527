"""Every kind of answer to a file, with example findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from minsheng.flows.preview.scene import Scene, figures_line, file_name
from minsheng.mail.answer import Answer, Answered
from minsheng.validation.finding import Finding
from minsheng.words.filling import fill

_FAULTS = (
    Finding(
        "C12",
        "reject",
        "填报",
        "F6",
        "约300",
        "“约300”是大约的数。",
        "请填写准确数字。",
        "",
        "窨井设施维护改造数 · 本月数",
    ),
    Finding(
        "R06",
        "reject",
        "填报",
        "D6",
        "2000",
        "年度目标应为 2032。",
        "请改回 2032。",
        "",
        "窨井设施维护改造数 · 年度目标",
    ),
)
_MARKED_UP = "报表（退回）.xlsx"
_DOUBT = (Finding("F30", "warn", None, None, None, "截止时间之后报送，按迟报登记。", "请今后在截止时间前报送。"),)


def _receipt(scene: Scene, file: Answered) -> Answered:
    said = scene.run.wording.answer
    standing = fill(said.standing, {"ratio": "25.6%", "light": "黄", "status": "滞后"})
    return replace(file, verdict="accepted", findings=_DOUBT, figures=(figures_line(scene, standing),))


def _rejection(_: Scene, file: Answered) -> Answered:
    return replace(file, verdict="rejected", findings=_FAULTS, marked_up=_MARKED_UP)


def _duplicate(_: Scene, file: Answered) -> Answered:
    return replace(file, verdict="duplicate")


ANSWERS: Mapping[str, Callable[[Scene, Answered], Answered]] = {
    "receipt": _receipt,
    "rejection": _rejection,
    "duplicate": _duplicate,
}


def example_answer(scene: Scene, kind: str) -> Answer:
    """What a kind of answer says to the one file of the unit."""
    file = Answered(str(scene.month.period), file_name(scene), scene.run.as_of, "accepted")
    return Answer(scene.name, (ANSWERS[kind](scene, file),), scene.run.wording.answer)
