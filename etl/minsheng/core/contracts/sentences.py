"""What the author of a YAML file is told, in one place. Braces are filled in by whoever uses the sentence."""

from __future__ import annotations

from minsheng.core.errors import UserError

LINE = " 第 {line} 行"
KEY = "（{key}）"

# A file, or the whole of it.
MISSING_FILE = ("没有这个文件", "请补上；写法见 {guide}")
UNREADABLE_FILE = ("文件读不出来（{reason}）", "请检查文件权限")
NOT_UTF_8 = ("文字不是 UTF-8 编码", "请另存为 UTF-8")
EMPTY_FILE = ("文件是空的", "写法见 {guide}")
FAULTS = "有 {count} 处需要改正"

# What YAML itself forbids, and what of YAML is not used here.
SYNTAX = ("不是有效的 YAML（{problem}）", "请检查这一行附近的缩进、冒号和引号")
TAB = ("缩进用了制表符", "请改用空格缩进")
TOO_DEEP = ("嵌套超过 {most} 层", "请检查括号和缩进")
SECOND_DOCUMENT = ("“---”之后又是一份文档", "一个文件只写一份")
ANCHOR = ("不使用锚点和别名（& 和 *）", "请把内容直接写出来")
TAG = ("不使用类型标记“{tag}”", "请去掉标记；文字加引号即可")
MERGE = ("不使用合并键“<<”", "请把内容直接写出来")
KEY_IS_NO_TEXT = ("键不是文字", "键应为一个词，后跟冒号")
KEY_TWICE = ("键“{key}”出现两次", "请只保留一个")

# What a contract forbids.
UNKNOWN_KEY = "没有“{key}”这个键"
MISSING_KEY = ("缺少键“{key}”", "请补上")
STANDS_HERE = "这里写的是{shown}"
STANDS_NOTHING = "这里是空的"
MAPPING = "若干“键: 值”"
LIST = "一个列表"
NEAR = "是不是“{word}”？"
ALLOWED = "可写：{words}"

_MAPPING_EXPECTED = "应为若干“键: 值”"
_LIST_EXPECTED = "应为列表，每项一行，以“- ”开头"
_TEXT_EXPECTED = "应为文字"
_FLAG_EXPECTED = "只能写 true 或 false"
_WHOLE_NUMBER_EXPECTED = "应为整数"
_NUMBER_EXPECTED = "应为数字，如 31400 或 0.6"
_DAY_EXPECTED = "应为日期，如 2022-12-31"
_HOUR_EXPECTED = "应为时刻，如 18:00"

# By pydantic's error type; what stands in braces is from its ``ctx``.
EXPECTED = {
    "model_type": _MAPPING_EXPECTED,
    "model_attributes_type": _MAPPING_EXPECTED,
    "dict_type": _MAPPING_EXPECTED,
    "tuple_type": _LIST_EXPECTED,
    "list_type": _LIST_EXPECTED,
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "string_type": _TEXT_EXPECTED,
    "string_too_short": "不能为空",
    "string_pattern_mismatch": "应符合 {pattern}",
    "written_otherwise": "应为{expected}",
    "bool_type": _FLAG_EXPECTED,
    "bool_parsing": _FLAG_EXPECTED,
    "int_type": _WHOLE_NUMBER_EXPECTED,
    "int_parsing": _WHOLE_NUMBER_EXPECTED,
    "int_from_float": _WHOLE_NUMBER_EXPECTED,
    "float_type": _NUMBER_EXPECTED,
    "float_parsing": _NUMBER_EXPECTED,
    "decimal_type": _NUMBER_EXPECTED,
    "decimal_parsing": _NUMBER_EXPECTED,
    "finite_number": _NUMBER_EXPECTED,
    "date_type": _DAY_EXPECTED,
    "date_parsing": _DAY_EXPECTED,
    "date_from_datetime_parsing": _DAY_EXPECTED,
    "time_type": _HOUR_EXPECTED,
    "time_parsing": _HOUR_EXPECTED,
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不能大于 {le}",
}


def fault(where: str, sentence: tuple[str, str], **filled: object) -> UserError:
    """One of the sentences above (problem, remedy) as an error."""
    problem, remedy = sentence
    return UserError(where, problem.format_map(filled), remedy.format_map(filled))
