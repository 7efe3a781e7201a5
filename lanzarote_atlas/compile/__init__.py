"""Data and ontology to a finished build: assemble, check, derive, write."""
