"""``python -m etl``: the ``minsheng`` command where the package is not installed."""

from etl.cli import main

main()
