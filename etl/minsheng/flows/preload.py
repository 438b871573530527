"""Imported by the server that Airflow's workers fork from: what every task would otherwise load by itself.

``AIRFLOW__CORE__MP_FORKSERVER_PRELOAD`` names this module. It opens nothing and starts no thread.
"""

from __future__ import annotations

from minsheng.flows import pipeline  # noqa: F401
from minsheng.warehouse import sqlfiles

for layer in sqlfiles.LAYERS:
    sqlfiles.models(layer)
