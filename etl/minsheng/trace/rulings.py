"""Why a status is what it is: each rule of ``star.dim_ruling`` in a sentence, with the plan's own limits.

But for NOT_REPORTED, UNREPORTED_AT_DEADLINE and MET_EARLIER: where nothing was accepted there is no judgement of a
figure to explain, see ``missing``.
"""

from __future__ import annotations

from minsheng.trace import words
from minsheng.trace.judgement import Yardstick

SENTENCES = {
    "NO_REGISTER": "缺名录，无法判定",
    "NO_VALUE": "缺累计数，无法判定",
    "NO_DENOMINATOR": "分母缺失或为 0，无法判定",
    "NO_LAST_YEAR": "缺上年同期数，无法判定",
    "NO_TARGET": "目标数为 0，无法判定",
    "MET": "目标已达到",
    "MET_SO_FAR": "目标目前已达到；这类指标还会升降，到期限时仍达到才算完成",
    "PAST_DEADLINE": "期限已到，目标没有达到",
    "PACE_AHEAD": "差距不低于 {ahead}",
    "PACE_KEPT": "差距不低于 {green}，低于 {ahead}",
    "PACE_BEHIND": "差距不低于 {red}，低于 {green}",
    "PACE_FAR_BEHIND": "差距低于 {red}",
    "RATE_BEHIND": "未达目标，差距不低于 {rate}",
    "RATE_FAR_BEHIND": "未达目标，差距低于 {rate}",
    "LAST_YEAR_NOT_PASSED": "不高于上年同期",
    "NO_BASE": "没有基数，无法与序时进度比较，暂不判定快慢",
    "NODES_MET": "到期的节点都已完成",
    "NODE_MISSED": "有到期的节点没有完成",
    "NO_NODES_RED": "没有商定节点，{red_month} 月起未达目标",
    "NO_NODES_YELLOW": "没有商定节点，{yellow_month} 月起未达目标",
    "CLOSED": "目标已达到，督查部门已销号",
    "NO_NODES_YET": "没有商定节点，{yellow_month} 月以前不判定快慢",
}


def sentence(ruling_code: str, limits: Yardstick) -> str:
    """The rule in words; raises KeyError for one that the vocabulary does not have."""
    return SENTENCES[ruling_code].format(
        ahead=words.points(limits.ahead_pp),
        green=words.points(limits.green_floor_pp),
        red=words.points(limits.red_floor_pp),
        rate=words.points(limits.rate_yellow_pp),
        yellow_month=limits.node_yellow_month,
        red_month=limits.node_red_month,
    )
