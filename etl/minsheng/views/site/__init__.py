"""The site of the data: every table, column, rule and metric, and where each comes from, as pages to open offline."""
