"""Programs around the product: the example run, Airflow on this machine. They import no airflow."""
