"""Any workbook as a ``Book``: opened one time, in a process with limits. Knows no form."""
