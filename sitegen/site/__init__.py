"""UnitView → pages as plain values → MkDocs."""
