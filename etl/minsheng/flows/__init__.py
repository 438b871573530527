"""Stages put together: a month without Airflow, a file or plan checked beforehand, a home made anew."""
