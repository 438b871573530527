"""The workbook handed out: one unit, one month, made to be filled in and sent back."""
