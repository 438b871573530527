"""The workbook handed out: one unit, one month, made to be filled in and sent back."""

from minsheng.template.month import Earlier, MonthForms, begun_with, month_forms
from minsheng.template.rows import target_shown
from minsheng.template.workbook import make_workbook, workbook_path, write_workbook

__all__ = [
    "Earlier", "MonthForms", "begun_with", "make_workbook", "month_forms", "target_shown", "workbook_path",
    "write_workbook",
]  # fmt: skip
