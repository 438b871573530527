"""What programs read of a revision's tables: a Data Package descriptor and a data contract (ODCS), beside the manifest.

Both are made of the headers of the SQL files, the dictionary, the keys and the metrics; JSON is YAML too.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from minsheng.core.files import atomic_write
from minsheng.publication.keys import key, references
from minsheng.publication.labels import column_types, title
from minsheng.publication.metrics import metrics
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection

PACKAGE = "datapackage.json"
CONTRACT = "datacontract.odcs.yaml"
_FIELDS = {"BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP WITH TIME ZONE": "datetime", "VARCHAR": "string"}
_LOGICAL = {"boolean": "boolean", "date": "date", "datetime": "timestamp", "string": "string"}
_WHOLE = ("BIGINT", "INTEGER", "HUGEINT")


def write_descriptors(connection: Connection, folder: Path) -> None:
    """Describe the tables of a revision open for reading, in both forms."""
    types_of = column_types(connection)
    types = {
        model: {name: _field_type(data_type) for name, data_type in types_of[model.name].items()}
        for model in sqlfiles.models("published")
    }
    package = {"profile": "data-package", "name": "minsheng", "resources": [_resource(*one) for one in types.items()]}
    atomic_write(folder / PACKAGE, _written(package))
    atomic_write(folder / CONTRACT, _written(_contract(types)))


def _field_type(data_type: str) -> str:
    return _FIELDS.get(data_type, "integer" if data_type in _WHOLE else "number")


def _resource(model: sqlfiles.Model, types: Mapping[str, str]) -> dict[str, object]:
    terms = sqlfiles.terms(model)
    fields = [
        {"name": name, "type": kind, "title": terms[name].label, "description": terms[name].description}
        for name, kind in types.items()
    ]
    led_to = [
        {
            "fields": list(one.columns),
            "reference": {"resource": one.dimension.name, "fields": list(one.dimension.grain)},
        }
        for one in references(model)
    ]
    schema = {"fields": fields, "primaryKey": list(key(model)), "foreignKeys": led_to}
    told = {"name": model.name, "title": title(model), "description": sqlfiles.told_of(model)}
    return told | {"path": f"{model.name}.parquet", "format": "parquet", "schema": schema}


def _contract(types: Mapping[sqlfiles.Model, Mapping[str, str]]) -> dict[str, object]:
    return {
        "apiVersion": "v3.0.2",
        "kind": "DataContract",
        "id": "minsheng-published",
        "version": "1.0.0",
        "status": "active",
        "name": "民生实事发布表",
        "schema": [_object(model, kinds) for model, kinds in types.items()],
    }


def _object(model: sqlfiles.Model, types: Mapping[str, str]) -> dict[str, object]:
    terms, unique = sqlfiles.terms(model), key(model)
    columns = [
        {
            "name": name,
            "businessName": terms[name].label,
            "logicalType": _LOGICAL.get(kind, kind),
            "description": terms[name].description,
            "primaryKey": name in unique,
            **({"primaryKeyPosition": unique.index(name) + 1} if name in unique else {}),
        }
        for name, kind in types.items()
    ]
    made = [
        {"property": f"metric:{one.name}", "value": one.model_dump(mode="json")}
        for one in metrics()
        if one.table == model.name
    ]
    told = {"name": model.name, "physicalName": model.name, "physicalType": "table", "businessName": title(model)}
    return told | {"description": sqlfiles.told_of(model), "properties": columns, "customProperties": made}


def _written(content: Mapping[str, object]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content), indent=1)
