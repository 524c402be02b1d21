"""What a form says of itself: for which catalogue, item and unit it was made, and a digest of the table that it asks for."""

from __future__ import annotations

import hashlib

from sitegen.model.catalog import Item, TableSchema
from sitegen.model.region import Catalog


def schema_digest(schema: TableSchema) -> str:
    """Changes when a column comes, goes, or means something else; not when a description or synonym is reworded."""
    parts = [
        (c.name, c.title, c.type, c.decimals, c.unit, c.mask, c.private, c.constraints.required, c.constraints.enum) for c in schema.fields
    ]
    return hashlib.sha256(repr((schema.id, parts)).encode()).hexdigest()[:10]


def stamp(catalog: Catalog, item: Item, unit: str) -> dict[str, str]:
    """The marks of a form, by name."""
    schema = catalog.tables.get(item.table) if item.table else None
    field = catalog.field_of[item.id]
    version = field.version.isoformat() if field.version else catalog.digest[:10]
    made = {"item": item.id, "unit": unit, "catalog": version}
    return made | ({"schema": schema_digest(schema)} if schema else {})
