"""``python -m minsheng``: the ``minsheng`` command where the package is not installed."""

from minsheng.commands.main import main

main()
