"""HOW the work is done: plain Python that knows nothing of Airflow."""

__version__ = "0.1.0"
