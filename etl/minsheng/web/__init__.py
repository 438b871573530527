"""Handing in over HTTP: an interface for programs and a page for clerks, the same rules behind both.

A service of its own, ``minsheng serve``, beside Airflow and without its log-in (docs/adr/0034). It must not write the
warehouse, decide a verdict, or show a unit anything but its own.
"""
