"""说明: how to fill the workbook in, in the words of the office it goes to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from minsheng.plan.indicators import Indicator
from minsheng.plan.reasons import Reason, no_data_reasons
from minsheng.template import style
from minsheng.template.drawing import Canvas
from minsheng.template.month import Task
from minsheng.template.style import LINE_HEIGHT, Style, lines_needed
from minsheng.template.table import due_in_words

_WIDTHS = (11, 30, 40, 62)
_HEADINGS = ("指标编码", "指标名称", "怎么填", "口径")

_HOW_TO_FILL = (
    "只填黄色格。灰色格不用填；白色格（指标、目标、上月累计等）由系统写好，请不要改动。",
    "数字格只写数字，不带单位，不写“约”“余”“左右”，也不写“/”或“无”。",
    "按表中的计量单位填：计量单位是“人次”的，3.14 万人次请填 31400。",
    "累计数是 1 月至本月的合计，应等于“上月累计”加“本月数”。月末存量类指标只填月末实有数。",
    "比率类指标只填分子和分母，比率由系统计算，不用自己算百分数。",
    "本月确实没有进展的：数字填 0，“零报送”选“是”。空着不等于零，空着会被退回。",
    "没有数可报的（如未到节点、上级还没有发布）：数字空着，在“无数据原因”选原因，各种原因见下文。",
    "数比以前高许多、低许多或一直没有变的：请核对；属实的，在“说明”写明为什么。没有说明的，会来信询问。",
    "工程没有完工的：数量填 0，进度写在“形象进度”，如“主体封顶，约 70%”；不要填 0.7 所。",
    "表中不要出现个人信息（身份证号、名单等），联系电话只写在表下方的签字行。佐证材料由本单位留存，表中只填编号。",
    "填好后写上填报人、审核人和联系电话，存为 .xlsx，不改表名，不删行列，于 {due} 前报送：{how}",
)
_AFTER_SENDING = (
    "系统收到后逐格核对。没有问题的，计入本月数据。",
    "有问题的，整份退回：来信一次列出全部问题，并附上标好问题的原表，改好重报即可。",
    "同一个月可以多次报送，以最后一次核对通过的为准；退回的不影响此前已通过的。",
    "过了截止时间仍可报送，记为迟报；一直未报的，通报中显示“未报送”。",
)
_CORRECTIONS = (
    "更正本月已经报过的数：在本月的表里填正确的数，这一行的“更正”选“是”，写明“更正原因”，整份重报。截止以前改数，也可以直接重报。",
    "以前某个月当时就报错了：要改的是那个月的表，不是本月的表。在那个月的表里填正确的数，“更正”选“是”，写明原因，重报；"
    "以后各月的累计数受影响的，从早到晚依次更正。",
    "以前报得没有错、本月要核减的（如撤并、退出）：在本月的表里冲减，“本月数”填负数，“累计数”填减少以后的数"
    "（比率类填减少以后的分子、分母），“更正”选“是”，写明原因。",
    "明细的数要更正的，“更正”和原因写在“填报”表同一指标的一行。",
)
_COMMON_MISTAKES = (
    "“本月数”和“累计数”填反了，本月数大于累计数。",
    "累计数比上月小，又没有选“更正”。",
    "把合计里的“其中”项填得比总数还大，如高技能人才多于新增技能人才。",
    "改了年度目标，或删掉了某个指标的一行。",
    "用了以前月份的旧表，报送期或模板版本不对。",
    "公式引用了别的文件，出现 #REF!、#DIV/0!；请粘贴为数值。",
)


def draw_guide(canvas: Canvas, task: Task) -> None:
    """Fill an empty worksheet with the guide for one unit."""
    canvas.set_widths(_WIDTHS)
    canvas.put_across(1, 1, len(_WIDTHS), f"{canvas.sheet.name}：怎样填这张表", style.TITLE)
    canvas.set_height(1, 34)
    filled = {"due": due_in_words(task), "how": task.month.how_to_send}
    row = _draw_points(canvas, 2, "一、怎样填", [text.format(**filled) for text in _HOW_TO_FILL])
    row = _draw_points(canvas, row, "二、报送以后", _AFTER_SENDING)
    row = _draw_points(canvas, row, "三、怎样更正", _CORRECTIONS)
    row = _draw_points(canvas, row, "四、没有数的原因", [*map(_reason, no_data_reasons().reasons)])
    row = _draw_points(canvas, row, "五、常见错误", _COMMON_MISTAKES)
    _draw_definitions(canvas, row, task)


def _reason(reason: Reason) -> str:
    number = "数字填 0" if reason.goes_with == "zero" else "数字空着"
    weight = "，算本单位漏填" if reason.counts_against else ""
    return f"{reason.label}：{reason.meaning}（{number}{weight}）。"


def _draw_points(canvas: Canvas, row: int, title: str, points: Sequence[str]) -> int:
    _draw_row(canvas, row, title, style.SECTION)
    for number, point in enumerate(points, start=1):
        _draw_row(canvas, row + number, f"{number}. {point}", style.PROSE)
    return row + len(points) + 1


def _draw_row(canvas: Canvas, row: int, text: str, row_style: Style) -> None:
    canvas.put_across(row, 1, len(_WIDTHS), text, row_style)
    canvas.set_height(row, lines_needed(text, sum(_WIDTHS)) * LINE_HEIGHT + 3)


def _draw_definitions(canvas: Canvas, row: int, task: Task) -> None:
    indicators = list(_indicators(task))
    title = "六、本单位各指标的口径" if indicators else "六、本单位只报工作进展，没有需要填数的指标"
    _draw_row(canvas, row, title, style.SECTION)
    if not indicators:
        return
    for column, heading in enumerate(_HEADINGS, start=1):
        canvas.put(row + 1, column, heading, style.HEADING)
    canvas.set_height(row + 1, LINE_HEIGHT + 7)
    canvas.sheet.repeat_rows(row)
    for number, indicator in enumerate(indicators, start=row + 2):
        _draw_definition(canvas, number, indicator)


def _draw_definition(canvas: Canvas, row: int, indicator: Indicator) -> None:
    texts = (indicator.code, indicator.name, _what_to_fill(indicator), indicator.definition)
    for column, text in enumerate(texts, start=1):
        canvas.put(row, column, text, style.GIVEN)
    lines = max(lines_needed(text, width) for text, width in zip(texts, _WIDTHS, strict=True))
    canvas.set_height(row, lines * LINE_HEIGHT + 6)


def _indicators(task: Task) -> Iterator[Indicator]:
    yield from task.led
    for owed in task.supported:
        if owed.indicator_code is not None:
            yield task.indicator(owed.indicator_code)


def _what_to_fill(indicator: Indicator) -> str:
    if indicator.is_per_member:
        return "在“明细”表逐行填写，本行数字格不用填"
    if "numerator" in indicator.fields_owed:
        fixed = "（全年固定，已填好）" if indicator.fixed_denominator else ""
        return f"分子：{indicator.numerator}\n分母：{indicator.denominator}{fixed}"
    return "本月数、累计数" if "month" in indicator.fields_owed else "累计数（月末实有数）"
