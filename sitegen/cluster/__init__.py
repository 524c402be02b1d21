"""Many machines: units are read and rendered by the workers of a Dask cluster. docs/many-machines.md says how, and what it costs.

A unit travels as a value: its files, or its view with all that fills it. What comes of it goes to a store that all machines see. The machine that
builds assembles the hosts from there, as it would from its own processes.
"""
