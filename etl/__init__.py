"""HOW the work is done: plain Python that knows nothing of Airflow."""
