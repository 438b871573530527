"""Imported by the server that Airflow's workers fork from: what every task would otherwise load by itself.

``AIRFLOW__CORE__MP_FORKSERVER_PRELOAD`` names this module. It opens nothing and starts no thread.
"""

from __future__ import annotations

from minsheng.core.contracts import Strict
from minsheng.flows import pipeline  # noqa: F401
from minsheng.warehouse import sqlfiles


def compile_contracts(of: type[Strict] = Strict) -> None:
    """All that are known by now; a process of its own compiles the few it needs, see ``Strict``."""
    for contract in of.__subclasses__():
        contract.model_rebuild()
        compile_contracts(contract)


compile_contracts()
for layer in sqlfiles.LAYERS:
    sqlfiles.models(layer)
