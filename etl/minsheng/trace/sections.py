"""The first four parts of the sheet: the figure and its arithmetic, the file, the cells, the rules."""

from __future__ import annotations

from collections.abc import Iterable

from minsheng.trace import words
from minsheng.trace.calculation import steps
from minsheng.trace.layout import Line, Section, TraceTable
from minsheng.trace.model import Cell, Fault, File, RuleOutcome, Trace
from minsheng.trace.values import counted_fields, member_cell
from minsheng.words import display
from minsheng.words.chinese import chinese

_CELL_HEAD = ("用途", "位置", "列标题", "单位所填原文", "读作", "读取方式")
_FAULT_HEAD = ("规则", "性质", "涉及", "位置", "所填", "问题")


def published(trace: Trace) -> Section:
    """Part one: what was published, and how it follows from what was reported."""
    figure = trace.figure
    facts = (
        ("民生实事项目", f"{figure['item_code']} {figure['item_name']}"),
        ("指标", f"{figure['indicator_code']} {figure['indicator_name']}（{figure['unit_of_measure']}）"),
        ("目标", words.target(trace)),
        ("实际完成", words.measure(trace, figure["actual_value"])),
        ("完成率", display.percent(figure["completion_ratio"])),
        ("序时进度", display.percent(figure["time_progress_ratio"])),
        ("差距（百分点）", display.points(figure["gap_pp"])),
        ("状态", words.status(trace)),
        ("牵头单位", f"{figure['lead_unit_name']}（{figure['lead_unit_code']}）"),
        ("报送情况", chinese().submission_status[figure["submission_status"]] + _corrected(trace)),
    )
    return Section("一、发布的数及其算法", facts, (_targets(trace), TraceTable("算法", *steps(trace))))


def report(trace: Trace) -> Section:
    """Part two: the file the figure came from."""
    if trace.source is None or trace.original is None:
        return Section("二、来自哪份报表", notes=("这个数背后没有已接收的报表。",))
    file = trace.source
    facts = (
        ("报送单位", f"{trace.figure['lead_unit_name']}（{trace.figure['lead_unit_code']}）"),
        ("文件名", file.file_name),
        ("sha256", file.sha256),
        ("大小", f"{file.byte_count:,} 字节"),
        ("截止时间", words.moment(trace.due_at)),
        ("收到时间", words.arrival(file, trace.due_at)),
        ("来源", words.source(file)),
        ("结论", words.verdict(file)),
        ("接收时间", words.moment(file.accepted_at)),
        ("审签", words.signature(file)),
        ("本期首次接收", chinese().timing[trace.duty["timing"]] if trace.duty else display.NOTHING),
        ("报送编号", file.submission_id),
        ("数值版本", f"第 {trace.figure['revision_no']} 版{_corrected(trace)}"),
        ("模板版本", file.template_version or display.NOTHING),
        ("原件", trace.original.path),
        ("原件现状", _condition(trace)),
    )
    return Section("二、来自哪份报表", facts)


def cells(trace: Trace) -> Section:
    """Part three: every cell the figure was read from, or that stands in refused files in its place."""
    title = "三、取自哪些单元格"
    if trace.source is None:
        tables = tuple(_refused_cells(trace, file) for file in trace.files if trace.cells_of(file.submission_id))
        return Section(title, tables=tables, notes=("没有已接收的报表，因此没有计入的单元格。",))
    found = [_cell_line(cell, trace) for cell in trace.cells_of(trace.source.submission_id) if _is_told(cell, trace)]
    tables = (TraceTable(f"文件“{trace.source.file_name}”", _CELL_HEAD, tuple(found)),)
    if trace.member_values:
        tables += (_members(trace),)
    return Section(title, tables=tables, notes=_sources_in_the_plan(trace))


def rules(trace: Trace) -> Section:
    """Part four: what the file was held against and what was found; for want of one, why others were refused."""
    title = "四、依据哪些规则校验"
    if trace.source is None:
        refused = [file for file in trace.files if file.verdict == "rejected"]
        tables = tuple(
            TraceTable(f"退回“{file.file_name}”的原因", _FAULT_HEAD, fault_lines(trace.faults_of(file.submission_id)))
            for file in refused
        )
        return Section(title, tables=tables, notes=() if refused else ("没有收到可校验的报表。",))
    code = trace.figure["indicator_code"]
    faults = [f for f in trace.faults_of(trace.source.submission_id) if f.indicator_code in (None, code)]
    waivers = tuple((w.rule_code, w.reason, w.document_no, f"{w.expires_on}") for w in trace.waivers)
    tables = (
        TraceTable("发现的问题（本指标及整份文件）", _FAULT_HEAD, fault_lines(faults), "没有发现问题。"),
        TraceTable("豁免", ("规则", "理由", "依据", "失效日期"), waivers, "没有豁免。"),
        *((_unpassed(trace.rule_results), _passed(trace.rule_results)) if trace.rule_results else ()),
    )
    return Section(title, _rules_facts(trace, trace.source), tables)


def _targets(trace: Trace) -> TraceTable:
    rows = tuple(
        (
            target.as_written,
            words.promised(trace, target.value),
            target.document_no,
            target.valid_from or "自始",
            "现行" if target.is_in_force else display.NOTHING,
        )
        for target in trace.yardstick.targets
    )
    return TraceTable("目标的依据", ("方案原文", "目标数", "文号", "起始月份", "本期"), rows)


def _corrected(trace: Trace) -> str:
    """What the figure's version bears: that it is a correction, that it contradicts an earlier month."""
    correction = "，更正" if trace.figure["is_corrected"] else ""
    return f"{correction}；{note}" if (note := trace.figure.get("break_note")) else correction


def _condition(trace: Trace) -> str:
    assert trace.source and trace.original
    found = trace.original.found_sha256
    if found is None:
        return "已不在原件区"
    return "仍在，重新计算的 sha256 一致" if found == trace.source.sha256 else f"已被改动，现 sha256 为 {found}"


def _is_told(cell: Cell, trace: Trace) -> bool:
    """Everything filled in, and whatever number had to be: an empty cell can be the answer, too."""
    if cell.section == "detail":
        return cell.field == "value"
    return cell.raw_text is not None or _is_counted(cell, trace)


def _is_counted(cell: Cell, trace: Trace) -> bool:
    return cell.field in counted_fields(trace)


def _cell_line(cell: Cell, trace: Trace) -> Line:
    name = next((member.name for member in trace.members if member.code == cell.member_code), cell.member_code)
    use = name if cell.field == "value" and name else words.field(cell.field)
    counted = "（计入）" if _is_counted(cell, trace) else ""
    read = words.number(cell.number) if cell.number is not None else cell.text or display.NOTHING
    reading = "文字" if cell.field == "target" and cell.number is None else chinese().cell_reading[cell.reading]
    return use + counted, cell.place, cell.heading or display.NOTHING, cell.raw_text or "（空白）", read, reading


def _refused_cells(trace: Trace, file: File) -> TraceTable:
    lines = tuple(_cell_line(cell, trace) for cell in trace.cells_of(file.submission_id) if _is_told(cell, trace))
    rows = tuple((line[0].replace("（计入）", "（未计入）"), *line[1:]) for line in lines)
    return TraceTable(f"“{file.file_name}”（{words.verdict(file)}，未计入）", _CELL_HEAD, rows)


def _members(trace: Trace) -> TraceTable:
    rows = tuple(
        (
            f"{one.code} {one.name}",
            cell.place if (cell := member_cell(trace, one)) else "没有填写，按 0 计",
            words.number(one.value),
            "达到" if one.is_target_met else "未达到",
        )
        for one in trace.member_values
    )
    name, target = trace.yardstick.register_name, words.number(trace.yardstick.member_target)
    return TraceTable(f"按{name}逐个计数（每个成员须达到 {target}）", ("名录成员", "位置", "计为", "是否达到"), rows)


def _sources_in_the_plan(trace: Trace) -> tuple[str, ...]:
    yardstick = trace.yardstick
    if yardstick.fixed_denominator is None:
        return ()
    return (
        f"分母 {words.number(yardstick.fixed_denominator)} 由工作方案规定（{yardstick.document_no}，"
        f"方案 sha256 {yardstick.plan_sha256}），不由单位填报；表内分母一栏不计入。",
    )


def _rules_facts(trace: Trace, file: File) -> tuple[tuple[str, str], ...]:
    version = file.rules_version or display.NOTHING
    changed = "" if version == trace.current_rules_version else f"（现行规则为 {trace.current_rules_version}）"
    passed = sum(result.is_passed for result in trace.rule_results)
    told = (
        f"{len(trace.rule_results)} 条适用，{passed} 条通过"
        if trace.rule_results
        else "没有逐条留存的结果，只能列出发现的问题"
    )
    return ((chinese().thing["verdict"], words.verdict(file)), ("规则版本", version + changed), ("规则适用情况", told))


def _unpassed(results: Iterable[RuleOutcome]) -> TraceTable:
    rows = tuple(
        (
            result.rule_code,
            result.title or display.NOTHING,
            f"{result.applied_count}",
            f"{result.fired_count}",
            f"{result.unjudged_count}",
            _outcome(result),
        )
        for result in results
        if not result.is_passed
    )
    head = ("规则", "内容", "适用", "违反", "无法判断", "结果")
    return TraceTable("没有全部通过的规则（整份文件，次数）", head, rows)


def _passed(results: Iterable[RuleOutcome]) -> TraceTable:
    """Every rule passed, by what it looks at: a line for each rule would bury the few that were not."""
    groups: dict[str, list[str]] = {}
    for result in results:
        if result.is_passed:
            groups.setdefault(result.rule_code[:1], []).append(f"{result.rule_code}（{result.title}）")
    rows = tuple((words.RULE_GROUPS.get(code, code), f"{len(each)}", "、".join(each)) for code, each in groups.items())
    return TraceTable("通过的规则（整份文件；所列为违反时的说法）", ("类别", "条数", "规则"), rows)


def _outcome(result: RuleOutcome) -> str:
    """The file was accepted: a rule that would have refused it was waived."""
    if not result.fired_count:
        return "无法判断"
    return "已豁免" if result.severity == "reject" else words.severity(result.severity)


def fault_lines(faults: Iterable[Fault]) -> tuple[Line, ...]:
    """A line for each fault."""
    return tuple(
        (
            fault.rule_code,
            words.severity(fault.severity),
            fault.indicator_code or "整份文件",
            f"{fault.sheet}!{fault.ref}" if fault.ref else fault.sheet or display.NOTHING,
            fault.found or display.NOTHING,
            fault.message,
        )
        for fault in faults
    )
