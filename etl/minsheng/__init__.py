"""HOW the work is done: plain Python that knows nothing of Airflow."""

import os

__version__ = "0.1.0"

# openpyxl writes with lxml where it finds it, as it does since the bulletin needs that, and then keeps neither the
# results of array formulas nor the text of a workbook as they were: what goes back to a unit is its own file.
os.environ.setdefault("OPENPYXL_LXML", "False")
