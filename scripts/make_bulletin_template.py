"""Make the bulletin's template that ships, as GB/T 9704 lays out an official paper.

``python -m scripts.make_bulletin_template`` writes it. Who wants it otherwise changes the docx in Word and names it in
MINSHENG_BULLETIN; this file is only how it began.
"""

from __future__ import annotations

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from minsheng.views.bulletin.document import SHIPPED, without_moments

# name, Chinese font, Latin font, points, alignment, first line indented, colour
_STYLES = (
    ("红头", "方正小标宋简体", "Times New Roman", 36, WD_ALIGN_PARAGRAPH.CENTER, False, "C00000"),
    ("期号", "仿宋", "Times New Roman", 16, WD_ALIGN_PARAGRAPH.CENTER, False, None),
    ("发文", "仿宋", "Times New Roman", 16, WD_ALIGN_PARAGRAPH.LEFT, False, None),
    ("通报标题", "方正小标宋简体", "Times New Roman", 22, WD_ALIGN_PARAGRAPH.CENTER, False, None),
    ("主送", "仿宋", "Times New Roman", 16, WD_ALIGN_PARAGRAPH.LEFT, False, None),
    ("正文段", "仿宋", "Times New Roman", 16, WD_ALIGN_PARAGRAPH.JUSTIFY, True, None),
    ("一级标题", "黑体", "Times New Roman", 16, WD_ALIGN_PARAGRAPH.LEFT, True, None),
    ("落款", "仿宋", "Times New Roman", 16, WD_ALIGN_PARAGRAPH.RIGHT, False, None),
    ("附注", "仿宋", "Times New Roman", 10.5, WD_ALIGN_PARAGRAPH.LEFT, False, None),
    ("附件标题", "黑体", "Times New Roman", 16, WD_ALIGN_PARAGRAPH.CENTER, False, None),
    ("表头", "黑体", "Times New Roman", 7.5, WD_ALIGN_PARAGRAPH.CENTER, False, None),
    ("表格文字", "仿宋", "Times New Roman", 7.5, WD_ALIGN_PARAGRAPH.LEFT, False, None),
    ("表格数字", "仿宋", "Times New Roman", 7.5, WD_ALIGN_PARAGRAPH.RIGHT, False, None),
)
_SMALL = 11

_TEXT = (
    ("红头", "{{ county_name }}民生实事通报"),
    ("期号", "{{ issue }}"),
    ("发文", "{{ county_name }}{{ office }}\t{{ day }}"),
    ("通报标题", "关于{{ month }}重点民生实事\n办理情况的通报"),  # a title is broken between words
    ("主送", "各责任单位："),
    (
        "正文段",
        "根据《{{ plan_title }}》（{{ plan_document_no }}），现将{{ month }}办理情况通报如下。"
        "本通报数据截至{{ cut_off }}，此后补报、更正的，在下一期通报中说明。",
    ),
    ("一级标题", "一、总体情况"),
    (
        "正文段",
        "{{ month }}序时进度为 {{ time_progress }}。{{ indicator_count }} 项指标中，"
        "{% for one in shares %}{{ one.status }} {{ one.count }} 项，占 {{ one.share }}"
        "{% if loop.last %}。{% else %}；{% endif %}{% endfor %}",
    ),
    (
        "正文段",
        "应报单位 {{ owed_count }} 家，其中{% for one in arrivals %}{{ one.name }} {{ one.count }} 家"
        "{% if loop.last %}。{% else %}，{% endif %}{% endfor %}",
    ),
    ("一级标题", "二、进度滞后的指标"),
    ("正文段", "{%p if laggards %}"),
    ("正文段", "滞后指标共 {{ laggards|length }} 项，请牵头单位对照所列原因抓紧推进："),
    ("正文段", "{%p for one in laggards %}"),
    (
        "正文段",
        "{{ loop.index }}. {{ one.indicator }}（牵头单位：{{ one.lead_unit }}）。目标 {{ one.target }}"
        "{% if one.unit_of_measure != '%' %} {{ one.unit_of_measure }}{% endif %}，累计完成 {{ one.actual }}，"
        "完成率 {{ one.completion }}{% if one.gap != '—' %}，差距 {{ one.gap }} 个百分点{% endif %}，"
        "{{ one.status }}。{% if one.reason %}原因：{{ one.reason }}。{% endif %}"
        "{% if one.needed != '—' %}补上所需：{{ one.needed }}。{% endif %}",
    ),
    ("正文段", "{%p endfor %}"),
    ("正文段", "{%p else %}"),
    ("正文段", "本月没有滞后的指标。"),
    ("正文段", "{%p endif %}"),
    ("正文段", "{%p if last_laggards %}"),
    ("正文段", "{{ last_laggards }}"),
    ("正文段", "{%p endif %}"),
    ("一级标题", "三、牵头单位排名"),
    ("正文段", "{%p if first_places or last_places %}"),
    ("正文段", "{{ ranked_count }} 家牵头单位参加排名，得分为所牵头指标完成率（超过 100% 的按 100% 计）的平均数。"),
    ("正文段", "{%p if first_places %}"),
    (
        "正文段",
        "前三名：{% for one in first_places %}第 {{ one.place }} 名 {{ one.unit }}（{{ one.score }}，"
        "{{ one.scored }} 项）{% if loop.last %}。{% else %}；{% endif %}{% endfor %}",
    ),
    ("正文段", "{%p endif %}"),
    ("正文段", "{%p if last_places %}"),
    (
        "正文段",
        "后三名：{% for one in last_places %}第 {{ one.place }} 名 {{ one.unit }}（{{ one.score }}，"
        "{{ one.scored }} 项）{% if loop.last %}。{% else %}；{% endif %}{% endfor %}",
    ),
    ("正文段", "{%p endif %}"),
    ("正文段", "{%p else %}"),
    ("正文段", "本月不作排名。"),
    ("正文段", "{%p endif %}"),
    ("一级标题", "四、报送情况"),
    (
        "正文段",
        "{% if unreported %}至定稿时仍未报送或未通过的 {{ unreported|length }} 家："
        "{{ unreported|join('、') }}。{% else %}应报单位均已报送。{% endif %}"
        "{% if late %}迟报、补报的 {{ late|length }} 家：{{ late|join('、') }}。{% endif %}",
    ),
    ("一级标题", "五、存在问题"),
    ("正文段", "{%p for one in unsettled %}"),
    ("正文段", "{{ loop.index }}. {{ one.name }}（{{ one.count }} 项）：{{ one.members }}。"),
    ("正文段", "{%p endfor %}"),
    ("正文段", "{%p if problems %}"),
    ("正文段", "各单位填报的存在问题："),
    ("正文段", "{%p for one in problems %}"),
    ("正文段", "{{ one.indicator }}（{{ one.lead_unit }}）：{{ one.problem }}"),
    ("正文段", "{%p endfor %}"),
    ("正文段", "{%p endif %}"),
    ("正文段", "{%p if not unsettled and not problems %}"),
    ("正文段", "各单位没有填报存在的问题。"),
    ("正文段", "{%p endif %}"),
    ("正文段", "{%p if corrections %}"),
    ("一级标题", "六、对以往通报的更正"),
    ("正文段", "{%p for one in corrections %}"),
    ("正文段", "{{ loop.index }}. {{ one }}"),
    ("正文段", "{%p endfor %}"),
    ("正文段", "{%p endif %}"),
    ("一级标题", "{% if corrections %}七{% else %}六{% endif %}、下一步工作"),
    (
        "正文段",
        "{% if laggards %}滞后指标的牵头单位要逐项查明原因，明确补上进度的时限，随下月报表说明。{% endif %}"
        "{% if unreported %}未报送或未通过的单位要立即补报，补报的数据列入下一期通报。{% endif %}"
        "{% if unsettled %}尚不能判定的指标，由牵头单位补齐所缺的数据和依据。{% endif %}"
        "其余指标按既定安排推进，确保年度目标如期完成。",
    ),
    ("正文段", "{%p if telephone %}"),
    ("正文段", "联系电话：{{ telephone }}。"),
    ("正文段", "{%p endif %}"),
    ("正文段", "附件：{{ month }}重点民生实事完成情况表"),
    ("落款", "{{ county_name }}{{ office }}"),
    ("落款", "{{ day }}"),
    ("发文", "签发：{{ signed_by }}\t审核：　　　　　　拟稿：　　　　　　"),
    ("附注", "数据版本 {{ revision }}{% if head %}；校验链 {{ head }}{% endif %}"),
)

# heading, name in the template, its style, width in mm: 267 in all
_WITH_LAST_YEAR = (
    ("序号", "no", "表格数字", 8),
    ("项目", "item", "表格文字", 21),
    ("指标", "indicator", "表格文字", 28),
    ("单位", "unit_of_measure", "表格文字", 9),
    ("年度目标", "target", "表格数字", 14),
    ("本月完成", "month_value", "表格数字", 13),
    ("累计完成", "actual", "表格数字", 14),
    ("完成率", "completion", "表格数字", 13),
    ("序时进度", "time_progress", "表格数字", 12),
    ("差距（百分点）", "gap", "表格数字", 13),
    ("去年同期", "last_year", "表格数字", 13),
    ("为去年同期的", "on_last_year", "表格数字", 13),
    ("状态", "status", "表格文字", 13),
    ("牵头单位", "lead_unit", "表格文字", 20),
    ("报送", "arrival", "表格文字", 9),
    ("更正", "correction", "表格文字", 9),
    ("存在问题", "problem", "表格文字", 20),
    ("备注", "remark", "表格文字", 25),
)
# What the figures of last year leave is for what has most words.
_WIDER = {"indicator": 10, "problem": 6, "remark": 10}
_WITHOUT = tuple(
    (heading, name, style, width + _WIDER.get(name, 0))
    for heading, name, style, width in _WITH_LAST_YEAR
    if name not in ("last_year", "on_last_year")
)


def make() -> bytes:
    """The template, byte for byte the same whenever it is made."""
    paper = Document()
    for style in _STYLES:
        _add_style(paper, *style)
    _lay_out(paper.sections[0], (210, 297), (37, 35, 28, 26))
    for name, text in _TEXT:
        paragraph = paper.add_paragraph(text, style=name)
        if name == "发文":
            _set_apart(paragraph)
    _rule(paper.paragraphs[2])
    _number_pages(paper.sections[0])
    _lay_out(paper.add_section(WD_SECTION.NEW_PAGE), (297, 210), (15, 15, 15, 15), WD_ORIENT.LANDSCAPE)
    paper.add_paragraph("{{ month }}重点民生实事完成情况表", style="附件标题")
    paper.add_paragraph("{%p if has_last_year %}")
    _add_table(paper, _WITH_LAST_YEAR)
    paper.add_paragraph("{%p else %}")
    paper.add_paragraph("方案没有给出去年同期数，表中不列去年同期。", style="附注")
    _add_table(paper, _WITHOUT)
    paper.add_paragraph("{%p endif %}")
    paper.core_properties.author = "minsheng"
    return without_moments(_saved(paper))


def _saved(paper: Paper) -> bytes:
    import io

    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


def _add_style(
    paper: Paper,
    name: str,
    font: str,
    latin: str,
    size: float,
    align: WD_ALIGN_PARAGRAPH,
    first: bool,
    colour: str | None,
) -> None:
    style = paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size = latin, Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    style.paragraph_format.alignment = align
    style.paragraph_format.space_after = Pt(14 if name == "通报标题" else 0)
    style.paragraph_format.first_line_indent = Pt(2 * size) if first else None
    if colour:
        style.font.color.rgb = RGBColor.from_string(colour)
    if size > _SMALL:
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        style.paragraph_format.line_spacing = Pt(max(28, size * 1.4))


def _lay_out(
    section: Section, paper: tuple[int, int], margins: tuple[int, int, int, int], turned: WD_ORIENT = WD_ORIENT.PORTRAIT
) -> None:
    section.orientation = turned
    section.page_width, section.page_height = Mm(paper[0]), Mm(paper[1])
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, margins)


def _set_apart(paragraph: Paragraph) -> None:
    """What comes after the tab stands at the right edge."""
    from docx.enum.text import WD_TAB_ALIGNMENT

    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)


def _rule(paragraph: Paragraph) -> None:
    """The red line below the head."""
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in {"val": "single", "sz": "18", "space": "4", "color": "C00000"}.items():
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)
    paragraph.paragraph_format.space_after = Pt(24)


def _number_pages(section: Section) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(" —")


def _add_table(paper: Paper, columns: tuple[tuple[str, str, str, int], ...]) -> None:
    table = paper.add_table(rows=4, cols=len(columns), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for number, (heading, name, style, width) in enumerate(columns):
        table.columns[number].width = Mm(width)  # LibreOffice goes by this, Word by the cells
        for row in table.rows:
            row.cells[number].width = Mm(width)
            row.cells[number].vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _write(table.rows[0].cells[number], heading, "表头")
        _write(table.rows[2].cells[number], f"{{{{ one.{name} }}}}", style)
    _write(table.rows[1].cells[0], "{%tr for one in lines %}", "表格文字")
    _write(table.rows[3].cells[0], "{%tr endfor %}", "表格文字")
    _repeat_first_row(table)
    _narrow_margins(table)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _write(cell: _Cell, text: str, style: str) -> None:
    cell.paragraphs[0].text, cell.paragraphs[0].style = text, style


def _narrow_margins(table: Table) -> None:
    """Half a millimetre round what a cell holds, where Word leaves two at its sides: columns are narrow."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "28")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def _repeat_first_row(table: Table) -> None:
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(header)


if __name__ == "__main__":
    SHIPPED.write_bytes(make())
