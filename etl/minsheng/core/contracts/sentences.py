"""Parts of what the author of a YAML file is told; the whole sentences stand in ``words/errors.zh.yaml``."""

from __future__ import annotations

LINE = " 第 {line} 行"
KEY = "（{key}）"

# What a contract forbids.
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
    "path_type": _TEXT_EXPECTED,
    "missing": "没有写，请补上",
    "extra_forbidden": "没有这一项",
    "json_invalid": "不是完整的 JSON",
    "timezone_aware": "时刻须带时区",
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
