"""Beginning something: a record, a unit, a matter. Proposes what the rules say, writes files as a person would, overwrites nothing."""
