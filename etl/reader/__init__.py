"""Reading what a unit sent: any workbook as cells with addresses. Judges nothing.

Nothing is imported here: the process that reads a single file apart needs few of these modules and must start fast.
"""
