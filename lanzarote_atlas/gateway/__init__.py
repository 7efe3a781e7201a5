"""The query service: SPARQL 1.1 Protocol, read only, and the atlas's addresses as linked data."""
