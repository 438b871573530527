"""The workbook handed out: one unit, one month, made to be filled in and sent back."""

from minsheng.template.workbook import make_workbook, target_shown, workbook_path, write_workbook

__all__ = ["make_workbook", "target_shown", "workbook_path", "write_workbook"]
