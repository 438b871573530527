"""The DuckDB file and the SQL that fills it."""
