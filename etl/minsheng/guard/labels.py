"""Words before a number that say it is no person's: the number of a document, a contract, an organisation."""

from __future__ import annotations

import re

_NUMBERED = re.compile(
    r"(?<!证件)(?<!身份证)(?<!残疾证)(?:编号|编码|代码|文号|字号|批号|批次号?|合同号?|单号|票号|发票号?|案号|序号|流水号?|序列号?|项目号"
    r"|工单号?|订单号?|凭证号?|备案号|许可证号?|登记号|注册号|档案号|设备号|资产号|条形?码|税号|识别号|图号|桩号|№|第|no\.?|\bsn)"
    r"[\s:为是#.]{0,3}$",
    re.I,
)
_REACH = 14


def is_numbered(text: str, start: int) -> bool:
    """Whether the words right before this place say that the number of a document or an organisation follows."""
    return _NUMBERED.search(text[max(start - _REACH, 0) : start]) is not None
